// Writes and reads the script's ops as one-line phrases, `write init 3 = 7`: what is typed into the palette and into a
// line of the script. Every op can be said, and `phraseOf` says it so that `readPhrase` reads the same op again.

import type { Op, Pattern, SimpleOp } from '../../generated/types.d.ts';
import { type Defaults, RESERVED, Reader } from './phrase-reader.ts';

export { PhraseProblem } from './phrase-problem.ts';
export type { Defaults } from './phrase-reader.ts';

function nameOf(name: string): string {
  return /^[A-Za-z_#][\w#-]*$/.test(name) && !RESERVED.test(name) ? name : JSON.stringify(name);
}

function rangeOf(first: number, end: number): string {
  return end - first === 1 ? `${first}` : `${first}..${end - 1}`;
}

function spread(parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== false && part !== '').join(', ');
}

interface Workload {
  readonly pattern: Pattern;
  readonly pages?: readonly [number, number];
  readonly accesses?: number;
  readonly writes?: number;
  readonly cpus?: number;
  readonly seed?: number;
}

function patternOf(pattern: Pattern): string {
  if (typeof pattern === 'string') return pattern;
  if ('stride' in pattern) return `stride ${pattern.stride}`;
  if ('zipf' in pattern) return `zipf ${pattern.zipf}`;
  if ('trace' in pattern) return `trace ${nameOf(pattern.trace)}`;
  if ('pages' in pattern) return pattern.pages.join(' ');
  return `phases ${pattern.phases.map((phase) => `(${workloadOf(phase)})`).join(' ')}`;
}

function workloadOf({ pattern, pages, accesses, writes, cpus, seed }: Workload): string {
  return spread([
    `${patternOf(pattern)}${pages === undefined ? '' : ` on ${rangeOf(...pages)}`}`,
    accesses !== undefined && `${accesses} accesses`,
    writes !== undefined && `writes ${writes}`,
    cpus !== undefined && `${cpus} CPU${cpus === 1 ? '' : 's'}`,
    seed !== undefined && `seed ${seed}`,
  ]);
}

function boundsOf(op: { equals?: number; at_least?: number; at_most?: number }): string {
  const { equals, at_least, at_most } = op;
  const bounds = [
    equals !== undefined && `= ${equals}`,
    at_least !== undefined && `>= ${at_least}`,
    at_most !== undefined && `<= ${at_most}`,
  ];
  return bounds.filter((bound) => bound !== false).join(' ');
}

function expectationOf(op: Extract<SimpleOp, { op: 'expect' }>): string {
  if ('counter' in op) {
    const since = op.since === undefined ? '' : ` since ${nameOf(op.since)}`;
    return `${op.counter} ${boundsOf(op)}${since}`;
  }
  if ('frames' in op) return `frames ${op.frames} ${boundsOf(op)}`;
  if ('list' in op) return `list ${op.list} ${boundsOf(op)}`;
  if ('slots' in op) return `slots ${op.slots} ${boundsOf(op)}`;
  const said: (string | false | undefined)[] = [nameOf(op.process)];
  if ('page' in op) {
    const bit = (is: boolean | undefined, name: string) =>
      is !== undefined && (is ? name : `not ${name}`);
    const frame = (relation: string, other: { process: string; page: number } | undefined) =>
      other !== undefined && `${relation} ${nameOf(other.process)} ${other.page}`;
    said.push(`${op.page}`, op.pte, op.shared !== undefined && `shared ${op.shared}`);
    said.push(bit(op.dirty, 'dirty'), bit(op.accessed, 'accessed'), bit(op.writable, 'writable'));
    said.push(frame('same-frame-as', op.same_frame_as));
    said.push(frame('other-frame-than', op.other_frame_than));
  } else {
    const parent = op.parent === null ? 'nobody' : op.parent !== undefined && nameOf(op.parent);
    said.push(op.state, parent && `parent ${parent}`);
    said.push(op.pages !== undefined && `size ${op.pages}`);
  }
  return said.filter((part) => part !== undefined && part !== false).join(' ');
}

function bodyOf(op: SimpleOp): string {
  const process = 'process' in op && op.process !== undefined ? nameOf(op.process) : '';
  const at = 'offset' in op && op.offset !== undefined ? ` + ${op.offset}` : '';
  switch (op.op) {
    case 'spawn':
      return `${nameOf(op.as)} ${op.pages}`;
    case 'write':
      return `${process} ${op.page}${at} = ${op.value}`;
    case 'read':
      return `${process} ${op.page}${at}${op.expect === undefined ? '' : ` = ${op.expect}`}`;
    case 'fork':
      return `${process} as ${nameOf(op.as)}`;
    case 'evict':
      return `${process} ${op.page}`;
    case 'sleep':
    case 'wake':
    case 'kill':
      return process;
    case 'switch':
      return `${process} to ${op.cpu}`;
    case 'map':
      return `${process} ${op.pages}${op.at === undefined ? '' : ` at ${op.at}`}${op.read_only === undefined ? '' : op.read_only ? ' read-only' : ' writable'}`;
    case 'unmap':
      return `${process} ${rangeOf(op.page, op.page + op.pages)}`;
    case 'run':
      return `${process} ${workloadOf(op)}`;
    case 'expect':
      return expectationOf(op);
    case 'mark':
      return nameOf(op.as);
    case 'check':
      return process;
    default:
      return '';
  }
}

/** An op as a phrase. */
export function phraseOf(op: Op): string {
  const fails = op.fails === undefined ? '' : ` fails ${op.fails}`;
  const may = op.may_fail === undefined ? '' : ` may fail ${op.may_fail.join(', ')}`;
  return wholeOf(op) + fails + may;
}

function wholeOf(op: Op): string {
  if (op.op === 'together') {
    return `together ${op.scripts.map(listOf).join(' & ')}`;
  }
  if (op.op === 'repeat') return `repeat ${op.times} ${listOf(op.script)}`;
  return `${op.op} ${bodyOf(op)}`.trimEnd();
}

function listOf(ops: readonly Op[]): string {
  return `(${ops.map(phraseOf).join('; ')})`;
}

/**
 * The ops that a phrase says: several for `write init 3..5`. What it leaves out is as the defaults have it. Throws a
 * `PhraseProblem` that says where, what was found and what is legal.
 */
export function readPhrase(phrase: string, defaults: Defaults): Op[] {
  return new Reader(phrase, defaults).whole();
}
