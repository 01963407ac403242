// Paints what travels between grids: a comet from the cell that gives to the cell that takes, along a wire that bends a
// little so that two ways do not lie upon each other. Its head has the hue of the state that the journey is.

import { colourOf, NEUTRALS, type Theme } from './palette.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A cell on the screen: its middle, and its side. */
export interface Place extends Point {
  readonly size: number;
}

export interface Comet {
  readonly from: Place;
  readonly to: Place;
  /** 0 at the start, 1 on arrival. */
  readonly progress: number;
  readonly state: number;
  /** A word beside its head. */
  readonly label?: string;
}

/** How far behind its head a comet's tail ends, as a share of the way. */
const TAIL = 0.28;
const TAIL_STEPS = 14;
/** What a comet carries is a cell, neither a speck nor a wall, in CSS pixels. */
const SMALLEST_HEAD = 11;
const LARGEST_HEAD = 26;

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

/** What is told as a flow when it is too much to be told one by one, by the counters that count it. */
export const FLOWS = ['demand_zero', 'copies', 'swap_writes', 'swap_reads'] as const;
export type FlowName = (typeof FLOWS)[number];
type FlowCounts = Readonly<Record<FlowName, number>>;

/** How long what has flowed is shown, in milliseconds. */
const FLOW_MS = 600;

/** How much has flowed of late. Whatever it is told is in `total`; nothing is dropped but by being old. */
export class FlowMeter {
  #samples: { at: number; counts: FlowCounts }[] = [];

  add(at: number, growth: Readonly<Record<string, number>>): void {
    const counts = Object.fromEntries(FLOWS.map((name) => [name, growth[name] ?? 0]));
    this.#samples = this.#samples.filter((sample) => sample.at > at - FLOW_MS);
    this.#samples.push({ at, counts: counts as FlowCounts });
  }

  clear(): void {
    this.#samples = [];
  }

  isFlowing(now: number): boolean {
    return this.#samples.some(({ at }) => at > now - FLOW_MS);
  }

  /** What has flowed within the time that is shown. */
  within(now: number): FlowCounts {
    const sums: Record<FlowName, number> = {
      demand_zero: 0,
      copies: 0,
      swap_writes: 0,
      swap_reads: 0,
    };
    for (const { at, counts } of this.#samples) {
      if (at <= now - FLOW_MS) continue;
      for (const name of FLOWS) sums[name] += counts[name];
    }
    return sums;
  }
}

/** A flow between two places: as wide as much has flowed, with the number in words beside it. */
export interface Stream {
  readonly from: Point;
  readonly to: Point;
  readonly count: number;
  readonly state: number;
  readonly label: string;
}

/** Ten times as much is half as wide again: one can be seen, and a million fits. */
export function streamWidth(count: number): number {
  return count <= 0 ? 0 : 2 + 5 * Math.log10(1 + count);
}

interface FlowView {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly theme: Theme;
}

/** An empty surface; sizes are CSS pixels from here on. */
export function clearFlow(context: CanvasRenderingContext2D, view: FlowView): void {
  context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
}

export function paintStreams(
  context: CanvasRenderingContext2D,
  streams: readonly Stream[],
  { theme }: FlowView,
): void {
  const { mark, ground } = NEUTRALS[theme];
  context.lineCap = 'butt';
  context.font = '11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';
  context.textBaseline = 'middle';
  for (const { from, to, count, state, label } of streams) {
    if (count === 0) continue;
    const { fill } = colourOf(theme, state);
    const steps = 24;
    context.strokeStyle = fill;
    for (let step = 0; step < steps; step++) {
      const a = along(from, to, step / steps);
      const b = along(from, to, (step + 1) / steps);
      // Denser where it arrives: that is its direction.
      context.globalAlpha = 0.25 + (0.6 * step) / steps;
      context.lineWidth = streamWidth(count);
      context.beginPath();
      context.moveTo(a.x, a.y);
      context.lineTo(b.x, b.y);
      context.stroke();
    }
    context.globalAlpha = 1;
    const middle = along(from, to, 0.5);
    const width = context.measureText(label).width + 10;
    context.fillStyle = ground;
    context.beginPath();
    context.roundRect(middle.x - width / 2, middle.y - 9, width, 18, 4);
    context.fill();
    context.fillStyle = mark;
    context.textAlign = 'center';
    context.fillText(label, middle.x, middle.y);
  }
}

export function paintComets(
  context: CanvasRenderingContext2D,
  comets: readonly Comet[],
  view: FlowView,
): void {
  context.lineCap = 'round';
  for (const comet of comets) {
    const { from, to, progress, state } = comet;
    const { fill } = colourOf(view.theme, state);
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
    paintHead(context, comet, view);
  }
}

/** Where the head of a comet is, and the side of what it carries: a cell on its way becomes as large as where it goes. */
export function headOf({ from, to, progress }: Comet): Place {
  const share = ease(progress);
  const side = (place: Place) => Math.max(SMALLEST_HEAD, Math.min(LARGEST_HEAD, place.size * 0.8));
  const size = side(from) + (side(to) - side(from)) * share;
  return { ...along(from, to, share), size };
}

function paintHead(context: CanvasRenderingContext2D, comet: Comet, view: FlowView): void {
  const { theme } = view;
  const { fill, ink } = colourOf(theme, comet.state);
  const { ground, mark } = NEUTRALS[theme];
  const { x, y, size } = headOf(comet);
  const card = (outset: number) => {
    const side = size + 2 * outset;
    context.beginPath();
    context.roundRect(x - side / 2, y - side / 2, side, side, Math.min(5, side * 0.18));
  };
  card(2.5);
  context.fillStyle = ground;
  context.fill();
  card(0);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 1.25;
  context.strokeStyle = ink;
  context.stroke();
  const { label } = comet;
  if (label === undefined) return;
  context.font = '600 11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const width = context.measureText(label).width + 10;
  const beside = x + size / 2 + 6;
  // At the right edge it stands on the other side.
  const left = beside + width > view.width ? x - size / 2 - 6 - width : beside;
  context.fillStyle = ground;
  context.beginPath();
  context.roundRect(left, y - 9, width, 18, 4);
  context.fill();
  context.fillStyle = mark;
  context.fillText(label, left + 5, y);
}
