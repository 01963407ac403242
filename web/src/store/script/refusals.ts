// Writes refusals into the script: an op that was refused when it was tried has that as its outcome, so it is what the
// script says, as the op's `fails` code, and the same script then holds everywhere. That goes for the ops of a
// `together` one by one.

import type { FailureCode, Op, OpOutcome } from '../../generated/types.d.ts';
import { choicesOf } from './format.ts';

const CODES = choicesOf('FailureCode') as readonly FailureCode[];

/** A line that says how its ops were refused, and what it came to for a visitor that expects that. */
interface Recorded {
  readonly op: Op;
  readonly outcome: OpOutcome;
}

/** Nothing if no op of the line was refused, or each as the line says already. */
export function withRefusals(op: Op, outcome: OpOutcome): Recorded | undefined {
  if (outcome.ok) return undefined;
  if (op.op === 'together') return withRefusalsInside(op, outcome);
  if (op.op === 'repeat' || !outcome.code) return undefined;
  return { op: refused(op, outcome.code), outcome: { ...outcome, ok: true } };
}

/** An op that has to fail; it may not fail in other ways too. */
function refused<Refused extends Op>({ may_fail: _, ...op }: Refused, fails: FailureCode): Refused {
  return { ...op, fails } as Refused;
}

function withRefusalsInside(op: Op & { op: 'together' }, outcome: OpOutcome): Recorded | undefined {
  const scripts = op.scripts.map((list) => [...list]);
  // What else did not hold is no refusal, and stays.
  const failures = (outcome.failures ?? []).filter(({ at, expected, found }) => {
    // The engine names the op by its path, and what it met as `code: why`.
    // In a turn of a `repeat` it is not every turn's.
    const [, list, index] = at.match(/\/scripts\/(\d+)\/(\d+)$/) ?? [];
    if (list === undefined || index === undefined) return true;
    const line = scripts[Number(list)];
    const inside = line?.[Number(index)];
    const fails = CODES.find((code) => found.startsWith(`${code}: `));
    if (!line || !inside || !fails || expected !== (inside.fails ?? 'success')) return true;
    line[Number(index)] = refused(inside, fails);
    return false;
  });
  if (failures.length === (outcome.failures ?? []).length) return undefined;
  const { message, ...rest } = outcome;
  const ok = failures.length === 0;
  return {
    op: { ...op, scripts },
    outcome: { ...rest, failures, ok, ...(!ok && { message: message ?? null }) },
  };
}
