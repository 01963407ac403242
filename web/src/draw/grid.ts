// Lays out a grid of cells that never move: finds where each stands, and which cell a point is in. Arithmetic alone.

export interface GridShape {
  readonly count: number;
  readonly columns: number;
  readonly rows: number;
  /** The distance from one cell to the next, the gap included, in CSS pixels. */
  readonly pitch: number;
  readonly gap: number;
  /** Room at the left for the number of each row's first cell. */
  readonly gutter: number;
  readonly width: number;
  readonly height: number;
}

export interface GridWish {
  readonly count: number;
  readonly width: number;
  /** The height to stay within if it can be; a grid that cannot is scrolled. */
  readonly height: number;
  readonly gutter: number;
  readonly smallest: number;
  readonly largest: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** Room round the cells for the marks of those at the edge. */
export const INSET = 4;

const COLUMNS = [
  ...Array.from({ length: 16 }, (_, at) => (at + 1) * 8),
  ...Array.from({ length: 28 }, (_, at) => 128 + (at + 1) * 32),
];

function gapFor(pitch: number): number {
  if (pitch >= 20) return 2;
  return pitch >= 5 ? 1 : 0;
}

function shaped(wish: GridWish, columns: number, pitch: number): GridShape {
  const rows = Math.max(1, Math.ceil(wish.count / columns));
  return {
    count: wish.count,
    columns,
    rows,
    pitch,
    gap: gapFor(pitch),
    gutter: wish.gutter,
    width: wish.gutter + columns * pitch + 2 * INSET,
    height: rows * pitch + 2 * INSET,
  };
}

/**
 * The shape with the largest cells that stays within the wish. Columns are multiples of eight, of
 * thirty-two where there are many, so that rows begin at numbers one can count from.
 */
export function fitGrid(wish: GridWish): GridShape {
  const room = Math.max(1, wish.width - wish.gutter - 2 * INSET);
  let best: GridShape | undefined;
  let narrowest: GridShape | undefined;
  for (const columns of COLUMNS) {
    const pitch = Math.min(wish.largest, Math.floor(room / columns));
    if (pitch < wish.smallest) break;
    const shape = shaped(wish, columns, pitch);
    narrowest = shape;
    if (shape.height <= wish.height && (best === undefined || pitch > best.pitch)) best = shape;
  }
  return best ?? narrowest ?? shaped(wish, 8, Math.max(1, Math.floor(room / 8)));
}

/** The wish of a grid that is zoomed: cells of this pitch, or as large as eight in a row can be; it may be scrolled. */
export function zoomed(wish: GridWish, pitch: number): GridWish {
  const room = Math.max(1, wish.width - wish.gutter - 2 * INSET);
  const largest = Math.floor(room / 8);
  const wanted = Math.max(1, Math.min(largest, Math.round(pitch)));
  return { ...wish, height: 0, smallest: wanted, largest: wanted };
}

export function cellBox(shape: GridShape, index: number): Box {
  const column = index % shape.columns;
  const row = (index - column) / shape.columns;
  return {
    x: INSET + shape.gutter + column * shape.pitch,
    y: INSET + row * shape.pitch,
    size: shape.pitch - shape.gap,
  };
}

/** The cell at a point of the whole grid, or -1 where there is none. */
export function cellAt(shape: GridShape, x: number, y: number): number {
  const column = Math.floor((x - INSET - shape.gutter) / shape.pitch);
  const row = Math.floor((y - INSET) / shape.pitch);
  if (column < 0 || column >= shape.columns || row < 0 || row >= shape.rows) return -1;
  const index = row * shape.columns + column;
  return index < shape.count ? index : -1;
}

/** The rows that a window of the grid shows, the last one excluded. */
export function rowsWithin(shape: GridShape, top: number, height: number): [number, number] {
  const first = Math.max(0, Math.floor((top - INSET) / shape.pitch));
  const last = Math.min(shape.rows, Math.ceil((top + height - INSET) / shape.pitch));
  return [first, Math.max(first, last)];
}

export type Step =
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'row-start'
  | 'row-end'
  | 'first'
  | 'last'
  | 'page-up'
  | 'page-down';

/** Where a step from a cell leads; it stays inside the grid. */
export function stepFrom(shape: GridShape, index: number, step: Step): number {
  const { columns, count } = shape;
  const leap = columns * 8;
  const rowStart = index - (index % columns);
  const target: Record<Step, number> = {
    left: index - 1,
    right: index + 1,
    up: index - columns,
    down: index + columns,
    'row-start': rowStart,
    'row-end': rowStart + columns - 1,
    first: 0,
    last: count - 1,
    'page-up': index - leap,
    'page-down': index + leap,
  };
  const next = target[step];
  if (step === 'up' || step === 'down') return next < 0 || next >= count ? index : next;
  return Math.max(0, Math.min(count - 1, next));
}
