import { expect, test } from 'vitest';
import { SyntheticMachine } from '../../../testing/synthetic-machine.ts';
import { FaultLog, UNDER_WAY } from './fault-log.ts';

function fault(machine: SyntheticMachine, cpu: number, page: number, begin: number) {
  machine.event(cpu, 'fault-begin', 1, page, 1, begin, 4);
  machine.event(cpu, 'fault-phase', 1, page, 2, begin + 10);
  machine.event(cpu, 'lock-waited', 1, 1, 0, begin + 12, 7);
  machine.event(cpu, 'fault-phase', 1, page, 3, begin + 15);
  machine.event(cpu, 'fault-end', 1, page, 4, begin + 40);
}

test('w4 a fault is told with its kind, its walk, what it waited for and the time of each phase', () => {
  const machine = new SyntheticMachine();
  fault(machine, 0, 7, 100);
  const log = new FaultLog();
  expect(log.read(machine.views())).toBe(true);
  expect(log.faults).toEqual([
    {
      cpu: 0,
      process: 1,
      page: 7,
      write: true,
      kind: 4,
      begin: 100,
      end: 140,
      phases: [
        { phase: 2, begin: 110, end: 115 },
        { phase: 3, begin: 115, end: 140 },
      ],
      walk: 4,
      waits: [{ end: 112, ns: 7, kind: 1 }],
    },
  ]);
  expect(log.read(machine.views())).toBe(false);
});

test('w4 faults of several CPUs stand in the order they ended', () => {
  const machine = new SyntheticMachine();
  fault(machine, 0, 1, 500);
  fault(machine, 1, 2, 300);
  const log = new FaultLog();
  log.read(machine.views());
  expect(log.faults.map(({ page }) => page)).toEqual([2, 1]);
});

test('w4 a fault under way is told once it has ended', () => {
  const machine = new SyntheticMachine();
  machine.event(0, 'fault-begin', 1, 3, 0, 10);
  const log = new FaultLog();
  const views = machine.views();
  log.read(views);
  expect(log.faults).toEqual([]);
  machine.event(0, 'fault-phase', 1, 3, 2, 14);
  log.read(views);
  expect(log.underWay(25)).toMatchObject([
    { page: 3, kind: UNDER_WAY, begin: 10, end: 25, phases: [{ begin: 14, end: 25 }] },
  ]);
  machine.event(0, 'fault-end', 1, 3, 2, 30);
  expect(log.read(views)).toBe(true);
  expect(log.underWay(40)).toEqual([]);
  expect(log.faults).toMatchObject([{ page: 3, write: false, kind: 2, begin: 10, end: 30 }]);
});

test('w4 a fault whose beginning was overwritten is left out', () => {
  const machine = new SyntheticMachine({ capacity: 4 });
  for (let page = 0; page < 5; page++) fault(machine, 0, page, page * 100);
  machine.event(0, 'fault-begin', 1, 9, 1, 900);
  const log = new FaultLog();
  log.read(machine.views());
  expect(log.faults).toEqual([]);
});

test('r4 a run that was put back has the faults that had ended there, and those that it meets again once', () => {
  const machine = new SyntheticMachine({ capacity: 64 });
  const log = new FaultLog();
  const views = machine.views();
  const pages = () => log.faults.map(({ page }) => page);
  for (let page = 0; page < 5; page++) fault(machine, 0, page, page * 100);
  log.read(views);
  expect(pages()).toEqual([0, 1, 2, 3, 4]);
  // As a restored image leaves a ring: its head where it was, and no record from before.
  machine.rewind(0, 10, 10);
  log.goTo(140);
  log.read(views);
  expect(pages()).toEqual([0, 1]);
  fault(machine, 0, 2, 200);
  log.read(views);
  expect(pages()).toEqual([0, 1, 2]);
  log.clear();
  expect(pages()).toEqual([]);
});

test('a6 a fault that was read is kept when its ring has overwritten it', () => {
  const machine = new SyntheticMachine({ capacity: 8 });
  const log = new FaultLog();
  const views = machine.views();
  fault(machine, 0, 7, 100);
  log.read(views);
  expect(log.faults).toHaveLength(1);
  for (let at = 0; at < 8; at++) machine.event(0, 'pte', 1, 1, 1, 200 + at);
  log.read(views);
  expect(log.faults).toMatchObject([{ page: 7, begin: 100 }]);
});
