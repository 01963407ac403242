// Paints the timeline: a lane for each CPU and daemon, in it a row for each depth of slices and one for marks. What is too
// small to be seen by itself is painted in groups. The hue of a fault is the state of the page that it found, that of a
// transfer the state of its frame; everything else is grey.

import {
  colourOf,
  FOUND_STATES,
  NEUTRALS,
  READING,
  type Theme,
  WRITING,
  ZEROED,
} from './palette.ts';
import type { Surface } from './surface.ts';
import {
  FAULT_UNDER_WAY,
  FRAME_WAIT,
  isLockWait,
  SHOOTDOWN,
  SWAP_READ,
  SWAP_WRITE,
} from './timeline-kinds.ts';
import type { Slice, TimelineTrack, Visit } from './timeline-slice.ts';
import { LABEL_WIDTH, tickStep, timeToX, type View } from './timeline-view.ts';

/** Where a track stands. */
export interface Lane {
  readonly ring: number;
  readonly top: number;
  /** Where each row begins, and at the end where the last one ends: the marks are below. */
  readonly rows: readonly number[];
  readonly bottom: number;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly height: number;
}

export interface TimelineShape {
  readonly width: number;
  readonly height: number;
  /** How far the lanes are scrolled. */
  readonly top: number;
  readonly ratio: number;
  readonly theme: Theme;
  readonly view: View;
  /** Up to when what has not ended is drawn. */
  readonly last: number;
  /** Where the playhead is, in a run that has one: what comes after it is to come. */
  readonly playhead?: number | undefined;
  /** Times are told from here. */
  readonly origin: number;
  readonly selection?: View | undefined;
  /** The moment under the pointer. */
  readonly hovered?: number | undefined;
  readonly laneLabel: (ring: number) => string;
  readonly sliceLabel: (slice: Slice) => string;
  readonly tickLabel: (ns: number, sinceFirst: number) => string;
}

const AXIS_HEIGHT = 18;
const MARKS_HEIGHT = 3;
const GAP = 3;
const LEAST_ROW = 4;
const MOST_ROW = 20;
/** Rows at least this high have words. */
const WORDS_ROW = 9;
const GLYPH_WIDTH = 6.1;
const MOST_ARROWS = 200;
const FONT = '10px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';

/** Lanes as tall as the room lets them be; of tracks in which nothing happened those up to `always` are there. */
export function lanesOf(tracks: readonly TimelineTrack[], always: number, room: number): Lanes {
  const shown = tracks.flatMap(({ rows, marks, open }, ring) => {
    const depth = Math.max(rows.length, open.length);
    return ring < always || depth > 0 || marks.length > 0
      ? [{ ring, rows: Math.max(1, depth) }]
      : [];
  });
  const rows = shown.reduce((sum, lane) => sum + lane.rows, 0);
  const free = room - AXIS_HEIGHT - shown.length * (MARKS_HEIGHT + GAP);
  // Where not all rows have room for words, the second has: faults, and what daemons do.
  const worded = shown.filter((lane) => lane.rows > 1).length * (WORDS_ROW + 2);
  const usual = Math.floor(free / Math.max(1, rows));
  const isCramped = usual < WORDS_ROW;
  const others = Math.floor((free - worded) / Math.max(1, rows - shown.length));
  const height = Math.max(LEAST_ROW, Math.min(MOST_ROW, isCramped ? others : usual));
  const heightOf = (depth: number) =>
    isCramped && depth === 1 ? Math.max(height, WORDS_ROW + 2) : height;
  let top = AXIS_HEIGHT;
  const lanes = shown.map(({ ring, rows: count }) => {
    const begin = top;
    const tops = [top];
    for (let depth = 0; depth < count; depth++) {
      top += heightOf(depth);
      tops.push(top);
    }
    top += MARKS_HEIGHT + GAP;
    return { ring, top: begin, rows: tops, bottom: top };
  });
  return { lanes, height: top };
}

/** What is at a point: a slice that has ended or is open, or a mark. */
export function hitAt(
  tracks: readonly TimelineTrack[],
  lanes: Lanes,
  { view, width, top, last }: Pick<TimelineShape, 'view' | 'width' | 'top' | 'last'>,
  x: number,
  y: number,
): { ring: number; slice: Slice; isMark: boolean } | undefined {
  if (x < LABEL_WIDTH || y < AXIS_HEIGHT) return undefined;
  const below = y + top;
  const lane = lanes.lanes.find((one) => below >= one.top && below < one.bottom);
  const track = lane === undefined ? undefined : tracks[lane.ring];
  if (lane === undefined || track === undefined) return undefined;
  const nanoseconds = (view.to - view.from) / Math.max(1, width - LABEL_WIDTH);
  const moment = view.from + (x - LABEL_WIDTH) * nanoseconds;
  const depth = lane.rows.findLastIndex((begin) => begin <= below);
  const isMark = depth >= lane.rows.length - 1;
  const row = isMark ? track.marks : track.rows[depth];
  const index = row?.at(moment, 3 * nanoseconds) ?? -1;
  if (row !== undefined && index >= 0) return { ring: lane.ring, slice: row.slice(index), isMark };
  const open = isMark ? undefined : track.open[depth];
  if (open === undefined || moment < open.begin || moment > last) return undefined;
  return { ring: lane.ring, slice: open, isMark };
}

interface Ink {
  readonly fill: string;
  readonly ink: string;
}

/** The colours of the kinds, made once for each theme. */
const inks = new Map<Theme, (kind: number) => Ink>();

function inksOf(theme: Theme): (kind: number) => Ink {
  const known = inks.get(theme);
  if (known !== undefined) return known;
  const { line, label, mark, ground, failure } = NEUTRALS[theme];
  const quiet = { fill: line, ink: mark };
  const wait = { fill: label, ink: ground };
  const faults = FOUND_STATES.map((state) =>
    state === undefined ? { fill: failure, ink: ground } : colourOf(theme, state),
  );
  const made = (kind: number): Ink => {
    if (kind < FAULT_UNDER_WAY) return faults[kind] ?? quiet;
    if (kind === FAULT_UNDER_WAY || kind === FRAME_WAIT || isLockWait(kind)) return wait;
    if (kind === SWAP_READ) return colourOf(theme, READING);
    if (kind === SWAP_WRITE) return colourOf(theme, WRITING);
    return kind === SHOOTDOWN ? { fill: mark, ink: ground } : quiet;
  };
  inks.set(theme, made);
  return made;
}

/** Joins what is narrower than a pixel with its neighbours of the same colour. */
class Runs {
  readonly #context: Surface;
  #from = 0;
  #to = Number.NEGATIVE_INFINITY;
  #fill = '';
  #weight = 0;
  y = 0;
  height = 0;

  constructor(context: Surface) {
    this.#context = context;
  }

  add(x: number, right: number, fill: string, weight: number): void {
    const from = Math.floor(x);
    const to = Math.max(from + 1, Math.ceil(right));
    if (from <= this.#to && fill === this.#fill) {
      this.#to = Math.max(this.#to, to);
      this.#weight = Math.max(this.#weight, weight);
      return;
    }
    // Of what shares a pixel the longest is seen.
    if (to <= this.#to && weight <= this.#weight) return;
    this.flush();
    this.#from = from;
    this.#to = to;
    this.#fill = fill;
    this.#weight = weight;
  }

  flush(): void {
    if (this.#to > this.#from) {
      this.#context.fillStyle = this.#fill;
      this.#context.fillRect(this.#from, this.y, this.#to - this.#from, this.height);
    }
    this.#to = Number.NEGATIVE_INFINITY;
    this.#from = 0;
    this.#fill = '';
  }
}

interface Arrow {
  readonly x: number;
  readonly y: number;
  readonly ring: number;
  readonly moment: number;
}

export function paintTimeline(
  context: Surface,
  shape: TimelineShape,
  tracks: readonly TimelineTrack[],
  lanes: Lanes,
): void {
  const { width, height, theme, view } = shape;
  const { line, label, mark, ground } = NEUTRALS[theme];
  context.save();
  context.setTransform(shape.ratio, 0, 0, shape.ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  context.textBaseline = 'middle';
  context.textAlign = 'start';
  const x = (time: number) => timeToX(view, width, time);
  const arrows: Arrow[] = [];
  const runs = new Runs(context);
  for (const lane of lanes.lanes) {
    const track = tracks[lane.ring];
    if (
      track === undefined ||
      lane.top - shape.top > height ||
      lane.bottom - shape.top < AXIS_HEIGHT
    )
      continue;
    for (let depth = 0; depth + 1 < lane.rows.length; depth++) {
      const [from = 0, to = 0] = lane.rows.slice(depth, depth + 2);
      paintRow(context, shape, runs, track, depth, from - shape.top, to - from, arrows);
    }
    runs.y = (lane.rows.at(-1) ?? 0) - shape.top + 0.5;
    runs.height = MARKS_HEIGHT - 0.5;
    const nanoseconds = (view.to - view.from) / Math.max(1, width - LABEL_WIDTH);
    track.marks.walk(view.from, view.to, nanoseconds, (begin, end) => {
      runs.add(x(begin), x(end), label, 1);
    });
    runs.flush();
    context.fillStyle = line;
    context.fillRect(LABEL_WIDTH, lane.bottom - shape.top - GAP / 2, width - LABEL_WIDTH, 0.5);
  }
  paintArrows(context, shape, tracks, lanes, arrows);
  if (shape.playhead !== undefined && shape.playhead < view.to) {
    // What is still to come is there, and fainter.
    const from = Math.max(LABEL_WIDTH, x(shape.playhead));
    context.globalAlpha = 0.55;
    context.fillStyle = ground;
    context.fillRect(from, AXIS_HEIGHT, width - from, height - AXIS_HEIGHT);
    context.globalAlpha = 1;
  }
  if (shape.selection !== undefined) {
    const from = Math.max(LABEL_WIDTH, x(shape.selection.from));
    const to = Math.min(width, x(shape.selection.to));
    if (to >= from) {
      context.globalAlpha = 0.12;
      context.fillStyle = mark;
      context.fillRect(from, 0, to - from, height);
      context.globalAlpha = 1;
      context.fillRect(from, 0, 1, height);
      context.fillRect(to - 1, 0, 1, height);
    }
  }
  if (shape.hovered !== undefined) {
    context.fillStyle = label;
    context.fillRect(Math.round(x(shape.hovered)), AXIS_HEIGHT, 0.5, height - AXIS_HEIGHT);
  }
  paintNames(context, shape, lanes);
  paintAxis(context, shape);
  context.restore();
}

function paintRow(
  context: Surface,
  shape: TimelineShape,
  runs: Runs,
  track: TimelineTrack,
  depth: number,
  y: number,
  height: number,
  arrows: Arrow[],
): void {
  const { view, width, theme } = shape;
  if (y > shape.height || y + height < AXIS_HEIGHT) return;
  const ink = inksOf(theme);
  const { ground, label } = NEUTRALS[theme];
  const nanoseconds = (view.to - view.from) / Math.max(1, width - LABEL_WIDTH);
  const row = track.rows[depth];
  runs.y = y + 0.5;
  runs.height = height - 1;
  const whole = (slice: Slice, end: number) => {
    const from = Math.max(LABEL_WIDTH, timeToX(view, width, slice.begin));
    const to = Math.min(width, timeToX(view, width, end));
    if (to <= from) return;
    const colour = ink(slice.kind);
    const isWait = isLockWait(slice.kind) || slice.kind === FRAME_WAIT;
    const size = Math.max(1, to - from - 0.5);
    context.fillStyle = colour.fill;
    // A wait is a thin bar: nothing is done in it.
    context.fillRect(
      from,
      isWait ? y + height * 0.3 : runs.y,
      size,
      isWait ? height * 0.4 : runs.height,
    );
    if (slice.kind < FAULT_UNDER_WAY && FOUND_STATES[slice.kind] === ZEROED && size > 3) {
      // Its hue is nearly the ground's: an outline keeps it in sight.
      context.strokeStyle = label;
      context.lineWidth = 1;
      context.strokeRect(from + 0.5, runs.y + 0.5, size - 1, runs.height - 1);
    }
    const glyphs = Math.floor((size - 6) / GLYPH_WIDTH);
    if (glyphs >= 3 && height >= WORDS_ROW) {
      const words = shape.sliceLabel(slice);
      const shown = words.length > glyphs ? `${words.slice(0, glyphs - 1)}…` : words;
      if (isWait) {
        // The words interrupt the bar.
        context.fillStyle = ground;
        context.fillRect(from + 2, runs.y, shown.length * GLYPH_WIDTH + 4, runs.height);
        context.fillStyle = label;
      } else {
        context.fillStyle = colour.ink;
      }
      context.fillText(shown, from + 4, y + height / 2 + 0.5);
    }
  };
  const visit: Visit = (begin, end, kind, busy, index, count) => {
    const from = timeToX(view, width, begin);
    const to = timeToX(view, width, end);
    if (count > 1 || to - from < 2) {
      runs.add(
        Math.max(LABEL_WIDTH, from),
        Math.max(LABEL_WIDTH, Math.min(width, to)),
        ink(kind).fill,
        busy,
      );
    } else {
      runs.flush();
      const slice = row?.slice(index);
      if (slice !== undefined) whole(slice, end);
    }
    if (count === 1 && isLockWait(kind) && to - from >= 2 && arrows.length < MOST_ARROWS) {
      const holder = row?.slice(index).detail ?? 0;
      if (holder > 0 && begin >= view.from) {
        arrows.push({ x: from, y: y + height / 2, ring: holder - 1, moment: begin });
      }
    }
  };
  row?.walk(view.from, view.to, nanoseconds, visit);
  runs.flush();
  const open = track.open[depth];
  if (open === undefined || open.begin > view.to || shape.last < view.from) return;
  whole(open, Math.max(open.begin, shape.last));
  if (isLockWait(open.kind) && open.detail > 0 && open.begin >= view.from) {
    const from = timeToX(view, width, open.begin);
    arrows.push({ x: from, y: y + height / 2, ring: open.detail - 1, moment: open.begin });
  }
}

/** From each wait to what the task that had the lock did then. */
function paintArrows(
  context: Surface,
  shape: TimelineShape,
  tracks: readonly TimelineTrack[],
  lanes: Lanes,
  arrows: readonly Arrow[],
): void {
  const { mark } = NEUTRALS[shape.theme];
  context.strokeStyle = mark;
  context.fillStyle = mark;
  context.lineWidth = 1;
  for (const { x, y, ring, moment } of arrows) {
    const lane = lanes.lanes.find((one) => one.ring === ring);
    if (lane === undefined) continue;
    const { rows = [], open = [] } = tracks[ring] ?? {};
    let depth = Math.max(rows.length, open.length) - 1;
    const isBusy = (at: number) =>
      (rows[at]?.at(moment) ?? -1) >= 0 || (open[at]?.begin ?? Number.POSITIVE_INFINITY) <= moment;
    while (depth > 0 && !isBusy(depth)) depth--;
    const [begin = lane.top, end = lane.top] = lane.rows.slice(Math.max(0, depth));
    const to = (begin + end) / 2 - shape.top;
    const down = to > y ? 1 : -1;
    context.beginPath();
    context.moveTo(x + 0.5, y);
    context.lineTo(x + 0.5, to - 4 * down);
    context.stroke();
    context.beginPath();
    context.moveTo(x + 0.5, to);
    context.lineTo(x - 2.5, to - 5 * down);
    context.lineTo(x + 3.5, to - 5 * down);
    context.fill();
    context.beginPath();
    context.arc(x + 0.5, y, 2, 0, 2 * Math.PI);
    context.fill();
  }
}

function paintNames(context: Surface, shape: TimelineShape, lanes: Lanes): void {
  const { label, ground } = NEUTRALS[shape.theme];
  context.fillStyle = ground;
  context.fillRect(0, 0, LABEL_WIDTH - 1, shape.height);
  context.fillStyle = label;
  for (const lane of lanes.lanes) {
    const y =
      lane.top - shape.top + Math.max(5, Math.min((lane.rows.at(-1) ?? 0) - lane.top, 20) / 2);
    if (y > AXIS_HEIGHT && y < shape.height) context.fillText(shape.laneLabel(lane.ring), 0, y);
  }
}

function paintAxis(context: Surface, shape: TimelineShape): void {
  const { view, width } = shape;
  const { label, mark, ground, line } = NEUTRALS[shape.theme];
  context.fillStyle = ground;
  context.fillRect(0, 0, width, AXIS_HEIGHT - 1);
  context.fillStyle = line;
  context.fillRect(LABEL_WIDTH, AXIS_HEIGHT - 1, width - LABEL_WIDTH, 0.5);
  const step = tickStep(view.to - view.from, (width - LABEL_WIDTH) / 120);
  const first = Math.ceil((view.from - shape.origin) / step) * step;
  context.fillStyle = label;
  context.textAlign = 'center';
  for (let tick = first; tick + shape.origin <= view.to; tick += step) {
    const x = timeToX(view, width, tick + shape.origin);
    context.fillRect(x, AXIS_HEIGHT - 4, 0.5, 4);
    const words = shape.tickLabel(tick, tick - first);
    const half = (words.length * GLYPH_WIDTH) / 2;
    if (x - half < LABEL_WIDTH || x + half > width) continue;
    context.fillText(words, x, AXIS_HEIGHT / 2 - 1);
  }
  const { playhead } = shape;
  if (playhead === undefined || playhead < view.from || playhead > view.to) return;
  const x = Math.round(timeToX(view, width, playhead));
  context.fillStyle = mark;
  context.fillRect(x - 0.5, 0, 1.5, shape.height);
  context.beginPath();
  context.moveTo(x - 4, 0);
  context.lineTo(x + 4.5, 0);
  context.lineTo(x + 0.25, 7);
  context.fill();
}
