// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { press, show, type, words } from '../../testing/render.ts';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../testing/synthetic-page.ts';
import { dialog, openDialog } from '../store/page/open-dialog.ts';
import { selectedProcess } from '../store/page/selection.ts';
import { paletteText } from '../store/visit/commands.ts';
import { Palette } from './CommandPalette.tsx';

/** Two processes, of which the first is selected. */
function machine(): SyntheticMachine {
  const made = new SyntheticMachine();
  made.process(0, { state: 2, directory: 1, pages: 8 });
  made.process(1, { state: 2, directory: 3, pages: 8 });
  return made;
}

beforeEach(() => {
  closePage();
  paletteText.value = '';
  openDialog('palette');
});

async function palette() {
  const shown = await show(<Palette />);
  const field = shown.querySelector<HTMLInputElement>('input');
  const options = () => [...shown.querySelectorAll<HTMLElement>('[role=option]')];
  const first = () => options()[0]?.dataset.option;
  return { shown, field, options, first };
}

test('w2 a command is found by a few of its letters, and done by Enter', async () => {
  openPageWith(machine(), 'init', 'child');
  const { field, first } = await palette();
  await type(field, 'next proc');
  expect(first()).toBe('next');
  await press(field, 'Enter');
  expect(selectedProcess.value).toBe('child');
  expect(dialog.value).toBeUndefined();
});

test('w2 a line that says its values is meant as a line, and shown as it would stand in the script', async () => {
  openPageWith(machine(), 'init', 'child');
  const { shown, field, options, first } = await palette();
  await type(field, 'write 3 = 7');
  expect(first()).toBe('line');
  expect(words(options()[0])).toBe('Dowrite init · page 3 = 7↵');
  await type(field, 'write 3..5 = 7');
  expect(words(options()[0])).toMatch(/^Do, as 3 lines/);
  await type(field, 'write 3 = x');
  expect(first()).not.toBe('line');
  expect(words(shown.querySelector('.palette-hint'))).toMatch(/^Not “x”: /);
});

test('w2 what cannot be done now is listed, and not done', async () => {
  const { field, options, first } = await palette();
  await type(field, 'fork');
  expect(first()).toBe('fork');
  expect(options()[0]?.getAttribute('aria-disabled')).toBe('true');
  await press(field, 'Enter');
  expect(dialog.value).toBe('palette');
});

test('a40 help is found, and with nothing typed the commands stand in the order of the keys', async () => {
  const { field, options, first } = await palette();
  expect(first()).toBe('spawn');
  await type(field, 'help');
  const found = options()
    .slice(0, 3)
    .map(({ dataset }) => dataset.option);
  expect(found.sort()).toEqual(['glossary', 'keys', 'story']);
});

test('w2 arrows go round the list', async () => {
  const { field, options } = await palette();
  const chosen = () => options().findIndex((one) => one.getAttribute('aria-selected') === 'true');
  await press(field, 'ArrowUp');
  expect(chosen()).toBe(options().length - 1);
  await press(field, 'ArrowDown');
  expect(chosen()).toBe(0);
});
