// @vitest-environment happy-dom

import { expect, test } from 'vitest';
import { change, press, show, type, words } from '../../testing/render.ts';
import { NumberField } from './NumberField.tsx';

async function field(step?: number) {
  const taken: number[] = [];
  const legal: boolean[] = [];
  const range = { label: 'Page', name: 'page', value: 5, min: 0, max: 63, ...(step && { step }) };
  const shown = await show(
    <NumberField
      {...range}
      onChange={(number) => taken.push(number)}
      onLegal={(isLegal) => legal.push(isLegal)}
    />,
  );
  const input = shown.querySelector('input');
  if (input === null) throw new Error('there is no field');
  return { input, shown, taken, legal };
}

test('w2 a number takes hold as soon as it is legal, and not before', async () => {
  const { input, taken } = await field();
  for (const typed of ['', '6', '64', '-1', '63', '1.5']) await type(input, typed);
  expect(taken).toEqual([6, 63]);
  expect(input.getAttribute('aria-invalid')).toBe('true');
});

test('a7 a number that is not legal stays as it was typed, marked with its range, and is heard of', async () => {
  const { input, shown, taken, legal } = await field();
  await type(input, '5000');
  await change(() => input.dispatchEvent(new FocusEvent('blur')));
  expect([input.value, input.getAttribute('aria-invalid')]).toEqual(['5000', 'true']);
  expect(words(shown.querySelector('[role=alert]'))).toBe('0 to 63');
  expect(input.getAttribute('aria-describedby')).toBe(shown.querySelector('[role=alert]')?.id);
  expect([taken, legal.at(-1)]).toEqual([[], false]);
  await type(input, '');
  expect(legal.at(-1)).toBe(false);
  await type(input, '12');
  expect([taken, legal.at(-1)]).toEqual([[12], true]);
  expect(shown.querySelector('[role=alert]')).toBeNull();
});

test('a7 a number between the steps of its field is not rounded', async () => {
  const { input, shown, taken } = await field(8);
  await type(input, '12');
  expect(words(shown.querySelector('[role=alert]'))).toBe('0 to 63, in steps of 8');
  await type(input, '16');
  expect(taken).toEqual([16]);
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
