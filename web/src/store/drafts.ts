// The scenario that the visitor last worked on, kept in the browser so that a preset, a link or a closed tab
// takes nothing away. A scenario that was only looked at is not kept: it is where it came from.

import { computed, signal } from '@preact/signals';
import { scriptOf, textOf } from './script.ts';
import type { Scenario } from './types.ts';

const KEY = 'faultline.draft';

const kept = signal<string | null>(read());

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export const draft = computed<Scenario | undefined>(() => {
  try {
    const found: unknown = JSON.parse(kept.value ?? 'null');
    return typeof found === 'object' && found !== null && 'faultline' in found
      ? (found as Scenario)
      : undefined;
  } catch {
    return undefined;
  }
});

export function keepDraft(scenario: Scenario): void {
  if (scriptOf(scenario).length === 0) return;
  kept.value = textOf(scenario);
  try {
    localStorage.setItem(KEY, kept.value);
  } catch {
    // Storage is full or forbidden: the draft lasts as long as the page.
  }
}
