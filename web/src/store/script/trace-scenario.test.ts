import { expect, test } from 'vitest';
import { $defs } from '../../../../crate/engine/src/scenario/document/schema.json';
import type { AttachedTrace } from '../../types/attached-trace.ts';
import { tracesIn } from './document.ts';
import { MOST_PAGES, referencesIn, samplingFor, scenarioOf } from './trace-scenario.ts';

const trace: AttachedTrace = {
  ...{ name: 'ls', file: 'ls.lackey.gz', onePageIn: 1, at: 0, format: 'lackey', packing: 'gzip' },
  ...{ references: 1_000_000, writes: 300_000, pages: 600, bytes: 4_000_000, mark: '1' },
  ...{ all_references: 1_000_000, all_pages: 600, bad_lines: 0, problem: null, cut: null },
};

test('r5 a trace opens with half of its pages in frames, and is named in the script', () => {
  const scenario = scenarioOf(trace);
  expect(scenario.machine).toMatchObject({ data_frames: 300, slots: 664, cpus: 1 });
  expect(scenario.script).toEqual([
    { op: 'spawn', as: 'ls', pages: 600 },
    { op: 'run', process: 'ls', pattern: { trace: 'ls' }, accesses: 1_000_000 },
  ]);
  expect(tracesIn(scenario)).toEqual(['ls']);
  expect(scenario.title).toBe('ls: 1,000,000 references to 600 pages');
  // Of a large program only so many frames as a browser gives.
  expect(scenarioOf({ ...trace, pages: MOST_PAGES }).machine?.data_frames).toBe(16_384);
});

test('r5 a short trace stands in its scenario, and nothing works ahead of its faults', () => {
  const references = referencesIn('7\n0\n1w\n');
  expect(references).toEqual([7, 0, '1w']);
  const scenario = scenarioOf({ ...trace, references: 3, pages: 8 }, references);
  expect(scenario.script?.[1]).toEqual({
    ...{ op: 'run', process: 'ls', pattern: { pages: [7, 0, '1w'] } },
  });
  expect(tracesIn(scenario)).toEqual([]);
  expect(scenario.machine).toMatchObject({ data_frames: 4, eviction: 'synchronous' });
});

test('r5 what is said of a trace has its sample, its cut and the lines that were passed over', () => {
  const { title, about } = scenarioOf({
    ...trace,
    ...{ onePageIn: 8, all_references: 9_000_000, all_pages: 4800, bad_lines: 2 },
    cut: 'the gzip data ends too early: it is cut, and was read up to line 7',
    problem: 'line 3: "x" is no access; legal: L, S, M or I',
  });
  expect(title).toContain('a sample of 1 page in 8');
  expect(about).toContain(
    '1 page in 8 with all references to it, of 9,000,000 references to 4,800 pages',
  );
  expect(about).toContain('a memory with 8 times the frames');
  expect(about).toContain('the gzip data ends too early');
  expect(about).toContain('2 lines were passed over; the first: line 3: "x" is no access');
});

test('r5 a process has as many pages as the format says', () => {
  const spawn = $defs.SimpleOp.oneOf.find(({ properties }) => properties?.op?.const === 'spawn');
  expect(spawn).toMatchObject({ properties: { pages: { maximum: MOST_PAGES } } });
});

test('r5 a trace that is too large is sampled until it is small enough', () => {
  const at = (bytes: number, pages: number, onePageIn = 1) =>
    samplingFor({ bytes, pages, onePageIn }, 1000);
  expect(at(1000, MOST_PAGES)).toBe(1);
  expect(at(1001, 10)).toBe(2);
  expect(at(1900, 10)).toBe(4);
  expect(at(10, MOST_PAGES + 1)).toBe(2);
  expect(at(10, MOST_PAGES * 3)).toBe(4);
  // A sample that was still too large.
  expect(at(1100, 10, 4)).toBe(8);
  expect(at(900, 10, 4)).toBe(4);
});
