import { expect, test } from 'vitest';
import { paintMeters, RateMeter, SHOWN_MS } from './meter.ts';
import { VectorSurface } from './vector.ts';

test('w4 a rate is what was counted between two looks', () => {
  const meter = new RateMeter();
  for (let at = 0; at <= 400; at += 100) meter.add(at, [at * 5, 7]);
  expect(meter.rates(0).map(({ rate }) => rate)).toEqual([5000, 5000, 5000, 5000]);
  expect(meter.now(1)).toBe(0);
  // Looks that come close together are taken as one.
  meter.add(410, [1e6, 7]);
  expect(meter.now(0)).toBe(5000);
});

test('w4 of a time in which nobody looked no rate is told, and what is old is forgotten', () => {
  const meter = new RateMeter();
  meter.add(0, [0]);
  meter.add(2000, [9000]);
  meter.add(2100, [9100]);
  expect(meter.rates(0).map(({ rate }) => rate)).toEqual([null, 1000]);
  meter.add(2100 + SHOWN_MS, [9100]);
  expect(meter.rates(0)).toEqual([]);
});

test('w4 a machine that counts anew has no rate below nothing', () => {
  const meter = new RateMeter();
  meter.add(0, [5000]);
  meter.add(100, [10]);
  meter.add(200, [20]);
  expect(meter.rates(0).map(({ rate }) => rate)).toEqual([100]);
});

test('w4 each rate has its lane', () => {
  const meter = new RateMeter();
  for (let at = 0; at <= 300; at += 100) meter.add(at, [at, 2 * at]);
  const surface = new VectorSurface();
  const shape = { width: 100, height: 40, ratio: 1, theme: 'dark' as const, lanes: 2, now: 300 };
  paintMeters(surface, shape, meter);
  // A floor for each lane, and two rectangles for each of two rates that have a beginning.
  expect(surface.svg.match(/<rect/g)).toHaveLength(2 + 2 * 2 * 2);
});
