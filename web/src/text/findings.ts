// Words of an audit's findings: what the engine's report says in its own terms, told of a page, a frame or a slot.

import { plural } from './format.ts';

/** What a finding is about. */
export type FindingSubject =
  | { readonly of: 'page'; readonly process: number; readonly page: number }
  | { readonly of: 'frame'; readonly frame: number }
  | { readonly of: 'slot'; readonly slot: number };

export interface Finding {
  readonly words: string;
  readonly subject: FindingSubject | undefined;
}

const states: Readonly<Record<string, string>> = {
  Zeroed: 'free and zeroed',
  Free: 'free',
  Active: 'active',
  Modified: 'unmapped and to be written',
  Writing: 'being written to swap',
  Standby: 'on standby',
  Reading: 'being filled from swap',
  Protected: 'a page table, a directory or the zero page',
};
const state = (name = '') => states[name] ?? name;

/** What the engine says after the subject, and the same in a sentence that begins with the subject. */
const SENTENCES: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [
    /^Valid to frame (\d+), which is (\w+)$/,
    (frame, is) => `is mapped to frame ${frame}, but that frame is ${state(is)}`,
  ],
  [
    /^Transition to frame (\d+), which is (\w+)$/,
    (frame, is) => `still refers to frame ${frame}, but that frame is ${state(is)}`,
  ],
  [
    /^locked, in transit or waited for at a quiescent point$/,
    () => 'is locked or has a fault in progress, though nothing runs',
  ],
  [
    /^(?:names|keeps) slot (\d+), which does not exist$/,
    (slot) => `names slot ${slot}, which does not exist`,
  ],
  [
    /^keeps slot (\d+), which names another frame$/,
    (slot) => `has its copy in slot ${slot}, but that slot belongs to another frame`,
  ],
  [
    /^refers to frame (\d+), which does not exist$/,
    (frame) => `refers to frame ${frame}, which does not exist`,
  ],
  [
    /^frame (\d+) has the key of another page$/,
    (frame) => `refers to frame ${frame}, which belongs to another page`,
  ],
  [
    /^writable, but frame (\d+) is shared$/,
    (frame) => `may be written, but its frame ${frame} is shared`,
  ],
  [
    /^dirty, but frame (\d+) counts as clean$/,
    (frame) => `was written, but its frame ${frame} counts as clean`,
  ],
  [/^(\w+), but on list (.+)$/, (is, list) => `is ${state(is)}, but stands on the list ${list}`],
  [/^on list (.+) and on list (.+)$/, (one, other) => `stands on two lists, ${one} and ${other}`],
  [
    /^on list (.+), but belongs on (.+)$/,
    (list, home) => `stands on the list ${list}, but belongs on ${home}`,
  ],
  [/^(\w+), but on no list$/, (is) => `is ${state(is)}, but stands on no list`],
  [
    /^in flight at a quiescent point$/,
    () => 'is still on its way to or from swap, though nothing runs',
  ],
  [/^(\w+), but its use says otherwise$/, (is) => `is ${state(is)}, but is used as something else`],
  [
    /^share count (\d+), but (\d+) PTEs refer to it$/,
    (count, found) =>
      `counts ${plural(Number(count), 'mapping')}, but ${plural(Number(found), 'page-table entry refers', 'page-table entries refer')} to it`,
  ],
  [/^(\w+), but in use$/, (is) => `is ${state(is)}, but in use`],
  [/^on a zeroed list, but not zero$/, () => 'stands on a list of zeroed frames, but is not zero'],
  [/^on standby, but not on swap$/, () => 'is on standby, but swap has no copy of it'],
  [
    /^clean without a slot, but not zero$/,
    () => 'counts as clean and has no copy in swap, but is not zero: its bytes would be lost',
  ],
  [
    /^clean, but differs from slot (\d+)$/,
    (slot) => `counts as clean, but differs from its copy in slot ${slot}`,
  ],
  [
    /^count (\d+), but (\d+) references$/,
    (count, found) =>
      `counts ${plural(Number(count), 'reference')}, but ${plural(Number(found), 'refers', 'refer')} to it`,
  ],
  [
    /^(\d+) references, but free in (\d+) places$/,
    (found, places) =>
      `has ${plural(Number(found), 'reference')}, and counts as free in ${plural(Number(places), 'place')}`,
  ],
  [
    /^names frame (\d+), which keeps another$/,
    (frame) => `names frame ${frame}, which has its copy in another slot`,
  ],
];

function predicate(said: string): string | undefined {
  for (const [pattern, words] of SENTENCES) {
    const match = pattern.exec(said);
    if (match !== null) return words(...match.slice(1));
  }
  return undefined;
}

/** The subject that a finding begins with, and what is said of it. */
const SUBJECT = /^(?:process (\d+) page (\d+)|frame (\d+)|slot (\d+)): (.+)$/s;
/** The requirement that a finding is about comes first. */
const REQUIREMENT = /^[GP]\d+ /;
/** A check inside the engine that did not hold: where, and what. */
const VIOLATION = /^\S*?([\w-]+\.rs):(\d+):\d+:?\s*(.*)$/s;

export const findingText = {
  /** Tells a finding; `nameOf` names a process by its index. */
  finding(found: string, nameOf: (index: number) => string): Finding {
    const said = found.replace(REQUIREMENT, '');
    const match = SUBJECT.exec(said);
    if (match === null) {
      const [, file, line, what] = VIOLATION.exec(said) ?? [];
      const words =
        file === undefined
          ? said.replace(/\bprocess (\d+)/g, (_, index) => nameOf(Number(index)))
          : `A check of the engine did not hold (${file}, line ${line})${what ? `: ${what}` : ''}`;
      return { words: sentence(words), subject: undefined };
    }
    const [, process, page, frame, slot, rest = ''] = match;
    const what = predicate(rest);
    const told = (name: string) =>
      sentence(what === undefined ? `${name}: ${rest}` : `${name} ${what}`);
    if (process !== undefined) {
      const subject = { of: 'page', process: Number(process), page: Number(page) } as const;
      return { words: told(`page ${page} of ${nameOf(subject.process)}`), subject };
    }
    if (frame !== undefined) {
      return { words: told(`frame ${frame}`), subject: { of: 'frame', frame: Number(frame) } };
    }
    return { words: told(`slot ${slot}`), subject: { of: 'slot', slot: Number(slot) } };
  },
};

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`;
}
