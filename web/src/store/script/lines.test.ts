import { expect, test } from 'vitest';
import { LineProblem, scenarioOfLines } from './lines.ts';

test('w6 lines are a script, and what they leave out is what the lines before touched', () => {
  const { script } = scenarioOfLines('spawn init 16\n\n  write 3 = 7\nfork\nwrite child 3 = 8\n');
  expect(script).toEqual([
    { op: 'spawn', as: 'init', pages: 16 },
    { op: 'write', process: 'init', page: 3, value: 7 },
    { op: 'fork', process: 'init', as: 'child' },
    { op: 'write', process: 'child', page: 3, value: 8 },
  ]);
});

test('w6 a line that cannot be read is told by its number, with what was found and what is legal', () => {
  let problem: unknown;
  try {
    scenarioOfLines('spawn init 16\n\nwrit init 3');
  } catch (error) {
    problem = error;
  }
  expect(problem).toBeInstanceOf(LineProblem);
  const { line, phrase } = problem as LineProblem;
  expect([line, phrase.at, phrase.found]).toEqual([3, 0, 'writ']);
  expect(phrase.legal).toContain('write');
});
