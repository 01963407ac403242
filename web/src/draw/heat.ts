// Paints heat over regions of a process: a cell for each, the brighter the more its lock has cost. Greys alone: a hue
// says what state a page is in, and nothing else.

import { cellBox, type GridShape } from './grid.ts';
import { NEUTRALS, type Theme } from './palette.ts';
import type { Surface } from './surface.ts';

/** How hot, from 0 to 1: ten times the cost is a step of the same size everywhere. */
export function heatOf(cost: number, most: number): number {
  return cost <= 0 || most <= 0 ? 0 : Math.log1p(cost) / Math.log1p(most);
}

interface HeatView {
  readonly ratio: number;
  readonly theme: Theme;
  readonly top: number;
  readonly height: number;
  readonly hovered: number;
}

/** The least that can be told from nothing at all. */
const FAINTEST = 0.12;

export function paintHeat(
  context: Surface,
  shape: GridShape,
  costs: ReadonlyMap<number, number>,
  view: HeatView,
): void {
  const { faint, mark } = NEUTRALS[view.theme];
  const most = Math.max(0, ...costs.values());
  context.save();
  context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  context.clearRect(0, 0, shape.width, view.height);
  for (let index = 0; index < shape.count; index++) {
    const { x, y, size } = cellBox(shape, index);
    if (y + size < view.top || y > view.top + view.height) continue;
    context.globalAlpha = 1;
    context.fillStyle = faint;
    context.fillRect(x, y - view.top, size, size);
    const heat = heatOf(costs.get(index) ?? 0, most);
    if (heat > 0) {
      context.globalAlpha = FAINTEST + (1 - FAINTEST) * heat;
      context.fillStyle = mark;
      context.fillRect(x, y - view.top, size, size);
    }
    if (index === view.hovered) {
      context.globalAlpha = 1;
      context.strokeStyle = mark;
      context.lineWidth = 1;
      context.strokeRect(x - 1, y - view.top - 1, size + 2, size + 2);
    }
  }
  context.restore();
}
