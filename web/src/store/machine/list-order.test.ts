import { expect, test } from 'vitest';
import { SyntheticMachine } from '../../../testing/synthetic-machine.ts';
import { stretchesOf } from './list-order.ts';

const lists = ['zeroed/0', 'free/0', 'free/1', 'active', 'modified', 'standby'];

function machineWithLists(): SyntheticMachine {
  const machine = new SyntheticMachine({ lists });
  for (const index of lists.keys()) machine.list(index, []);
  return machine;
}

test('w3 frames stand in the order of their lists, and then beside them with the CPUs', () => {
  const machine = machineWithLists();
  for (const frame of [3, 9, 4, 1, 6]) machine.frame(frame, 1);
  machine.frame(8, 0);
  machine.list(1, [3, 9]);
  machine.list(2, [4]);
  machine.atHand(1, [1, 8, 6]);
  const views = machine.views();
  expect(stretchesOf(views, 1)).toEqual([
    { of: 'list', which: 0, frames: [3, 9] },
    { of: 'list', which: 1, frames: [4] },
    { of: 'at-hand', which: 1, frames: [6, 1] },
  ]);
  expect(stretchesOf(views, 0)).toEqual([
    { of: 'list', which: 0, frames: [] },
    { of: 'at-hand', which: 1, frames: [8] },
  ]);
});

test('w3 the active list has a hand where its policy has one, and those on their way to it', () => {
  const machine = machineWithLists();
  machine.list(3, [5, 2, 7], 2);
  machine.arrivals(0, [11]);
  expect(stretchesOf(machine.views(), 2)).toEqual([
    { of: 'list', which: 0, frames: [5, 2, 7], hand: 1 },
    { of: 'arrivals', which: 0, frames: [11] },
  ]);
  expect(stretchesOf(machine.views(), 5)).toEqual([{ of: 'list', which: 0, frames: [] }]);
});
