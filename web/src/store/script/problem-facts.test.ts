import { expect, test } from 'vitest';
import { factsOf, spanOf } from './problem-facts.ts';

const problem = (path: string, found: string, legal: string, message = '') => ({
  path,
  found,
  legal,
  message,
});

test('a26 a problem is told in the words of the form, with what was meant', () => {
  expect(factsOf(problem('/script/7/cpus', '500', 'an integer from 1 to 128'))).toEqual({
    path: '/script/7/cpus',
    where: 'Line 8: CPUs',
    value: '500',
    allowed: 'an integer from 1 to 128',
  });
  expect(factsOf(problem('/machine/frame', '"frame"', 'cpus, frames, slots'))).toMatchObject({
    where: 'Machine: frame',
    meant: 'frames',
  });
  expect(factsOf(problem('/machin', '"machin"', '$schema, faultline, machine')).meant).toBe(
    'machine',
  );
  expect(factsOf(problem('/machine/policy', '"lur"', '"fifo", "lru", "nru"')).meant).toBe('lru');
  expect(factsOf(problem('/machine/trim/high', '65', 'at most 64')).where).toBe(
    'Machine: High watermark',
  );
  expect(factsOf(problem('/script/1/scripts/0/2/pages', '0', '1 to 9')).where).toBe(
    'Line 2: script 1, op 3, Pages',
  );
  expect(factsOf(problem('/runtime/seed', '-1', '0 to 9')).where).toBe('Seed');
});

test('a26 a text that is no JSON is told by its line and column, and by what stands there', () => {
  const message = 'line 2, column 3: expected value';
  const broken = '{\n  oops: 1}';
  expect(factsOf(problem('', 'expected value', 'one JSON document', message), broken)).toEqual({
    path: '',
    where: 'Line 2 of the text, column 3',
    value: '“oops”: expected value',
    allowed: 'one JSON document',
  });
  expect(spanOf(problem('', '', '', message), broken)).toEqual({ from: 4, to: 8 });
});

test('a26 what is selected is the key that does not belong there, else the value', () => {
  const source = '{"machine": {"frame": 32, "cpus": 0}}';
  const said = (found: ReturnType<typeof problem>) => {
    const { from, to } = spanOf(found, source);
    return source.slice(from, to);
  };
  expect(said(problem('/machine/frame', '', '', '"frame" is no key here'))).toBe('"frame"');
  expect(said(problem('/machine/cpus', '0', ''))).toBe('0');
  expect(spanOf(problem('/machine/slots', '', ''), source)).toEqual({ from: 12, to: 12 });
});
