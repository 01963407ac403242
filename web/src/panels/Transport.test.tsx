// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { change, choose, click, show, words } from '../../testing/render.ts';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../testing/synthetic-page.ts';
import type { Stand } from '../engine/client.ts';
import type { Scenario } from '../generated/types.d.ts';
import { dialog } from '../store/page/open-dialog.ts';
import { setSpeed, speed } from '../store/page/settings.ts';
import { breakpoints, setBreakpoint, stoppedAt } from '../store/run/breakpoints.ts';
import { scenario, status } from '../store/run/open-machine.ts';
import { known, playing } from '../store/run/playhead.ts';
import { Transport } from './Transport.tsx';

const twoLines: Scenario = {
  faultline: 1,
  machine: {},
  runtime: { kind: 'virtual', seed: 1 },
  script: [
    { op: 'spawn', as: 'init', pages: 8 },
    { op: 'write', process: 'init', page: 3, value: 7 },
  ],
};

const outcome = { ok: true } as never;

/** The playhead comes to where so many lines have run, ten events each. */
function stand(line: number, more: Partial<Stand> = {}): void {
  const at = {
    events: 10 * line,
    before: 0,
    time_ns: 1500 * line,
    under_way: false,
    line,
    ...more,
  };
  const ended = Array.from({ length: line }, (_, index) => ({
    outcome,
    grew: {},
    stand: { ...at, events: 10 * (index + 1), line: index + 1, under_way: false },
  }));
  const kept = { checkpoints: 0, bytes: 0 };
  known.landed({
    ...{ stand: at, processes: [], first: 0, ended, reached: true },
    ...{ stoppedBy: [], jumped: false, kept },
  });
}

function open(): void {
  openPageWith(new SyntheticMachine());
  scenario.value = twoLines;
}

beforeEach(() => {
  closePage();
  breakpoints.value = [];
  stoppedAt.value = [];
  dialog.value = undefined;
});

const possible = (shown: Element) =>
  [...shown.querySelectorAll<HTMLButtonElement>('[data-command]')]
    .filter(({ disabled }) => !disabled)
    .map(({ dataset }) => dataset.command);

test('r4 without a machine nothing moves the playhead', async () => {
  expect(possible(await show(<Transport />))).toEqual([]);
});

test('r4 at the start there is no way back, and at the end none on', async () => {
  open();
  const shown = await show(<Transport />);
  const always = ['follow', 'goTo', 'breakpoints'];
  expect(possible(shown)).toEqual([
    ...['eventForward', 'faultForward'],
    ...always,
    ...['play', 'step', 'end'],
  ]);
  await change(() => stand(2));
  expect(possible(shown)).toEqual([
    ...['eventBack', 'faultBack'],
    ...always,
    ...['restart', 'back', 'play'],
  ]);
  await change(() => stand(1));
  expect(possible(shown)).toHaveLength(12);
});

test('r4 where the playhead is stands in events, in virtual time and in lines', async () => {
  open();
  const shown = await show(<Transport />);
  await change(() => stand(2));
  await change(() => stand(1, { events: 14, under_way: true }));
  const facts = [...shown.querySelectorAll('.place .fact')].map((fact) => words(fact));
  expect(facts).toEqual(['Event 14 / 20', '1.50 µs', 'line 1 / 2, 2 under way']);
});

test('r4 a machine that is at work can be stopped, and one that plays paused', async () => {
  open();
  const shown = await show(<Transport />);
  await change(() => {
    status.value = { kind: 'busy' };
    playing.value = true;
  });
  expect(possible(shown)).toContain('stop');
  expect(words(shown.querySelector('[data-status]'))).toBe('Running');
  await click(shown.querySelector('[data-command=play]'));
  expect(playing.value).toBe(false);
});

test('r4 the speed is chosen from a list', async () => {
  open();
  setSpeed(500);
  const shown = await show(<Transport />);
  await choose(shown.querySelector('.speed select'), '25');
  expect(speed.value).toBe(25);
});

test('r4 breakpoints that are on are counted, and those that stopped the run say so', async () => {
  open();
  setBreakpoint({ of: 'frame', frame: 3 });
  const shown = await show(<Transport />);
  expect(words(shown.querySelector('.place'))).toMatch(/1 on$/);
  expect(shown.querySelector('.stopped')?.hasAttribute('hidden')).toBe(true);
  await change(() => {
    stoppedAt.value = [{ of: 'frame', frame: 3 }];
  });
  expect(words(shown.querySelector('.stopped'))).toBe('Stopped: frame 3 changes.');
  await click(shown.querySelector('[data-command=breakpoints]'));
  expect(dialog.value).toBe('breakpoints');
});
