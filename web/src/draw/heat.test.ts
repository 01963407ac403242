import { expect, test } from 'vitest';
import { fitGrid } from './grid.ts';
import { heatOf, paintHeat } from './heat.ts';
import { VectorSurface } from './vector.ts';

test('w4 ten times the cost is one step hotter, and none is cold', () => {
  expect([heatOf(0, 100), heatOf(5, 0), heatOf(100, 100)]).toEqual([0, 0, 1]);
  const step = heatOf(1e4, 1e6) - heatOf(1e3, 1e6);
  expect(heatOf(1e5, 1e6) - heatOf(1e4, 1e6)).toBeCloseTo(step, 3);
});

test('w4 a region is drawn in grey, and only those that cost something are lit', () => {
  const shape = fitGrid({ count: 9, width: 90, height: 90, gutter: 0, smallest: 3, largest: 24 });
  const surface = new VectorSurface();
  const view = { ratio: 1, theme: 'dark' as const, top: 0, height: 90, hovered: -1 };
  paintHeat(surface, shape, new Map([[4, 900]]), view);
  expect(surface.svg.match(/<rect/g)).toHaveLength(10);
  for (const [, red, green, blue] of surface.svg.matchAll(/#(..)(..)(..)/g)) {
    const channels = [red, green, blue].map((channel) => Number.parseInt(channel ?? '', 16));
    expect(Math.max(...channels) - Math.min(...channels)).toBeLessThan(20);
  }
});
