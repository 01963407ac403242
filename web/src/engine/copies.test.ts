import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { CopiedViews, Copier } from './copies.ts';
import type { MachineViews } from './views.ts';

/** All that the page reads of a machine. */
function everything(views: MachineViews) {
  const { layout } = views;
  const frames = Array.from({ length: layout.frames }, (_, frame) => frame);
  return {
    frames: frames.map((frame) => views.frame(frame)),
    frameWords: [...views.frameWords()],
    notes: frames.map((frame) => views.note(frame)),
    heads: frames.map((frame) => [...views.frameContents(frame).subarray(0, 8)]),
    processes: views.processes(),
    ptes: views
      .processes()
      .map(({ index, pages }) =>
        Array.from({ length: pages }, (_, page) => views.pte(index, page)),
      ),
    running: Array.from({ length: layout.cpus }, (_, cpu) => views.runningOn(cpu)),
    lists: views.lists(),
    counters: views.counters(),
    slots: Array.from({ length: layout.slots + 1 }, (_, slot) => views.slotCount(slot)),
    events: Array.from({ length: views.rows }, (_, ring) => views.events(ring, 0)),
  };
}

type Change = (machine: SyntheticMachine) => void;

const small = fc.integer({ min: 0, max: 7 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(small, small, small).map(([frame, state, page]): Change => {
    return (machine) => machine.frame(frame, state | (1 << 16), 0, page, 1);
  }),
  fc.tuple(small, small, small).map(([frame, index, number]): Change => {
    return (machine) => machine.word(frame, index, number, 1 | 4);
  }),
  fc.tuple(fc.integer({ min: 0, max: 3 }), small).map(([index, directory]): Change => {
    return (machine) => machine.process(index, { state: 2, directory, pages: 4 });
  }),
  small.map(
    (slot): Change =>
      (machine) =>
        machine.slot(slot, slot + 1),
  ),
  fc.tuple(small, small).map(([frame, note]): Change => {
    return (machine) => machine.note(frame, note);
  }),
  small.map(
    (value): Change =>
      (machine) =>
        machine.counter(0, 'faults', value),
  ),
  fc.tuple(fc.integer({ min: 0, max: 1 }), small).map(([cpu, page]): Change => {
    return (machine) => {
      machine.event(cpu, 'pte', 0, page, 0, 1);
      machine.runOn(cpu, page);
    };
  }),
);

test('w6 a page that gets copies reads what one that shares the memory reads', () => {
  fc.assert(
    fc.property(fc.array(fc.array(change)), (steps) => {
      const machine = new SyntheticMachine();
      const copier = new Copier(machine, machine.layout);
      const copied = new CopiedViews(machine.layout);
      for (const changes of steps) {
        for (const apply of changes) apply(machine);
        copied.take(copier.copy(true));
        expect(everything(copied)).toEqual(everything(machine.views()));
      }
    }),
  );
});

test('w6 after a line the small parts come at once, and the large ones when they are asked for', () => {
  const machine = new SyntheticMachine();
  const copier = new Copier(machine, machine.layout);
  const copied = new CopiedViews(machine.layout);
  machine.counter(0, 'faults', 3);
  machine.frame(5, 3);
  machine.frame(1, 7, 0, 1);
  machine.process(0, { state: 2, directory: 1, pages: 8 });
  copied.take(copier.copy(false));
  expect(copied.counters().faults).toBe(3);
  expect(copied.process(0)).toMatchObject({ state: 'running', directory: 1 });
  expect(copied.frame(5).state).toBe('zeroed');
  copied.take(copier.copy(true));
  expect(copied.frame(5).state).toBe('modified');
});

test('w6 what has not changed is not sent again', () => {
  const machine = new SyntheticMachine({ frames: 4096 });
  const copier = new Copier(machine, machine.layout);
  machine.frame(1, 7, 0, 1);
  machine.frame(4000, 3);
  copier.copy(true);
  const still = copier.copy(true);
  expect(still).toMatchObject({ tables: [1], changed: [] });
  expect(still.words.length).toBe(0);
  machine.frame(4000, 4);
  machine.word(1, 3, 9, 1);
  const moved = copier.copy(true);
  expect(moved.changed).toEqual([1]);
  expect(moved.words.length).toBeLessThanOrEqual(512);
});
