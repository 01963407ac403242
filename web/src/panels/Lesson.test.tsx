// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { change, click, show, type, words } from '../../testing/render.ts';
import { closePage } from '../../testing/synthetic-page.ts';
import type { Scenario } from '../generated/types.d.ts';
import { groups, scenarioNamed } from '../store/library/catalogue.ts';
import { scenario, status } from '../store/run/open-machine.ts';
import { playhead } from '../store/run/playhead.ts';
import { EMPTY } from '../store/script/document.ts';
import { coversCounter, coversLine } from '../store/visit/lesson.ts';
import { Lesson } from './Lesson.tsx';

beforeEach(closePage);

const lesson: Scenario = {
  ...EMPTY,
  title: 'A lesson',
  about: 'Two processes share a page.',
  variants: [['/machine/frames=9', '/script/2/equals=2']],
  script: [
    { op: 'spawn', as: 'init', pages: 8, note: 'Eight pages, no frame.' },
    { op: 'fork', process: 'init', as: 'child' },
    { op: 'expect', counter: 'copies', equals: 1, question: { ask: 'How many copies?' } },
    {
      op: 'write',
      process: 'child',
      page: 0,
      value: 1,
      question: { ask: 'Who?', choices: ['the child', 'the parent'], right: 0 },
    },
  ],
};

const stand = (line: number, under_way = false) => {
  playhead.value = { events: 0, before: 0, time_ns: 0, line, under_way };
};

test('a25 a scenario without words shows none', async () => {
  expect(words(await show(<Lesson />))).toBe('');
});

test('a25 the text of a scenario stands above the panels, and the note of the line under way or done', async () => {
  const shown = await show(<Lesson />);
  await change(() => {
    scenario.value = lesson;
    stand(0);
  });
  expect(words(shown.querySelector('.lesson-about'))).toBe('Two processes share a page.');
  expect(words(shown.querySelector('.lesson-note'))).toBe('');
  await change(() => stand(0, true));
  expect(words(shown.querySelector('.lesson-note'))).toBe('Line 1 Eight pages, no frame.');
  await change(() => stand(1));
  expect(words(shown.querySelector('.lesson-note'))).toBe('Line 1 Eight pages, no frame.');
  await change(() => stand(2));
  expect(words(shown.querySelector('.lesson-note'))).toBe('');
});

test('a25 an exhibit keeps its words under another title', async () => {
  const shown = await show(<Lesson />);
  for (const { scenario: exhibit } of groups.find(({ group }) => group === 'guided')?.members ??
    []) {
    await change(() => {
      scenario.value = { ...exhibit, title: 'Renamed' };
    });
    expect(words(shown.querySelector('.lesson-about'))).toBe(exhibit.about?.replace(/\s+/g, ' '));
  }
});

test('a12 what the question is about is covered until it is answered, and a number is asked for', async () => {
  const shown = await show(<Lesson />);
  await change(() => {
    scenario.value = lesson;
    status.value = { kind: 'ready' };
    stand(0);
  });
  const asking = lesson.script?.[2];
  expect(coversCounter('copies')).toBe(true);
  expect(coversCounter('faults')).toBe(false);
  expect(asking && coversLine(asking)).toBe(true);
  const check = shown.querySelector<HTMLButtonElement>('[type=submit]');
  expect(check?.disabled).toBe(true);
  await type(shown.querySelector('.lesson-answers input'), 'three');
  expect(check?.disabled).toBe(true);
  await type(shown.querySelector('.lesson-answers input'), '3');
  expect(check?.disabled).toBe(false);
  await click(check);
  expect(coversCounter('copies')).toBe(false);
  // It is shown by the run, not before.
  expect(shown.querySelector('[data-verdict]')).toBeNull();
  await click(shown.querySelector('[data-answer=next]'));
  expect(words(shown.querySelector('[data-question]'))).toMatch(/^Question 2 of 2 Who\?/);
  expect(shown.querySelectorAll('[data-answer="0"], [data-answer="1"]')).toHaveLength(2);
});

test('a12 what the text suggests is a button', async () => {
  const shown = await show(<Lesson />);
  await change(() => {
    scenario.value = scenarioNamed('belady');
  });
  const labels = [...shown.querySelectorAll('[data-variant]')].map((button) => words(button));
  expect(labels[0]).toBe('Try 9 frames');
  expect(labels[2]).toMatch(/lru, 9 frames$/);
  expect(shown.querySelectorAll('[data-variant-compare]')).toHaveLength(labels.length);
});
