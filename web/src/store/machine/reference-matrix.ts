// Makes the textbook's table of a process: its references as columns, the frames that its pages were in as rows, which
// references faulted, and which pages were evicted. It goes back from what the machine holds now, entry by entry.

import { type Entry, isAfter, type Place, type Reference, type Stamp } from './reference-log.ts';

/** What a frame holds after a reference. */
export interface MatrixCell {
  readonly page: number;
  readonly isTrimmed: boolean;
  /** Whether it was not there after the reference before. */
  readonly isNew: boolean;
}

export interface MatrixColumn {
  readonly reference: Reference;
  /** One for each row. */
  readonly cells: readonly (MatrixCell | undefined)[];
  /** Pages that were unmapped between this reference and the next. */
  readonly out: readonly number[];
}

export interface Matrix {
  readonly frames: readonly number[];
  readonly columns: readonly MatrixColumn[];
  /** How many references there are before the first column, and how many frames without a row; as far as is kept. */
  readonly columnsBefore: number;
  readonly framesBeside: number;
}

export const MOST_COLUMNS = 200;
export const MOST_ROWS = 24;

/**
 * The table of a process, whose pages are where `places` says now. With `until` it is that of the moment after that
 * entry.
 */
export function matrixOf(
  all: readonly Entry[],
  process: number,
  places: ReadonlyMap<number, Place>,
  until?: Stamp,
): Matrix {
  const now = new Map(places);
  const entries = all.filter((entry) => entry.process === process);
  let end = entries.length;
  while (until !== undefined && end > 0 && isAfter(entries[end - 1] as Entry, until)) {
    end--;
    undo(now, entries[end] as Entry);
  }
  const told = entries.slice(0, end);
  const references = told.filter((entry) => entry.kind === 'reference');
  const shown = references.slice(-MOST_COLUMNS);
  const first = shown[0] === undefined ? told.length : told.indexOf(shown[0]);
  const all_frames = framesSince(told.slice(first), shown, now);
  const frames = all_frames.slice(0, MOST_ROWS).sort((a, b) => a - b);
  return {
    frames,
    columns: columnsOf(told.slice(first), frames, now),
    columnsBefore: references.length - shown.length,
    framesBeside: all_frames.length - frames.length,
  };
}

function undo(now: Map<number, Place>, entry: Entry): void {
  if (entry.kind !== 'move') return;
  if (entry.from === undefined) now.delete(entry.page);
  else now.set(entry.page, entry.from);
}

/** The frames of these entries, those first that were concerned last: by a move, or by a reference that hit. */
function framesSince(
  entries: readonly Entry[],
  references: readonly Reference[],
  now: ReadonlyMap<number, Place>,
): number[] {
  const frames = new Set<number>();
  const pages = new Map(now);
  const referred = new Set(references);
  for (const { frame } of [...referred].reverse().flatMap(({ page }) => pages.get(page) ?? [])) {
    frames.add(frame);
  }
  for (const entry of entries.toReversed()) {
    if (entry.kind !== 'move') continue;
    for (const place of [entry.to, entry.from]) if (place !== undefined) frames.add(place.frame);
  }
  return [...frames];
}

interface Held {
  readonly page: number;
  readonly isTrimmed: boolean;
}

function columnsOf(
  entries: readonly Entry[],
  frames: readonly number[],
  end: ReadonlyMap<number, Place>,
): MatrixColumn[] {
  const now = new Map(end);
  const rows = new Set(frames);
  const held = (): Map<number, Held> => {
    const found = new Map<number, Held>();
    for (const [page, { frame, isTrimmed }] of now)
      if (rows.has(frame)) found.set(frame, { page, isTrimmed });
    return found;
  };
  const columns: { reference: Reference; after: Map<number, Held>; out: number[] }[] = [];
  let after = held();
  let out: number[] = [];
  for (const entry of entries.toReversed()) {
    if (entry.kind === 'move') {
      const wasMapped = entry.from !== undefined && !entry.from.isTrimmed;
      if (wasMapped && (entry.to === undefined || entry.to.isTrimmed)) out.push(entry.page);
      undo(now, entry);
      continue;
    }
    columns.push({ reference: entry, after, out: out.reverse() });
    after = held();
    out = [];
  }
  const before = after;
  return columns.reverse().map(({ reference, after: then, out: left }, at) => {
    const last = at === 0 ? before : (columns[at - 1]?.after ?? before);
    return {
      reference,
      out: left,
      cells: frames.map((frame) => {
        const holds = then.get(frame);
        return holds && { ...holds, isNew: last.get(frame)?.page !== holds.page };
      }),
    };
  });
}

/** The table as lines of text, in columns of one width. */
export function matrixText(
  { frames, columns }: Matrix,
  words: {
    readonly title: string;
    readonly page: string;
    readonly fault: string;
    readonly out: string;
    readonly frame: (frame: number) => string;
    readonly mark: string;
  },
): string {
  const rows = [
    [words.page, ...columns.map(({ reference }) => `${reference.page}`)],
    ...frames.map((frame, row) => [
      words.frame(frame),
      ...columns.map(({ cells }) => {
        const cell = cells[row];
        return cell === undefined ? '' : `${cell.page}`;
      }),
    ]),
    [
      words.fault,
      ...columns.map(({ reference }) => (reference.fault === undefined ? '' : words.mark)),
    ],
    [words.out, ...columns.map(({ out }) => out.join(','))],
  ];
  const widths = Array.from({ length: columns.length + 1 }, (_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return `${words.title}\n\n${lines.join('\n')}\n`;
}
