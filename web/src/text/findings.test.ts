import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { text } from './text.ts';

const nameOf = (index: number) => ['parent', 'child'][index] ?? `process ${index}`;
const words = (found: string) => text.finding(found, nameOf).words;

test('a22 a finding of the audit is told in words, and leads to its cell', () => {
  expect(text.finding('G1 process 0 page 0: Transition to frame 1, which is Free', nameOf)).toEqual(
    {
      words: 'Page 0 of parent still refers to frame 1, but that frame is free.',
      subject: { of: 'page', process: 0, page: 0 },
    },
  );
  expect(text.finding('G4 frame 3: share count 2, but 1 PTEs refer to it', nameOf)).toEqual({
    words: 'Frame 3 counts 2 mappings, but 1 page-table entry refers to it.',
    subject: { of: 'frame', frame: 3 },
  });
  expect(text.finding('G2 slot 4: count 1, but 0 references', nameOf).subject).toEqual({
    of: 'slot',
    slot: 4,
  });
  expect(words('crate/engine/src/paging/repurpose.rs:84:37: assertion failed')).toBe(
    'A check of the engine did not hold (repurpose.rs, line 84): assertion failed.',
  );
  expect(words('G1 process 1: no page directory')).toBe('Child: no page directory.');
});

test('a22 every finding that the engine can make about a page, a frame or a slot has words of its own', () => {
  const source = readFileSync(
    resolve(import.meta.dirname, '../../../crate/engine/src/audit/invariants.rs'),
    'utf8',
  );
  // What stands in the source after the place of a finding, with a value for each placeholder.
  const filled = (said: string) =>
    said
      .replaceAll(/\{(?:state|:|entry\.state)[^}]*\}/g, 'Free')
      .replaceAll(/\{(?:name|other|list|trouble)\}/g, 'free')
      .replaceAll(/\{[^}]*\}/g, '7');
  const found = [...source.matchAll(/"([GP]\d+ )?(\{at\}|frame \{\}|slot \{\}): ([^"]+)"/g)]
    .map(([, , at = '', rest = '']) => [at, rest] as const)
    .filter(
      ([, rest]) => !/page directory of two|page table of two|its copy cannot be read/.test(rest),
    );
  expect(found.length).toBeGreaterThan(18);
  for (const [at, rest] of found) {
    const subject = at === '{at}' ? 'frame 7' : filled(at);
    const said = rest.startsWith('{:?} to frame')
      ? 'Valid to frame 7, which is Free'
      : filled(rest.replace('{state:?}', 'Free').replace('{}: {state', '{state'));
    const told = words(`${subject}: ${said}`);
    expect(told, said).not.toContain(`7: `);
  }
});
