import { expect, test } from 'vitest';
import lengths from '../../generated/run-lengths.json' with { type: 'json' };
import { groups, scenarioNamed } from '../library/catalogue.ts';
import { expectedEnds } from './expected-length.ts';

test('a11 the length of every line of a shipped scenario is known, under any title and with any words', () => {
  for (const { group, members } of groups) {
    // Only a teaching build runs bugs.
    if (group === 'bugs') continue;
    for (const { path, scenario } of members) {
      const known = (lengths as Record<string, number[]>)[path];
      expect(known, path).toHaveLength(scenario.script?.length ?? 0);
      expect(
        [...(known ?? [])].sort((a, b) => a - b),
        path,
      ).toEqual(known);
      const copy = structuredClone({ ...scenario, title: 'Another', about: 'Other words.' });
      expect(expectedEnds(copy), path).toEqual(known);
    }
  }
});

test('a11 what is known of a scenario that was changed ends where it was changed', () => {
  const shipped = scenarioNamed('who-copies');
  const script = shipped.script ?? [];
  const longer = { ...shipped, script: [...script, { op: 'audit' } as const] };
  expect(expectedEnds(longer)).toHaveLength(script.length);
  const other = { ...shipped, script: script.with(4, { op: 'audit' }) };
  expect(expectedEnds(other)).toHaveLength(4);
  expect(expectedEnds({ ...shipped, machine: { ...shipped.machine, frames: 40 } })).toEqual([]);
  expect(expectedEnds({ ...shipped, runtime: { kind: 'threads' } })).toEqual([]);
});
