// Divides a fault into its parts: the walk that found it, its phases, and cut out of them the time for which it waited
// for locks. Virtual nanoseconds, or measured ones: whichever its events carry.

import { FAULT_PHASES } from '../../generated/machine.ts';
import type { Fault, LockWait } from './fault-log.ts';

/** The last is a wait for another fault, or for a frame. */
export type Part = 'walk' | 'begin' | 'lock' | 'wait' | 'find' | 'fill' | 'map' | 'await';

/** The part that each phase of the engine's is. */
const OF_PHASE: Readonly<Record<(typeof FAULT_PHASES)[number], Part>> = {
  lock: 'lock',
  'find a frame': 'find',
  fill: 'fill',
  map: 'map',
  wait: 'await',
};

function partOf(phase: number): Part {
  const name = FAULT_PHASES[phase];
  return name === undefined ? 'await' : OF_PHASE[name];
}

interface Segment {
  readonly part: Part;
  readonly begin: number;
  readonly end: number;
  /** The class of the lock that was waited for. */
  readonly lock?: number;
}

function cut(span: Segment, waits: readonly LockWait[]): Segment[] {
  const segments: Segment[] = [];
  let at = span.begin;
  for (const { end, ns, kind } of waits) {
    const from = Math.max(at, end - ns);
    const to = Math.min(end, span.end);
    if (to <= from) continue;
    if (from > at) segments.push({ ...span, begin: at, end: from });
    segments.push({ part: 'wait', begin: from, end: to, lock: kind });
    at = to;
  }
  if (span.end > at) segments.push({ ...span, begin: at });
  return segments;
}

/** Its parts in time; they meet, and together they last as long as the walk and the fault. */
export function segmentsOf({ begin, end, walk, phases, waits }: Fault): Segment[] {
  const first = phases[0]?.begin ?? end;
  const spans: Segment[] = [
    { part: 'begin', begin, end: first },
    ...phases.map(({ phase, ...span }) => ({ part: partOf(phase), ...span })),
  ];
  const inOrder = waits.toSorted((a, b) => a.end - b.end);
  return [
    ...(walk > 0 ? [{ part: 'walk' as const, begin: begin - walk, end: begin }] : []),
    ...spans.flatMap((span) => cut(span, inOrder)),
  ];
}

/** How long each part took in all, in the order in which they came; those that took any time. */
export function partTimes(segments: readonly Segment[]): { part: Part; ns: number }[] {
  const times = new Map<Part, number>();
  for (const { part, begin, end } of segments)
    times.set(part, (times.get(part) ?? 0) + end - begin);
  return [...times].map(([part, ns]) => ({ part, ns })).filter(({ ns }) => ns > 0);
}
