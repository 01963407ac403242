/**
 * The protocol is what `<faultline-lab>` and the page in its frame say to each other. The page says that it is here, to the one
 * origin that its address names; the element answers that window, at the page's origin, with a port. All else goes through
 * the port, which nobody else has.
 */

import type { Op, OpOutcome, Report } from '../../web/src/generated/types.d.ts';

/** The number of the protocol: both sides have to speak the same. */
export const PROTOCOL = 1;

/** The panels that a page can show. */
export const PANELS = [
  'processes',
  'actions',
  'virtual',
  'physical',
  'swap',
  'inspector',
  'script',
  'counters',
  'tape',
  'faults',
  'timing',
  'locks',
  'replacement',
] as const;
export type PanelName = (typeof PANELS)[number];

/** Other words for a panel. */
export const ALSO_PANELS: Readonly<Record<string, PanelName>> = {
  pages: 'virtual',
  frames: 'physical',
};

export const THEMES = ['dark', 'light', 'system'] as const;
export type Theme = (typeof THEMES)[number];

export const UNITS = ['line', 'event', 'fault'] as const;
/** How far a step goes. On threads there are only lines. */
export type Unit = (typeof UNITS)[number];

/** A place in a run: its start, its end, after so many lines, or after so many events. */
export type Place = 'start' | 'end' | number | { readonly event: number };

/** What is wrong: where, what was found there, and what is legal. */
export interface LabProblem {
  readonly where: string;
  readonly found: string;
  readonly legal: string;
  readonly message: string;
}

/** Where the machine stands in its run. */
export interface Standing {
  /** How many lines of the script have run, and how many there are. */
  readonly lines: number;
  readonly of: number;
  /** How many events have happened. On threads they are not counted, and this is 0. */
  readonly event: number;
  readonly time_ns: number;
  /** Whether the next line has begun, and not ended. */
  readonly underWay: boolean;
  /** Whether it goes on by itself. */
  readonly playing: boolean;
  readonly counters: Readonly<Record<string, number>>;
  /** The line that ran last, and what came of it. */
  readonly last?: { readonly line: number; readonly op: Op; readonly outcome: OpOutcome };
}

/** A page fault that has ended. */
export interface LabFault {
  readonly process: string;
  readonly page: number;
  readonly write: boolean;
  /** What it turned out to be: `failed`, `demand_zero`, `soft`, `hard`, `write_protect` or `collided`. */
  readonly kind: string;
  readonly cpu: number;
  readonly begin_ns: number;
  readonly end_ns: number;
}

/** What was opened. */
export interface Opened {
  readonly title: string;
  /** What it runs on: without shared memory a machine that asks for threads runs on virtual CPUs. */
  readonly runtime: 'virtual' | 'threads';
  /** Whether the frame is isolated from other origins, so that it could have threads. */
  readonly isolated: boolean;
}

/** The page says to the window around it that it is here. */
export interface Here {
  readonly faultline: 'here';
  readonly protocol: number;
}

/** The element answers, and sends a port along. */
export interface Connect {
  readonly faultline: 'connect';
  readonly protocol: number;
}

/** A scenario as it is handed over; nothing means the first one of those that come with the page. */
export type Given =
  | { readonly text: string }
  | { readonly lines: string }
  | { readonly link: string };

/** What can be asked of the page. */
export type Wish =
  | {
      readonly ask: 'open';
      readonly scenario?: Given;
      readonly place?: Place;
      readonly play: boolean;
    }
  | { readonly ask: 'theme'; readonly theme: Theme }
  | { readonly ask: 'step' | 'back'; readonly unit: Unit }
  | { readonly ask: 'go'; readonly place: Place }
  | { readonly ask: 'run' | 'play' | 'pause' | 'report' };

/** A wish, with the number that its answer has. */
export type Asked = Wish & { readonly id: number };

/** What the page tells. */
export type Told =
  | {
      readonly tell: 'answer';
      readonly id: number;
      readonly standing: Standing;
      readonly problem?: LabProblem;
      readonly report?: Report;
    }
  | { readonly tell: 'opened'; readonly opened: Opened; readonly standing: Standing }
  | { readonly tell: 'step'; readonly standing: Standing }
  /** Faults that have ended since, in the order they ended; of many at once the first are left out, and counted. */
  | { readonly tell: 'faults'; readonly faults: readonly LabFault[]; readonly missed: number }
  | { readonly tell: 'problem'; readonly problem: LabProblem }
  | { readonly tell: 'height'; readonly height: number };

/** Whether this is a message of the handshake, of either side. */
export function isGreeting(data: unknown, word: 'here' | 'connect'): data is Here | Connect {
  return (
    typeof data === 'object' && data !== null && 'faultline' in data && data.faultline === word
  );
}
