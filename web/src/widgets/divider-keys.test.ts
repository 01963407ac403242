import { expect, test } from 'vitest';
import { sizeAfterKey } from './divider-keys.ts';

test('w1 keys move a separator within its bounds', () => {
  const at = { size: 300, least: 200, most: 400, axis: 'x', towards: 1 } as const;
  const press = (key: string, shiftKey = false, more: object = {}) =>
    sizeAfterKey({ key, shiftKey }, { ...at, ...more });
  expect(press('ArrowRight')).toBe(316);
  expect(press('ArrowLeft', true)).toBe(204);
  expect(press('ArrowRight', false, { towards: -1 })).toBe(284);
  expect(press('ArrowRight', true, { size: 390 })).toBe(400);
  expect([press('Home'), press('End')]).toEqual([200, 400]);
  expect(press('ArrowUp')).toBeUndefined();
  expect(press('ArrowUp', false, { axis: 'y', towards: -1 })).toBe(316);
});
