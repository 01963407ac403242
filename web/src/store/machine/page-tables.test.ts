// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { SyntheticMachine } from '../../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../../testing/synthetic-page.ts';
import { following, lookAt } from '../page/selection.ts';
import { observed } from './observation.ts';
import { isBeside, MOST_TABLES, selectIn, tablesShown, toggleBeside } from './page-tables.ts';

const NAMES = ['init', 'child', 'grandchild', 'second', 'third', 'stranger'];
/** The parent of each, by its place among them. */
const PARENTS = [undefined, 0, 1, 0, 0, undefined];

beforeEach(() => {
  closePage();
  const machine = new SyntheticMachine({ processes: NAMES.length });
  for (const [index, parent] of PARENTS.entries()) {
    const family = index === 5 ? 1 : 0;
    machine.process(index, {
      ...{ state: 1, family, directory: 1, pages: 8 },
      ...(parent !== undefined && { parent }),
    });
  }
  openPageWith(machine, ...NAMES);
});

const shown = () => tablesShown.value.map(({ name }) => name);

test('w3 beside the selected table stand those of its nearest relatives, four tables in all', () => {
  lookAt({ process: 'grandchild' });
  expect(shown()).toEqual(['init', 'child', 'grandchild', 'second']);
  lookAt({ process: 'init' });
  expect(shown()).toEqual(['init', 'child', 'second', 'third']);
  expect(shown()).toHaveLength(MOST_TABLES);
});

test('w3 a process that shares with nobody stands alone', () => {
  lookAt({ process: 'stranger' });
  expect(shown()).toEqual(['stranger']);
});

test('w3 what the visitor puts beside or takes away comes before relatives', () => {
  lookAt({ process: 'child' });
  toggleBeside('init');
  expect([isBeside('init'), shown()]).toEqual([false, ['child', 'grandchild', 'second', 'third']]);
  toggleBeside('stranger');
  expect(shown()).toEqual(['child', 'grandchild', 'second', 'stranger']);
  toggleBeside('stranger');
  expect(isBeside('stranger')).toBe(false);
});

test('w3 a page is selected in any table, and the tables stay where they are', () => {
  lookAt({ process: 'grandchild' });
  const before = shown();
  const second = observed.processes.value.find(({ name }) => name === 'second');
  if (second === undefined) throw new Error('there is no such process');
  selectIn(second, 3);
  expect(observed.selected.value?.name).toBe('second');
  expect(shown()).toEqual(before);
  expect(following.value).toBe(false);
});
