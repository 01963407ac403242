// Words of a problem's place: a JSON Pointer into a scenario, in the words of the forms that edit it.

import { machineOptionsText } from './machine-options.ts';
import { workloadText } from './workload.ts';

/** A problem as it is told. */
export interface ProblemFacts {
  /** As the engine names the place. */
  readonly path: string;
  readonly where: string;
  readonly value: string;
  readonly allowed: string;
  /** A word that may stand there and is like the one that does. */
  readonly meant?: string;
}

const fields: Readonly<Record<string, string>> = {
  ...(workloadText.fields as unknown as Record<string, string>),
  op: 'Op',
  process: 'Process',
  as: 'Name',
  zipf: workloadText.fields.skew,
  kind: workloadText.fields.runtime,
  faultline: 'Format version',
  machine: 'Machine',
  runtime: workloadText.fields.runtime,
  script: 'Script',
  fails: 'Fails with',
  may_fail: 'May fail with',
};

const nameOf = (key: string): string => {
  const name = fields[key];
  return typeof name === 'string' ? name : key;
};

const unescaped = (key: string) => key.replaceAll('~1', '/').replaceAll('~0', '~');

/** Keys and numbers inside a line: an op of a `together` or a `repeat` is named by where it stands. */
function insideLine(keys: readonly string[]): string {
  const named = keys.map((key, at) => {
    if (!/^\d+$/.test(key)) return key === 'scripts' || key === 'script' ? '' : nameOf(key);
    const isScript = keys[at - 1] === 'scripts';
    return `${isScript ? 'script' : 'op'} ${Number(key) + 1}`;
  });
  return named.filter((name) => name !== '').join(', ');
}

function where(path: string): string {
  const [part, ...keys] = path.split('/').slice(1).map(unescaped);
  if (part === undefined) return 'The whole text';
  if (part === 'script') {
    const [line, ...inside] = keys;
    if (line === undefined) return nameOf(part);
    const place = insideLine(inside);
    return `Line ${Number(line) + 1}${place === '' ? '' : `: ${place}`}`;
  }
  if (keys.length === 0) return nameOf(part);
  if (part === 'machine') {
    const [option] = machineOptionsText.machine.options[keys.join('.')] ?? [keys.join(', ')];
    return `Machine: ${option}`;
  }
  if (keys[0] === 'costs') return `Costs: ${machineOptionsText.machine.costName(keys[1] ?? '')}`;
  const [option = keys.map(nameOf).join(', ')] =
    machineOptionsText.machine.options[keys.join('.')] ?? [];
  return part === 'runtime' ? option : keys.map(nameOf).join(', ');
}

export const problemText = {
  problem: {
    where,
    /** A text that is no JSON is wrong at a place of the text. */
    position: (line: number, column: number) => `Line ${line} of the text, column ${column}`,
    nothing: 'the end of the text',
    meant: (word: string) => `Did you mean ${word}?`,
    edit: 'Edit as JSON',
    title: (file: string) => `${file} cannot run`,
    brokenTitle: (file: string) => `${file} cannot be opened`,
  },
};
