// Words of the timeline: what its slices and marks are, its controls, and what is selected.

import {
  DAEMON,
  FAULT,
  FAULT_UNDER_WAY,
  FRAME_WAIT,
  isDaemon,
  isFault,
  isJob,
  isLockWait,
  isPhase,
  JOB,
  LOCK_WAIT,
  PHASE,
  SHOOTDOWN,
  SWAP_READ,
  SWAP_WRITE,
} from '../draw/timeline-kinds.ts';
import { DAEMONS, JOB_KINDS, LOCK_CLASSES } from '../generated/machine.ts';
import { figuresText } from './figures.ts';
import { number, plural } from './format.ts';
import { locksText } from './locks.ts';

/** What a slice is about, in the terms of the page. */
export interface SliceFacts {
  readonly kind: number;
  /** The page, frame or slot; of a transfer the slot. */
  readonly number: number;
  readonly process: string | undefined;
  readonly isWrite: boolean;
  readonly hasFailed: boolean;
  /** Of a transfer. */
  readonly frame: number;
  /** Of a wait for a lock: which one, and who had it. */
  readonly lock: string;
  readonly holder: string | undefined;
  /** Of a shootdown. */
  readonly cpus: number;
}

/** Jobs that are about one page. */
const OF_A_PAGE: readonly string[] = ['read', 'write', 'evict', 'map', 'unmap'];

function kindName(kind: number): string {
  if (kind === FAULT_UNDER_WAY) return 'fault under way';
  if (kind === FAULT) return 'failed fault';
  if (isFault(kind)) return `${figuresText.faults.kinds[kind - FAULT]} fault`;
  if (isPhase(kind)) return `phase: ${figuresText.faults.phases[kind - PHASE]}`;
  if (isLockWait(kind)) {
    return `wait for a ${locksText.lockClasses[LOCK_CLASSES[kind - LOCK_WAIT] ?? 'list']} lock`;
  }
  if (kind === FRAME_WAIT) return 'wait for a free frame';
  if (kind === SWAP_READ) return 'read from swap';
  if (kind === SWAP_WRITE) return 'write to swap';
  if (kind === SHOOTDOWN) return 'TLB shootdown';
  if (isDaemon(kind)) return `${DAEMONS[kind - DAEMON]} at work`;
  return isJob(kind) ? (JOB_KINDS[kind - JOB] ?? '') : '';
}

function sliceName(facts: SliceFacts): string {
  const { kind, process, number: page } = facts;
  const failed = facts.hasFailed ? ', failed' : '';
  const name = kindName(kind);
  const ofPage = process === undefined ? '' : ` p${page} of ${process}`;
  if (isFault(kind)) return `${name}: ${facts.isWrite ? 'write' : 'read'}${ofPage}`;
  if (isPhase(kind)) return figuresText.faults.phases[kind - PHASE] ?? name;
  if (isLockWait(kind)) {
    const holder = facts.holder === undefined ? '' : `, which ${facts.holder} has`;
    return `waits for ${facts.lock}${holder}`;
  }
  if (kind === SWAP_READ) return `reads s${page} into f${facts.frame}${failed}`;
  if (kind === SWAP_WRITE) return `writes f${facts.frame} to s${page}${failed}`;
  if (kind === SHOOTDOWN)
    return `TLB shootdown: ${plural(page, 'page')}, ${plural(facts.cpus, 'CPU')}`;
  if (!isJob(kind) || process === undefined) return `${name}${failed}`;
  return OF_A_PAGE.includes(name) ? `${name}${ofPage}${failed}` : `${name} ${process}${failed}`;
}

export const timelineText = {
  timeline: {
    lanes: (isThreads: boolean) =>
      isThreads
        ? 'Timeline of the CPUs and daemons'
        : 'Timeline of the CPUs and daemons: a click goes there',
    keys: (hasLetters: boolean) =>
      `${hasLetters ? 'W and S zoom, A and D pan, F fits the selection; ' : ''}↑ ↓ zoom, ← → pan, Home shows the whole run, Shift ← → selects, Enter goes to the selection, Escape gives it up`,
    seen: (from: string, to: string, slices: number, marks: number) =>
      `${from} to ${to}: ${plural(slices, 'slice')}, ${plural(marks, 'other event')}`,
    script: 'script',
    kindName,
    sliceName,
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    whole: 'Whole run',
    select: 'Select visible span',
    selectMeaning: 'Selects the span of time that is visible, and sums up what happened in it',
    list: 'List',
    listCaption: (shown: number, all: number) =>
      shown < all
        ? `What is seen, in the order it began: the first ${number(shown)} of ${number(all)}`
        : 'What is seen, in the order it began',
    columns: ['Begins', 'Where', 'What', 'Lasts'],
    goTo: (time: string) => `Go to ${time}`,
    sums: (from: string, length: string) => `Selected: ${length} from ${from}`,
    sumsColumns: ['What', 'Count', 'Time'],
    otherEvents: 'other events',
    goToSelection: 'Go to its start',
    clear: 'Clear',
    keptFrom: (time: string) =>
      `What happened before ${time} is no longer kept: the timeline holds the latest million slices and events.`,
    lost: (events: number) =>
      `${plural(events, 'event')} passed unread: on threads the rings keep only the latest.`,
    mark: (what: string, about: number) => `${what} (${number(about)})`,
    at: (time: string) => `at ${time}`,
  },
};
