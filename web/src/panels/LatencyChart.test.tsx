// @vitest-environment happy-dom

import type uPlot from 'uplot';
import { expect, test, vi } from 'vitest';
import { show } from '../../testing/render.ts';
import { text } from '../text/text.ts';
import { LatencyChart } from './LatencyChart.tsx';

const made = vi.hoisted(() => [] as uPlot.Options[]);

// The document of this test has no canvas to draw upon: what is asked for is enough.
vi.mock('uplot', () => ({
  default: class {
    readonly ctx = { canvas: document.createElement('canvas') };
    constructor(options: uPlot.Options) {
      made.push(options);
    }
    destroy() {}
    setData() {}
  },
}));

test('w4 the last duration below the curves has room for its second half', async () => {
  const names = ['demand-zero'];
  const distribution = { durations: [1, 10], shares: [[50, 50]] };
  await show(
    <LatencyChart {...{ distribution, names, states: [0], theme: 'light', label: '', unit: '' }} />,
  );
  const [, right] = made[0]?.padding ?? [];
  const longest = Math.max(
    ...Array.from({ length: 10 }, (_, power) => text.duration(10 ** power).length),
  );
  // A character is six pixels wide.
  expect(right).toBeGreaterThanOrEqual((longest * 6) / 2);
});
