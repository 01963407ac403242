// What travels: a comet from the cell that gives to the cell that takes, along a wire that bends a little so
// that two ways do not lie upon each other. Its head has the hue of the state that the journey is.

import { colourOf, type Theme } from './palette.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Comet {
  readonly from: Point;
  readonly to: Point;
  /** 0 at the start, 1 on arrival. */
  readonly progress: number;
  readonly state: number;
}

/** How far behind its head a comet's tail ends, as a share of the way. */
const TAIL = 0.28;
const TAIL_STEPS = 14;

/** Slow at both ends, so that leaving and arriving can be seen. */
export function ease(progress: number): number {
  const held = Math.max(0, Math.min(1, progress));
  return held * held * (3 - 2 * held);
}

/** The point at a share of the way. */
export function along(from: Point, to: Point, share: number): Point {
  const bend = 0.14;
  const middle = {
    x: (from.x + to.x) / 2 - (to.y - from.y) * bend,
    y: (from.y + to.y) / 2 + (to.x - from.x) * bend,
  };
  const rest = 1 - share;
  return {
    x: rest * rest * from.x + 2 * rest * share * middle.x + share * share * to.x,
    y: rest * rest * from.y + 2 * rest * share * middle.y + share * share * to.y,
  };
}

/** Draws the comets over an empty surface; sizes are CSS pixels. */
export function paintComets(
  context: CanvasRenderingContext2D,
  comets: readonly Comet[],
  view: {
    readonly width: number;
    readonly height: number;
    readonly ratio: number;
    readonly theme: Theme;
  },
): void {
  context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  context.lineCap = 'round';
  for (const { from, to, progress, state } of comets) {
    const { fill, ink } = colourOf(view.theme, state);
    const head = ease(progress);
    context.strokeStyle = fill;
    for (let step = 0; step < TAIL_STEPS; step++) {
      const near = head - (TAIL * step) / TAIL_STEPS;
      if (near <= 0) break;
      const a = along(from, to, near);
      const b = along(from, to, Math.max(0, near - TAIL / TAIL_STEPS));
      const fade = 1 - step / TAIL_STEPS;
      context.globalAlpha = fade * fade;
      context.lineWidth = 1 + 4 * fade;
      context.beginPath();
      context.moveTo(a.x, a.y);
      context.lineTo(b.x, b.y);
      context.stroke();
    }
    context.globalAlpha = 1;
    const { x, y } = along(from, to, head);
    context.beginPath();
    context.roundRect(x - 5.5, y - 5.5, 11, 11, 2);
    context.fillStyle = fill;
    context.fill();
    context.lineWidth = 1.25;
    context.strokeStyle = ink;
    context.stroke();
  }
}
