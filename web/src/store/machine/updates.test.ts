import { expect, test } from 'vitest';
import { Updates } from './updates.ts';

function three() {
  const told: string[] = [];
  const part = (name: string, every: number, prompt: boolean) => ({
    every,
    prompt,
    tell: () => told.push(name),
  });
  const updates = new Updates([
    part('processes', 90, true),
    part('counters', 90, true),
    part('locks', 300, false),
  ]);
  return { told, updates };
}

test('w3 a frame tells one part, the one that waited longest, and none more often than it may', () => {
  const { told, updates } = three();
  for (let now = 0; now < 1000; now += 10) {
    updates.note();
    const before = told.length;
    updates.next(now);
    expect(told.length - before).toBeLessThanOrEqual(1);
  }
  expect(told.slice(0, 3)).toEqual(['processes', 'counters', 'locks']);
  const count = (name: string) => told.filter((one) => one === name).length;
  expect([count('processes'), count('counters'), count('locks')]).toEqual([12, 11, 4]);
});

test('w3 where frames are few each part has its turn', () => {
  const { told, updates } = three();
  for (let now = 0; now < 3000; now += 100) {
    updates.note();
    updates.next(now);
  }
  const count = (name: string) => told.filter((one) => one === name).length;
  expect([count('processes'), count('counters'), count('locks')]).toEqual([10, 10, 10]);
});

test('what was told last is the last of what differs: then nothing is pending', () => {
  const { told, updates } = three();
  expect(updates.pending).toBe(false);
  updates.note();
  for (let now = 0; updates.pending; now += 16) updates.next(now);
  expect(told).toEqual(['processes', 'counters', 'locks']);
  updates.next(1e6);
  expect(told).toHaveLength(3);
  updates.note();
  updates.forget();
  expect(updates.pending).toBe(false);
});

test('r4 at a place that was gone to, what is short is told at once, and what is long soon after', () => {
  const { told, updates } = three();
  updates.note();
  updates.next(0);
  updates.now(1);
  expect(told).toEqual(['processes', 'processes', 'counters']);
  expect(updates.pending).toBe(true);
  updates.next(17);
  expect(told.at(-1)).toBe('locks');
  expect(updates.pending).toBe(false);
});
