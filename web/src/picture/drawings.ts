// Registers how each canvas is drawn once more for a picture, by the same functions upon another surface.

import type { Surface } from '../draw/surface.ts';

const drawings = new WeakMap<HTMLCanvasElement, (surface: Surface) => void>();

/** Sizes are CSS pixels, from the canvas's corner. */
export function drawsAs(canvas: HTMLCanvasElement, draw: (surface: Surface) => void): void {
  drawings.set(canvas, draw);
}

export function drawingOf(canvas: HTMLCanvasElement): ((surface: Surface) => void) | undefined {
  return drawings.get(canvas);
}
