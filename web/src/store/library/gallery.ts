// Lists the gallery: scenarios that show one thing each, with what they show and a question that the page answers.

import type { Scenario } from '../../generated/types.d.ts';

/** A row of `scenarios/gallery/gallery.json`. */
interface Entry {
  /** The scenario's file under `scenarios`. */
  readonly scenario: string;
  readonly about: readonly string[];
  readonly find: string;
}

interface Exhibit extends Omit<Entry, 'scenario'> {
  readonly name: string;
  readonly scenario: Scenario;
}

const files = import.meta.glob<Scenario>(
  ['../../../../scenarios/{gallery,bugs}/*.json', '!../../../../scenarios/gallery/gallery.json'],
  { import: 'default', eager: true },
);

const [entries = []] = Object.values(
  import.meta.glob<readonly Entry[]>('../../../../scenarios/gallery/gallery.json', {
    import: 'default',
    eager: true,
  }),
);

export const gallery: readonly Exhibit[] = entries.flatMap(({ scenario: file, about, find }) => {
  const scenario = files[`../../../../scenarios/${file}`];
  const name = file.replace(/^.*\//, '').replace(/\.json$/, '');
  return scenario === undefined ? [] : [{ name, scenario, about, find }];
});

/** The exhibit that a scenario is, or was made of by changing its script. */
export function exhibitOf({ title }: Scenario): Exhibit | undefined {
  return gallery.find(({ scenario }) => title !== undefined && scenario.title === title);
}

/** The mistakes that can be switched on, each with the schedule that shows it. */
export const bugs: readonly { readonly name: string; readonly scenario: Scenario }[] =
  Object.entries(files)
    .filter(([path]) => path.includes('/bugs/'))
    .map(([path, scenario]) => ({
      name: path.replace(/^.*\//, '').replace(/\.json$/, ''),
      scenario,
    }));
