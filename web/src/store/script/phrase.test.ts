import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Op, Pattern, SimpleOp } from '../../generated/types.d.ts';
import { type Defaults, PhraseProblem, phraseOf, readPhrase } from './phrase.ts';

const defaults: Defaults = {
  process: 'init',
  first: 3,
  last: 3,
  offset: 0,
  value: 9,
  spawnPages: 64,
  nameOfSpawn: 'init-2',
  nameOfFork: (parent) => `${parent}-child`,
};

const said = (phrase: string, more: Partial<Defaults> = {}) =>
  readPhrase(phrase, { ...defaults, ...more });

test('a phrase says a reference string as a textbook prints it', () => {
  const run = (phrase: string) => said(phrase)[0];
  expect(run('run p 7 0 1 2 0 3')).toEqual({
    op: 'run',
    process: 'p',
    pattern: { pages: [7, 0, 1, 2, 0, 3] },
  });
  expect(run('run p 7, 0w, 1 on 8..15, 20 accesses, 2 CPUs')).toEqual({
    op: 'run',
    process: 'p',
    pattern: { pages: [7, '0w', 1] },
    pages: [8, 16],
    accesses: 20,
    cpus: 2,
  });
  expect(run('run 5')).toEqual({ op: 'run', process: 'init', pattern: { pages: [5] } });
});

test('a phrase says an op in the fewest words', () => {
  expect(said('write init 3 = 7')).toEqual([{ op: 'write', process: 'init', page: 3, value: 7 }]);
  expect(said('write = 7')).toEqual([{ op: 'write', process: 'init', page: 3, value: 7 }]);
  expect(said('write 5')).toEqual([{ op: 'write', process: 'init', page: 5, value: 9 }]);
  expect(said('read child 3 + 8')).toEqual([{ op: 'read', process: 'child', page: 3, offset: 8 }]);
  expect(said('fork')).toEqual([{ op: 'fork', process: 'init', as: 'init-child' }]);
  expect(said('switch to 1')).toEqual([{ op: 'switch', process: 'init', cpu: 1 }]);
  expect(said('unmap 4..7')).toEqual([{ op: 'unmap', process: 'init', page: 4, pages: 4 }]);
  expect(said('run zipf 0.9 on 0..63, 10,000 accesses, writes 0.3, 2 CPUs')).toEqual([
    {
      op: 'run',
      process: 'init',
      pattern: { zipf: 0.9 },
      pages: [0, 64],
      accesses: 10_000,
      writes: 0.3,
      cpus: 2,
    },
  ]);
  expect(said('expect copies = 1')).toEqual([{ op: 'expect', counter: 'copies', equals: 1 }]);
  expect(said('expect init 3 valid shared 2')).toEqual([
    { op: 'expect', process: 'init', page: 3, pte: 'valid', shared: 2 },
  ]);
  expect(said('together write init 1 = 2; read init 1 & kill child')).toEqual([
    {
      op: 'together',
      scripts: [
        [
          { op: 'write', process: 'init', page: 1, value: 2 },
          { op: 'read', process: 'init', page: 1 },
        ],
        [{ op: 'kill', process: 'child' }],
      ],
    },
  ]);
});

test('what can be expected is said in a line', () => {
  const at = { op: 'expect', process: 'init', page: 3 };
  expect(said('expect dirty')).toEqual([{ ...at, dirty: true }]);
  expect(said('expect init 3 valid not dirty accessed not writable')).toEqual([
    { ...at, pte: 'valid', dirty: false, accessed: true, writable: false },
  ]);
  expect(said('expect init 3 same-frame-as child 3 other-frame-than "to" 4')).toEqual([
    {
      ...at,
      same_frame_as: { process: 'child', page: 3 },
      other_frame_than: { process: 'to', page: 4 },
    },
  ]);
  const process = { op: 'expect', process: 'child' };
  expect(said('expect child sleeping, parent init, size 8')).toEqual([
    { ...process, state: 'sleeping', parent: 'init', pages: 8 },
  ]);
  expect(said('expect child parent nobody')).toEqual([{ ...process, parent: null }]);
  expect(said('expect child parent "nobody"')).toEqual([{ ...process, parent: 'nobody' }]);
  expect(said('expect frames free >= 3')).toEqual([{ op: 'expect', frames: 'free', at_least: 3 }]);
  expect(said('expect list standby <= 3')).toEqual([{ op: 'expect', list: 'standby', at_most: 3 }]);
  expect(said('expect slots used = 0')).toEqual([{ op: 'expect', slots: 'used', equals: 0 }]);
  expect(said('expect swap_reads = 1 since start')).toEqual([
    { op: 'expect', counter: 'swap_reads', since: 'start', equals: 1 },
  ]);
  // Processes of such names are processes.
  expect(said('expect list 3 dirty')).toEqual([{ ...at, process: 'list', dirty: true }]);
  expect(said('expect frames running')).toEqual([
    { op: 'expect', process: 'frames', state: 'running' },
  ]);
});

test('marks, checks and repeats are said in a line, and what may fail', () => {
  expect(said('mark start')).toEqual([{ op: 'mark', as: 'start' }]);
  expect(said('check')).toEqual([{ op: 'check' }]);
  expect(said('check child')).toEqual([{ op: 'check', process: 'child' }]);
  expect(said('kill may fail not-running, no-such-process')).toEqual([
    { op: 'kill', process: 'init', may_fail: ['not-running', 'no-such-process'] },
  ]);
  const repeat = {
    op: 'repeat',
    times: 3,
    script: [
      { op: 'fork', process: 'init', as: 'p#' },
      { op: 'together', scripts: [[{ op: 'kill', process: 'p#' }], [{ op: 'settle' }]] },
    ],
  };
  expect(said('repeat 3 (fork init as p#; together (kill p#) & (settle))')).toEqual([repeat]);
  expect(said('repeat 3 times settle; audit')).toEqual([
    { op: 'repeat', times: 3, script: [{ op: 'settle' }, { op: 'audit' }] },
  ]);
  expect(said('together (repeat 2 (settle); audit) & (check)')).toEqual([
    {
      op: 'together',
      scripts: [
        [{ op: 'repeat', times: 2, script: [{ op: 'settle' }] }, { op: 'audit' }],
        [{ op: 'check' }],
      ],
    },
  ]);
  for (const nested of ['repeat 2 (repeat 3 (settle))', 'together (together (settle))']) {
    expect(() => said(nested)).toThrow(PhraseProblem);
  }
});

test('a selection of pages is several ops, one for each', () => {
  expect(said('write', { first: 3, last: 5 })).toEqual([
    { op: 'write', process: 'init', page: 3, value: 9 },
    { op: 'write', process: 'init', page: 4, value: 10 },
    { op: 'write', process: 'init', page: 5, value: 11 },
  ]);
  expect(said('unmap', { first: 3, last: 5 })).toEqual([
    { op: 'unmap', process: 'init', page: 3, pages: 3 },
  ]);
});

test('what a line of the script shows can be typed again', () => {
  expect(said('write init · page 3 + 8 = 42')).toEqual([
    { op: 'write', process: 'init', page: 3, offset: 8, value: 42 },
  ]);
  expect(said('fork init → child')).toEqual([{ op: 'fork', process: 'init', as: 'child' }]);
  expect(said('switch CPU 0 → init')).toEqual([{ op: 'switch', cpu: 0, process: 'init' }]);
  expect(said('unmap init · page 0, 16 pages')).toEqual([
    { op: 'unmap', process: 'init', page: 0, pages: 16 },
  ]);
});

test('what is wrong is said with its place and what is legal', () => {
  const problem = (phrase: string): PhraseProblem => {
    try {
      said(phrase);
    } catch (error) {
      if (error instanceof PhraseProblem) return error;
      throw error;
    }
    throw new Error(`${phrase} was read`);
  };
  expect(problem('frok init')).toMatchObject({ at: 0, found: 'frok' });
  expect(problem('frok init').legal).toContain('fork');
  expect(problem('write init 3 = seven')).toMatchObject({ at: 15, found: 'seven' });
  expect(problem('write init 3 = 7 now')).toMatchObject({ found: 'now', legal: 'the end' });
  expect(problem('switch init to')).toMatchObject({ found: '' });
  expect(problem('evict 5..3').legal).toMatch(/lower page first/);
  expect(problem('evict 0..99999').legal).toMatch(/at most/);
  expect(problem('run init sideways').legal).toMatch(/sequential/);
});

const name = fc.oneof(
  fc.constantFrom('init', 'child', 'to', 'pages', 'CPU', 'p#', 'frames', 'may', 'not', 'nobody'),
  fc.string({ minLength: 1, maxLength: 12 }),
);
const count = fc.nat(5000);
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.option(arbitrary, { nil: undefined });
const share = fc.constantFrom(0, 0.3, 1, 0.05);
const steady = fc.oneof(
  fc.constantFrom('sequential', 'uniform'),
  fc.record({ stride: count }),
  fc.record({ zipf: fc.constantFrom(0, 0.99, 1.5) }),
);
const range = fc
  .tuple(count, fc.integer({ min: 1, max: 99 }))
  .map(([first, many]) => [first, first + many]);
const pattern = fc.oneof(
  steady,
  fc.record({ trace: name }),
  fc.record({
    pages: fc.array(
      fc.oneof(
        count,
        count.map((page) => `${page}w`),
      ),
      { minLength: 1, maxLength: 9 },
    ),
  }),
  fc.record({
    phases: fc.array(
      fc.record(
        { pattern: steady, pages: range, accesses: count, writes: share },
        { requiredKeys: ['pattern'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
) as fc.Arbitrary<Pattern>;

const at = { process: name, page: count };
const bounds = { equals: count, at_least: count, at_most: count };
const isBounded = (op: { equals?: number; at_least?: number; at_most?: number }) =>
  (op.equals ?? op.at_least ?? op.at_most) !== undefined;
const plain = fc.oneof(
  fc.record({ op: fc.constant('spawn'), as: name, pages: count }),
  fc.record(
    { op: fc.constant('write'), ...at, offset: count, value: fc.maxSafeNat() },
    { requiredKeys: ['op', 'process', 'page', 'value'] },
  ),
  fc.record(
    { op: fc.constant('read'), ...at, offset: count, expect: count },
    { requiredKeys: ['op', 'process', 'page'] },
  ),
  fc.record({ op: fc.constant('fork'), process: name, as: name }),
  fc.record({ op: fc.constant('evict'), ...at }),
  fc.record({ op: fc.constantFrom('sleep', 'wake', 'kill'), process: name }),
  fc.record({ op: fc.constant('switch'), process: name, cpu: count }),
  fc.record(
    { op: fc.constant('map'), process: name, pages: count, at: count, read_only: fc.boolean() },
    { requiredKeys: ['op', 'process', 'pages'] },
  ),
  fc.record({ op: fc.constant('unmap'), ...at, pages: fc.integer({ min: 1, max: 99 }) }),
  fc.record(
    {
      op: fc.constant('run'),
      process: name,
      pattern,
      pages: range,
      accesses: count,
      writes: share,
      cpus: count,
      seed: count,
    },
    { requiredKeys: ['op', 'process', 'pattern'] },
  ),
  fc.record({ op: fc.constantFrom('settle', 'audit') }),
  fc
    .record(
      {
        op: fc.constant('expect'),
        counter: fc.constantFrom('copies', 'soft'),
        since: name,
        ...bounds,
      },
      { requiredKeys: ['op', 'counter'] },
    )
    .filter(isBounded),
  ...(
    [
      ['frames', 'free', 'protected'],
      ['list', 'active', 'zeroed'],
      ['slots', 'used', 'free'],
    ] as const
  ).map(([key, ...which]) =>
    fc
      .record(
        { op: fc.constant('expect'), [key]: fc.constantFrom(...which), ...bounds },
        { requiredKeys: ['op'] },
      )
      .filter((op) => key in op && isBounded(op)),
  ),
  fc
    .record(
      {
        op: fc.constant('expect'),
        process: name,
        parent: fc.option(name),
        state: fc.constantFrom('running', 'terminated'),
        pages: count,
      },
      { requiredKeys: ['op', 'process'] },
    )
    .filter((op) => Object.keys(op).length > 2),
  fc.record({ op: fc.constant('mark'), as: name }),
  fc.record({ op: fc.constant('check'), process: name }, { requiredKeys: ['op'] }),
  fc
    .record(
      {
        op: fc.constant('expect'),
        ...at,
        pte: fc.constantFrom('zero', 'swapped'),
        shared: count,
        dirty: fc.boolean(),
        accessed: fc.boolean(),
        writable: fc.boolean(),
        same_frame_as: fc.record(at),
        other_frame_than: fc.record(at),
      },
      { requiredKeys: ['op', 'process', 'page'] },
    )
    .filter((op) => Object.keys(op).length > 3),
);
const code = fc.constantFrom('not-running', 'out-of-memory');
const simple = fc
  .tuple(plain, optional(code), optional(fc.array(code, { minLength: 1, maxLength: 2 })))
  .map(([op, fails, may_fail]) => ({
    ...op,
    ...(fails !== undefined && { fails }),
    ...(fails === undefined && may_fail !== undefined && { may_fail }),
  })) as fc.Arbitrary<SimpleOp>;
const together = (inner: fc.Arbitrary<Op>) =>
  fc
    .array(fc.array(inner, { maxLength: 3 }), { maxLength: 3 })
    .map((scripts) => ({ op: 'together', scripts }) as Op);
const repeat = (inner: fc.Arbitrary<Op>) =>
  fc
    .tuple(count, fc.array(inner, { minLength: 1, maxLength: 3 }))
    .map(([times, script]) => ({ op: 'repeat', times, script }) as Op);
const op: fc.Arbitrary<Op> = fc.oneof(
  simple,
  together(fc.oneof(simple, repeat(simple))),
  repeat(fc.oneof(simple, together(simple))),
);

test('every op can be said, and is read again as it was', () => {
  fc.assert(
    fc.property(op, (given) => {
      expect(said(phraseOf(given))).toEqual([given]);
    }),
    { numRuns: 2000 },
  );
});
