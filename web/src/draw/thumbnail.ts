// Draws a script as a small picture: a lane for each process from where it begins to where it ends, a branch for each
// fork, and a mark for each line on the lanes that it touches. Pure: shapes in a box of a hundred by forty.

import type { Op } from '../generated/types.d.ts';

export const WIDTH = 100;
export const HEIGHT = 40;
const [LEFT, TOP, RIGHT, BOTTOM] = [5, 6, 96, 35];
/** Lanes that there is room for; processes beyond share the last. */
const MOST_LANES = 9;

export interface Lane {
  readonly y: number;
  readonly from: number;
  to: number;
  /** The lane that it was forked from. */
  readonly parentY: number | undefined;
}

type Mark = { readonly kind: 'write' | 'read' | 'evict'; readonly x: number; readonly y: number };
type Bar = { readonly x: number; readonly y: number; readonly width: number };

export interface Thumbnail {
  readonly lanes: readonly Lane[];
  readonly marks: readonly Mark[];
  readonly bars: readonly Bar[];
}

interface Step {
  readonly at: number;
  readonly op: Op;
}

/** Lines side by side, and those of a `repeat`, stand at one place. */
function* stepsOf(script: readonly Op[]): Generator<Step> {
  for (const [at, op] of script.entries()) {
    const inner = op.op === 'together' ? op.scripts.flat() : op.op === 'repeat' ? op.script : [op];
    for (const each of inner) {
      if (each.op === 'together') for (const one of each.scripts.flat()) yield { at, op: one };
      else if (each.op === 'repeat') for (const one of each.script) yield { at, op: one };
      else yield { at, op: each };
    }
  }
}

export function thumbnailOf(script: readonly Op[]): Thumbnail {
  const steps = [...stepsOf(script)].filter(({ op }) => op.op !== 'expect');
  const places = [...new Set(steps.map(({ at }) => at))];
  const pitch = (RIGHT - LEFT) / Math.max(1, places.length);
  const xOf = (at: number) => LEFT + places.indexOf(at) * pitch;
  const names = steps.flatMap(({ op }) => (op.op === 'spawn' || op.op === 'fork' ? [op.as] : []));
  const count = Math.min(MOST_LANES, new Set(names).size);
  const yOf = (lane: number) =>
    count < 2
      ? (TOP + BOTTOM) / 2
      : TOP + (Math.min(lane, MOST_LANES - 1) * (BOTTOM - TOP)) / (count - 1);
  const lanes = new Map<string, Lane>();
  const marks: Mark[] = [];
  const bars: Bar[] = [];
  for (const { at, op } of steps) {
    const x = xOf(at);
    if (op.op === 'spawn' || op.op === 'fork') {
      const parent = op.op === 'fork' ? lanes.get(op.process) : undefined;
      const lane = { y: yOf(lanes.size), from: x, to: RIGHT, parentY: parent?.y };
      if (!lanes.has(op.as)) lanes.set(op.as, lane);
      continue;
    }
    const lane = 'process' in op && op.process !== undefined ? lanes.get(op.process) : undefined;
    if (lane === undefined) continue;
    const middle = x + pitch / 2;
    if (op.op === 'kill') lane.to = middle;
    else if (op.op === 'run') bars.push({ x, y: lane.y, width: Math.max(1.5, pitch * 0.9) });
    else if (op.op === 'write' || op.op === 'read' || op.op === 'evict') {
      marks.push({ kind: op.op, x: middle, y: lane.y });
    }
  }
  return { lanes: [...lanes.values()], marks, bars };
}
