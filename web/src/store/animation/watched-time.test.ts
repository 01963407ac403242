import { expect, test } from 'vitest';
import { WatchedTime } from './watched-time.ts';

test('w3 a journey of half a second is seen in five frames at least, however far apart they are', () => {
  const time = new WatchedTime();
  time.pass(50_000);
  const arrival = time.now + 520;
  let seen = 0;
  for (let moment = 53_000; time.now < arrival; moment += 3000) {
    time.pass(moment);
    seen++;
  }
  expect(seen).toBeGreaterThanOrEqual(5);
});

test('w3 between frames that follow each other time is that of the clock, and never goes back', () => {
  const time = new WatchedTime();
  time.pass(1000);
  const begin = time.now;
  for (let moment = 1016; moment <= 2000; moment += 8) time.pass(moment);
  expect(time.now - begin).toBe(1000);
  time.pass(1500);
  expect(time.now - begin).toBe(1000);
});
