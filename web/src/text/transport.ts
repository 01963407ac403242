// Words of the playhead: speeds, steps, places that are typed, and breakpoints.

import type { BreakpointSubject } from '../types/breakpoint-subject.ts';
import { eventsText } from './events.ts';
import { duration, number, plural } from './format.ts';
import { locksText } from './locks.ts';

export const transportText = {
  speed: (perSecond: number) =>
    perSecond === 0 ? 'At once' : `${plural(perSecond, 'event')} a second`,
  transport: {
    title: 'Transport',
    scrub: 'Place in the run',
    units: { event: 'event', fault: 'fault', line: 'line' } as const,
    event: 'Event',
    underWay: (line: number) => `, ${line + 1} under way`,
    breakpoints: (on: number) => `${on} on`,
    threads:
      'Threads run line by line: run, pause after a line, or step. Stop ends a line under way; then, as when going back, the lines before it run again on a new machine.',
    valueText: (events: number, known: number, time_ns: number, line: number, total: number) =>
      `event ${number(events)} of ${number(known)}, ${duration(time_ns)}, line ${line} of ${total}`,
    stopped: (subjects: readonly string[]) => `Stopped: ${subjects.join('; ')}.`,
  },
  goTo: {
    title: 'Go to',
    note: 'An event by its number, a virtual time, or where a line begins.',
    label: 'Place in the run',
    example: '1200, 3.5 ms or line 4',
    wrong: (found: string) =>
      `“${found}” is not a place in the run. Type an event (1200), a time (3.5 ms) or a line (line 4).`,
    hash: 'Hash of the whole machine here',
    go: 'Go there',
  },
  breakpoints: {
    title: 'Breakpoints',
    note: (most: number) =>
      `A run that plays stops at the first of these, right after it has happened. At most ${most}.`,
    when: (what: string) => `When ${what}`,
    stopWhen: (what: string) => `Stop when ${what}`,
    remove: (what: string) => `Remove: when ${what}`,
    stopAt: 'Stop at',
    kinds: {
      event: 'Event',
      fault: 'Page fault',
      page: 'Page',
      frame: 'Frame',
      slot: 'Slot',
      process: 'Process',
      lock: 'Lock',
    } satisfies Record<BreakpointSubject['of'], string>,
    eventKind: 'Kind',
    awaited: 'When it is',
    whenAwaited: 'waited for',
    whenTaken: 'taken',
    set: 'Set breakpoint',
  },
  /** Says what a breakpoint stops at. */
  breakpoint: (subject: BreakpointSubject): string => {
    switch (subject.of) {
      case 'event':
        return eventsText.eventKind(subject.kind);
      case 'fault':
        return eventsText.faultEnds(subject.fault);
      case 'page':
        return `page ${subject.page} of ${subject.process} changes`;
      case 'frame':
        return `frame ${subject.frame} changes`;
      case 'slot':
        return `slot ${subject.slot} is taken, freed, read or written`;
      case 'process':
        return `${subject.process} is spawned, forked, switched or changes state`;
      case 'lock':
        return `${subject.which === undefined ? 'a' : 'the'} ${locksText.lockClasses[subject.lock]} lock${
          subject.which === undefined ? '' : ` ${number(subject.which)}`
        } is ${subject.awaited ? 'waited for' : 'taken'}`;
    }
  },
};
