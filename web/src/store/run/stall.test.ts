// @vitest-environment happy-dom

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SyntheticMachine } from '../../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../../testing/synthetic-page.ts';
import { setSpeed } from '../page/settings.ts';
import { status } from './open-machine.ts';
import { playhead, playing } from './playhead.ts';
import { stalled, watchForStalls } from './stall.ts';

vi.mock('../../engine/sharing.ts', () => ({ canShare: true, hindrance: undefined }));

beforeEach(() => {
  vi.useFakeTimers();
  closePage();
  openPageWith(new SyntheticMachine());
  status.value = { kind: 'busy' };
  watchForStalls();
});

afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
  playing.value = false;
  closePage();
});

test('r4 a machine that counts nothing for a while stands still', () => {
  vi.advanceTimersByTime(20_000);
  expect(stalled.value).toBe(true);
});

test('r4 a run that is played slowly does not stand still while it goes from event to event', () => {
  setSpeed(1);
  playing.value = true;
  for (let event = 1; event <= 20; event++) {
    playhead.value = { ...playhead.value, events: event };
    vi.advanceTimersByTime(1000);
    expect(stalled.value).toBe(false);
  }
  vi.advanceTimersByTime(20_000);
  expect(stalled.value).toBe(true);
});

test('p19 a run that is played at once and only turns in a circle stands still', () => {
  setSpeed(0);
  playing.value = true;
  for (let event = 1; event <= 20; event++) {
    playhead.value = { ...playhead.value, events: event };
    vi.advanceTimersByTime(1000);
  }
  expect(stalled.value).toBe(true);
});
