import { expect, test } from 'vitest';
import { buildToRun, buildToRunVirtually } from './module.ts';

const withMachine = (machine: unknown, runtime?: unknown) =>
  JSON.stringify({ faultline: 1, machine, runtime });

test('b only a scenario that switches bugs on needs the teaching build', () => {
  const bugs = withMachine({ bugs: ['not-zeroed'] }, { kind: 'threads' });
  expect([buildToRun(bugs), buildToRunVirtually(bugs)]).toEqual(['teaching', 'teaching']);
  const others = [{ bugs: [] }, { bugs: 'not-zeroed' }, {}, null, 3].map((each) =>
    withMachine(each),
  );
  for (const text of [...others, '{"faultline": 1}', 'null', '{', '']) {
    expect([buildToRun(text), buildToRunVirtually(text)], text).toEqual(['virtual', 'virtual']);
  }
});

test('r1 threads need the build that has them, which cannot run such a scenario virtually', () => {
  const text = withMachine({}, { kind: 'threads' });
  expect([buildToRun(text), buildToRunVirtually(text)]).toEqual(['threads', 'virtual']);
  for (const runtime of [{ kind: 'virtual' }, { kind: 3 }, null, 'threads']) {
    expect(buildToRun(withMachine({}, runtime))).toBe('virtual');
  }
});
