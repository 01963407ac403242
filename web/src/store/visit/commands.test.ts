// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { SyntheticMachine } from '../../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../../testing/synthetic-page.ts';
import type { Command } from '../../types/command.ts';
import { KEYS } from '../page/keys.ts';
import { dialog } from '../page/open-dialog.ts';
import { scenario, status } from '../run/open-machine.ts';
import { EMPTY } from '../script/document.ts';
import { invoke, isPossible, noteField } from './commands.ts';

const commands: readonly Command[] = KEYS.map(({ command }) => command);
const impossible = () => commands.filter((command) => !isPossible(command));

beforeEach(closePage);

test('w1 without a machine only what needs none is possible', () => {
  expect(commands.filter(isPossible)).toEqual([
    ...[
      'next',
      'previous',
      'faster',
      'slower',
      'palette',
      'presets',
      'traces',
      'thrashing',
      'machine',
    ],
    ...['edit', 'words', 'share', 'theme', 'typeSize', 'maximise', 'present', 'story'],
    ...['glossary', 'keys'],
  ]);
});

test('w1 a machine without processes takes what makes one, and one with a process what is done to it', () => {
  openPageWith(new SyntheticMachine());
  expect(isPossible('spawn')).toBe(true);
  const ofProcess: Command[] = ['fork', 'sleep', 'wake', 'kill', 'switch', 'map', 'write', 'read'];
  expect(ofProcess.filter(isPossible)).toEqual([]);
  const machine = new SyntheticMachine();
  machine.process(0, { state: 2, directory: 1, pages: 8 });
  openPageWith(machine, 'init');
  expect(ofProcess.filter(isPossible)).toEqual(ofProcess);
});

test('w1 an empty script has no line ahead or behind, and nothing to stop', () => {
  openPageWith(new SyntheticMachine());
  scenario.value = EMPTY;
  expect(impossible()).toEqual(expect.arrayContaining(['step', 'end', 'play', 'stop', 'back']));
  status.value = { kind: 'busy' };
  expect(isPossible('stop')).toBe(true);
});

test('w1 what is not possible is not done', () => {
  dialog.value = undefined;
  for (const command of impossible()) invoke(command);
  expect(dialog.value).toBeUndefined();
  expect(scenario.value).toBe(EMPTY);
  // The same commands open dialogs where they are possible.
  openPageWith(new SyntheticMachine());
  invoke('goTo');
  expect(dialog.value).toBe('go-to');
});

test('a7 what would use a number that is not legal is not possible', () => {
  const machine = new SyntheticMachine();
  machine.process(0, { state: 2, directory: 1, pages: 8 });
  openPageWith(machine, 'init');
  for (const [field, needs] of [
    ['spawn-pages', ['spawn']],
    ['page', ['write', 'read', 'evict', 'unmap']],
    ['offset', ['write', 'read']],
    ['value', ['write']],
  ] as const) {
    const before = commands.filter(isPossible);
    noteField(field, false);
    const now = commands.filter(isPossible);
    expect(before.filter((command) => !now.includes(command)).sort(), field).toEqual(
      [...needs].sort(),
    );
    noteField(field, true);
    expect(commands.filter(isPossible)).toEqual(before);
  }
});
