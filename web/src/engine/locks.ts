// Reads the locks in place: what they have cost, by class and by region of PTEs, and which CPU or daemon holds or
// awaits which one now. The formats are written down in the engine's `runtime/locks/profile.rs` and
// `runtime/locks/regions.rs`.

import {
  LOCK_ACQUISITIONS_WORD,
  LOCK_CLASS_SHIFT,
  LOCK_CLASSES,
  LOCK_CONTENDED_WORD,
  LOCK_COST_WORDS,
  LOCK_HOLD_WORD,
  LOCK_NAME_WORDS,
  LOCK_WAIT_WORD,
  MOST_HELD,
  PROFILE_AWAITED_WORD,
  PROFILE_COSTS_WORD,
  PROFILE_HELD_COUNT_WORD,
  PROFILE_HELD_WORD,
  REGION_COST_WORD,
  REGION_KEY_WORD,
} from '../generated/machine.ts';
import { type MachineViews, recordAt } from './views.ts';
import { wide } from './words.ts';

export type LockClass = (typeof LOCK_CLASSES)[number];

/** What some locks have cost, in nanoseconds. */
interface LockCost {
  acquisitions: number;
  contended: number;
  wait: number;
  hold: number;
}

/** Which lock: of a region of PTEs the process and its first page, of others a number. */
export interface LockName {
  readonly kind: number;
  readonly process: number;
  readonly number: number;
}

/** What one CPU or daemon has of locks now. */
export interface LocksNow {
  readonly row: number;
  readonly awaits: LockName | null;
  /** Of virtual CPUs alone: on threads nobody writes down what it holds. */
  readonly holds: readonly LockName[];
}

export interface RegionCost extends LockCost {
  readonly process: number;
  readonly page: number;
}

function costAt(words: Uint32Array, at: number): LockCost {
  const value = (word: number) => wide(words[at + word] ?? 0, words[at + word + 1] ?? 0);
  return {
    acquisitions: value(LOCK_ACQUISITIONS_WORD),
    contended: value(LOCK_CONTENDED_WORD),
    wait: value(LOCK_WAIT_WORD),
    hold: value(LOCK_HOLD_WORD),
  };
}

/** What each class of locks has cost all CPUs, by rank. */
export function lockCosts(machine: MachineViews): LockCost[] {
  const { locks } = machine.layout.parts;
  const { words } = machine;
  return LOCK_CLASSES.map((_, rank) => {
    const sum = { acquisitions: 0, contended: 0, wait: 0, hold: 0 };
    for (const profile of locks) {
      const at = recordAt(profile, 0) + PROFILE_COSTS_WORD + rank * LOCK_COST_WORDS;
      const cost = costAt(words, at);
      sum.acquisitions += cost.acquisitions;
      sum.contended += cost.contended;
      sum.wait += cost.wait;
      sum.hold += cost.hold;
    }
    return sum;
  });
}

const BELOW_CLASS = (1 << LOCK_CLASS_SHIFT) - 1;

function nameAt(words: Uint32Array, at: number): LockName | null {
  const [low, high] = [words[at] ?? 0, words[at + 1] ?? 0];
  const kind = (high >>> LOCK_CLASS_SHIFT) - 1;
  return kind < 0 ? null : { kind, process: high & BELOW_CLASS, number: low };
}

/** The CPUs and daemons that hold or await a lock now; those that do neither are left out. */
export function locksNow(machine: MachineViews): LocksNow[] {
  const { locks } = machine.layout.parts;
  const { words } = machine;
  const now: LocksNow[] = [];
  for (const [row, profile] of locks.entries()) {
    const at = recordAt(profile, 0);
    const awaits = nameAt(words, at + PROFILE_AWAITED_WORD);
    const count = Math.min(words[at + PROFILE_HELD_COUNT_WORD] ?? 0, MOST_HELD);
    const holds: LockName[] = [];
    for (let place = 0; place < count; place++) {
      const name = nameAt(words, at + PROFILE_HELD_WORD + place * LOCK_NAME_WORDS);
      if (name !== null) holds.push(name);
    }
    if (awaits !== null || holds.length > 0) now.push({ row, awaits, holds });
  }
  return now;
}

export function isSameLock(a: LockName, b: LockName): boolean {
  return a.kind === b.kind && a.process === b.process && a.number === b.number;
}

/** What the locks of a process's regions have cost, each that has cost anything. */
export function regionCosts(machine: MachineViews, process: number): RegionCost[] {
  const { parts, pages_per_lock } = machine.layout;
  const { words } = machine;
  const found: RegionCost[] = [];
  // The first record is for regions that found no place of their own.
  for (let record = 1; record < parts.regions.count; record++) {
    const at = recordAt(parts.regions, record);
    const key = words[at + REGION_KEY_WORD] ?? 0;
    const high = words[at + REGION_KEY_WORD + 1] ?? 0;
    if (key === 0 && high === 0) continue;
    // The key is the index and 1: of page 2^32 - 1 there is none, so the halves do not meet.
    const owner = pages_per_lock === 0 ? process : high;
    if (owner !== process) continue;
    found.push({ process, page: key - 1, ...costAt(words, at + REGION_COST_WORD) });
  }
  return found.sort((a, b) => a.page - b.page);
}
