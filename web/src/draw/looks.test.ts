import { expect, test } from 'vitest';
import { PFN_DIRTY } from '../generated/machine.ts';
import {
  ACCESSED_MARK,
  DIRTY_MARK,
  frameLook,
  LOCK_MARK,
  pteLook,
  SHARED_MARK,
  WAIT_MARK,
} from './looks.ts';
import { ACTIVE, FREE, MODIFIED, PROTECTED, READING, STANDBY, WRITING, ZEROED } from './palette.ts';

test('a page looks as its PTE says', () => {
  expect(pteLook(0)).toBe(ZEROED);
  expect(pteLook(1 | 4)).toBe(ACTIVE);
  expect(pteLook(1 | 4 | 8)).toBe(ACTIVE | ACCESSED_MARK);
  expect(pteLook(1 | 4 | 16)).toBe(MODIFIED | DIRTY_MARK);
  expect(pteLook(1 | 8)).toBe(PROTECTED | ACCESSED_MARK);
  expect(pteLook(2)).toBe(STANDBY);
  expect(pteLook(3)).toBe(WRITING);
  expect(pteLook(3 | 32)).toBe(READING);
  expect(pteLook(64 | 128)).toBe(ZEROED | LOCK_MARK | WAIT_MARK);
});

test('a frame whose contents differ from those on swap is marked dirty, and an empty one never is', () => {
  expect(frameLook(ACTIVE | PFN_DIRTY)).toBe(ACTIVE | DIRTY_MARK);
  expect(frameLook(FREE | PFN_DIRTY)).toBe(FREE);
});

test('a frame that several PTEs refer to is marked shared', () => {
  expect(frameLook(2 | (1 << 16))).toBe(ACTIVE);
  expect(frameLook(2 | (2 << 16))).toBe(ACTIVE | SHARED_MARK);
  expect(frameLook(7 | (9 << 16))).toBe(PROTECTED);
  expect(frameLook((2 | 8 | 16 | (0xffff << 16)) >>> 0)).toBe(
    ACTIVE | SHARED_MARK | LOCK_MARK | WAIT_MARK,
  );
});
