// Makes the SVG of a drawing: the painter that draws on the page draws once more, at a size of its own, under a title.

import { NEUTRALS, type Theme } from '../draw/palette.ts';
import type { Surface } from '../draw/surface.ts';
import { escapeXml, VectorSurface } from '../draw/vector.ts';

const WIDTH = 800;
const HEAD = 34;

export function drawingSvg(
  title: string,
  height: number,
  theme: Theme,
  paint: (surface: Surface, width: number, height: number) => void,
): string {
  const surface = new VectorSurface();
  const { ground, mark } = NEUTRALS[theme];
  surface.fillStyle = ground;
  surface.fillRect(0, 0, WIDTH, height + HEAD);
  surface.fillStyle = mark;
  surface.font = '14px system-ui, sans-serif';
  surface.fillText(title, 10, 22);
  surface.translate(0, HEAD);
  paint(surface, WIDTH, height);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height + HEAD}"` +
    ` viewBox="0 0 ${WIDTH} ${height + HEAD}" role="img"><title>${escapeXml(title)}</title>${surface.svg}</svg>\n`
  );
}
