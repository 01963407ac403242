import { expect, test } from 'vitest';
import { embedWish } from './shown-panels.ts';

const wish = (query: string) => embedWish(new URLSearchParams(query));

test('w6 an embedded page is told its theme, where it stands and whether it plays', () => {
  expect(wish('embed=1')).toEqual({ plays: false });
  expect(wish('theme=dark&at=3')).toEqual({ theme: 'dark', at: 3, plays: false });
  expect(wish('at=start')).toEqual({ at: 0, plays: false });
  expect(wish('at=end').at).toBe(Number.POSITIVE_INFINITY);
  // What plays begins at the start, unless a place is said.
  expect(wish('autoplay')).toEqual({ at: 0, plays: true });
  expect(wish('autoplay=1&at=2')).toEqual({ at: 2, plays: true });
});

test('w6 what an embedding page says wrongly is not said', () => {
  for (const query of ['theme=pink', 'at=-1', 'at=1e3', 'at=', 'at=toString', 'autoplay=0']) {
    expect(wish(query), query).toEqual({ plays: false });
  }
});

test('w6 the page around an embedded one is known by its origin, and by nothing else', () => {
  expect(wish('embed=1&host=https://example.org')).toEqual({
    plays: false,
    host: 'https://example.org',
  });
  expect(wish('embed=1&host=null').host).toBe('null');
  for (const other of ['', '*', 'example.org', 'https://example.org/path', 'data:,']) {
    expect(wish(`embed=1&host=${encodeURIComponent(other)}`).host, other).toBeUndefined();
  }
});
