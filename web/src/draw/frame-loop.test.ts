import { expect, test } from 'vitest';
import { FrameLoop } from './frame-loop.ts';

function manualClock() {
  let now = 0;
  let pending: ((now: number) => void) | undefined;
  return {
    request(callback: (now: number) => void) {
      pending = callback;
      return 1;
    },
    cancel() {
      pending = undefined;
    },
    /** Runs up to `frames` frames 16 ms apart; how many there were. */
    run(frames: number): number {
      for (let done = 0; done < frames; done++) {
        const callback = pending;
        if (callback === undefined) return done;
        pending = undefined;
        now += 16;
        callback(now);
      }
      return frames;
    },
  };
}

test('a still machine draws one frame and no more', () => {
  const clock = manualClock();
  const loop = new FrameLoop(clock);
  loop.paint(() => false);
  expect(clock.run(100)).toBe(1);
  loop.request();
  loop.request();
  expect(clock.run(100)).toBe(1);
  expect(loop.drawn).toBe(2);
});

test('the machine is read before anything is drawn', () => {
  const clock = manualClock();
  const loop = new FrameLoop(clock);
  const order: string[] = [];
  loop.paint(() => {
    order.push('paint');
    return false;
  });
  loop.sample(() => {
    order.push('sample');
    return false;
  });
  clock.run(1);
  expect(order).toEqual(['sample', 'paint']);
});

test('a moving machine is followed, and left alone a moment after it stops', () => {
  const clock = manualClock();
  const loop = new FrameLoop(clock);
  let moves = 10;
  loop.sample(() => moves-- > 0);
  loop.request();
  const frames = clock.run(1000);
  expect(frames).toBeGreaterThan(20);
  expect(frames).toBeLessThan(50);
});

test('while awake a frame follows each frame', () => {
  const clock = manualClock();
  const loop = new FrameLoop(clock);
  loop.awake = true;
  expect(clock.run(200)).toBe(200);
  loop.awake = false;
  expect(clock.run(200)).toBeLessThan(3);
});

test('a fading mark keeps the loop until it is gone', () => {
  const clock = manualClock();
  const loop = new FrameLoop(clock);
  let left = 5;
  loop.paint(() => --left > 0);
  expect(clock.run(100)).toBe(5);
});

test('a loop that is held draws nothing, and what was asked for once it is let go', async () => {
  const clock = manualClock();
  const loop = new FrameLoop(clock);
  loop.held = true;
  loop.request();
  clock.run(5);
  expect(loop.drawn).toBe(0);
  loop.held = false;
  const drawn = loop.whenDrawn();
  expect(clock.run(5)).toBe(1);
  expect(loop.drawn).toBe(1);
  await drawn;
  // Nothing was missed: nothing is made up for.
  loop.held = true;
  loop.held = false;
  expect(clock.run(5)).toBe(0);
});
