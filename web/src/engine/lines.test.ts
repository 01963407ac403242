import { expect, test } from 'vitest';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { lineCosts } from './lines.ts';

test('s2 what cache lines cost is told by the word that was needed, the dearest first', () => {
  const machine = new SyntheticMachine();
  expect(lineCosts(machine.views())).toEqual([]);
  machine.lineCost('ptes', [3, 1, 20, 122]);
  machine.lineCost('lists.count', [9, 9, 0, 306]);
  expect(lineCosts(machine.views())).toEqual([
    { name: 'lists.count', transfers: 9, falselyShared: 9, queued: 0, lost: 306 },
    { name: 'ptes', transfers: 3, falselyShared: 1, queued: 20, lost: 122 },
  ]);
});
