// @vitest-environment happy-dom

import { expect, test } from 'vitest';
import { show, words } from '../../testing/render.ts';
import { text } from '../text/text.ts';
import { Gauges } from './Gauges.tsx';

for (const [of, names] of [
  [
    'pages',
    ['accessed', 'dirty', 'shared', 'lock held', 'selected', 'writable', 'read-only', 'faults'],
  ],
  [
    'frames',
    [
      'accessed',
      'dirty',
      'shared',
      'lock held',
      'named by the page',
      'of this process',
      'just changed',
    ],
  ],
] as const) {
  test(`w3 the legend of ${of} has a row that tells every mark over its cells`, async () => {
    const shown = await show(
      <Gauges of={of} label="" names={[]} meanings={[]} counts={[]} states={[]} />,
    );
    const marks = shown.querySelector('.marks-legend');
    expect(marks?.getAttribute('aria-label')).toBe(text.marks.title);
    const items = [...(marks?.querySelectorAll('li') ?? [])];
    expect(items.map((item) => words(item))).toEqual(names);
    for (const item of items) {
      expect(item.title).toMatch(/^\S+.*\w$/);
      expect(item.querySelector('svg')?.childElementCount).toBeGreaterThan(0);
    }
  });
}
