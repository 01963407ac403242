// @vitest-environment happy-dom

import { expect, test } from 'vitest';
import { click, press, show, words } from '../../testing/render.ts';
import { COUNTER_TERMS, PART_TERMS } from '../text/glossary.ts';
import { text } from '../text/text.ts';
import { Term } from './Term.tsx';

test('t11 a term opens its meaning, and closes it again', async () => {
  const shown = await show(<Term of="hard-fault">Hard faults</Term>);
  const button = shown.querySelector('button');
  expect(button?.getAttribute('aria-expanded')).toBe('false');
  await click(button);
  expect(button?.getAttribute('aria-expanded')).toBe('true');
  const meaning = shown.querySelector('[role=note]');
  expect(words(meaning)).toMatch(/^hard faultThe page is in swap alone/);
  expect(button?.getAttribute('aria-describedby')).toBe(meaning?.id);
  await click(button);
  expect(shown.querySelector('[role=note]')).toBeNull();
});

test('t11 terms of a group are one stop, and arrows lead from one to the next', async () => {
  const shown = await show(
    <div data-terms>
      <Term of="fault">Faults</Term>
      <Term of="copies" isStop={false}>
        Copies
      </Term>
    </div>,
  );
  const [one, other] = [...shown.querySelectorAll('button')];
  expect([one?.tabIndex, other?.tabIndex]).toEqual([0, -1]);
  one?.focus();
  await press(one ?? null, 'ArrowDown');
  expect(document.activeElement).toBe(other);
  await press(other ?? null, 'ArrowDown');
  expect(document.activeElement).toBe(one);
});

test('t11 every counter and every part of a fault is a term of the glossary', () => {
  expect(Object.keys(COUNTER_TERMS).sort()).toEqual(Object.keys(text.counters).sort());
  for (const name of [...Object.values(COUNTER_TERMS), ...Object.values(PART_TERMS)]) {
    expect(text.glossary.terms[name], name).toHaveLength(2);
  }
  for (const [name, meaning] of Object.values(text.glossary.terms)) {
    expect(meaning, name).toMatch(/\.$/);
  }
});
