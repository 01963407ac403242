// @vitest-environment happy-dom

import { expect, test } from 'vitest';
import { visitedIn } from './visited.ts';

test('a29 what an entry of the history holds is read as what another program wrote', () => {
  const visited = { text: '{}', place: { lines: 2 } };
  expect(visitedIn({ faultline: visited })).toEqual(visited);
  for (const state of [
    ...[null, undefined, 7, {}, { faultline: null }, { faultline: { text: '{}' } }],
    ...[{ faultline: { text: 1, place: {} } }, { faultline: { text: '', place: null } }],
  ]) {
    expect(visitedIn(state), JSON.stringify(state)).toBeUndefined();
  }
});
