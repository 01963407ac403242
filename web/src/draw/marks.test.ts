import { expect, test } from 'vitest';
import { Changes, MOST_RINGS } from './marks.ts';

test('w3 cells that change are ringed, as long as an eye can follow them', () => {
  const changes = new Changes();
  const before = new Uint8Array(4 * MOST_RINGS);
  const some = before.slice();
  some.fill(2, 10, 13);
  changes.note(some, before, 0);
  expect(changes.count).toBe(3);
  // A mark beside the hue is no change of state.
  const marked = some.map((look) => look | 8);
  changes.note(marked, some, 1);
  expect(changes.count).toBe(3);
  const all = before.slice().fill(3);
  changes.note(all, marked, 2);
  expect(changes.count).toBe(0);
  changes.note(all.with(5, 1), all, 3);
  expect(changes.count).toBe(1);
});
