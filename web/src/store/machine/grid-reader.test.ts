import { expect, test } from 'vitest';
import { SyntheticMachine } from '../../../testing/synthetic-machine.ts';
import { ACCESSED_MARK, DIRTY_MARK, pteLook, SHARED_MARK } from '../../draw/looks.ts';
import { ACTIVE, FREE, MODIFIED, PROTECTED, STANDBY, WRITING, ZEROED } from '../../draw/palette.ts';
import { PTE_ABSENT } from '../../generated/machine.ts';
import {
  framesOf,
  markAccessed,
  readContents,
  readFrames,
  readPages,
  readResidence,
  readSlots,
  readWord,
  runningOn,
} from './grid-reader.ts';

/** A process of 600 pages whose second table is not there yet, and its child. */
function forked() {
  const machine = new SyntheticMachine();
  machine.process(0, { state: 2, directory: 1, pages: 600 });
  machine.process(1, { state: 1, parent: 0, directory: 3, pages: 600 });
  machine.frame(0, 7);
  for (const frame of [1, 2, 3, 4]) machine.frame(frame, 7, 0, frame % 2 === 1 ? 1 : 2);
  machine.word(1, 0, 2, 1);
  machine.word(3, 0, 4, 1);
  machine.word(2, 0, 5, 1 | 4 | 8 | 16);
  machine.word(2, 1, 6, 1 | 8);
  machine.word(4, 1, 6, 1 | 8);
  machine.word(2, 2, 7, 2);
  machine.word(2, 3, 4, 3);
  machine.frame(5, 2 | 32 | (1 << 16), 0, 0);
  machine.frame(6, 2 | (2 << 16), 0, 1);
  machine.frame(7, 5 | (1 << 16), 3, 2);
  machine.frame(8, 1);
  machine.slot(3, 1);
  machine.slot(4, 2);
  machine.runOn(1, 0);
  return machine;
}

test('the pages of a process look as its tables say', () => {
  const machine = forked().views();
  const looks = new Uint8Array(600);
  const counts = new Uint32Array(8);
  readPages(machine, machine.process(0), looks, counts);
  expect([...looks.slice(0, 5)]).toEqual([
    MODIFIED | ACCESSED_MARK | DIRTY_MARK,
    PROTECTED | SHARED_MARK | ACCESSED_MARK,
    STANDBY,
    WRITING,
    ZEROED,
  ]);
  expect([...counts]).toEqual([508, 88, 0, 1, 1, 1, 0, 1]);
  expect(readResidence(machine, machine.process(0))).toEqual({ resident: 3, swapped: 1 });
  expect([...framesOf(machine, machine.process(0))]).toEqual([
    [5, 0],
    [6, 1],
    [7, 2],
  ]);
});

test('a page without a table is absent, and so is one past the end', () => {
  const machine = forked().views();
  const absent = { low: PTE_ABSENT, high: 0 };
  expect(readWord(machine, machine.process(0), 599)).toEqual(absent);
  expect(readWord(machine, machine.process(0), 60_000)).toEqual(absent);
  expect(readWord(machine, machine.process(3), 0)).toEqual(absent);
  expect(pteLook(absent.low)).toBe(FREE);
});

test('every frame has the look of its state', () => {
  const machine = forked().views();
  const looks = new Uint8Array(16);
  const counts = new Uint32Array(8);
  readFrames(machine, looks, counts);
  expect([...looks.slice(4, 9)]).toEqual([
    PROTECTED,
    ACTIVE | DIRTY_MARK,
    ACTIVE | SHARED_MARK,
    STANDBY,
    FREE,
  ]);
  expect([...counts]).toEqual([7, 1, 2, 0, 0, 1, 0, 5]);
});

test('a frame is marked accessed if a PTE that is valid and accessed refers to it', () => {
  const machine = forked().views();
  const looks = new Uint8Array(16);
  markAccessed(machine, [machine.process(0), machine.process(1)], looks);
  const marked = [...looks].flatMap((look, frame) => (look === ACCESSED_MARK ? [frame] : []));
  expect(marked).toEqual([5, 6]);
});

test('slots in use are counted, slot 0 left out', () => {
  const looks = new Uint8Array(8);
  expect(readSlots(forked().views(), looks)).toBe(2);
  expect([...looks.slice(1, 5)]).toEqual([FREE, WRITING, WRITING | SHARED_MARK, FREE]);
});

test('who runs where is read from the CPUs', () => {
  expect([...runningOn(forked().views())]).toEqual([[0, [1]]]);
});

test('the contents of a frame are whole words', () => {
  const machine = forked();
  machine.word(9, 1, 0xabcdef012345, 0);
  expect(readContents(machine.views(), 9, 2)).toEqual([0n, 0xabcdef012345n << 12n]);
});
