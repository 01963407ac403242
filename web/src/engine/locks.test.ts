import { expect, test } from 'vitest';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { lockCosts, locksNow, regionCosts } from './locks.ts';

test('s2 what a class of locks cost is the sum over CPUs and daemons', () => {
  const machine = new SyntheticMachine();
  machine.lockCost(0, 1, [10, 2, 300, 400]);
  machine.lockCost(2, 1, [5, 0, 0, 50]);
  const costs = lockCosts(machine.views());
  expect(costs).toHaveLength(6);
  expect(costs[1]).toEqual({ acquisitions: 15, contended: 2, wait: 300, hold: 450 });
  expect(costs[0]).toEqual({ acquisitions: 0, contended: 0, wait: 0, hold: 0 });
});

test('w3 who waits and who holds is read by name', () => {
  const machine = new SyntheticMachine();
  machine.locks(0, [1, 3, 64]);
  machine.locks(1, [], [1, 3, 64], [2, 0, 9]);
  expect(locksNow(machine.views())).toEqual([
    { row: 0, awaits: { kind: 1, process: 3, number: 64 }, holds: [] },
    {
      row: 1,
      awaits: null,
      holds: [
        { kind: 1, process: 3, number: 64 },
        { kind: 2, process: 0, number: 9 },
      ],
    },
  ]);
});

test('s2 the regions of a process stand in the order of their pages', () => {
  const machine = new SyntheticMachine();
  machine.region(0, 1, 0, 99, 99);
  machine.region(3, 1, 128, 2, 70);
  machine.region(5, 1, 0, 1, 20);
  machine.region(6, 2, 64, 7, 7);
  const regions = regionCosts(machine.views(), 1);
  expect(regions.map(({ page, contended, wait }) => [page, contended, wait])).toEqual([
    [0, 1, 20],
    [128, 2, 70],
  ]);
});
