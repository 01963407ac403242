// Paints the tape: a lane for each CPU, a slice for each fault, its phases within. The hue of a slice is the state of
// the page that the fault found, as everywhere; lanes, ticks and labels have none.

import { colourOf, NEUTRALS, type Theme, ZEROED } from './palette.ts';
import type { Surface } from './surface.ts';

export interface Slice {
  readonly cpu: number;
  readonly begin: number;
  readonly end: number;
  /** The page state that the fault found, none where it failed. */
  readonly state: number | undefined;
  /** When each phase began. */
  readonly phases: readonly number[];
}

interface TapeShape {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly theme: Theme;
  readonly cpus: number;
  /** Where the playhead is, in a run that has one. */
  readonly playhead?: number;
  readonly laneLabel: (cpu: number) => string;
  /** The first tick says the time, the others how much later they are. */
  readonly tickLabel: (ns: number, sinceFirst: number) => string;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

const LABEL_WIDTH = 48;
const AXIS_HEIGHT = 16;
const NARROWEST = 2;

/** So many slices are told: as many as there are events kept of the time before any place of a run. */
export const MOST_SLICES = 32;

/** The time that holds the latest slices and the playhead, with a little air. */
export function spanOf(slices: readonly Slice[], playhead?: number): Span {
  if (slices.length === 0) return { from: 0, to: Math.max(1, playhead ?? 0) * 1.02 };
  const from = Math.min(...slices.map(({ begin }) => begin));
  const to = Math.max(playhead ?? 0, ...slices.map(({ end }) => end));
  const air = Math.max(1, (to - from) * 0.02);
  return { from: from - air, to: to + air };
}

export function timeToX(span: Span, width: number, time: number): number {
  const room = Math.max(1, width - LABEL_WIDTH - 4);
  return LABEL_WIDTH + ((time - span.from) / Math.max(1e-9, span.to - span.from)) * room;
}

/** The time at a point; before the first and after the last there is none. */
export function xToTime(span: Span, width: number, x: number): number {
  const room = Math.max(1, width - LABEL_WIDTH - 4);
  const share = Math.max(0, Math.min(1, (x - LABEL_WIDTH) / room));
  return span.from + share * (span.to - span.from);
}

/** A round step of 1, 2 or 5 times a power of ten that gives about `wanted` ticks. */
export function tickStep(length: number, wanted: number): number {
  const rough = length / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-9, rough)));
  const factor = [1, 2, 5, 10].find((each) => each * power >= rough) ?? 10;
  return factor * power;
}

/** Lanes as tall as the room lets them be, one for each CPU. */
export function laneHeight(shape: Pick<TapeShape, 'height' | 'cpus'>): number {
  return Math.max(3, Math.min(30, (shape.height - AXIS_HEIGHT) / Math.max(1, shape.cpus)));
}

export function paintTape(context: Surface, shape: TapeShape, slices: readonly Slice[]): void {
  const { line, label, mark, ground } = NEUTRALS[shape.theme];
  const lane = laneHeight(shape);
  const span = spanOf(slices, shape.playhead);
  context.save();
  context.setTransform(shape.ratio, 0, 0, shape.ratio, 0, 0);
  context.clearRect(0, 0, shape.width, shape.height);
  context.font = '10px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';
  context.textBaseline = 'middle';

  context.fillStyle = label;
  context.strokeStyle = line;
  context.lineWidth = 1;
  const every = Math.max(1, Math.ceil(13 / lane));
  for (let cpu = 0; cpu < shape.cpus; cpu++) {
    const y = cpu * lane;
    if (cpu % every === 0) context.fillText(shape.laneLabel(cpu), 0, y + lane / 2);
    context.beginPath();
    context.moveTo(LABEL_WIDTH, Math.round(y + lane) - 0.5);
    context.lineTo(shape.width, Math.round(y + lane) - 0.5);
    context.stroke();
  }

  if (slices.length > 0) {
    const step = tickStep(span.to - span.from, (shape.width - LABEL_WIDTH) / 130);
    context.textAlign = 'center';
    const first = Math.ceil(span.from / step) * step;
    for (let tick = first; tick <= span.to; tick += step) {
      const x = timeToX(span, shape.width, tick);
      context.fillRect(x, shape.cpus * lane, 0.5, 3);
      const half = 36;
      if (x < half || x > shape.width - half) continue;
      const words = shape.tickLabel(tick, tick - first);
      context.fillText(words, x, shape.cpus * lane + AXIS_HEIGHT / 2 + 2);
    }
  }

  for (const slice of slices) {
    const x = Math.max(LABEL_WIDTH, timeToX(span, shape.width, slice.begin));
    const right = timeToX(span, shape.width, slice.end);
    if (right < LABEL_WIDTH) continue;
    const y = slice.cpu * lane + lane * 0.16;
    const height = lane * 0.68;
    const width = Math.max(NARROWEST, right - x);
    context.fillStyle = slice.state === undefined ? label : colourOf(shape.theme, slice.state).fill;
    context.fillRect(x, y, width, height);
    if (slice.state === ZEROED) {
      // Its hue is nearly the ground's: an outline keeps it in sight.
      context.strokeStyle = label;
      context.strokeRect(x + 0.5, y + 0.5, Math.max(1, width - 1), height - 1);
    }
    // A phase begins at a notch cut out of the slice.
    context.fillStyle = ground;
    for (const phase of slice.phases.slice(1)) {
      const at = timeToX(span, shape.width, phase);
      if (at - x > 2 && right - at > 2) context.fillRect(at, y, 0.75, height);
    }
  }
  if (shape.playhead !== undefined) {
    const x = Math.round(timeToX(span, shape.width, shape.playhead));
    context.fillStyle = mark;
    context.fillRect(x - 0.5, 0, 1.5, shape.cpus * lane + 4);
    context.beginPath();
    context.moveTo(x - 4, 0);
    context.lineTo(x + 4.5, 0);
    context.lineTo(x + 0.25, 6);
    context.fill();
  }
  context.restore();
}
