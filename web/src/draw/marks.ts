// Paints what lies over the cells: outlines of a process's own, the selection, the cell under the pointer, and the
// rings of cells that have just changed. Redrawn whole in each frame from the playhead's time.

import type { GridView } from './cells.ts';
import { cellBox, type GridShape } from './grid.ts';
import { NEUTRALS, type Theme } from './palette.ts';
import type { Surface } from './surface.ts';

/** How long a change is shown. */
const FADE_MS = 700;
/** Past so many rings at a time no eye follows one, and drawing them costs more than all cells. */
export const MOST_RINGS = 256;
/** From this pitch on a thin outline round each of thousands of cells can be told from their hue. */
const OUTLINED_PITCH = 7;

export interface Marks {
  /** Cells that belong to the selected process: a thin outline. */
  readonly owned: Iterable<number>;
  /** Cells tied to the selected one elsewhere: a frame's page, a page's frame. */
  readonly linked: Iterable<number>;
  readonly selected: number;
  /** Several cells that are selected together, the last included. */
  readonly range?: { readonly first: number; readonly last: number };
  readonly hovered: number;
  readonly focused: boolean;
}

function outline(
  context: Surface,
  shape: GridShape,
  view: GridView,
  index: number,
  outset: number,
) {
  if (index < 0 || index >= shape.count) return;
  const { x, y, size } = cellBox(shape, index);
  const side = size + 2 * outset;
  context.beginPath();
  context.roundRect(x - outset, y - outset - view.top, side, side, Math.min(5, side * 0.2));
  context.stroke();
}

/** One outline for each row of cells that are selected together. */
function outlineRange(
  context: Surface,
  shape: GridShape,
  view: GridView,
  { first, last }: { first: number; last: number },
) {
  context.lineWidth = 2;
  for (let from = first; from <= last; ) {
    const to = Math.min(last, from - (from % shape.columns) + shape.columns - 1);
    const { x, y, size } = cellBox(shape, from);
    const end = cellBox(shape, to);
    if (y + size >= view.top && y <= view.top + view.height) {
      context.beginPath();
      const width = end.x + end.size - x + 3;
      context.roundRect(x - 1.5, y - 1.5 - view.top, width, size + 3, Math.min(5, size * 0.2));
      context.stroke();
    }
    from = to + 1;
  }
}

export function paintMarks(context: Surface, shape: GridShape, view: GridView, marks: Marks): void {
  const { mark, ground } = NEUTRALS[view.theme];
  context.save();
  context.scale(view.ratio, view.ratio);
  context.clearRect(0, 0, shape.width + 8, view.height + 1);
  context.strokeStyle = mark;
  context.globalAlpha = 0.55;
  context.lineWidth = shape.pitch >= 10 ? 1.25 : 1;
  if (shape.pitch >= OUTLINED_PITCH) {
    for (const index of marks.owned) outline(context, shape, view, index, 0.25);
  }
  context.globalAlpha = 1;
  context.setLineDash([3, 2]);
  context.lineWidth = 1.75;
  for (const index of marks.linked) outline(context, shape, view, index, 1.5);
  context.setLineDash([]);
  if (marks.range !== undefined) outlineRange(context, shape, view, marks.range);
  if (marks.hovered >= 0) {
    context.lineWidth = 1;
    outline(context, shape, view, marks.hovered, 1.5);
  }
  if (marks.selected >= 0) {
    // A dark ring within a light one: it reads on every hue.
    context.strokeStyle = ground;
    context.lineWidth = marks.focused ? 5 : 4;
    outline(context, shape, view, marks.selected, 1.5);
    context.strokeStyle = mark;
    context.lineWidth = marks.focused ? 2.5 : 2;
    outline(context, shape, view, marks.selected, 1.5);
  }
  context.restore();
}

/** Cells that changed, and when. */
export class Changes {
  readonly #since = new Map<number, number>();

  /** Notes the cells that differ in hue; when there are too many to follow they just change. */
  note(looks: Uint8Array, before: Uint8Array, now: number): void {
    for (let index = 0; index < looks.length; index++) {
      if (((looks[index] as number) ^ (before[index] as number)) & 7) {
        if (this.#since.size >= MOST_RINGS) {
          this.clear();
          return;
        }
        this.#since.set(index, now);
      }
    }
  }

  /** How many are shown. */
  get count(): number {
    return this.#since.size;
  }

  clear(): void {
    this.#since.clear();
  }

  /** Draws a ring round each changed cell, fainter as it ages; true while any is left. */
  paint(context: Surface, shape: GridShape, view: GridView, now: number, theme: Theme): boolean {
    if (this.#since.size === 0) return false;
    context.save();
    context.scale(view.ratio, view.ratio);
    context.strokeStyle = NEUTRALS[theme].mark;
    for (const [index, since] of this.#since) {
      const age = (now - since) / FADE_MS;
      if (age >= 1) {
        this.#since.delete(index);
        continue;
      }
      const ease = (1 - age) ** 2;
      context.globalAlpha = ease;
      context.lineWidth = 1.5;
      outline(context, shape, view, index, 1 + (1 - ease) * Math.min(4, shape.pitch / 4));
    }
    context.restore();
    return this.#since.size > 0;
  }
}
