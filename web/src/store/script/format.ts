// Reads what the scenario's format allows from the engine's own schema: which ops, which values, which ranges. Only the
// parts that are imported by name reach the page.

import { $defs } from '../../../../crate/engine/src/scenario/document/schema.json';
import type { PteState, StateName } from '../../generated/types.d.ts';

interface WithOp {
  readonly properties: { readonly op: { readonly const: string } };
}

const simpleOps: readonly string[] = ($defs.SimpleOp.oneOf as unknown as readonly WithOp[]).map(
  ({ properties }) => properties.op.const,
);

/** Every op of a script, in the order of the format. */
export const OPS: readonly string[] = [...new Set([...simpleOps, 'together', 'repeat'])];

export const PTE_STATES = choicesOf('PteState') as readonly PteState[];
export const STATE_NAMES = choicesOf('StateName') as readonly StateName[];

/** The words that a type of the format may be. */
export function choicesOf(type: keyof typeof $defs): readonly string[] {
  const { oneOf = [] } = $defs[type] as { oneOf?: readonly { const?: string }[] };
  return oneOf.flatMap((choice) => (choice.const === undefined ? [] : [choice.const]));
}
