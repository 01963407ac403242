// @vitest-environment happy-dom

import { expect, test } from 'vitest';
import { choose, show, type, words } from '../../testing/render.ts';
import { machineOptions } from '../store/script/options.ts';
import { OptionField } from './OptionField.tsx';

async function field(name: string, said?: unknown, isRefused = false) {
  const option = machineOptions.find((each) => each.name === name);
  if (option === undefined) throw new Error(`there is no option ${name}`);
  const taken: unknown[] = [];
  const shown = await show(
    <OptionField
      option={option}
      said={said}
      isChanged={false}
      isRefused={isRefused}
      onChange={(value) => taken.push(value)}
    />,
  );
  return { shown, taken };
}

test('r5 a number stands with its range and its cost, and is left out where its field is empty', async () => {
  const { shown, taken } = await field('frames', 128);
  const input = shown.querySelector('input');
  expect([input?.value, input?.placeholder]).toEqual(['128', '64']);
  expect(words(shown.querySelector('.option-range'))).toBe('8 to 1,048,576, default 64');
  expect(words(shown.querySelector('.option-behind'))).toMatch(
    /^What for\?.*How much memory the machine has/,
  );
  for (const typed of ['256', '', '1e9']) await type(input, typed);
  // What is legal is the engine's to say.
  expect(taken).toEqual([256, undefined, 1e9]);
});

test('r5 a choice that is usual goes without saying', async () => {
  const { shown, taken } = await field('policy', 'lru');
  const list = shown.querySelector('select');
  expect(JSON.parse(list?.value ?? '')).toBe('lru');
  const options = [...(list?.options ?? [])];
  const usual = options.filter((option) => words(option).endsWith('(default)'));
  expect(usual).toHaveLength(1);
  await choose(list, usual[0]?.value ?? '');
  await choose(list, '"sieve"');
  expect(taken).toEqual([undefined, 'sieve']);
});

test('r5 what the engine suits to the number of CPUs is said, and goes without saying', async () => {
  const { shown, taken } = await field('rmap', 'tree');
  const list = shown.querySelector('select');
  const usual = [...(list?.options ?? [])].filter((option) => words(option).includes('default'));
  expect(usual.map(words)).toEqual(['default, by CPUs']);
  await choose(list, usual[0]?.value ?? '?');
  // It is usual on some machines, and stays on all.
  await choose(list, '"tree"');
  expect(taken).toEqual([undefined, 'tree']);
  const { shown: number } = await field('list_shards');
  expect(number.querySelector('input')?.placeholder).toBe('by number of CPUs');
  expect(words(number.querySelector('.option-range'))).toBe('1 to 64, default by number of CPUs');
});

test('s6 a rule of one’s own is one of the policies', async () => {
  const { shown, taken } = await field('policy', 'lru');
  const list = shown.querySelector('select');
  const rule = [...(list?.options ?? [])].find((option) => option.value.includes('rule'));
  expect(words(rule)).toBe('a rule of your own');
  await choose(list, rule?.value ?? '');
  expect(taken).toEqual([{ rule: 'accessed ? again : evict' }]);
});

test('r5 an option that the engine refused is marked as such', async () => {
  const { shown } = await field('frames', 1, true);
  expect(shown.querySelector('input')?.getAttribute('aria-invalid')).toBe('true');
  expect(shown.querySelector('[data-refused=true]')).not.toBeNull();
});
