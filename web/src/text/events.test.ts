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

test('w2 an event is told with the page, the frame or the slot that it concerns', () => {
  const told = (kind: string, number: number, process?: string) =>
    text.eventTold({ kind, number, ...(process !== undefined && { process }) });
  expect(told('pte', 5, 'child')).toBe('a page-table entry changes: p5 of child');
  expect(told('pfn', 17)).toBe('a frame changes its state: f17');
  expect(told('slot-take', 3)).toBe('a swap slot is taken: s3');
  expect(told('daemon-wake', 0)).toBe('a daemon begins to work');
});
