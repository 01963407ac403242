// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { change, show, words } from '../../testing/render.ts';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../testing/synthetic-page.ts';
import { observed } from '../store/machine/observation.ts';
import { selectedFault } from '../store/page/selection.ts';
import { fold } from '../store/page/shown-panels.ts';
import { Timing } from './Timing.tsx';

/** A fault of init, page 3, on CPU 1: it begins at 1000 ns and takes 100, of which 20 go by before its lock is taken. */
function faulted(): SyntheticMachine {
  const machine = new SyntheticMachine();
  machine.process(0, { state: 2, directory: 1, pages: 8 });
  machine.event(1, 'fault-begin', 0, 3, 1, 1000);
  machine.event(1, 'fault-phase', 0, 3, 0, 1020);
  machine.event(1, 'fault-phase', 0, 3, 1, 1050);
  machine.event(1, 'fault-end', 0, 3, 1, 1100);
  machine.latency(0, 100, 3);
  return machine;
}

beforeEach(() => {
  closePage();
  fold('timing', false);
});

const parts = (shown: Element) =>
  [...shown.querySelectorAll('[data-part]')].map((row) =>
    [...row.querySelectorAll('th, .digits')].map((cell) => words(cell)),
  );

test('w4 the latest fault is a table of its parts, which together are all of it', async () => {
  openPageWith(faulted(), 'init');
  const shown = await show(<Timing />);
  expect(words(shown.querySelector('.stack-title'))).toMatch(
    /^demand-zero init p3 · CPU 1 · 100 ns the latest/,
  );
  expect(parts(shown)).toEqual([
    ['trap and entry', '20 ns', '20 %'],
    ['lock acquisition', '30 ns', '30 %'],
    ['find a frame', '50 ns', '50 %'],
  ]);
});

test('w4 each part of a fault has its name, and a line on which it stands at its place in time', async () => {
  openPageWith(faulted(), 'init');
  const shown = await show(<Timing />);
  const tracks = [...shown.querySelectorAll<HTMLElement>('.part-track')].map((track) =>
    [...track.querySelectorAll<HTMLElement>('.part')].map(({ style }) => [style.left, style.width]),
  );
  expect(tracks).toEqual([[['0%', '20%']], [['20%', '30%']], [['50%', '50%']]]);
  // In the bar they are told apart by their names, and what is only modelled is said to be so.
  expect([...shown.querySelectorAll('.parts-names span')].map((name) => words(name))).toEqual([
    'trap and entry',
    'lock acquisition',
    'find a frame',
  ]);
  expect(words(shown.querySelector('.caption'))).toBe('modelled nanoseconds');
});

test('w4 a fault that was chosen stays, whatever comes after it', async () => {
  const machine = faulted();
  openPageWith(machine, 'init');
  selectedFault.value = { cpu: 1, begin: 1000 };
  const shown = await show(<Timing />);
  machine.event(0, 'fault-begin', 0, 4, 1, 2000);
  machine.event(0, 'fault-end', 0, 4, 1, 2500);
  await change(() => {
    observed.readNow();
    observed.atLeisure.timing.value++;
  });
  expect(words(shown.querySelector('.stack-title'))).toBe('demand-zero init p3 · CPU 1 · 100 ns');
});

test('w4 each kind of fault has its quantiles, and one that has not happened has none', async () => {
  openPageWith(faulted(), 'init');
  const shown = await show(<Timing />);
  const rows = [...shown.querySelectorAll('[data-latency]')].map((row) =>
    [...row.children].map((cell) => words(cell)),
  );
  expect(rows[0]).toEqual(['demand-zero', '3', '100 ns', '100 ns', '100 ns']);
  expect(rows[1]).toEqual(['soft', '0', '–', '–', '–']);
  expect(rows).toHaveLength(5);
});

test('w4 the times of a virtual run are said to be virtual, and a folded panel reads nothing', async () => {
  openPageWith(faulted(), 'init');
  const shown = await show(<Timing />);
  expect(words(shown.querySelector('.caption'))).toBe('modelled nanoseconds');
  await change(() => fold('timing', true));
  expect(shown.querySelector('.timing')).toBeNull();
});
