import { expect, test } from 'vitest';
import { propertiesOf, resize, sizeAfterKey, sizes, sizesFrom } from './panel-sizes.ts';

test('w1 a panel has the size that it was given, until that is taken back', () => {
  resize('left', 300.4);
  resize('deck', 200);
  expect(sizes.value).toEqual({ left: 300, deck: 200 });
  expect(propertiesOf(sizes.value)).toContainEqual(['--size-left', '300px']);
  resize('left', undefined);
  expect(sizes.value).toEqual({ deck: 200 });
});

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

test('w1 what another wrote into the settings is no size', () => {
  expect(sizesFrom(null)).toEqual({});
  expect(sizesFrom({ left: 300, right: 'wide', '--x': 3, deck: -5, tape: 1e9 })).toEqual({
    left: 300,
  });
});
