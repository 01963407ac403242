// The bookkeeping of checkpoints, over the smallest run there is: a number that counts its own events. The engine's
// own runs are travelled in web/e2e/time-travel.test.ts.

import { expect, test } from 'vitest';
import type { Witness } from './executed-lines.ts';
import { type Imaging, type Machine, TimeTravel } from './time-travel.ts';

const LINE = 50_000;

/** A run whose every event is a place; each line has so many. */
function counting(clock: { ms: number }, boot = 0) {
  let events = boot;
  let end = boot;
  const machine: Machine = {
    begin: () => {
      end = events + LINE;
    },
    advance: (reach) => {
      const until = Math.min(end, reach.events ?? Number.POSITIVE_INFINITY);
      clock.ms += (until - events) / 100;
      events = until;
      return events === end ? { at: '', ok: true, failures: [] } : undefined;
    },
    place: () => ({
      events,
      before: Math.max(0, events - 1),
      time_ns: events,
      under_way: events < end,
    }),
    processes: () => [],
    lookFor: () => undefined,
    found: () => undefined,
  };
  const images: Imaging = {
    capture: () => Int32Array.of(events, end, 0, 0),
    restore: ([then = 0, thenEnd = 0]) => {
      events = then;
      end = thenEnd;
    },
  };
  const witness: Witness = {
    counters: () => Float64Array.of(events),
    effectOf: (_, [before = 0]) => ({ grew: { events: events - before } }),
    forget: () => undefined,
  };
  return { machine, images, witness };
}

const lines = ['a', 'b', 'c', 'd'];
const breathe = () => Promise.resolve();

test('r4 checkpoints keep to their budget, and every place is still reached', async () => {
  const clock = { ms: 0 };
  const { machine, images, witness } = counting(clock);
  const budget = 16 * 6;
  const timeline = new TimeTravel(machine, images, witness, { now: () => clock.ms, budget });
  timeline.follow(lines);
  const whole = await timeline.go({ line: 4 }, breathe);
  expect(whole.stand.events).toBe(4 * LINE);
  expect(whole.kept.checkpoints).toBe(6);
  expect(whole.kept.bytes).toBeLessThanOrEqual(budget);
  for (const events of [150_001, 3, 0, 199_999, 77_777]) {
    const { stand, reached, kept } = await timeline.go({ events }, breathe);
    expect({ events: stand.events, reached }).toEqual({ events, reached: true });
    expect(stand.line).toBe(Math.floor(events / LINE));
    expect(kept.bytes).toBeLessThanOrEqual(budget);
  }
});

test('r4 a journey ends where it is told to stop', async () => {
  const clock = { ms: 0 };
  const { machine, images, witness } = counting(clock);
  const timeline = new TimeTravel(machine, images, witness, { now: () => clock.ms });
  timeline.follow(lines);
  const { stand, reached } = await timeline.go({ line: 4 }, async () => timeline.stop());
  expect(reached).toBe(false);
  expect(stand.events).toBeGreaterThan(0);
  expect(stand.events).toBeLessThan(4 * LINE);
  expect((await timeline.go({ line: 4 }, breathe)).stand.events).toBe(4 * LINE);
});

test('r4 a journey shows where it is on its way on, and never on its way back', async () => {
  const clock = { ms: 0 };
  const { machine, images, witness } = counting(clock);
  const timeline = new TimeTravel(machine, images, witness, { now: () => clock.ms });
  timeline.follow(lines);
  const stands: number[] = [];
  for (let journey = await timeline.go({ line: 4 }, breathe, { within: 300 }); ; ) {
    stands.push(journey.stand.events);
    if (journey.reached) break;
    journey = await timeline.go({ line: 4 }, breathe, { within: 300 });
  }
  expect(stands.length).toBeGreaterThan(5);
  expect(stands).toEqual([...stands].sort((a, b) => a - b));
  expect(stands.at(-1)).toBe(4 * LINE);
  const back = await timeline.go({ events: 170_000 }, breathe, { within: 1 });
  expect(back).toMatchObject({ reached: true, jumped: true, stand: { events: 170_000 } });
});

test('r4 what each line did is told wherever the journey began', async () => {
  const clock = { ms: 0 };
  const { machine, images, witness } = counting(clock);
  const timeline = new TimeTravel(machine, images, witness, { now: () => clock.ms });
  timeline.follow(lines);
  const whole = await timeline.go({ line: 4 }, breathe);
  expect(whole.ended.map(({ grew }) => grew.events)).toEqual([LINE, LINE, LINE, LINE]);
  for (const events of [1.5 * LINE, 2.9 * LINE, 3]) {
    await timeline.go({ events }, breathe);
    const { first, ended } = await timeline.go({ line: 4 }, breathe);
    expect(first + ended.length).toBe(4);
    expect(new Set(ended.map(({ grew }) => grew.events))).toEqual(new Set([LINE]));
  }
});

test('r4 what is done aside changes nothing of the run', async () => {
  const clock = { ms: 0 };
  const { machine, images, witness } = counting(clock);
  const timeline = new TimeTravel(machine, images, witness, { now: () => clock.ms });
  timeline.follow(lines);
  await timeline.go({ events: 70_000 }, breathe);
  const before = timeline.stand;
  const said = await timeline.aside(() => {
    machine.advance({ events: 90_000 });
    return machine.place().events;
  }, breathe);
  expect(said).toBe(90_000);
  expect(timeline.stand).toEqual(before);
});

test('r4 the search for what never happened ends at boot, where events may have happened too', async () => {
  const clock = { ms: 0 };
  const { machine, images, witness } = counting(clock, 5);
  const timeline = new TimeTravel(machine, images, witness, { now: () => clock.ms });
  timeline.follow(lines);
  await timeline.go({ line: 1 }, breathe);
  const { stand, reached } = await timeline.go({ previous: { kinds: ['pte'] } }, breathe);
  expect(reached).toBe(false);
  expect(stand).toMatchObject({ events: 5, line: 0 });
});
