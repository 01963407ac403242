import { expect, test } from 'vitest';
import { Tellings } from './updates.ts';

function three() {
  const told: string[] = [];
  const part = (name: string, every: number, prompt: boolean) => ({
    every,
    prompt,
    tell: () => told.push(name),
  });
  const tellings = new Tellings([
    part('processes', 90, true),
    part('counters', 90, true),
    part('locks', 300, false),
  ]);
  return { told, tellings };
}

test('w3 a frame tells one part, the one that waited longest, and none more often than it may', () => {
  const { told, tellings } = three();
  for (let now = 0; now < 1000; now += 10) {
    tellings.note();
    const before = told.length;
    tellings.next(now);
    expect(told.length - before).toBeLessThanOrEqual(1);
  }
  expect(told.slice(0, 3)).toEqual(['processes', 'counters', 'locks']);
  const count = (name: string) => told.filter((one) => one === name).length;
  expect([count('processes'), count('counters'), count('locks')]).toEqual([12, 11, 4]);
});

test('w3 where frames are few each part has its turn', () => {
  const { told, tellings } = three();
  for (let now = 0; now < 3000; now += 100) {
    tellings.note();
    tellings.next(now);
  }
  const count = (name: string) => told.filter((one) => one === name).length;
  expect([count('processes'), count('counters'), count('locks')]).toEqual([10, 10, 10]);
});

test('what was told last is the last of what differs: then nothing is pending', () => {
  const { told, tellings } = three();
  expect(tellings.pending).toBe(false);
  tellings.note();
  for (let now = 0; tellings.pending; now += 16) tellings.next(now);
  expect(told).toEqual(['processes', 'counters', 'locks']);
  tellings.next(1e6);
  expect(told).toHaveLength(3);
  tellings.note();
  tellings.forget();
  expect(tellings.pending).toBe(false);
});

test('r4 at a place that was gone to, what is short is told at once, and what is long soon after', () => {
  const { told, tellings } = three();
  tellings.note();
  tellings.next(0);
  tellings.now(1);
  expect(told).toEqual(['processes', 'processes', 'counters']);
  expect(tellings.pending).toBe(true);
  tellings.next(17);
  expect(told.at(-1)).toBe('locks');
  expect(tellings.pending).toBe(false);
});
