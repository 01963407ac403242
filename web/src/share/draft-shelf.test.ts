import { expect, test } from 'vitest';
import { type Draft, draftOf, draftsOn, putDraft, type Shelf } from './draft-shelf.ts';

/** A storage that is full after so many characters. */
class TestShelf implements Shelf {
  readonly entries = new Map<string, string>();
  readonly #room: number;

  constructor(room = Number.POSITIVE_INFINITY) {
    this.#room = room;
  }

  get length() {
    return this.entries.size;
  }

  key(index: number) {
    return [...this.entries.keys()][index] ?? null;
  }

  getItem(key: string) {
    return this.entries.get(key) ?? null;
  }

  setItem(key: string, value: string) {
    let used = key.length + value.length;
    for (const [other, text] of this.entries) if (other !== key) used += other.length + text.length;
    if (used > this.#room) throw new DOMException('full', 'QuotaExceededError');
    this.entries.set(key, value);
  }

  removeItem(key: string) {
    this.entries.delete(key);
  }
}

const draft = (tab: string, at: number, text = `{"title":"${tab}"}`): Draft => ({
  tab,
  at,
  text,
  address: '',
});

test('w5 two tabs keep two drafts, and both are found', () => {
  const shelf = new TestShelf();
  putDraft(shelf, draft('a', 1));
  putDraft(shelf, draft('b', 2));
  putDraft(shelf, draft('a', 3, 'newer'));
  expect(draftsOn(shelf)).toEqual([draft('a', 3, 'newer'), draft('b', 2)]);
  expect(draftOf(shelf, 'b')).toEqual(draft('b', 2));
  expect(draftOf(shelf, 'c')).toBeUndefined();
});

test('w5 a full storage gives up the oldest drafts of other tabs, never this one', () => {
  const shelf = new TestShelf(400);
  for (const [at, tab] of ['a', 'b', 'c', 'd'].entries()) {
    expect(putDraft(shelf, draft(tab, at, 'x'.repeat(60)))).toBe(true);
  }
  expect(draftsOn(shelf).map(({ tab }) => tab)).toEqual(['d', 'c', 'b']);
  expect(putDraft(shelf, draft('d', 9, 'y'.repeat(1000)))).toBe(false);
  // What was there before is there still.
  expect(draftOf(shelf, 'd')?.text).toBe('x'.repeat(60));
});

test('w5 a storage that takes nothing says so', () => {
  expect(putDraft(new TestShelf(0), draft('a', 1))).toBe(false);
});

test('w5 corrupt entries and those of other programs are passed over and left', () => {
  const shelf = new TestShelf();
  shelf.entries.set('faultline.work.x', '{"text":');
  shelf.entries.set('faultline.work.y', '{"text":7,"address":"","at":0}');
  shelf.entries.set('faultline.work.z', 'null');
  shelf.entries.set('other', 'theirs');
  putDraft(shelf, draft('a', 1));
  expect(draftsOn(shelf)).toEqual([draft('a', 1)]);
  expect(shelf.entries.size).toBe(5);
});

test('w5 what the first version kept is found', () => {
  const shelf = new TestShelf();
  shelf.entries.set('faultline.draft', '{"faultline":1}');
  expect(draftsOn(shelf)).toEqual([draft('', 0, '{"faultline":1}')]);
});

test('w5 of many drafts the latest stay', () => {
  const shelf = new TestShelf();
  for (let at = 0; at < 30; at++) putDraft(shelf, draft(`tab${at}`, at));
  expect(draftsOn(shelf).map(({ at }) => at)).toEqual([29, 28, 27, 26, 25, 24, 23, 22]);
});
