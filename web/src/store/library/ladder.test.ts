import { expect, test } from 'vitest';
import { ladder, scenarioOf } from './ladder.ts';

/** The places where two documents differ. */
function differences(left: unknown, right: unknown, path = ''): string[] {
  const isTree = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null;
  if (isTree(left) && isTree(right) && `${Object.keys(left)}` === `${Object.keys(right)}`) {
    return Object.keys(left).flatMap((key) => differences(left[key], right[key], `${path}/${key}`));
  }
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [path];
}

test.each(ladder)('s1 the two sides of $name differ in their title and one switch', (rung) => {
  const [left, right] = rung.sides.map((side) => scenarioOf(rung, side));
  expect(differences(left, right)).toEqual(['/title', rung.switch]);
});
