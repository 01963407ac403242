// The command itself, as short as it can be: what it measures then means nothing, but every part has run.

import { expect, test } from 'vitest';
import { attempt, run } from './lib/command.mjs';
import { readLadder } from './lib/ladder.mjs';

const short = ['scripts/tradeoffs.mjs', '--accesses', '500', '--rounds', '2', '--profile', 'dev'];

test('s1 every switch of the ladder is measured on both sides, on threads and virtual CPUs', async () => {
  const { stdout } = await run('node', short, { output: 'hide' });
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.slice(2, -2).split(' | '));
  expect(rows.map((cells) => cells.length)).toEqual(rows.map(() => 7));
  const [, , ...measured] = rows;
  expect(measured.map(([name, , runtime]) => `${name} ${runtime}`)).toEqual(
    readLadder().flatMap(({ name }) => [`${name} threads`, `${name} virtual`]),
  );
  for (const [, , , speed, ratio] of measured) {
    expect(speed).toMatch(/^[\d.]+( [kM])? → [\d.]+( [kM])?$/);
    expect(ratio).toMatch(/^\d+\.\d\d \(\d+\.\d\d to \d+\.\d\d\)$/);
  }
});

test('the same as JSON, of one switch', async () => {
  const { stdout } = await run('node', [...short, '--only', 'slot-finder', '--json'], {
    output: 'hide',
  });
  const { accesses, rounds, rows } = JSON.parse(stdout);
  expect([accesses, rounds]).toEqual([500, 2]);
  expect(rows).toMatchObject(
    ['threads', 'virtual'].map((runtime) => ({
      ...{ name: 'slot-finder', switch: '/machine/slot_finder', sides: ['scan', 'bitmap'] },
      runtime,
    })),
  );
});

test('a wrong call says what there is', async () => {
  const { status, output } = await attempt('node', [...short, '--only', 'luck'], {
    output: 'hide',
  });
  expect(status).toBe(1);
  expect(output).toContain('--only luck: there are pipeline, slot-finder');
});
