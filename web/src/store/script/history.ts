// Remembers for undo and redo what the scenario was before each change, and how many of its lines had run.

import { computed, signal } from '@preact/signals';
import type { Scenario } from '../../generated/types.d.ts';

/** A scenario, and how far it had run. */
export interface Version {
  readonly scenario: Scenario;
  readonly lines: number;
}

/** Versions share what did not change, so each costs about a line; this many are kept. */
const MOST = 500;

const past = signal<readonly Version[]>([]);
const future = signal<readonly Version[]>([]);

export const canUndo = computed(() => past.value.length > 0);
export const canRedo = computed(() => future.value.length > 0);

/** Before a change: what there is now can be come back to. */
export function remember(present: Version): void {
  past.value = [...past.value, present].slice(-MOST);
  future.value = [];
}

/** The version before the last change; the present one can be come back to by `redone`. */
export function undone(present: Version): Version | undefined {
  const version = past.value.at(-1);
  if (version === undefined) return undefined;
  past.value = past.value.slice(0, -1);
  future.value = [...future.value, present];
  return version;
}

/** The version that was last undone. */
export function redone(present: Version): Version | undefined {
  const version = future.value.at(-1);
  if (version === undefined) return undefined;
  future.value = future.value.slice(0, -1);
  past.value = [...past.value, present];
  return version;
}

/** Another scenario is looked at: what was done to the last one is over. */
export function forgetHistory(): void {
  past.value = [];
  future.value = [];
}
