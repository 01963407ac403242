// The share of a journey that is done.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Op } from '../../generated/types.d.ts';
import { shareDone } from './accesses.ts';

type RunOp = Extract<Op, { op: 'run' }>;

const spawn: Op = { op: 'spawn', as: 'a', pages: 8 };
const run = (accesses?: number): RunOp => ({
  op: 'run',
  process: 'a',
  pattern: 'uniform',
  ...(accesses !== undefined && { accesses }),
});

test('w2 the share of a long line grows with its accesses', () => {
  expect(shareDone([spawn, run(998)], 1, 499)).toBe(0.5);
  expect(shareDone([{ op: 'repeat', times: 10, script: [run(100)] }], 0, 500)).toBeCloseTo(0.5, 2);
  expect(shareDone([spawn, spawn], 1, 0)).toBe(0.5);
});

test('w2 the share is between nothing and all, and never falls as a run goes on', () => {
  const op = fc.oneof(fc.constant(spawn), fc.option(fc.nat(1000), { nil: undefined }).map(run));
  fc.assert(
    fc.property(
      fc.array(op, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(400)),
      (ops, steps) => {
        let last = 0;
        let accesses = 0;
        for (const [at, step] of steps.entries()) {
          accesses += step;
          const ended = Math.min(ops.length, Math.floor(at / 2));
          const share = shareDone(ops, ended, accesses);
          expect(share).toBeGreaterThanOrEqual(last);
          expect(share).toBeLessThanOrEqual(1);
          last = share;
        }
        expect(shareDone(ops, ops.length, accesses)).toBe(1);
      },
    ),
  );
});
