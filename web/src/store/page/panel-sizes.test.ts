import { expect, test } from 'vitest';
import { propertiesOf, resize, sizes, sizesFrom } from './panel-sizes.ts';

test('w1 a panel has the size that it was given, until that is taken back', () => {
  resize('left', 300.4);
  resize('deck', 200);
  expect(sizes.value).toEqual({ left: 300, deck: 200 });
  expect(propertiesOf(sizes.value)).toContainEqual(['--size-left', '300px']);
  resize('left', undefined);
  expect(sizes.value).toEqual({ deck: 200 });
});

test('w1 what another wrote into the settings is no size', () => {
  expect(sizesFrom(null)).toEqual({});
  expect(sizesFrom({ left: 300, right: 'wide', '--x': 3, deck: -5, tape: 1e9 })).toEqual({
    left: 300,
  });
});
