// Paints lines over an axis. Colour is for pages: lines are told apart by their dashes and by the names at their ends.

import { type Axis, FONT, type Panel, paintAxes, xOf, yOf } from './axes.ts';
import { NEUTRALS, type Theme } from './palette.ts';
import type { Surface } from './surface.ts';

export interface Line {
  readonly name: string;
  readonly dash: readonly number[];
  readonly isThick: boolean;
  /** Places along the axis, ascending, and a value for each. */
  readonly at: readonly number[];
  readonly values: readonly number[];
}

export interface LineChart {
  readonly lines: readonly Line[];
  readonly x: Axis;
  readonly y: Axis;
  /** What the axis below counts: it stands at its end. */
  readonly xName: string;
  readonly xWords: (value: number) => string;
  readonly yWords: (value: number) => string;
  /** A place that is marked. */
  readonly present?: number | undefined;
}

/** The least distance of two names. */
const NAME = 13;
/** Room for the numbers, and for the names at the right. */
const LEFT = 46;
const NAMES = 92;

export function panelOf(width: number, height: number, hasNames = true): Panel {
  return { left: LEFT, top: 10, right: width - (hasNames ? NAMES : 10), bottom: height - 22 };
}

export function paintLineChart(
  surface: Surface,
  width: number,
  height: number,
  { lines, x, y, xName, xWords, yWords, present }: LineChart,
  theme: Theme,
): void {
  const panel = panelOf(width, height);
  const { label, mark } = NEUTRALS[theme];
  paintAxes(surface, { panel, x, y, theme, xWords, yWords });
  surface.save();
  if (present !== undefined && present >= x.least && present <= x.most) {
    surface.fillStyle = mark;
    surface.fillRect(Math.round(xOf(panel, x, present)), panel.top, 1, panel.bottom - panel.top);
  }
  for (const line of lines) {
    surface.strokeStyle = line.isThick ? mark : label;
    surface.lineWidth = line.isThick ? 2.25 : 1.5;
    surface.setLineDash([...line.dash]);
    surface.beginPath();
    for (const [index, at] of line.at.entries()) {
      const [left, top] = [xOf(panel, x, at), yOf(panel, y, line.values[index] ?? 0)];
      if (index === 0) surface.moveTo(left, top);
      else surface.lineTo(left, top);
    }
    surface.stroke();
  }
  surface.setLineDash([]);
  surface.font = FONT;
  surface.fillStyle = label;
  surface.textAlign = 'left';
  surface.textBaseline = 'alphabetic';
  // Past the last number, whose middle is at the end of the axis.
  surface.fillText(xName, panel.right + 16, panel.bottom + 14);
  surface.textBaseline = 'middle';
  const ends = lines.map((line) => yOf(panel, y, line.values.at(-1) ?? 0));
  for (const [index, top] of apart(ends, panel).entries()) {
    const line = lines[index];
    surface.fillStyle = line?.isThick ? mark : label;
    surface.fillText(line?.name ?? '', panel.right + 8, top);
  }
  surface.restore();
}

/** Heights near those that are wanted, and far enough from each other, in the same order. */
export function apart(wanted: readonly number[], { top, bottom }: Panel): number[] {
  const order = wanted.map((_, index) => index);
  order.sort((one, other) => (wanted[one] ?? 0) - (wanted[other] ?? 0));
  const places = order.map((index) => wanted[index] ?? 0);
  for (let at = 1; at < places.length; at++) {
    places[at] = Math.max(places[at] ?? 0, (places[at - 1] ?? 0) + NAME);
  }
  // Those that went too far down push the others up.
  let limit = bottom;
  for (let at = places.length - 1; at >= 0; at--) {
    places[at] = Math.min(places[at] ?? 0, limit);
    limit = (places[at] ?? 0) - NAME;
  }
  const found: number[] = [];
  for (const [at, index] of order.entries()) found[index] = Math.max(top, places[at] ?? 0);
  return found;
}
