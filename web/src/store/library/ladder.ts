// Makes the notes' ladder, pairs of scenarios that differ in one switch, from two scenarios and a table.

import type { Scenario } from '../../generated/types.d.ts';
import { withSetting } from '../script/setting.ts';

/** A row of the table: what is laid over which scenario, and the one switch with its two sides. */
export interface Rung {
  readonly name: string;
  readonly title: string;
  /** The JSON Pointer to what differs. */
  readonly switch: string;
  readonly sides: readonly [unknown, unknown];
  /** The scenario that both sides start from: `base` unless it says another. */
  readonly base?: string;
  /** What both sides change in it, by JSON Pointer. */
  readonly with?: Readonly<Record<string, unknown>>;
}

const files = import.meta.glob<Scenario>('../../../../scenarios/ladder/{base,churn}.json', {
  import: 'default',
  eager: true,
});

const [rungs = []] = Object.values(
  import.meta.glob<readonly Rung[]>('../../../../scenarios/ladder/switches.json', {
    import: 'default',
    eager: true,
  }),
);

export const ladder: readonly Rung[] = rungs;

/** A side in a word. */
export function sideLabel(side: unknown): string {
  if (typeof side === 'boolean') return side ? 'on' : 'off';
  return typeof side === 'object' ? JSON.stringify(side) : `${side}`;
}

/** The scenario of one side of a rung. */
export function scenarioOf(rung: Rung, side: unknown): Scenario {
  const base = files[`../../../../scenarios/ladder/${rung.base ?? 'base'}.json`];
  if (base === undefined) throw new Error(`the ladder has no ${rung.base}`);
  const settings: [string, unknown][] = [
    ['/title', `${rung.title}: ${sideLabel(side)}`],
    ...Object.entries(rung.with ?? {}),
    [rung.switch, side],
  ];
  return settings.reduce((scenario, [place, value]) => withSetting(scenario, place, value), base);
}
