// Holds the one table of keys. The buttons show them, `?` and the palette list them, and the page listens to nothing
// else. A visitor can give a command another key, and switch off those that are single characters.

import { computed } from '@preact/signals';
import type { Command } from '../../types/command.ts';
import { chosenKeys, hasSingleKeys, isSingle } from './key-choices.ts';
import { canLeave, presenting } from './room.ts';

export const GROUPS = ['process', 'page', 'script', 'page-wide'] as const;

interface Key {
  /** As `pressed` names it. */
  readonly key: string;
  /** As printed on a button. */
  readonly label: string;
  readonly command: Command;
  readonly group: (typeof GROUPS)[number];
  /** Whether it is this command's now; else it is the browser's. */
  readonly when?: () => boolean;
}

export const KEYS: readonly Key[] = [
  { key: 's', label: 'S', command: 'spawn', group: 'process' },
  { key: 'f', label: 'F', command: 'fork', group: 'process' },
  { key: 'z', label: 'Z', command: 'sleep', group: 'process' },
  { key: 'a', label: 'A', command: 'wake', group: 'process' },
  { key: 'k', label: 'K', command: 'kill', group: 'process' },
  { key: 't', label: 'T', command: 'switch', group: 'process' },
  { key: '+', label: '+', command: 'map', group: 'process' },
  { key: 'n', label: 'N', command: 'next', group: 'process' },
  { key: 'p', label: 'P', command: 'previous', group: 'process' },
  { key: 'w', label: 'W', command: 'write', group: 'page' },
  { key: 'r', label: 'R', command: 'read', group: 'page' },
  { key: 'e', label: 'E', command: 'evict', group: 'page' },
  { key: '-', label: '−', command: 'unmap', group: 'page' },
  { key: 'g', label: 'G', command: 'run', group: 'page' },
  { key: '=', label: '=', command: 'expect', group: 'page' },
  { key: 'y', label: 'Y', command: 'why', group: 'page' },
  { key: ' ', label: 'Space', command: 'play', group: 'script' },
  { key: '.', label: '.', command: 'step', group: 'script' },
  { key: ',', label: ',', command: 'back', group: 'script' },
  { key: ']', label: ']', command: 'eventForward', group: 'script' },
  { key: '[', label: '[', command: 'eventBack', group: 'script' },
  { key: '}', label: '}', command: 'faultForward', group: 'script' },
  { key: '{', label: '{', command: 'faultBack', group: 'script' },
  { key: '0', label: '0', command: 'restart', group: 'script' },
  { key: '9', label: '9', command: 'end', group: 'script' },
  { key: '>', label: '>', command: 'faster', group: 'script' },
  { key: '<', label: '<', command: 'slower', group: 'script' },
  { key: 'Shift+F', label: 'Shift F', command: 'follow', group: 'script' },
  { key: ':', label: ':', command: 'goTo', group: 'script' },
  { key: 'b', label: 'B', command: 'breakpoints', group: 'script' },
  { key: 'i', label: 'I', command: 'settle', group: 'script' },
  { key: 'v', label: 'V', command: 'audit', group: 'script' },
  { key: '&', label: '&', command: 'together', group: 'script' },
  { key: 'u', label: 'U', command: 'undo', group: 'script' },
  { key: 'Shift+U', label: 'Shift U', command: 'redo', group: 'script' },
  { key: 'F2', label: 'F2', command: 'rewrite', group: 'script' },
  { key: 'Backspace', label: '⌫', command: 'remove', group: 'script' },
  { key: 'Alt+ArrowUp', label: 'Alt ↑', command: 'earlier', group: 'script' },
  { key: 'Alt+ArrowDown', label: 'Alt ↓', command: 'later', group: 'script' },
  { key: 'x', label: 'X', command: 'stop', group: 'script' },
  { key: 'c', label: 'C', command: 'check', group: 'script' },
  { key: 'Ctrl+K', label: 'Ctrl K', command: 'palette', group: 'page-wide' },
  { key: 'o', label: 'O', command: 'presets', group: 'page-wide' },
  { key: 'Shift+O', label: 'Shift O', command: 'traces', group: 'page-wide' },
  { key: 'Shift+C', label: 'Shift C', command: 'curves', group: 'page-wide' },
  { key: 'Shift+A', label: 'Shift A', command: 'pictures', group: 'page-wide' },
  { key: 'Shift+K', label: 'Shift K', command: 'thrashing', group: 'page-wide' },
  { key: 'm', label: 'M', command: 'machine', group: 'page-wide' },
  { key: 'j', label: 'J', command: 'edit', group: 'page-wide' },
  { key: 'q', label: 'Q', command: 'words', group: 'page-wide' },
  { key: 'l', label: 'L', command: 'share', group: 'page-wide' },
  { key: 'd', label: 'D', command: 'theme', group: 'page-wide' },
  { key: 'Shift+T', label: 'Shift T', command: 'typeSize', group: 'page-wide' },
  { key: 'Shift+M', label: 'Shift M', command: 'maximise', group: 'page-wide' },
  { key: 'Shift+P', label: 'Shift P', command: 'present', group: 'page-wide' },
  {
    ...{ key: 'Escape', label: 'Esc', command: 'leave', group: 'page-wide' },
    when: () => canLeave.value,
  },
  { key: 'h', label: 'H', command: 'story', group: 'page-wide' },
  { key: 'Shift+Y', label: 'Shift Y', command: 'glossary', group: 'page-wide' },
  { key: '?', label: '?', command: 'keys', group: 'page-wide' },
];

/** Other keys that people's hands know. */
const ALSO: Readonly<Record<string, Command>> = {
  'Ctrl+Z': 'undo',
  'Ctrl+Shift+Z': 'redo',
  'Ctrl+Y': 'redo',
  Delete: 'remove',
};

/** The keys of a clicker, as long as somebody presents: then they are taken from every panel. */
const CLICKER: Readonly<Record<string, Command>> = { PageDown: 'step', PageUp: 'back' };

const SIGNS: Readonly<Record<string, string>> = {
  ' ': 'Space',
  '-': '−',
  Backspace: '⌫',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** A key as it is printed on a button. */
function labelOf(key: string): string {
  const parts = key.length === 1 ? [key] : key.split(/\+(?=.)/);
  return parts
    .map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' ');
}

/** The table with the keys that the visitor chose. */
export const presentKeys = computed<readonly Key[]>(() =>
  KEYS.map((row) => {
    const key = chosenKeys.value[row.command];
    return key === undefined ? row : { ...row, key, label: labelOf(key) };
  }),
);

/** Those that do something now. */
const heard = computed(() =>
  presentKeys.value.filter(({ key }) => hasSingleKeys.value || !isSingle(key)),
);
const byCommand = computed(() => new Map(heard.value.map((key) => [key.command, key])));
const byKey = computed(
  () =>
    new Map([
      ...Object.entries(ALSO),
      ...heard.value.map((key): [string, Command] => [key.key, key.command]),
    ]),
);

export function keyOf(command: Command): Key | undefined {
  return byCommand.value.get(command);
}

/** Keys that lists, grids, fields and dialogs need for themselves. */
const RESERVED =
  /^(?:Tab|Enter|Escape|Home|End|Page(?:Up|Down)|Arrow\w+|F10|Dead|Unidentified|Shift|Control|Alt|Meta)$/;

/** Gives a command the key that was pressed. Says why not, if it may not be: what has it already. */
export function chooseKey(
  command: Command,
  event: KeyboardEvent,
): Command | 'reserved' | undefined {
  const key = pressed(event);
  if (RESERVED.test(event.key) && !/^(?:Ctrl|Alt)\+/.test(key)) return 'reserved';
  const holder = presentKeys.value.find((row) => row.key === key)?.command ?? ALSO[key];
  if (holder !== undefined && holder !== command) return holder;
  const usual = KEYS.find((row) => row.command === command)?.key;
  const { [command]: _, ...others } = chosenKeys.value;
  chosenKeys.value = key === usual ? others : { ...others, [command]: key };
  return undefined;
}

/** Every command has its usual key again. */
export function forgetKeys(): void {
  chosenKeys.value = {};
  hasSingleKeys.value = true;
}

/** A key press by name: a letter is small, unless a modifier is named before it. */
function pressed({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const isLetter = /^\p{L}$/u.test(key);
  const modifiers = [ctrlKey || metaKey ? 'Ctrl' : '', altKey ? 'Alt' : ''];
  if (shiftKey && isLetter) modifiers.push('Shift');
  const held = modifiers.filter((modifier) => modifier !== '');
  const name = isLetter ? (held.length > 0 ? key.toUpperCase() : key.toLowerCase()) : key;
  return [...held, name].join('+');
}

/** The command of a key press, unless the press belongs to a field, a button or the browser. */
export function commandOf(event: KeyboardEvent): Command | undefined {
  if (event.isComposing) return undefined;
  const name = pressed(event);
  const command = byKey.value.get(name);
  if (command !== undefined && byCommand.value.get(command)?.when?.() === false) return undefined;
  const target = event.target;
  if (target instanceof HTMLElement && command !== 'palette') {
    if (target.closest('dialog, [role=menu]') !== null || target.isContentEditable)
      return undefined;
    if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
      return undefined;
    if (target instanceof HTMLInputElement && target.type !== 'range') return undefined;
    if (name === ' ' && target.closest('button, summary, a, [role=treeitem]') !== null) {
      return undefined;
    }
  }
  return command;
}

/** The command of a clicker's key, while somebody presents. */
export function clickerCommandOf(event: KeyboardEvent): Command | undefined {
  return presenting.value ? CLICKER[pressed(event)] : undefined;
}
