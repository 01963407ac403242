// Reads the queue of the active frames as the replacement policy goes through it, with all that the policy knows of
// each frame, and tells which frame it would evict if it had to evict one now. The rules are those of the engine's
// policies; a test holds that the frame which it tells is the one that the engine evicts.

import { signal } from '@preact/signals';
import { ACCESSED_MARK } from '../../draw/looks.ts';
import type { MachineViews } from '../../engine/views.ts';
import { FRAME_ACTIVE } from '../../generated/machine.ts';
import type { Policy } from '../../generated/types.d.ts';
import type { PolicyName } from '../../types/policy.ts';
import { markAccessed } from './grid-reader.ts';
import { stretchesOf } from './list-order.ts';

/** What the policy sees of an active frame. */
export interface Queued {
  readonly frame: number;
  readonly page: number;
  /** The processes whose page it is, by index. */
  readonly processes: readonly number[];
  readonly accessed: boolean;
  readonly dirty: boolean;
  /** The policy's own word for the frame: under aging its counter, under LRU its stamp. */
  readonly note: number;
}

export interface Queue {
  readonly policy: PolicyName;
  /** In the order in which the policy comes by, or which its ranks give. */
  readonly frames: readonly Queued[];
  /** Where among them the policy's hand is. */
  readonly hand: number | undefined;
  /** The frames of which one is evicted next: one, or under a policy that draws lots all that are drawn from. */
  readonly next: ReadonlySet<number>;
}

/** Of more frames nobody sees a queue. */
const MOST_FRAMES = 4096;

/** The window of the working set in references for each frame, where the machine does not say it. */
const WINDOW_OF_A_FRAME = 8;

/** Policies whose hand goes round: each frame that it spares goes to the end of the list. */
export const ROUND: ReadonlySet<PolicyName> = new Set(['clock', 'clock-dirty', 'wsclock']);

/** Policies whose hand leaves what it spares in its place, or may do so. */
export const HAND_IN_ROW: ReadonlySet<PolicyName> = new Set(['sieve', 'rule']);

const byRank = (rank: (queued: Queued) => number) => (a: Queued, b: Queued) => rank(a) - rank(b);

/** Aging's rank: the accessed bit stands above the counter of eight bits. */
export const agingRank = ({ accessed, note }: Queued): number => (accessed ? 256 : 0) + note;
/** The class of not recently used: used above dirty. */
export const nruClass = ({ accessed, dirty }: Queued): number =>
  (accessed ? 2 : 0) + (dirty ? 1 : 0);

const RANKS: Partial<Record<PolicyName, (queued: Queued) => number>> = {
  lru: ({ note }) => note,
  aging: agingRank,
  nru: nruClass,
};

/** The name of a policy as a scenario says it. */
export const nameOfPolicy = (policy: Policy): PolicyName =>
  typeof policy === 'string' ? policy : 'rule';

/** By which rules the machine evicts, as its scenario says. */
export const rules = signal<{ readonly policy: PolicyName; readonly window: number | undefined }>({
  policy: 'clock',
  window: undefined,
});

/** The queue by the machine's own rules. */
export function queueNow(machine: MachineViews): Queue | undefined {
  const { policy, window } = rules.peek();
  return queueOf(machine, policy, window);
}

/** The queue as it stands; undefined if there are too many frames. */
export function queueOf(
  machine: MachineViews,
  policy: PolicyName,
  window: number | undefined,
): Queue | undefined {
  const { frames: count } = machine.layout;
  if (count > MOST_FRAMES) return undefined;
  const looks = new Uint8Array(count);
  const processes = machine.processes();
  markAccessed(machine, processes, looks);
  const stretches = stretchesOf(machine, FRAME_ACTIVE);
  const order = stretches.flatMap(({ frames }) => frames);
  const hand = stretches[0]?.hand;
  const frames = order.map((frame): Queued => {
    const { page, family, dirty } = machine.frame(frame);
    const owners = processes.filter((process) => {
      if (process.family !== family || page >= process.pages) return false;
      const pte = machine.pte(process.index, page);
      return pte !== null && pte.state === 'valid' && pte.number === frame;
    });
    return {
      ...{ frame, page, dirty, note: machine.note(frame) },
      processes: owners.map(({ index }) => index),
      accessed: ((looks[frame] ?? 0) & ACCESSED_MARK) !== 0,
    };
  });
  const rank = RANKS[policy];
  const sorted = rank === undefined ? frames : frames.toSorted(byRank(rank));
  const now = machine.counterSum('accesses') + 1;
  const candidates = nextOf(policy, sorted, hand, {
    now,
    window: window ?? count * WINDOW_OF_A_FRAME,
  });
  return {
    policy,
    frames: policy === 'random' ? frames.toSorted(byRank(({ frame }) => frame)) : sorted,
    hand: HAND_IN_ROW.has(policy) ? (hand ?? 0) : ROUND.has(policy) ? 0 : undefined,
    next: new Set(candidates.map(({ frame }) => frame)),
  };
}

/** The frames of which the policy evicts one, if it has to do so at the access after this moment. */
function nextOf(
  policy: PolicyName,
  frames: readonly Queued[],
  hand: number | undefined,
  { now, window }: { readonly now: number; readonly window: number },
): readonly Queued[] {
  const first = (found: Queued | undefined) => (found === undefined ? [] : [found]);
  switch (policy) {
    case 'fifo':
    case 'lru':
    case 'aging':
      return frames.slice(0, 1);
    case 'clock':
      // When all were accessed the hand has been round, and comes to the first one again.
      return first(frames.find(({ accessed }) => !accessed) ?? frames[0]);
    case 'clock-dirty':
      return first(
        frames.find(({ accessed, dirty }) => !accessed && !dirty) ??
          frames.find(({ accessed }) => !accessed) ??
          frames.find(({ dirty }) => !dirty) ??
          frames[0],
      );
    case 'sieve': {
      const from = [...frames.slice(hand ?? 0), ...frames.slice(0, hand ?? 0)];
      return first(from.find(({ accessed }) => !accessed) ?? from[0]);
    }
    case 'wsclock': {
      const usedAt = ({ accessed, note }: Queued) => (accessed || note === 0 ? now : note);
      const old = frames.filter((queued) => now - usedAt(queued) > window);
      const oldest = frames.toSorted(byRank(usedAt));
      return first(old.find(({ dirty }) => !dirty) ?? old[0] ?? oldest[0]);
    }
    case 'nru': {
      const least = Math.min(...frames.map(nruClass));
      return frames.filter((queued) => nruClass(queued) === least);
    }
    case 'random':
      return frames;
    case 'rule':
      return [];
  }
}
