// @vitest-environment happy-dom

import { expect, test } from 'vitest';
import { change, press, show, type } from '../../testing/render.ts';
import { NumberField } from './NumberField.tsx';

async function field(step?: number) {
  const taken: number[] = [];
  const range = { label: 'Page', name: 'page', value: 5, min: 0, max: 63, ...(step && { step }) };
  const shown = await show(<NumberField {...range} onChange={(number) => taken.push(number)} />);
  const input = shown.querySelector('input');
  if (input === null) throw new Error('there is no field');
  return { input, taken };
}

test('w2 a number takes hold as soon as it is legal, and not before', async () => {
  const { input, taken } = await field();
  for (const typed of ['', '6', '64', '-1', '63', '1.5']) await type(input, typed);
  expect(taken).toEqual([6, 63]);
  expect(input.getAttribute('aria-invalid')).toBe('true');
});

test('w2 a number that is not legal is put right when the field is left', async () => {
  const { input, taken } = await field();
  await type(input, '99');
  expect(input.value).toBe('99');
  await change(() => input.dispatchEvent(new FocusEvent('blur')));
  expect([input.value, input.getAttribute('aria-invalid')]).toEqual(['5', 'false']);
  expect(taken).toEqual([]);
});

test('w2 a field of another step takes fractions', async () => {
  const { input, taken } = await field(0.01);
  await type(input, '0.99');
  expect(taken).toEqual([0.99]);
});

test('w2 outside a form Enter leaves the field, so that keys are commands again', async () => {
  const { input } = await field();
  input.focus();
  expect(document.activeElement).toBe(input);
  await press(input, 'Enter');
  expect(document.activeElement).not.toBe(input);
});
