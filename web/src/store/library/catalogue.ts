// Lists the scenarios that come with the page, in the groups of `scenarios/gallery/catalogue.json`, easiest first.

import type { Scenario } from '../../generated/types.d.ts';
import { EMPTY } from '../script/document.ts';

export type GroupName = 'start' | 'guided' | 'textbook' | 'machines' | 'bugs';

export interface Shipped {
  /** Its file's name without folder and ending. */
  readonly name: string;
  /** Its path under `scenarios`, without ending. */
  readonly path: string;
  readonly scenario: Scenario;
}

interface Row {
  readonly group: GroupName;
  readonly scenarios: readonly string[];
}

const ROOT = '../../../../scenarios/';
const files = import.meta.glob<Scenario>(
  [
    '../../../../scenarios/*.json',
    '../../../../scenarios/{gallery,textbook,bugs}/*.json',
    '!../../../../scenarios/gallery/catalogue.json',
  ],
  { import: 'default', eager: true },
);

const [rows = []] = Object.values(
  import.meta.glob<readonly Row[]>('../../../../scenarios/gallery/catalogue.json', {
    import: 'default',
    eager: true,
  }),
);

function shippedAt(path: string): Shipped[] {
  const scenario = files[`${ROOT}${path}.json`];
  return scenario === undefined ? [] : [{ name: path.replace(/^.*\//, ''), path, scenario }];
}

export const groups: readonly {
  readonly group: GroupName;
  readonly members: readonly Shipped[];
}[] = rows.map(({ group, scenarios }) => ({ group, members: scenarios.flatMap(shippedAt) }));

export const shipped: readonly Shipped[] = groups.flatMap(({ members }) => members);

/** The scenario of this file name. */
export function scenarioNamed(name: string): Scenario {
  return shipped.find((each) => each.name === name)?.scenario ?? EMPTY;
}

/** What a visitor sees who has been here before and brings nothing. */
export const FIRST = scenarioNamed('fork-write');
