// Words of the deliberate bugs: what the engine does wrong with each of them on.

import type { Bug } from '../generated/types.d.ts';

const bugNames: Record<Bug, string> = {
  'victim-taken-twice': 'one search takes the same victim twice',
  'cached-and-free': 'a freed frame goes to the CPU’s cache and to the free list',
  'trimmed-while-written': 'a page rescued while it is written can be trimmed again',
  'freed-in-flight': 'a frame is freed while it is on its way to swap',
  'writer-frozen': 'the writer waits for a slot that nobody can free',
  'sole-owner-copied': 'the last sharer copies its own page',
  'fork-copies': 'fork copies instead of sharing',
  'kill-resumes-wrong': 'after a kill the wrong process resumes',
  'stale-transition': 'a fault trusts an entry that it read before it had the lock',
  'acknowledged-too-early': 'a shootdown is acknowledged before the access that it is about',
  'shootdown-not-awaited': 'a shootdown is not waited for',
  'count-before-unmap': 'a copy’s original is let go before it is unmapped',
  'slot-freed-while-read': 'a slot is freed while it is being read',
  'dirty-not-folded': 'unmapping loses the dirty bit',
  'lost-wake-up': 'a daemon misses the bell that rings before it sleeps',
  'lock-against-order': 'two locks are taken in the wrong order',
  'collided-unchecked': 'a fault that waited for another does not look at what it got',
  'not-zeroed': 'a used frame passes for a zeroed one',
  'sharer-forgotten': 'eviction forgets one sharer',
  'found-before-free': 'a freed frame is found before it is free',
  'named-before-counted': 'entries name a slot before it is counted',
  'copy-source-evicted': 'the source of a copy is evicted to make room for the copy',
  'owner-kept': 'a frame names its owner while others share it',
  'owner-believed': 'a frame’s owner is read before the frame is locked',
  'credit-before-slot': 'a free slot is counted before it is in its row',
  'bell-shared': 'daemons of one kind listen to one bell, and the first that rests says so for all',
  'left-listed': 'a kill unlocks the frames of a batch before it takes them off their lists',
  'neighbour-believed': 'a page is read ahead from the slot that it was in before',
  'left-not-awaited': 'a frame that a copy has left is stored to while it is still read',
};

export const bugsText = {
  bugs: {
    names: bugNames,
    on: (bugs: readonly Bug[]) =>
      `Deliberate bug${bugs.length > 1 ? 's' : ''}: ${bugs.map((bug) => bugNames[bug] ?? bug).join('; ')}.`,
    narration:
      'With it on, the script tells only what was counted and what page-table entries say.',
    findings: (count: number) =>
      count === 1 ? 'The audit found one thing wrong:' : `The audit found ${count} things wrong:`,
    showCell: 'Show it',
  },
};
