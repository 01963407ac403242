import { expect, test } from 'vitest';
import { text } from '../../text/text.ts';
import { KEYS } from './keys.ts';

test('w1 every command has one key, and every key one command', () => {
  expect(new Set(KEYS.map(({ key }) => key)).size).toBe(KEYS.length);
  const withoutKey = Object.keys(text.actions).filter(
    (command) => !KEYS.some((key) => key.command === command),
  );
  expect(withoutKey).toEqual([]);
});
