// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { change, click, press, show, type, words } from '../../testing/render.ts';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../testing/synthetic-page.ts';
import type { Op, OpOutcome } from '../generated/types.d.ts';
import { scenario, status } from '../store/run/open-machine.ts';
import { known, playhead } from '../store/run/playhead.ts';
import { EMPTY, scriptOf } from '../store/script/document.ts';
import { editedLine } from '../store/visit/commands.ts';
import { ScriptPanel } from './ScriptPanel.tsx';

const SCRIPT: readonly Op[] = [
  { op: 'spawn', as: 'init', pages: 8 },
  { op: 'write', process: 'init', page: 3, value: 7 },
  { op: 'evict', process: 'init', page: 3 },
  { op: 'settle' },
];

beforeEach(() => {
  closePage();
  editedLine.value = undefined;
  openPageWith(new SyntheticMachine());
  scenario.value = { ...EMPTY, script: [...SCRIPT] };
});

/** So many lines have run, each as it says. */
function ran(...outcomes: readonly OpOutcome[]): void {
  for (const [line, outcome] of outcomes.entries()) {
    known.note(line, { outcome, grew: { demand_zero: 1 }, after: undefined, end: undefined });
  }
  playhead.value = { ...playhead.value, line: outcomes.length };
}

const ok: OpOutcome = { ok: true };

const lines = (shown: Element) =>
  [...shown.querySelectorAll('.line')].map((line) => [
    line.className.replace('line ', ''),
    words(line.querySelector('.line-op')),
    words(line.querySelector('.line-sentence')),
  ]);

test('w2 lines that have run say in a sentence what they did, the others wait', async () => {
  const shown = await show(<ScriptPanel />);
  await change(() => ran(ok, { ok: false, code: 'not-running' }));
  expect(lines(shown)).toEqual([
    ['done', 'spawn', 'init runs; every page of it is the zero page.'],
    ['failed current', 'write', 'Failed: the process is not running.'],
    ['ahead', 'evict', ''],
    ['ahead', 'settle', ''],
  ]);
  expect(words(shown.querySelector('.caption'))).toBe('2 / 4');
  expect(words(shown.querySelector('[aria-live]'))).toMatch(/^write .*not running\.$/);
});

test('w2 the line under way and the line that was done last are both marked', async () => {
  const shown = await show(<ScriptPanel />);
  await change(() => {
    ran(ok);
    playhead.value = { ...playhead.value, under_way: true };
  });
  expect(lines(shown).slice(0, 2)).toEqual([
    ['done current', 'spawn', 'init runs; every page of it is the zero page.'],
    ['ahead running', 'write', 'under way'],
  ]);
  await change(() => ran(ok, ok));
  await change(() => {
    playhead.value = { ...playhead.value, under_way: false };
  });
  expect(shown.querySelectorAll('.running')).toHaveLength(0);
});

test('w2 the line that runs says so', async () => {
  const shown = await show(<ScriptPanel />);
  await change(() => {
    ran(ok);
    status.value = { kind: 'busy' };
  });
  expect(lines(shown)[1]).toEqual(['ahead running', 'write', 'running…']);
});

test('w2 lines that are still to come are moved and removed without the machine', async () => {
  const shown = await show(<ScriptPanel />);
  const tool = (line: number, name: string) =>
    shown.querySelectorAll('.line').item(line).querySelector(`[data-line=${name}]`);
  expect(tool(0, 'up')?.hasAttribute('disabled')).toBe(true);
  expect(tool(3, 'down')?.hasAttribute('disabled')).toBe(true);
  await click(tool(1, 'down'));
  await expect
    .poll(() => scriptOf(scenario.value).map(({ op }) => op))
    .toEqual(['spawn', 'evict', 'write', 'settle']);
  await click(tool(3, 'remove'));
  await expect.poll(() => scriptOf(scenario.value)).toHaveLength(3);
});

test('w2 of a long script a window about the playhead is in the document', async () => {
  const script = Array.from({ length: 5000 }, (): Op => ({ op: 'settle' }));
  scenario.value = { ...EMPTY, script };
  playhead.value = { ...playhead.value, line: 3500 };
  const shown = await show(<ScriptPanel />);
  expect(shown.querySelectorAll('.line')).toHaveLength(2000);
  const hints = [...shown.querySelectorAll('.panel > .hint')].map((hint) => words(hint));
  expect(hints).toEqual(['2,000 lines before', '1,000 lines after']);
  expect(words(shown.querySelector('.line-number'))).toBe('2001');
});

async function edited() {
  const shown = await show(<ScriptPanel />);
  await click(shown.querySelectorAll('.line').item(1).querySelector('[data-line=edit]'));
  const field = shown.querySelector<HTMLInputElement>('.line-edit input');
  const problem = () => words(shown.querySelector('#line-problem'));
  return { shown, field, problem };
}

test('w2 a line is edited as a phrase, which says what it can be as long as it is one', async () => {
  const { field, problem } = await edited();
  expect(field?.value).toBe('write init 3 = 7');
  expect(problem()).toBe('write PROCESS PAGE + OFFSET = VALUE');
  expect(field?.getAttribute('aria-invalid')).toBe('false');
});

test('w2 a phrase that cannot be read says what was found and what is legal', async () => {
  const { field, problem } = await edited();
  await type(field, 'write init x = 7');
  expect(field?.getAttribute('aria-invalid')).toBe('true');
  expect(problem()).toMatch(/^Not “x”: /);
  await type(field, 'write init 3..5 = 7');
  expect(problem()).toMatch(/^A line has one op/);
});

test('w2 Escape leaves a line as it was, and so does a phrase that says the same', async () => {
  const { shown, field } = await edited();
  await type(field, 'write init 5 = 7');
  await press(field, 'Escape');
  expect(shown.querySelector('.line-edit')).toBeNull();
  await click(shown.querySelectorAll('.line').item(1).querySelector('[data-line=edit]'));
  const form = shown.querySelector<HTMLFormElement>('.line-edit');
  await type(form?.querySelector('input') ?? null, 'write  init 3 = 7');
  await change(() => form?.dispatchEvent(new Event('submit', { cancelable: true })));
  expect(shown.querySelector('.line-edit')).toBeNull();
  expect(scriptOf(scenario.value)).toEqual(SCRIPT);
});

test('w2 a double click edits the line that its first click met, wherever that has gone', async () => {
  const shown = await show(<ScriptPanel />);
  const [first, second] = [...shown.querySelectorAll('.line-go')];
  const press = (at: Element | undefined, kind: string, detail: number) =>
    change(() => at?.dispatchEvent(new MouseEvent(kind, { bubbles: true, detail })));
  await press(second, 'click', 1);
  await press(first, 'click', 2);
  await press(first, 'dblclick', 2);
  expect(editedLine.value).toBe(1);
});
