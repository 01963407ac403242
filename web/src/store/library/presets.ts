// Lists the scenarios that come with the page.

import type { Scenario } from '../../generated/types.d.ts';

const files = import.meta.glob<Scenario>('../../../../scenarios/*.json', {
  import: 'default',
  eager: true,
});

/** First those a visitor should meet first, then the rest by name. */
const ORDER = [
  'real-program',
  'first-visit',
  'fork-write',
  'processes',
  'clean-and-dirty',
  'classroom',
  'swap-storm',
  'first-attempt',
  'notes-machine',
];

export interface Preset {
  readonly name: string;
  readonly scenario: Scenario;
}

function rank(name: string): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}

export const presets: readonly Preset[] = Object.entries(files)
  .map(([path, scenario]) => ({
    name: path.replace(/^.*\//, '').replace(/\.json$/, ''),
    scenario,
  }))
  .sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
