// Holds what the visitor chose about keys: whether single characters are keys at all, and which keys are others.

import { signal } from '@preact/signals';

/** A screen reader's or a voice control's single characters would do things here: they can be switched off. */
export const hasSingleKeys = signal(true);

/** Keys by the command that they were given to, as `pressed` names them. */
export const chosenKeys = signal<Readonly<Record<string, string>>>({});

/** Choices from what was kept, which another program may have written. */
export function keysFrom(kept: unknown): Readonly<Record<string, string>> {
  if (typeof kept !== 'object' || kept === null) return {};
  const entries = Object.entries(kept).filter(
    ([command, key]) => /^\w{1,24}$/.test(command) && typeof key === 'string' && key.length < 24,
  );
  return Object.fromEntries(entries);
}

/** Whether a key is a single character, with Shift or without. */
export function isSingle(key: string): boolean {
  return key !== ' ' && (key.length === 1 || /^Shift\+.$/u.test(key));
}
