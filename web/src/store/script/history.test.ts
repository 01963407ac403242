import { expect, test } from 'vitest';
import { EMPTY } from './document.ts';
import { canRedo, canUndo, forgetHistory, redone, remember, undone } from './history.ts';

const version = (title: string) => ({ scenario: { ...EMPTY, title }, lines: 0 });
const [a, b, c] = [version('a'), version('b'), version('c')];

test('changes are undone in their order and done again, until another change is made', () => {
  forgetHistory();
  expect(undone(a)).toBeUndefined();
  remember(a);
  remember(b);
  expect(undone(c)).toBe(b);
  expect(undone(b)).toBe(a);
  expect(canUndo.value).toBe(false);
  expect(redone(a)).toBe(b);
  expect(redone(b)).toBe(c);
  expect(canRedo.value).toBe(false);
  expect(undone(c)).toBe(b);
  remember(b);
  expect(canRedo.value).toBe(false);
});
