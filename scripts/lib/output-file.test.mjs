// Tests the rules of output files on real files.

import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { beRegular, outputFile } from './output-file.mjs';

let folder = '';
const path = (/** @type {string} */ name) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-'));
  writeFileSync(path('read.json'), 'read');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const taken = () => [/** @type {const} */ ([path('read.json'), 'the scenario itself'])];

test('r5 a file that is read is not written, whatever its name', () => {
  linkSync(path('read.json'), path('hard'));
  symlinkSync('read.json', path('soft'));
  for (const name of ['read.json', './read.json', 'hard', 'soft'])
    expect(() => outputFile(path(name), taken())).toThrow('is the scenario itself; legal: ');
  expect(readFileSync(path('read.json'), 'utf8')).toBe('read');
});

test('r5 what was there is replaced whole at the end, or stays', () => {
  writeFileSync(path('old'), 'as it was', { mode: 0o640 });
  linkSync(path('old'), path('copy'));
  symlinkSync('old', path('link'));
  for (const name of ['link', 'new']) {
    const dropped = outputFile(path(name), taken());
    dropped.take('half');
    dropped.drop();
    expect(readFileSync(path('old'), 'utf8')).toBe('as it was');
  }
  expect(readdirSync(folder).sort()).toEqual(['copy', 'link', 'old', 'read.json']);
  for (const name of ['link', 'new']) {
    const file = outputFile(path(name), taken());
    file.take('the');
    file.take(' whole');
    file.finish();
    expect(readFileSync(path(name), 'utf8')).toBe('the whole');
  }
  expect(readFileSync(path('copy'), 'utf8')).toBe('as it was');
  expect(statSync(path('old')).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder).sort()).toEqual(['copy', 'link', 'new', 'old', 'read.json']);
});

test('r5 swap, a folder and a link to nothing are not written, a device is', () => {
  writeFileSync(path('swap'), `Faultline swap file\n${'\0'.repeat(4096)}`);
  mkdirSync(path('sub'));
  symlinkSync('nothing', path('dangling'));
  for (const [name, reason] of /** @type {const} */ ([
    ['swap', 'is a swap file; legal: '],
    ['sub', 'is a folder; legal: '],
    ['dangling', 'is a symbolic link to nothing; legal: '],
    ['no/where', 'ENOENT'],
  ]))
    expect(() => outputFile(path(name), taken()), name).toThrow(reason);
  const nowhere = outputFile('/dev/null', [['/dev/null', 'standard output']]);
  nowhere.take('gone');
  nowhere.finish();
});

test('r5 only a regular file is read as a trace', () => {
  beRegular(path('read.json'));
  expect(() => beRegular('/dev/zero')).toThrow('is a character device; legal: a regular file');
  expect(() => beRegular(folder)).toThrow('is a folder; legal: a regular file');
});
