// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { change, click, show, words } from '../../testing/render.ts';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../testing/synthetic-page.ts';
import { dialog, openDialog } from '../store/page/open-dialog.ts';
import { awaitedBuild } from '../store/run/awaited-build.ts';
import { problem, scenario, status } from '../store/run/open-machine.ts';
import { stalled } from '../store/run/stall.ts';
import { doubled } from '../store/run/stuck.ts';
import { EMPTY } from '../store/script/document.ts';
import { brokenLink } from '../store/visit/links.ts';
import { Notices } from './Notices.tsx';

beforeEach(() => {
  closePage();
  brokenLink.value = undefined;
  stalled.value = false;
  dialog.value = undefined;
});

const notices = (shown: Element) =>
  [...shown.querySelectorAll<HTMLElement>('[data-notice]')].map(({ dataset }) => dataset.notice);
const buttons = (element: Element | null) =>
  [...(element?.querySelectorAll('button') ?? [])].map((button) => words(button));

test('w6 a page that is not isolated says so, and nothing else while nothing is wrong', async () => {
  expect(notices(await show(<Notices />))).toEqual(['not-shared']);
});

test('r5 a scenario that is refused says where, what was found and what is legal', async () => {
  const shown = await show(<Notices />);
  await change(() => {
    problem.value = { path: '/machine/frames', found: '1', legal: '8 to 1048576', message: '' };
  });
  const notice = shown.querySelector('[data-notice=problem]');
  expect([...(notice?.querySelectorAll('dd') ?? [])].map((one) => words(one))).toEqual([
    ...['Machine: Frames', '1', '8 to 1,048,576'],
  ]);
  expect(buttons(notice)).toEqual(['Open the first preset', 'Empty machine']);
  // The editor says it itself.
  await change(() => {
    openDialog('edit');
  });
  expect(notices(shown)).not.toContain('problem');
});

test('w5 a link that cannot be opened says why, and leaves what is there to go on with', async () => {
  openPageWith(new SyntheticMachine());
  const shown = await show(<Notices />);
  await change(() => {
    brokenLink.value = { from: 'link', fault: 'unknown-version', detail: '7' };
  });
  const notice = shown.querySelector('[data-notice=broken-link]');
  expect(words(notice)).toMatch(/^This link cannot be opened.*link version 7/);
  expect(buttons(notice)).toEqual(['Keep the current scenario']);
  await click(notice?.querySelector('button') ?? null);
  expect(notices(shown)).not.toContain('broken-link');
});

test('r5 a panic names who, where and the line, and offers to go on without that line', async () => {
  const shown = await show(<Notices />);
  await change(() => {
    scenario.value = { ...EMPTY, script: [{ op: 'settle' }] };
    status.value = { kind: 'failed', worker: 'cpu 1', message: 'panicked at lists.rs:3', line: 0 };
  });
  const notice = shown.querySelector('[data-notice=failure]');
  expect(words(notice?.querySelector('h2'))).toBe('cpu 1 panicked');
  expect(words(notice)).toContain('It was in line 1: settle.');
  expect(words(notice?.querySelector('[data-report]'))).toMatch(/^Faultline: cpu 1 panicked at/);
  expect(buttons(notice)).toEqual([
    ...['Restart the machine', 'Restart without this line', 'Copy the report'],
  ]);
  // At the end of the script no line can be left out.
  await change(() => {
    status.value = { kind: 'failed', worker: 'engine', message: 'out of memory', line: 1 };
  });
  expect(words(notice?.querySelector('h2'))).toBe('engine stopped');
  expect(buttons(notice)).not.toContain('Restart without this line');
});

test('a build of the engine that is still being made, or could not be, says so', async () => {
  const shown = await show(<Notices />);
  await change(() => {
    awaitedBuild.value = 'threads';
  });
  expect(words(shown.querySelector('[data-notice=awaited]'))).toMatch(
    /^The engine for threads is still being built/,
  );
  await change(() => {
    awaitedBuild.value = undefined;
    const message = 'not built: error[E0425]: cannot find value `pages` in this scope';
    status.value = { kind: 'failed', worker: 'engine', message, line: 0 };
  });
  expect(notices(shown)).not.toContain('awaited');
  const notice = shown.querySelector('[data-notice=failure]');
  expect(words(notice?.querySelector('h2'))).toBe('This part of the engine could not be built');
  expect(words(notice)).toContain('run npm start again');
  expect(words(notice)).not.toContain('An error inside the engine');
});

test('b a machine with bugs says which are switched on', async () => {
  const shown = await show(<Notices />);
  await change(() => {
    scenario.value = { ...EMPTY, machine: { bugs: ['not-zeroed'] } };
  });
  expect(words(shown.querySelector('[data-notice=bugs]'))).toMatch(
    /^Deliberate bug: a used frame passes for a zeroed one\./,
  );
});

test('r4 a machine that stands still can be stopped only while a line is at work', async () => {
  openPageWith(new SyntheticMachine());
  const shown = await show(<Notices />);
  await change(() => {
    stalled.value = true;
  });
  expect(notices(shown)).not.toContain('stalled');
  await change(() => {
    status.value = { kind: 'busy' };
  });
  expect(buttons(shown.querySelector('[data-notice=stalled]'))[0]).toMatch(/^Stop/);
});

test('a18 a machine that is out of room is offered twice as much, as far as the format allows', () => {
  expect([doubled('slots', 0), doubled('slots', 24), doubled('frames', 64)]).toEqual([16, 48, 128]);
  expect(doubled('frames', 1_000_000)).toBe(1_048_576);
  expect(doubled('slots', 3_000_000)).toBe(4_194_304);
  expect(doubled('slots', 4_194_304)).toBe(4_194_304);
});
