// The address: what its fragment carries is opened, and sharing puts the scenario there.

import { signal } from '@preact/signals';
import { BrokenLink, decode, encode, type LinkFault } from '../share/codec.ts';
import { closeDialog } from './dialogs.ts';
import { presets } from './presets.ts';
import { EMPTY, textOf } from './script.ts';
import { check, engineFailed, load, problem, scenario } from './session.ts';
import type { Problem, Scenario } from './types.ts';

export const brokenLink = signal<{ fault: LinkFault; detail: string } | undefined>(undefined);

/** Whether a text may run; if not, `onProblem` hears why. An engine that cannot even read it is a failure. */
export async function mayRun(
  text: string,
  onProblem: (problem: Problem) => void,
): Promise<boolean> {
  try {
    const found = await check(text);
    if (found !== null) onProblem(found);
    return found === null;
  } catch (error) {
    closeDialog();
    engineFailed(error);
    return false;
  }
}

async function openText(text: string): Promise<void> {
  const isFine = await mayRun(text, (found) => {
    problem.value = found;
  });
  if (isFine) await load(JSON.parse(text) as Scenario);
}

export function openFirstPreset(): Promise<boolean> {
  brokenLink.value = undefined;
  return load(presets[0]?.scenario ?? EMPTY);
}

export function openEmpty(): Promise<boolean> {
  brokenLink.value = undefined;
  return load(EMPTY);
}

/** Opens what the address says; without a fragment, the first preset. */
export async function openAddress(): Promise<void> {
  brokenLink.value = undefined;
  problem.value = undefined;
  if (location.hash.length < 2) {
    await openFirstPreset();
    return;
  }
  try {
    await openText(await decode(location.hash));
  } catch (error) {
    if (!(error instanceof BrokenLink)) throw error;
    brokenLink.value = { fault: error.fault, detail: error.detail };
  }
}

let shared = '';

/** Puts the scenario in the address, and returns the whole of it. */
export async function share(): Promise<string> {
  shared = await encode(textOf(scenario.value));
  history.replaceState(null, '', shared);
  return location.href;
}

export function watchAddress(): void {
  addEventListener('hashchange', () => {
    if (location.hash !== shared) void openAddress();
  });
}
