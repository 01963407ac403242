// Shows a drawing that a painter makes, as wide as its room; the same painter makes the picture that is saved.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Theme } from '../draw/palette.ts';
import type { Surface } from '../draw/surface.ts';

export type Paint = (surface: Surface, width: number, height: number) => void;

interface DrawingProps {
  readonly paint: Paint;
  readonly height: number;
  readonly theme: Theme;
  readonly label: string;
  readonly class?: string;
  /** What lies on the drawing. */
  readonly children?: ComponentChildren;
}

export function Drawing({ paint, height, theme, label, class: name, children }: DrawingProps) {
  const room = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const [element, drawn] = [room.current, canvas.current];
    if (element === null || drawn === null) return undefined;
    const draw = () => {
      const width = Math.max(160, element.clientWidth);
      const ratio = devicePixelRatio;
      drawn.width = Math.round(width * ratio);
      drawn.height = Math.round(height * ratio);
      drawn.style.width = `${width}px`;
      drawn.style.height = `${height}px`;
      const context = drawn.getContext('2d');
      if (context === null) return;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      paint(context, width, height);
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => observer.disconnect();
  }, [paint, height, theme]);
  return (
    <div ref={room} class={`drawing ${name ?? ''}`} style={{ height: `${height}px` }}>
      <canvas ref={canvas} role="img" aria-label={label} />
      {children}
    </div>
  );
}
