// Reads the locks in place: what they have cost, by class and by region of PTEs, and which CPU or daemon holds or
// awaits which one now. The formats are written down in the engine's `runtime/locks/profile.rs` and
// `runtime/locks/regions.rs`.

import type { MachineViews } from './views.ts';
import { wide } from './words.ts';

/** What some locks have cost, in nanoseconds. */
export interface LockCost {
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

const costWords = 8;

function costAt(words: Uint32Array, at: number): LockCost {
  const value = (index: number) => wide(words[at + index * 2] ?? 0, words[at + index * 2 + 1] ?? 0);
  return { acquisitions: value(0), contended: value(1), wait: value(2), hold: value(3) };
}

/** What each class of locks has cost all CPUs, by rank. */
export function lockCosts(machine: MachineViews): LockCost[] {
  const { addresses, lock_classes } = machine.layout;
  const { words } = machine;
  return lock_classes.map((_, rank) => {
    const sum = { acquisitions: 0, contended: 0, wait: 0, hold: 0 };
    for (const address of addresses.locks) {
      const cost = costAt(words, address / 4 + rank * costWords);
      sum.acquisitions += cost.acquisitions;
      sum.contended += cost.contended;
      sum.wait += cost.wait;
      sum.hold += cost.hold;
    }
    return sum;
  });
}

function nameAt(words: Uint32Array, at: number): LockName | null {
  const [low, high] = [words[at] ?? 0, words[at + 1] ?? 0];
  const kind = (high >>> 24) - 1;
  return kind < 0 ? null : { kind, process: high & 0xff_ffff, number: low };
}

/** The CPUs and daemons that hold or await a lock now; those that do neither are left out. */
export function locksNow(machine: MachineViews): LocksNow[] {
  const { addresses, strides, lock_classes } = machine.layout;
  const { words } = machine;
  const now: LocksNow[] = [];
  for (const [row, address] of addresses.locks.entries()) {
    const at = address / 4 + lock_classes.length * costWords;
    const awaits = nameAt(words, at);
    const shown = strides.locks / 8 - lock_classes.length * (costWords / 2) - 2;
    const count = Math.min(words[at + 2] ?? 0, shown);
    const holds: LockName[] = [];
    for (let place = 0; place < count; place++) {
      const name = nameAt(words, at + 4 + place * 2);
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
  const { addresses, strides, lock_regions, pages_per_lock } = machine.layout;
  const { words } = machine;
  const found: RegionCost[] = [];
  // The first record is for regions that found no place of their own.
  for (let record = 1; record < lock_regions; record++) {
    const at = (addresses.regions + record * strides.regions) / 4;
    const key = words[at] ?? 0;
    const high = words[at + 1] ?? 0;
    if (key === 0 && high === 0) continue;
    // The key is the index and 1: of page 2^32 - 1 there is none, so the halves do not meet.
    const owner = pages_per_lock === 0 ? process : high;
    if (owner !== process) continue;
    found.push({ process, page: key - 1, ...costAt(words, at + 2) });
  }
  return found.sort((a, b) => a.page - b.page);
}
