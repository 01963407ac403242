import { expect, test } from 'vitest';
import type { ListedOp, Op, Scenario } from '../../generated/types.d.ts';
import {
  commonLines,
  EMPTY,
  firstDifference,
  freshChildName,
  freshName,
  namesOf,
  prettyTextOf,
  scriptOf,
  touchedBy,
  tracesIn,
  trailOf,
  withLine,
  withLineMoved,
  withoutLine,
} from './document.ts';

const scenario: Scenario = {
  ...EMPTY,
  title: 'A "quoted", titled: one',
  script: [
    { op: 'spawn', as: 'init', pages: 8 },
    { op: 'together', scripts: [[{ op: 'fork', process: 'init', as: 'child' }], []] },
    { op: 'write', process: 'init', page: 1, value: 2 },
  ],
};

test('lines go in anywhere and leave the document as it was', () => {
  const longer = withLine(scenario, 1, { op: 'settle' });
  expect(scriptOf(longer).map(({ op }) => op)).toEqual(['spawn', 'settle', 'together', 'write']);
  expect(withoutLine(longer, 1)).toEqual(scenario);
  expect(scriptOf(scenario)).toHaveLength(3);
});

test('a name is never used twice, wherever the script gives it', () => {
  expect(namesOf(scenario)).toEqual(['init', 'child']);
  expect(freshName(scenario, 'shell')).toBe('shell');
  expect(freshName(scenario, 'child')).toBe('child-2');
  const more = withLine(scenario, 0, { op: 'spawn', as: 'child-2', pages: 1 });
  expect(freshName(more, 'child')).toBe('child-3');
  expect(freshName(more, 'child-2')).toBe('child-3');
});

test('a8 a child is named after its parent, so that siblings and children differ', () => {
  expect(freshChildName(scenario, 'init')).toBe('child-2');
  expect(freshChildName(scenario, 'init-2')).toBe('init-2.1');
  const more = withLine(scenario, 0, { op: 'spawn', as: 'init-2.1', pages: 1 });
  expect(freshChildName(more, 'init-2')).toBe('init-2.2');
  expect(freshChildName(more, 'init-2.1')).toBe('init-2.1.1');
  expect(freshChildName(more, 'x'.repeat(25))).toBe('child-2');
});

test('a repeat gives a name for each turn', () => {
  const repeat: Op = {
    op: 'repeat',
    times: 3,
    script: [{ op: 'spawn', as: 'p-#.', pages: 1 }, { op: 'check' }],
  };
  const repeated = withLine(scenario, 1, repeat);
  expect(namesOf(repeated)).toEqual(['init', 'p-#.', 'child']);
  expect(freshName(repeated, 'p-2.')).toBe('p-2.-2');
  expect(freshName(repeated, 'p-x.')).toBe('p-x.');
  expect(freshName(repeated, 'p-2x')).toBe('p-2x');
  const inside = withLine(EMPTY, 0, { op: 'together', scripts: [[repeat as ListedOp]] });
  expect(freshName(inside, 'p-12.')).toBe('p-12.-2');
  expect(touchedBy(repeat)).toEqual({});
  expect(touchedBy({ op: 'check' })).toEqual({});
  expect(touchedBy({ op: 'check', process: 'a' })).toEqual({ process: 'a' });
  const run = { op: 'run', process: 'p', pattern: { trace: 'sort' } } as const;
  expect(tracesIn(withLine(EMPTY, 0, { op: 'repeat', times: 2, script: [run] }))).toEqual(['sort']);
});

test('the text for eyes says the same as the document', () => {
  for (const each of [scenario, EMPTY, { faultline: 1 }]) {
    expect(JSON.parse(prettyTextOf(each))).toEqual({ script: [], ...each });
  }
  expect(prettyTextOf(scenario)).toContain('\n    {"op": "spawn", "as": "init", "pages": 8},\n');
});

test('a line tells which page it touches', () => {
  expect(touchedBy({ op: 'write', process: 'a', page: 3, value: 1 })).toEqual({
    process: 'a',
    page: 3,
  });
  expect(touchedBy({ op: 'fork', process: 'a', as: 'b' })).toEqual({ process: 'a' });
  expect(touchedBy({ op: 'audit' })).toEqual({});
});

test('where two scripts begin to differ, and whether the machine does', () => {
  const [first, second, third] = scriptOf(scenario);
  const moved = withLineMoved(scenario, 2, 1);
  expect(scriptOf(moved)).toEqual([first, third, second]);
  expect(firstDifference(moved, scenario)).toBe(1);
  expect(firstDifference(scenario, scenario)).toBe(3);
  expect(firstDifference({ ...scenario, machine: { frames: 99 } }, scenario)).toBe(-1);
});

test('what the latest lines touched is looked at: the process of the last, the page of the last that has one', () => {
  const write = { op: 'write', process: 'a', page: 3, value: 1 } as const;
  const fork = { op: 'fork', process: 'b', as: 'c' } as const;
  expect(trailOf([write, fork])).toEqual({ process: 'b', page: 3 });
  expect(trailOf([fork, write])).toEqual({ process: 'a', page: 3 });
  expect(trailOf([{ op: 'settle' }])).toEqual({});
  expect(commonLines([write, fork], [write, { ...fork }])).toBe(1);
  expect(commonLines([write], [write, fork])).toBe(1);
  // Words for a reader change nothing that happens.
  expect(commonLines([write, fork], [{ ...write, note: 'Look.' }, fork])).toBe(2);
  expect(commonLines([write], [{ ...write, page: 9, note: 'Look.' }])).toBe(0);
});
