// The one table of keys. The buttons show them, `?` lists them, and the page listens to nothing else.

import type { text } from '../text.ts';

export type Command = keyof typeof text.actions;

export interface Key {
  readonly key: string;
  /** As printed on a button. */
  readonly label: string;
  readonly command: Command;
  readonly group: 'process' | 'page' | 'script' | 'page-wide';
}

export const KEYS: readonly Key[] = [
  { key: 's', label: 'S', command: 'spawn', group: 'process' },
  { key: 'f', label: 'F', command: 'fork', group: 'process' },
  { key: 'z', label: 'Z', command: 'sleep', group: 'process' },
  { key: 'a', label: 'A', command: 'wake', group: 'process' },
  { key: 'k', label: 'K', command: 'kill', group: 'process' },
  { key: 'n', label: 'N', command: 'next', group: 'process' },
  { key: 'p', label: 'P', command: 'previous', group: 'process' },
  { key: 'w', label: 'W', command: 'write', group: 'page' },
  { key: 'r', label: 'R', command: 'read', group: 'page' },
  { key: 'e', label: 'E', command: 'evict', group: 'page' },
  { key: 'g', label: 'G', command: 'run', group: 'page' },
  { key: ' ', label: 'Space', command: 'play', group: 'script' },
  { key: '.', label: '.', command: 'step', group: 'script' },
  { key: ',', label: ',', command: 'back', group: 'script' },
  { key: '0', label: '0', command: 'restart', group: 'script' },
  { key: 'u', label: 'U', command: 'undo', group: 'script' },
  { key: 'x', label: 'X', command: 'stop', group: 'script' },
  { key: 'c', label: 'C', command: 'check', group: 'script' },
  { key: 'o', label: 'O', command: 'presets', group: 'page-wide' },
  { key: 'm', label: 'M', command: 'machine', group: 'page-wide' },
  { key: 'j', label: 'J', command: 'edit', group: 'page-wide' },
  { key: 'l', label: 'L', command: 'share', group: 'page-wide' },
  { key: 'd', label: 'D', command: 'theme', group: 'page-wide' },
  { key: '?', label: '?', command: 'keys', group: 'page-wide' },
];

const byCommand = new Map(KEYS.map((key) => [key.command, key]));
const byKey = new Map(KEYS.map((key) => [key.key, key]));

export function keyOf(command: Command): Key | undefined {
  return byCommand.get(command);
}

/** The command of a key press, unless the press belongs to a field, a button or the browser. */
export function commandOf(event: KeyboardEvent): Command | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
  const target = event.target;
  if (target instanceof HTMLElement) {
    if (target.closest('dialog') !== null || target.isContentEditable) return undefined;
    if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
      return undefined;
    if (target instanceof HTMLInputElement && target.type !== 'range') return undefined;
    if (event.key === ' ' && target.closest('button, summary, a, [role=treeitem]') !== null) {
      return undefined;
    }
  }
  return byKey.get(event.key.length === 1 ? event.key.toLowerCase() : event.key)?.command;
}
