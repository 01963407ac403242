import { expect, test } from 'vitest';
import { freeName, nameOfFile } from './trace-name.ts';

test.each([
  ['ls.lackey.gz', 'ls'],
  ['sort.trace.zst', 'sort'],
  ['C:\\traces\\my program (2).txt', 'my-program-2'],
  ['Übung 3.csv', 'Übung-3'],
  ['../../etc/passwd', 'passwd'],
  ['.gz', 'trace'],
  ['***', 'trace'],
  ['x'.repeat(200), 'x'.repeat(48)],
])('r5 a trace in the file %s is called %s', (file, name) => {
  expect(nameOfFile(file)).toBe(name);
});

test('r5 a name that is taken gets a number', () => {
  const taken = new Set(['ls', 'ls-2']);
  expect(freeName('ls', (name) => taken.has(name))).toBe('ls-3');
  expect(freeName('cat', (name) => taken.has(name))).toBe('cat');
});
