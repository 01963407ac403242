import { expect, test } from 'vitest';
import type { Journey, Stand } from '../../engine/client.ts';
import { cursor, known, playhead, records } from './playhead.ts';

const at = (line: number, events: number, under_way = false): Stand => ({
  line,
  events,
  under_way,
  before: events - 1,
  time_ns: events * 10,
});

function journey(first: number, ends: readonly number[], stand: Stand): Journey {
  const ended = ends.map((events, index) => ({
    outcome: { ok: true },
    stand: at(first + index + 1, events),
    grew: { faults: events },
  }));
  return {
    stand,
    ended,
    first,
    processes: [],
    reached: true,
    jumped: false,
    stoppedBy: [],
    kept: { checkpoints: 1, bytes: 0 },
  };
}

test('r4 what a line did stays known when the playhead goes back before it', () => {
  known.clear();
  known.landed(journey(0, [5, 9, 20], at(3, 20)));
  known.landed(journey(1, [], at(1, 7, true)));
  expect(playhead.value).toEqual(at(1, 7, true));
  expect(cursor.value).toBe(1);
  expect(records.value.map(({ grew }) => grew)).toEqual([{ faults: 5 }]);
  expect(known.lines()).toHaveLength(3);
  expect(known.end()).toEqual(at(3, 20));
});

test('r4 a run is known as far as it went into a line', () => {
  known.clear();
  known.landed(journey(0, [5], at(1, 8, true)));
  expect(known.end()).toEqual(at(1, 8, true));
});

test('r4 from a line that is changed the run is unknown, and before it known', () => {
  known.clear();
  known.landed(journey(0, [5, 9], at(2, 14, true)));
  known.truncate(3);
  expect(known.end()).toEqual(at(2, 14, true));
  known.truncate(2);
  expect(known.end()).toEqual(at(2, 9));
  known.truncate(1);
  expect(known.lines()).toHaveLength(1);
  expect(known.end()).toEqual(at(1, 5));
  known.truncate(0);
  expect(known.end()).toMatchObject({ line: 0, events: 0 });
});
