import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { text } from './text.ts';

test('a39 every kind of event that the engine records has words', () => {
  const source = readFileSync(
    resolve(import.meta.dirname, '../../../crate/engine/src/observe/event.rs'),
    'utf8',
  );
  const kinds = [...source.matchAll(/^ {4}\w+ "([a-z-]+)" (?:Changes|Moves|Everything),/gm)];
  expect(kinds.length).toBeGreaterThan(30);
  for (const [, kind = ''] of kinds) {
    expect(text.eventKind(kind), kind).not.toBe(`${kind} happens`);
  }
});
