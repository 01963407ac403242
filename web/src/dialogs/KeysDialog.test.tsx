// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { change, click, press, show, words } from '../../testing/render.ts';
import { chosenKeys, hasSingleKeys, keysFrom } from '../store/page/key-choices.ts';
import { commandOf, forgetKeys, keyOf } from '../store/page/keys.ts';
import { KeysDialog } from './KeysDialog.tsx';

beforeEach(forgetKeys);

const commandAt = (key: string, more = {}) =>
  commandOf(new KeyboardEvent('keydown', { key, ...more }));
const changeOf = (shown: Element, command: string) =>
  shown.querySelector(`[data-key-of="${command}"] button`);

test('a27 keys that are single characters can be switched off, and nothing shows them', async () => {
  const shown = await show(<KeysDialog />);
  expect(commandAt('k')).toBe('kill');
  await change(() => shown.querySelector<HTMLInputElement>('[name="single-keys"]')?.click());
  expect(hasSingleKeys.value).toBe(false);
  expect(['k', 's', '.', '?', '0'].map((key) => commandAt(key))).toEqual(Array(5).fill(undefined));
  expect(commandAt('U', { shiftKey: true })).toBeUndefined();
  expect(keyOf('kill')).toBeUndefined();
  // What no single character does stays.
  expect(commandAt('k', { ctrlKey: true })).toBe('palette');
  expect(commandAt('Delete')).toBe('remove');
  expect(keyOf('palette')?.label).toBe('Ctrl K');
});

test('a27 a key is changed by pressing another, and one that is taken stays with its command', async () => {
  const shown = await show(<KeysDialog />);
  await click(changeOf(shown, 'kill'));
  await press(changeOf(shown, 'kill'), 's');
  expect(words(shown.querySelector('.keys-choices [role=status]'))).toBe(
    's is the key of “Spawn”.',
  );
  expect(commandAt('k')).toBe('kill');
  await click(changeOf(shown, 'kill'));
  await press(changeOf(shown, 'kill'), 'F8');
  expect([commandAt('F8'), commandAt('k')]).toEqual(['kill', undefined]);
  expect(keyOf('kill')?.label).toBe('F8');
  await click(shown.querySelector('[data-keys=usual]'));
  expect([commandAt('F8'), commandAt('k')]).toEqual([undefined, 'kill']);
});

test('a27 grids and dialogs keep the keys that they need', async () => {
  const shown = await show(<KeysDialog />);
  for (const key of ['Enter', 'ArrowUp', 'Tab']) {
    await click(changeOf(shown, 'kill'));
    await press(changeOf(shown, 'kill'), key);
    expect(chosenKeys.value, key).toEqual({});
  }
});

test('a27 choices that were kept are read as what another program wrote', () => {
  expect(keysFrom({ kill: 'F8', 'a b': 'x', fork: 7 })).toEqual({ kill: 'F8' });
  expect([keysFrom(null), keysFrom('x')]).toEqual([{}, {}]);
});
