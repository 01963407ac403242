import { expect, test } from 'vitest';
import { switchesBugsOn } from './module.ts';

test('b only a scenario that switches bugs on needs the teaching build', () => {
  const withMachine = (machine: unknown) => JSON.stringify({ faultline: 1, machine });
  expect(switchesBugsOn(withMachine({ bugs: ['not-zeroed'] }))).toBe(true);
  const others = [{ bugs: [] }, { bugs: 'not-zeroed' }, {}, null, 3].map(withMachine);
  for (const text of [...others, '{"faultline": 1}', 'null', '{', '']) {
    expect(switchesBugsOn(text), text).toBe(false);
  }
});
