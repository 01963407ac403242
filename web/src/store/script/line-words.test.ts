import { expect, test } from 'vitest';
import type { Op } from '../../generated/types.d.ts';
import { withWordsOf } from './document.ts';
import { withLineWords, wordsOf } from './line-words.ts';

const write: Op = { op: 'write', process: 'init', page: 3, value: 7 };
const told: Op = {
  ...write,
  note: 'It copies.',
  question: { ask: 'Who copies?', choices: ['the parent', 'the child'], right: 1 },
};

test('a25 the words of a line become fields and are the same words again', () => {
  const words = wordsOf(told);
  expect(words).toEqual({
    note: 'It copies.',
    ask: 'Who copies?',
    choices: 'the parent\n* the child',
  });
  expect(withLineWords(write, words)).toEqual(told);
  expect(withLineWords(told, words)).toBe(told);
  expect(withLineWords(told, { note: ' ', ask: '', choices: '' })).toEqual(write);
});

test('a25 a line that is edited as a phrase keeps its words, and a question that nothing answers goes', () => {
  expect(withWordsOf(told, { ...write, page: 9 })).toEqual({ ...told, page: 9 });
  const expectation: Op = { op: 'expect', counter: 'copies', equals: 3 };
  const asking: Op = { ...expectation, question: { ask: 'How many?' } };
  expect(withWordsOf(asking, { ...expectation, equals: 4 })).toEqual({ ...asking, equals: 4 });
  const { equals: _, ...rest } = expectation;
  expect(withWordsOf(asking, { ...rest, at_least: 4 })).toEqual({ ...rest, at_least: 4 });
});
