// Says what a slice is about in the terms of the page: processes by name, locks and their holders by theirs.

import { isJob, isLockWait, LOCK_WAIT, SWAP_READ, SWAP_WRITE } from '../../draw/timeline-kinds.ts';
import type { Slice } from '../../draw/timeline-slice.ts';
import { LOCK_CLASSES } from '../../generated/machine.ts';
import { text } from '../../text/text.ts';
import type { SliceFacts } from '../../text/timeline.ts';
import { observed } from '../machine/observation.ts';
import { FAILED, WROTE } from './tracks.ts';

/** Bits of a transfer's detail before the frame. */
const FRAME_SHIFT = 2;

/** The name of a track: a CPU, a daemon or the script. */
export function trackName(ring: number): string {
  const views = observed.machine.peek();
  if (views === undefined) return '';
  return ring >= views.rows ? text.timeline.script : text.locks.rowName(views.ownerOf(ring));
}

function nameOfProcess(index: number): string | undefined {
  return observed.processes.peek().find((row) => row.index === index)?.name;
}

export function factsOf(slice: Slice): SliceFacts {
  const { kind, number, detail } = slice;
  const process = nameOfProcess(slice.process);
  const isTransfer = kind === SWAP_READ || kind === SWAP_WRITE;
  return {
    kind,
    number,
    process,
    isWrite: (detail & WROTE) !== 0,
    hasFailed: (isTransfer || isJob(kind)) && (detail & FAILED) !== 0,
    frame: detail >>> FRAME_SHIFT,
    lock: isLockWait(kind) ? lockOf(slice) : '',
    holder: isLockWait(kind) && detail > 0 ? trackName(detail - 1) : undefined,
    cpus: detail,
  };
}

function lockOf({ kind, process, number }: Slice): string {
  const layout = observed.machine.peek()?.layout;
  return text.locks.lockName(LOCK_CLASSES[kind - LOCK_WAIT] ?? '', number, {
    process: nameOfProcess(process),
    pages: layout?.pages_per_lock ?? 0,
    list: layout?.list_names[number],
  });
}

export const wordsOf = (slice: Slice): string => text.timeline.sliceName(factsOf(slice));
