import { expect, test } from 'vitest';
import { LatestTask } from './latest-task.ts';

test('the next task aborts the one before, and the end aborts the last', () => {
  const task = new LatestTask();
  const first = task.begin();
  expect(first.aborted).toBe(false);
  const second = task.begin();
  expect([first.aborted, second.aborted]).toEqual([true, false]);
  task.end();
  expect(second.aborted).toBe(true);
  expect(task.begin().aborted).toBe(false);
});
