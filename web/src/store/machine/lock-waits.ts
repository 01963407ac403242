// Builds the graph of lock waits: for each lock that is awaited, the tasks that await it and those that hold it; and
// whether the waits come round in a circle, which none of its members leaves by itself.

import { isSameLock, type LockName, type LocksNow } from '../../engine/locks.ts';

export interface Wait {
  readonly lock: LockName;
  /** Rows: CPUs, and after them daemons. */
  readonly waiters: readonly number[];
  readonly holders: readonly number[];
  /** Whether this wait is part of a circle. */
  readonly isCircular: boolean;
}

export function waitsAmong(now: readonly LocksNow[]): Wait[] {
  const locks: LockName[] = [];
  for (const { awaits } of now) {
    if (awaits !== null && !locks.some((lock) => isSameLock(lock, awaits))) locks.push(awaits);
  }
  const holdersOf = (lock: LockName) =>
    now.filter(({ holds }) => holds.some((held) => isSameLock(held, lock))).map(({ row }) => row);
  const awaitedBy = (row: number) => now.find((one) => one.row === row)?.awaits ?? null;

  /** Whether from the holders of a lock one comes back to a holder of it. */
  const comesRound = (lock: LockName): boolean => {
    const seen: LockName[] = [];
    const open = [lock];
    while (open.length > 0) {
      const next = open.pop() as LockName;
      for (const holder of holdersOf(next)) {
        const further = awaitedBy(holder);
        if (further === null) continue;
        if (isSameLock(further, lock)) return true;
        if (seen.some((known) => isSameLock(known, further))) continue;
        seen.push(further);
        open.push(further);
      }
    }
    return false;
  };

  return locks.map((lock) => ({
    lock,
    waiters: now
      .filter(({ awaits }) => awaits !== null && isSameLock(awaits, lock))
      .map(({ row }) => row),
    holders: holdersOf(lock),
    isCircular: comesRound(lock),
  }));
}

/** One lock of the graph in its place: a line for each waiter, and the lock and its holder at their middle. */
interface PlacedWait extends Wait {
  readonly top: number;
  readonly lines: number;
}

export function placed(waits: readonly Wait[]): PlacedWait[] {
  let top = 0;
  return waits.map((wait) => {
    const lines = Math.max(1, wait.waiters.length, wait.holders.length);
    const at = { ...wait, top, lines };
    top += lines;
    return at;
  });
}
