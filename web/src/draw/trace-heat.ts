// Paints the references of a trace by time and address: a cell is the brighter the more of them fall in it. Greys alone: a
// hue says what state a page is in, and nothing else.

import { FONT, type Panel, paintAxes } from './axes.ts';
import { heatOf } from './heat.ts';
import { NEUTRALS, type Theme } from './palette.ts';
import type { Surface } from './surface.ts';

/** What is painted of a trace; places are pages in the order of their addresses. */
export interface TracePicture {
  readonly part: {
    readonly first: number;
    readonly end: number;
    readonly first_place: number;
    readonly end_place: number;
  };
  readonly columns: number;
  readonly rows: number;
  /** Row by row from the lowest address. */
  readonly counts: readonly number[];
  readonly areas: readonly {
    readonly name: string;
    /** The first and the last, where the trace tells them. */
    readonly addresses: readonly [string, string] | null;
    readonly first_place: number;
    readonly end_place: number;
  }[];
  /** The reference that the machine has come to, if it plays this trace. */
  readonly present?: number | undefined;
}

/** Where in a picture something is, in shares of its panel: from its left and from its foot. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

const LEFT = 10;
/** Names of areas stand at the right, where there is room for them. */
const NAMES = 120;
const NARROW = 520;
/** The least height of an area whose name is written. */
const NAMED = 12;
/** The least that can be told from nothing at all. */
const FAINTEST = 0.16;
const SHADES = 12;

export function heatPanel(width: number, height: number): Panel {
  const right = width - (width < NARROW ? LEFT : NAMES);
  return { left: LEFT, top: 8, right, bottom: height - 22 };
}

/** The spot of a point of the surface, or of the nearest one of the panel. */
export function spotAt(panel: Panel, x: number, y: number): Spot {
  const within = (share: number) => Math.min(1, Math.max(0, share));
  return {
    x: within((x - panel.left) / (panel.right - panel.left)),
    y: within((panel.bottom - y) / (panel.bottom - panel.top)),
  };
}

export function paintTraceHeat(
  surface: Surface,
  width: number,
  height: number,
  picture: TracePicture,
  theme: Theme,
  words: (reference: number) => string,
): void {
  const panel = heatPanel(width, height);
  const { first, end } = picture.part;
  surface.save();
  paintCells(surface, panel, picture, theme);
  paintAreas(surface, panel, picture, theme, width >= NARROW);
  paintAxes(surface, { panel, x: { least: first, most: end }, theme, xWords: words });
  const { present } = picture;
  if (present !== undefined && present >= first && present <= end) {
    const share = (present - first) / (end - first);
    const x = Math.round(panel.left + share * (panel.right - panel.left));
    const { ground, mark } = NEUTRALS[theme];
    const [top, height] = [panel.top - 4, panel.bottom - panel.top + 8];
    // Among cells of every shade it is seen by the ground beside it.
    surface.fillStyle = ground;
    surface.fillRect(x - 2, top, 5, height);
    surface.fillStyle = mark;
    surface.fillRect(x, top, 1, height);
  }
  surface.restore();
}

/** Neighbours of one shade in a row are one rectangle. */
function paintCells(
  surface: Surface,
  panel: Panel,
  { columns, rows, counts }: TracePicture,
  theme: Theme,
): void {
  const { faint, mark } = NEUTRALS[theme];
  const most = counts.reduce((one, other) => Math.max(one, other), 0);
  const shade = (count: number) => (count === 0 ? 0 : Math.ceil(heatOf(count, most) * SHADES));
  const [wide, high] = [(panel.right - panel.left) / columns, (panel.bottom - panel.top) / rows];
  surface.fillStyle = faint;
  surface.fillRect(panel.left, panel.top, panel.right - panel.left, panel.bottom - panel.top);
  surface.fillStyle = mark;
  // Edges fall on whole pixels, so that no line of ground shows between cells.
  const x = (column: number) => Math.round(panel.left + column * wide);
  const y = (row: number) => Math.round(panel.bottom - row * high);
  for (let row = 0; row < rows; row++) {
    let column = 0;
    while (column < columns) {
      const begin = column;
      const now = shade(counts[row * columns + begin] ?? 0);
      while (column < columns && shade(counts[row * columns + column] ?? 0) === now) column++;
      if (now === 0) continue;
      surface.globalAlpha = FAINTEST + (1 - FAINTEST) * (now / SHADES);
      const top = y(row + 1);
      surface.fillRect(x(begin), top, x(column) - x(begin), Math.max(1, y(row) - top));
    }
  }
  surface.globalAlpha = 1;
}

function paintAreas(
  surface: Surface,
  panel: Panel,
  { part, areas }: TracePicture,
  theme: Theme,
  hasNames: boolean,
): void {
  const { first_place, end_place } = part;
  const { label, line } = NEUTRALS[theme];
  const y = (place: number) =>
    panel.bottom - ((place - first_place) / (end_place - first_place)) * (panel.bottom - panel.top);
  surface.font = FONT;
  surface.textAlign = 'left';
  surface.textBaseline = 'middle';
  for (const area of areas) {
    const begin = Math.max(area.first_place, first_place);
    const stop = Math.min(area.end_place, end_place);
    if (begin >= stop) continue;
    const [top, bottom] = [y(stop), y(begin)];
    if (begin > first_place) {
      surface.fillStyle = line;
      const right = hasNames ? panel.right + 6 : panel.right;
      surface.fillRect(panel.left, Math.round(bottom), right - panel.left, 1);
    }
    if (!hasNames || bottom - top < NAMED) continue;
    surface.fillStyle = label;
    const middle = (top + bottom) / 2;
    const address = area.addresses?.[0];
    const isTwo = address !== undefined && bottom - top >= 2 * NAMED;
    surface.fillText(shortName(area.name), panel.right + 8, isTwo ? middle - NAMED / 2 : middle);
    if (!isTwo) continue;
    surface.globalAlpha = 0.75;
    surface.fillText(address, panel.right + 8, middle + NAMED / 2);
    surface.globalAlpha = 1;
  }
}

/** The name of a mapping without its folders, as far as there is room. */
function shortName(name: string): string {
  const last = name.replace(/^.*\//, '');
  return last.length > 17 ? `${last.slice(0, 16)}…` : last;
}
