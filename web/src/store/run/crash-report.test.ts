import { expect, test } from 'vitest';
import type { Scenario } from '../../generated/types.d.ts';
import { breakdownReport, isPanic } from './crash-report.ts';

const scenario: Scenario = {
  faultline: 1,
  title: 'One that breaks',
  machine: { frames: 16 },
  runtime: { kind: 'virtual', seed: 7, schedule: [[3, 1]] },
  script: [
    { op: 'spawn', as: 'init', pages: 8 },
    { op: 'together', scripts: [[{ op: 'evict', process: 'init', page: 0 }], [{ op: 'settle' }]] },
  ],
};
const message =
  'panicked at crate/engine/src/memory/slots.rs:12:5:\na slot that is free is counted';

test('r5 a report says who panicked, where and at what, in which line and with which seed', () => {
  const report = breakdownReport(
    { worker: 'cpu 1', message, line: 1 },
    scenario,
    'virtual',
    'A browser',
  );
  expect(report.split('\n').slice(0, 5)).toEqual([
    'Faultline: cpu 1 panicked at crate/engine/src/memory/slots.rs:12:5:',
    'a slot that is free is counted',
    'in line 2 of 2: together (evict init 0) & (settle)',
    'on virtual CPUs, seed 7',
    'in A browser',
  ]);
  // The scenario in it is whole, so that it can be opened again.
  expect(JSON.parse(report.slice(report.indexOf('\n{')))).toEqual(scenario);
});

test('r5 a report of what is no panic, in no line, on threads', () => {
  const broken = { worker: 'engine', message: 'Failed to fetch', line: 2 };
  expect(isPanic(broken.message)).toBe(false);
  const threaded: Scenario = { ...scenario, runtime: { kind: 'threads' } };
  expect(breakdownReport(broken, threaded, 'threads', 'A browser')).toMatch(
    /^Faultline: engine stopped: Failed to fetch\nin no line of the script\non threads\n/,
  );
  // Where threads are unavailable, virtual CPUs with the usual seed did their work.
  expect(breakdownReport(broken, threaded, 'virtual', 'A browser')).toMatch(/CPUs, seed 0\n/);
});
