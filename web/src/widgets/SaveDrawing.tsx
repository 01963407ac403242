import type { Theme } from '../draw/palette.ts';
import { drawingSvg } from '../picture/drawing-svg.ts';
import { download, fileName } from '../share/file.ts';
import { text } from '../text/text.ts';
import type { Paint } from './Drawing.tsx';

interface SaveDrawingProps {
  readonly name: string;
  /** What is drawn, and of what. */
  readonly title: string;
  readonly of: string;
  readonly height: number;
  readonly theme: Theme;
  readonly paint: Paint;
}

/** The button that saves a drawing as SVG. */
export function SaveDrawing({ name, title, of, height, theme, paint }: SaveDrawingProps) {
  const save = () => {
    const svg = drawingSvg(`${title}: ${of}`, height, theme, paint);
    download(fileName(`${of} ${title}`, 'svg'), new Blob([svg], { type: 'image/svg+xml' }));
  };
  return (
    <button
      type="button"
      class="button quiet"
      data-save-drawing={name}
      aria-label={text.pictures.saveNamed(title)}
      onClick={save}
    >
      {text.pictures.save}
    </button>
  );
}
