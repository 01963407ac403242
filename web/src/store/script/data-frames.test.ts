import { expect, test } from 'vitest';
import type { Scenario } from '../../generated/types.d.ts';
import { dataFramesOf, withDataFrames } from './data-frames.ts';

const scenario: Scenario = {
  faultline: 1,
  machine: { frames: 64, slots: 100 },
  script: [
    { op: 'spawn', as: 'a', pages: 512 },
    { op: 'spawn', as: 'b', pages: 513 },
  ],
};

test('p17 frames for data are all but the zero page, directories and tables', () => {
  expect(dataFramesOf(scenario, 64)).toBe(64 - 1 - 2 - 3);
  const changed = withDataFrames(scenario, 10);
  expect(changed.machine).toEqual({ slots: 100, data_frames: 10 });
  expect(dataFramesOf(changed, 64)).toBe(10);
});
