// Lists every option of a machine from the schema of the format: what it may be, and what it is where a scenario leaves
// it out. What else is legal depends on other options, and only the engine knows.

import schema from '../../../../crate/engine/src/scenario/document/schema.json';
import type { Scenario } from '../../generated/types.d.ts';
import { isSameJson } from './same-json.ts';
import { withSetting } from './setting.ts';

/** What the engine suits an option to where a scenario leaves it out. */
export type Suits = 'memory' | 'cpus';

interface OptionPlace {
  /** The JSON Pointer to it in a scenario. */
  readonly pointer: string;
  /** Its keys below the machine, or from `costs` on, joined by points. */
  readonly name: string;
  /** Its usual value is undefined then. */
  readonly suits?: Suits | undefined;
}

export type Option =
  | (OptionPlace & {
      readonly kind: 'number';
      readonly least: number;
      readonly most: number;
      /** Undefined where the engine suits it to the rest of the machine. */
      readonly usual: number | undefined;
    })
  | (OptionPlace & {
      readonly kind: 'choice';
      readonly choices: readonly unknown[];
      readonly usual: unknown;
    })
  | (OptionPlace & { readonly kind: 'set'; readonly choices: readonly string[] });

/** As much of a JSON Schema as the format uses. */
interface Shape {
  readonly $ref?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly items?: Shape;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly oneOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
}

/** Options that suit the machine where they are left out, whatever the schema says. */
const SUITS: Readonly<Record<Suits, readonly string[]>> = {
  memory: ['trim/low', 'trim/high', 'clock_tick/every', 'working_set_window'],
  cpus: [
    ...['free_lists', 'list_shards', 'cpu_cache', 'zeroer'],
    ...['rmap', 'slot_finder', 'shootdown'],
  ],
};

function suitsOf(pointer: string): Suits | undefined {
  const key = pointer.replace('/machine/', '');
  return (['memory', 'cpus'] as const).find((suits) => SUITS[suits].includes(key));
}

const definitions = schema.$defs as unknown as Readonly<Record<string, Shape>>;

/** What a reference stands for, with what is said beside it. */
function resolved({ $ref, ...beside }: Shape): Shape {
  if ($ref === undefined) return beside;
  const definition = definitions[$ref.replace('#/$defs/', '')];
  if (definition === undefined) throw new Error(`the schema has no ${$ref}`);
  return { ...resolved(definition), ...beside };
}

/** The values of a choice: its words, and objects of one key with each of its values, or of a text an example. */
function valuesOf(branch: Shape): unknown[] {
  if (branch.const !== undefined) return [branch.const];
  return Object.entries(branch.properties ?? {}).flatMap(([key, inner]) => {
    const { enum: values, examples = [] } = resolved(inner);
    return (values ?? examples).map((value) => ({ [key]: value }));
  });
}

function* optionsOf(shape: Shape, pointer: string, path: string): Generator<Option> {
  for (const [key, inner] of Object.entries(shape.properties ?? {})) {
    const { type, oneOf, items, minimum = 0, maximum = 0, ...part } = resolved(inner);
    const suits = suitsOf(`${pointer}/${key}`);
    const place = { pointer: `${pointer}/${key}`, name: `${path}${key}`, suits };
    const usual = suits === undefined ? part.default : undefined;
    if (oneOf !== undefined) {
      yield { ...place, kind: 'choice', choices: oneOf.flatMap(valuesOf), usual };
    } else if (type === 'boolean') {
      yield { ...place, kind: 'choice', choices: [true, false], usual };
    } else if (type === 'array') {
      const choices = (resolved(items ?? {}).oneOf ?? []).map((word) => String(word.const));
      yield { ...place, kind: 'set', choices };
    } else if (type === 'object') {
      yield* optionsOf(resolved(inner), place.pointer, `${place.name}.`);
    } else {
      const known = usual === undefined ? undefined : Number(usual);
      yield { ...place, kind: 'number', least: minimum, most: maximum, usual: known };
    }
  }
}

const definition = (name: string) => resolved({ $ref: `#/$defs/${name}` });

export const machineOptions: readonly Option[] = [
  ...optionsOf(definition('MachineOptions'), '/machine', ''),
];
export const costOptions: readonly Option[] = [
  ...optionsOf(definition('Costs'), '/runtime/costs', 'costs.'),
];

/** The options of virtual CPUs that are a choice of words. */
export const runtimeOptions: readonly Option[] = [
  {
    pointer: '/runtime/lock_kind',
    name: 'lock_kind',
    kind: 'choice',
    choices: (definition('LockKind').oneOf ?? []).flatMap(valuesOf),
    usual: 'queue',
  },
];

/** The bounds of an option of the machine that is a number. */
export function rangeOf(name: string): { readonly least: number; readonly most: number } {
  const option = machineOptions.find((each) => each.name === name);
  if (option?.kind !== 'number') throw new Error(`the machine has no number ${name}`);
  return option;
}

/** What a scenario says at a place; undefined if it leaves it out. */
export function saidAt(scenario: Scenario, pointer: string): unknown {
  let place: unknown = scenario;
  for (const key of pointer.split('/').slice(1)) {
    if (typeof place !== 'object' || place === null) return undefined;
    place = Object.hasOwn(place, key) ? place[key as keyof typeof place] : undefined;
  }
  return place;
}

/** A machine says how many frames it has, or how many are left for data: one of the two. */
const EITHER: Readonly<Record<string, string>> = {
  '/machine/frames': '/machine/data_frames',
  '/machine/data_frames': '/machine/frames',
};

/** The scenario with an option said, or left out; one that stands instead of another takes its place. */
export function withOption(scenario: Scenario, pointer: string, value: unknown): Scenario {
  const other = EITHER[pointer];
  const isInstead = value !== undefined && other !== undefined;
  const rest = isInstead ? withSetting(scenario, other, undefined) : scenario;
  // What is undefined is no part of the document that is made of it.
  return JSON.parse(JSON.stringify(withSetting(rest, pointer, value)));
}

/** One option that two scenarios say differently. */
export interface Change {
  readonly pointer: string;
  readonly one: unknown;
  readonly other: unknown;
}

/** The options in which two scenarios differ, those of the runtime too. */
export function changesBetween(one: Scenario, other: Scenario): Change[] {
  const usual = (option: Option) => (option.kind === 'set' ? [] : option.usual);
  const places: [string, unknown][] = [
    ...machineOptions.map((option): [string, unknown] => [option.pointer, usual(option)]),
    ['/runtime/kind', 'virtual'],
    ['/runtime/seed', 0],
    ['/runtime/coherence', false],
    ...runtimeOptions.map((option): [string, unknown] => [option.pointer, usual(option)]),
    ...costOptions.map((option): [string, unknown] => [option.pointer, usual(option)]),
  ];
  return places.flatMap(([pointer, left]) => {
    const said = [saidAt(one, pointer) ?? left, saidAt(other, pointer) ?? left];
    return isSameJson(said[0], said[1]) ? [] : [{ pointer, one: said[0], other: said[1] }];
  });
}
