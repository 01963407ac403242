// Paints live meters: the latest seconds of some rates, a lane each, at the rate of the display. All grey.

import { NEUTRALS, type Theme } from './palette.ts';
import type { Surface } from './surface.ts';

/** How much time a lane shows, in milliseconds. */
export const SHOWN_MS = 4000;
/** Rates are taken over at least this long: between two frames hardly anything may have happened. */
const OVER_MS = 50;
/** Without a look for so long, nothing is known of the time between. */
const GAP_MS = 600;

export interface Reading {
  readonly at: number;
  readonly counts: readonly number[];
}

/** Counts as they grew, and the rates between them. */
export class RateMeter {
  #readings: Reading[] = [];

  add(at: number, counts: readonly number[]): void {
    const last = this.#readings.at(-1);
    // A machine that was put back, or another one, counts anew.
    const isNew =
      last !== undefined && counts.some((count, lane) => count < (last.counts[lane] ?? 0));
    if (isNew) this.clear();
    this.#readings = this.#readings.filter((reading) => reading.at > at - SHOWN_MS);
    this.#readings.push({ at, counts });
  }

  clear(): void {
    this.#readings = [];
  }

  /** The rates of a lane, a second, each until when it held; null where nobody looked. */
  rates(lane: number): { at: number; rate: number | null }[] {
    const rates: { at: number; rate: number | null }[] = [];
    let before: Reading | undefined;
    for (const reading of this.#readings) {
      if (before === undefined) {
        before = reading;
        continue;
      }
      const ms = reading.at - before.at;
      if (ms < OVER_MS) continue;
      const grown = (reading.counts[lane] ?? 0) - (before.counts[lane] ?? 0);
      rates.push({ at: reading.at, rate: ms > GAP_MS ? null : (grown * 1000) / ms });
      before = reading;
    }
    return rates;
  }

  /** The rate of a lane over the latest moment. */
  now(lane: number): number {
    return this.rates(lane).at(-1)?.rate ?? 0;
  }
}

interface MeterShape {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly theme: Theme;
  readonly lanes: number;
  readonly now: number;
}

export function paintMeters(context: Surface, shape: MeterShape, meter: RateMeter): void {
  const { line, label, mark } = NEUTRALS[shape.theme];
  const lane = shape.height / shape.lanes;
  context.save();
  context.setTransform(shape.ratio, 0, 0, shape.ratio, 0, 0);
  context.clearRect(0, 0, shape.width, shape.height);
  for (let at = 0; at < shape.lanes; at++) {
    const floor = Math.round((at + 1) * lane) - 1;
    context.globalAlpha = 1;
    context.fillStyle = line;
    context.fillRect(0, floor, shape.width, 1);
    const rates = meter.rates(at);
    const most = Math.max(1, ...rates.map(({ rate }) => rate ?? 0));
    const x = (time: number) => shape.width * (1 - (shape.now - time) / SHOWN_MS);
    context.fillStyle = label;
    for (const [index, { at: until, rate }] of rates.entries()) {
      const from = rates[index - 1]?.at;
      if (rate === null || from === undefined) continue;
      const height = (rate / most) * (lane - 4);
      context.globalAlpha = 0.55;
      context.fillRect(x(from), floor - height, x(until) - x(from) + 0.5, height);
      context.globalAlpha = 1;
      context.fillStyle = mark;
      context.fillRect(x(from), floor - height, x(until) - x(from) + 0.5, 1);
      context.fillStyle = label;
    }
  }
  context.restore();
}
