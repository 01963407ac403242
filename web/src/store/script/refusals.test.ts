import { expect, test } from 'vitest';
import type { Op, OpOutcome, SimpleOp } from '../../generated/types.d.ts';
import { withRefusals } from './refusals.ts';

const write: Op = { op: 'write', process: 'child', page: 0, value: 1 };
const sideBySide: Op = {
  op: 'together',
  scripts: [[{ op: 'read', process: 'init', page: 0, expect: 7 }], [{ op: 'settle' }, write]],
};
const refusal = {
  at: '/script/2/scripts/1/1',
  expected: 'success',
  found: 'not-running: the process is not running',
};
const wrongValue = { at: '/script/2/scripts/0/0', expected: '7', found: '0' };
const failed = (...failures: OpOutcome['failures'] & object): OpOutcome => ({
  ok: false,
  message: 'expected this, found that',
  failures,
});

test('w1 an op that is refused gets its code', () => {
  const refused = withRefusals(write, { ok: false, code: 'not-running', message: 'why' });
  expect(refused).toEqual({
    op: { ...write, fails: 'not-running' },
    outcome: { ok: true, code: 'not-running', message: 'why' },
  });
  expect(withRefusals(write, { ok: true })).toBeUndefined();
  expect(withRefusals({ ...write, fails: 'read-only' }, failed(refusal))).toBeUndefined();
});

test('w1 an op that is refused beside others gets its code, and they get none', () => {
  const recorded = withRefusals(sideBySide, failed(refusal));
  expect(recorded?.op).toEqual({
    ...sideBySide,
    scripts: [sideBySide.scripts[0], [{ op: 'settle' }, { ...write, fails: 'not-running' }]],
  });
  expect(recorded?.outcome).toEqual({ ok: true, failures: [] });
});

test('w1 an op that is refused in a repeat keeps its words: not every turn is', () => {
  const repeat = { op: 'repeat', times: 2, script: [write as SimpleOp] } satisfies Op;
  const turn = { ...refusal, at: '/script/2/script/0', found: `${refusal.found}, in turn 1` };
  expect(withRefusals(repeat, failed(turn))).toBeUndefined();
  const within: Op = { op: 'together', scripts: [[repeat], [write]] };
  const inner = { ...turn, at: '/script/2/scripts/0/0/script/0' };
  expect(withRefusals(within, failed(inner))).toBeUndefined();
  const both = withRefusals(within, failed(inner, { ...refusal, at: '/script/2/scripts/1/0' }));
  expect(both?.op).toEqual({
    ...within,
    scripts: [[repeat], [{ ...write, fails: 'not-running' }]],
  });
  expect(both?.outcome).toMatchObject({ ok: false, failures: [inner] });
});

test('w1 an op that may fail in other ways has to fail as it did', () => {
  const racing: Op = { ...write, may_fail: ['read-only'] };
  const recorded = withRefusals(racing, { ok: false, code: 'not-running', message: 'why' });
  expect(recorded?.op).toEqual({ ...write, fails: 'not-running' });
  expect(withRefusals(racing, { ok: true, code: 'read-only', message: 'why' })).toBeUndefined();
});

test('w1 what did not hold for another reason is no refusal', () => {
  expect(withRefusals(sideBySide, failed(wrongValue))).toBeUndefined();
  const both = withRefusals(sideBySide, failed(wrongValue, refusal));
  expect(both?.outcome).toMatchObject({ ok: false, failures: [wrongValue] });
  const broken = { ...refusal, expected: 'a machine that runs', found: 'deadlock: all wait' };
  expect(withRefusals(sideBySide, failed(broken))).toBeUndefined();
  const success = { ...refusal, expected: 'read-only', found: 'success' };
  expect(withRefusals(sideBySide, failed(success))).toBeUndefined();
});
