// Tests how `npm run` calls a subcommand of the development crate, which tests the subcommands itself.

import { expect, test } from 'vitest';
import { attempt, run } from './lib/command.mjs';

/** @param {string[]} parameters */
const call = (...parameters) => ['scripts/development.mjs', ...parameters, '--profile', 'dev'];

test('s1 the sides of a switch are measured, and standard output has nothing but the table', async () => {
  const short = call('tradeoffs', '--accesses', '500', '--rounds', '1', '--only', 'slot-finder');
  const { stdout } = await run('node', short, { output: 'hide' });
  const rows = stdout.trim().split('\n');
  expect(rows.map((row) => row.split(' | ').length)).toEqual([7, 7, 7, 7]);
  expect(rows[2]).toMatch(/^\| slot-finder \| scan → bitmap \| threads \| /);
  expect(rows[3]).toMatch(/^\| slot-finder \| scan → bitmap \| virtual \| /);
});

test('a wrong call ends with status 2 and says what there is', async () => {
  const { status, output } = await attempt('node', call('tradeoffs', '--only', 'luck'), {
    output: 'hide',
  });
  expect(status).toBe(2);
  expect(output).toContain('--only luck: there are pipeline, slot-finder');
});
