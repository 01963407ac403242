// Holds the breakpoints at which a run that plays stops: at what becomes of a page, a frame, a slot, a process or a
// lock, or at any event of a kind. The engine looks for them; here is what they are called and what they mean to it.

import { signal } from '@preact/signals';
import type { Sought } from '../../engine/client.ts';
import { LOCK_CLASSES, MOST_SOUGHT } from '../../generated/machine.ts';
import type { BreakpointSubject } from '../../types/breakpoint-subject.ts';
import { isSameJson } from '../script/same-json.ts';

export interface Breakpoint {
  readonly id: number;
  readonly on: boolean;
  readonly subject: BreakpointSubject;
}

export const breakpoints = signal<readonly Breakpoint[]>([]);
/** The breakpoints that the playhead stands at, because they stopped it. */
export const stoppedAt = signal<readonly BreakpointSubject[]>([]);

let lastId = 0;

/** What the engine looks for: events that change the subject. */
export function soughtOf(subject: BreakpointSubject): Sought {
  switch (subject.of) {
    case 'event':
      return { kinds: [subject.kind] };
    case 'fault':
      return { kinds: ['fault-end'], operand: subject.fault };
    case 'page':
      return { kinds: ['pte', 'claim'], process: subject.index, number: subject.page };
    case 'frame':
      return { kinds: ['pfn'], number: subject.frame };
    case 'slot':
      return {
        kinds: ['slot-take', 'slot-free', 'swap-read-end', 'swap-write-end'],
        number: subject.slot,
      };
    case 'process':
      return {
        kinds: ['spawn', 'fork', 'process', 'adopt', 'heir', 'switch'],
        process: subject.index,
      };
    case 'lock':
      return {
        kinds: subject.awaited ? ['lock-wait'] : ['lock-take', 'lock-waited'],
        number: LOCK_CLASSES.indexOf(subject.lock),
        ...(subject.which !== undefined && { operand: subject.which }),
      };
  }
}

/** Those that are on, and what the engine looks for because of them, in one order. */
export function active(): { subjects: BreakpointSubject[]; stops: Sought[] } {
  const subjects = breakpoints.value.filter(({ on }) => on).map(({ subject }) => subject);
  return { subjects, stops: subjects.map(soughtOf) };
}

/** The most that the engine looks for at one time. */
export const MOST_BREAKPOINTS = MOST_SOUGHT;

/** Sets one; one that is there already is switched on. False if there are too many. */
export function setBreakpoint(subject: BreakpointSubject): boolean {
  const known = breakpoints.value.find((one) => isSameJson(one.subject, subject));
  if (known !== undefined) {
    switchBreakpoint(known.id, true);
    return true;
  }
  if (breakpoints.value.length >= MOST_BREAKPOINTS) return false;
  breakpoints.value = [...breakpoints.value, { id: ++lastId, on: true, subject }];
  return true;
}

export function switchBreakpoint(id: number, on: boolean): void {
  breakpoints.value = breakpoints.value.map((one) => (one.id === id ? { ...one, on } : one));
}

export function removeBreakpoint(id: number): void {
  breakpoints.value = breakpoints.value.filter((one) => one.id !== id);
}
