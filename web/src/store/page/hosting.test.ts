import { expect, test } from 'vitest';
import { newerIn } from './hosting.ts';

const worker = (state: ServiceWorkerState) => ({ state }) as ServiceWorker;

test('w6 a build is newer only beside the one that serves the page', () => {
  const waiting = worker('installed');
  // A first visit, as WebKit tells of it.
  expect(newerIn({ waiting, active: null })).toBeUndefined();
  expect(newerIn({ waiting: null, active: worker('activated') })).toBeUndefined();
  expect(newerIn({ waiting, active: worker('activated') })).toBe(waiting);
});
