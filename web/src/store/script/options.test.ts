import { expect, test } from 'vitest';
import type { Scenario } from '../../generated/types.d.ts';
import { text } from '../../text/text.ts';
import {
  changesBetween,
  costOptions,
  machineOptions,
  runtimeOptions,
  saidAt,
  withOption,
} from './options.ts';

const option = (name: string) => machineOptions.find((each) => each.name === name);

test('r5 every option of the format has its range, its words and its purpose', () => {
  expect(option('frames')).toEqual({
    pointer: '/machine/frames',
    name: 'frames',
    kind: 'number',
    least: 8,
    most: 1_048_576,
    usual: 64,
  });
  expect(option('trim.low')).toMatchObject({ pointer: '/machine/trim/low', usual: undefined });
  expect(option('trim.low')?.suits).toBe('memory');
  const zeroer = { choices: [true, false], usual: undefined, suits: 'cpus' };
  expect(option('zeroer')).toMatchObject(zeroer);
  expect(option('isolate')).toMatchObject({ usual: false, suits: undefined });
  expect(option('pte_locks')).toMatchObject({
    choices: expect.arrayContaining(['machine', 'entry', { region: 1 }, { region: 512 }]),
    usual: { region: 64 },
  });
  expect(option('bugs')?.kind).toBe('set');
  const [locks] = runtimeOptions;
  expect(locks).toMatchObject({ choices: ['spin', 'ticket', 'queue', 'backoff'], usual: 'queue' });
  const named = [...machineOptions, ...runtimeOptions];
  for (const { name } of named) {
    const [label, cost, purpose] = text.machine.options[name] ?? [];
    expect(label, name).toBeTruthy();
    expect(cost, name).toMatch(/\.$/);
    expect(purpose, name).toMatch(/[.?]$/);
  }
  // And none is explained that there is not.
  const names = named.map(({ name }) => name);
  expect(Object.keys(text.machine.options).sort()).toEqual(names.sort());
  const costs = costOptions.map(({ name }) => name.replace('costs.', ''));
  expect(Object.keys(text.machine.costNames).sort()).toEqual(costs.sort());
});

test('r5 no two options have the same words', () => {
  const plain = (words: string) =>
    words
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
  for (const part of [0, 1, 2] as const) {
    const words = Object.values(text.machine.options).map((option) => plain(option[part]));
    expect(words.filter((each, index) => words.indexOf(each) < index)).toEqual([]);
  }
});

test('an option is said, and left out again', () => {
  const scenario: Scenario = { faultline: 1, machine: { frames: 32 } };
  const high = withOption(scenario, '/machine/trim/high', 8);
  expect(high).toEqual({ faultline: 1, machine: { frames: 32, trim: { high: 8 } } });
  expect(saidAt(high, '/machine/trim/high')).toBe(8);
  const without = withOption(high, '/machine/trim/high', undefined);
  expect(saidAt(without, '/machine/trim/high')).toBeUndefined();
  expect(JSON.stringify(without)).not.toContain('high');
  expect(saidAt(scenario, '/machine/toString')).toBeUndefined();
});

test('r5 frames and frames for data stand instead of each other', () => {
  const scenario: Scenario = { faultline: 1, machine: { data_frames: 3, slots: 8 } };
  const sized = withOption(scenario, '/machine/frames', 16);
  expect(sized.machine).toEqual({ frames: 16, slots: 8 });
  expect(withOption(sized, '/machine/data_frames', 4).machine).toEqual({
    data_frames: 4,
    slots: 8,
  });
  // To leave one out says nothing of the other.
  expect(withOption(scenario, '/machine/frames', undefined)).toEqual(scenario);
});

test('what is left out is what is usual, and no change', () => {
  const scenario: Scenario = { faultline: 1 };
  expect(changesBetween(scenario, withOption(scenario, '/machine/policy', 'clock'))).toEqual([]);
  const changed = withOption(withOption(scenario, '/machine/policy', 'fifo'), '/runtime', {
    kind: 'virtual',
    seed: 3,
    coherence: true,
    lock_kind: 'ticket',
    costs: { disk_read: 1 },
  });
  expect(changesBetween(scenario, changed)).toEqual([
    { pointer: '/machine/policy', one: 'clock', other: 'fifo' },
    { pointer: '/runtime/seed', one: 0, other: 3 },
    { pointer: '/runtime/coherence', one: false, other: true },
    { pointer: '/runtime/lock_kind', one: 'queue', other: 'ticket' },
    { pointer: '/runtime/costs/disk_read', one: 80_000, other: 1 },
  ]);
  // A small machine's watermarks are not those of the schema.
  const low = withOption(scenario, '/machine/trim/low', 8);
  expect(changesBetween(scenario, low)).toEqual([
    { pointer: '/machine/trim/low', one: undefined, other: 8 },
  ]);
});
