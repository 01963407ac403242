import fc from 'fast-check';
import { expect, test } from 'vitest';
import { along, ease, FLOWS, FlowMeter, streamWidth } from './flow.ts';

test('a comet leaves from one cell and arrives at the other', () => {
  const [from, to] = [
    { x: 10, y: 20 },
    { x: 300, y: -40 },
  ];
  expect(along(from, to, 0)).toEqual(from);
  expect(along(from, to, 1)).toEqual(to);
});

test('there and back are two wires', () => {
  const [a, b] = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ];
  expect(along(a, b, 0.5).y).toBeGreaterThan(0);
  expect(along(b, a, 0.5).y).toBeLessThan(0);
});

test('the way is held between its ends', () => {
  expect(ease(-1)).toBe(0);
  expect(ease(0.5)).toBe(0.5);
  expect(ease(2)).toBe(1);
});

test('w3 of what flows nothing is lost: all that was told within the time that is shown', () => {
  const counts = fc.record({
    demand_zero: fc.nat(1e6),
    copies: fc.nat(1e6),
    swap_writes: fc.nat(1e6),
    swap_reads: fc.nat(1e6),
  });
  const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), counts), { maxLength: 20 });
  fc.assert(
    fc.property(samples, (told) => {
      const meter = new FlowMeter();
      let now = 0;
      const all = told.map(([later, growth]) => {
        now += later;
        meter.add(now, growth);
        return { at: now, growth };
      });
      const recent = all.filter(({ at }) => at > now - 600);
      for (const name of FLOWS) {
        const sum = recent.reduce((total, { growth }) => total + growth[name], 0);
        expect(meter.within(now)[name]).toBe(sum);
      }
      expect(meter.isFlowing(now + 600)).toBe(false);
    }),
  );
});

test('w3 more that flows is wider, and a million fits', () => {
  expect(streamWidth(0)).toBe(0);
  expect(streamWidth(10)).toBeGreaterThan(streamWidth(1));
  expect(streamWidth(1e6)).toBeLessThan(40);
});
