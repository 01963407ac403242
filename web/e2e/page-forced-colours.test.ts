// For those who have the browser paint every page in a few colours of their own.

import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import { openScenario, withScript } from './page-kit.ts';

const site = useSite({ browser: { forcedColors: 'active' } });

test('w1 in forced colours it is seen what is selected, where pages are, who runs and which bits are one', async () => {
  const page = await openScenario(
    site,
    withScript(
      { op: 'spawn', as: 'init', pages: 64 },
      { op: 'write', process: 'init', page: 3, value: 7 },
      { op: 'fork', process: 'init', as: 'child' },
    ),
  );
  await page.locator('.word-part.one').first().waitFor();
  /** The values of a property of the elements that match. */
  const values = (selector: string, property: string) =>
    page
      .locator(selector)
      .evaluateAll(
        (found, name) => [
          ...new Set(found.map((each) => getComputedStyle(each).getPropertyValue(name))),
        ],
        property,
      );
  const different = async (one: string, other: string, property: string) => {
    const [first, second] = [await values(one, property), await values(other, property)];
    expect(first.length, one).toBe(1);
    expect(second.length, other).toBeGreaterThan(0);
    expect(second, `${one} and ${other}`).not.toContain(first[0]);
  };
  await different('.process.selected', '.process:not(.selected)', 'border-top-color');
  await different('.word-part.one', '.word-part:not(.one)', 'background-color');
  await different('.panel-swap .meter', '.panel-swap .meter span', 'background-color');
  await different('.tab[aria-expanded="true"]', '.tab[aria-expanded="false"]', 'border-top-color');
  // As many as there are states.
  expect((await values('.panel-physical .stack span', 'background-color')).length).toBeGreaterThan(
    4,
  );
});
