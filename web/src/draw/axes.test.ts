import { expect, test } from 'vitest';
import { roundValues, shareOf, valueAt } from './axes.ts';
import { apart, paintLineChart } from './line-chart.ts';
import { VectorSurface } from './vector.ts';

test('s6 an axis has a few round numbers, by even steps or by factors', () => {
  expect(roundValues({ least: 0, most: 143_891 }, 4)).toEqual([0, 50_000, 100_000]);
  expect(roundValues({ least: 0, most: 420_117 }, 3)).toEqual([0, 200_000, 400_000]);
  expect(roundValues({ least: 0.13, most: 0.31 }, 5)).toEqual([0.15, 0.2, 0.25, 0.3]);
  expect(roundValues({ least: 5, most: 640, isLogarithmic: true }, 8)).toEqual([
    5, 10, 20, 50, 100, 200, 500,
  ]);
  expect(roundValues({ least: 1, most: 1e6, isLogarithmic: true }, 8)).toHaveLength(7);
  for (const axis of [
    { least: 3, most: 900 },
    { least: 3, most: 900, isLogarithmic: true },
  ]) {
    for (const value of [3, 100, 900])
      expect(valueAt(axis, shareOf(axis, value))).toBeCloseTo(value);
  }
});

test('s6 names of lines stand apart, in their order, and within the chart', () => {
  const panel = { left: 0, top: 0, right: 10, bottom: 100 };
  for (const wanted of [[50, 50, 51], [99, 99.5, 100], [100, 1, 0], [7]]) {
    const places = apart(wanted, panel);
    const sorted = [...places].sort((one, other) => one - other);
    for (const [index, place] of sorted.entries()) {
      expect(place).toBeLessThanOrEqual(100);
      if (index > 0) expect(place - (sorted[index - 1] ?? 0)).toBeGreaterThan(12.9);
    }
  }
});

test('s6 the name of an axis stands past the last of its numbers', () => {
  const words = (value: number) => `${value / 1000} k`;
  const surface = new VectorSurface();
  const chart = {
    lines: [],
    x: { least: 0, most: 400_000 },
    y: { least: 0, most: 10 },
    xName: 'references',
    xWords: words,
    yWords: String,
  };
  paintLineChart(surface, 640, 220, chart, 'light');
  const leftOf = (word: string) =>
    Number(new RegExp(`<text x="([\\d.]+)"[^>]*>${word}</text>`).exec(surface.svg)?.[1]);
  const last = words(400_000);
  // It stands about the end of the axis; a character of its type is six pixels wide.
  expect(leftOf('references')).toBeGreaterThanOrEqual(leftOf(last) + last.length * 3);
});
