// Words of the script: a line in short, one sentence on its effect, and the panel around them.

import type { PteState } from '../engine/words.ts';
import type { FailureCode, Op, Pattern } from '../generated/types.d.ts';
import { number, plural } from './format.ts';

/** The references of a list, as many as a line has room for. */
function shortened(references: readonly (number | string)[]): string {
  const few = references.slice(0, 12).join(' ');
  return references.length > 12 ? `${few} … (${number(references.length)})` : few;
}

function patternName(pattern: Pattern): string {
  if (typeof pattern === 'string') return pattern;
  if ('stride' in pattern) return `stride ${pattern.stride}`;
  if ('zipf' in pattern) return `zipf ${pattern.zipf}`;
  if ('trace' in pattern) return `trace ${pattern.trace}`;
  if ('pages' in pattern) return shortened(pattern.pages);
  return plural(pattern.phases.length, 'phase');
}

type Expect = Extract<Op, { op: 'expect' }>;

/** Says what a line of the script expects. */
function expectation(op: Expect): string {
  if ('page' in op) {
    const bit = (is: boolean | undefined, name: string) =>
      is === undefined ? '' : is ? name : `not ${name}`;
    const page = (other: { process: string; page: number } | undefined, relation: string) =>
      other === undefined ? '' : `${relation} ${other.process} · page ${other.page}`;
    const said = [
      op.pte ?? '',
      op.shared === undefined ? '' : `shared by ${op.shared}`,
      bit(op.dirty, 'dirty'),
      bit(op.accessed, 'accessed'),
      bit(op.writable, 'writable'),
      page(op.same_frame_as, 'in the frame of'),
      page(op.other_frame_than, 'in another frame than'),
    ];
    return `${op.process} · page ${op.page} ${said.filter((part) => part !== '').join(', ')}`;
  }
  if ('process' in op) {
    const said = [
      op.state ?? '',
      op.parent === undefined ? '' : op.parent === null ? 'no parent' : `child of ${op.parent}`,
      op.pages === undefined ? '' : plural(op.pages, 'page'),
    ];
    return `${op.process} ${said.filter((part) => part !== '').join(', ')}`;
  }
  const bounds = [
    op.equals === undefined ? '' : `= ${op.equals}`,
    op.at_least === undefined ? '' : `≥ ${op.at_least}`,
    op.at_most === undefined ? '' : `≤ ${op.at_most}`,
  ];
  return `${numberOf(op)} ${bounds.filter((bound) => bound !== '').join(', ')}`;
}

/** Names the number that is expected. */
function numberOf(op: Exclude<Expect, { process: string }>): string {
  if ('frames' in op) return `${op.frames} frames`;
  if ('list' in op) return `${op.list} list`;
  if ('slots' in op) return `${op.slots} slots`;
  return op.since === undefined ? op.counter : `${op.counter} since ${op.since}`;
}

/** Says a line of the script, short enough for a list. */
function line(op: Op): string {
  const at = 'page' in op ? `${op.process} · page ${op.page}` : '';
  switch (op.op) {
    case 'spawn':
      return `${op.as}, ${plural(op.pages, 'page')}`;
    case 'fork':
      return `${op.process} → ${op.as}`;
    case 'write':
      return `${at}${op.offset ? ` + ${op.offset}` : ''} = ${op.value}`;
    case 'read':
      return `${at}${op.offset ? ` + ${op.offset}` : ''}${op.expect === undefined ? '' : `, expects ${op.expect}`}`;
    case 'evict':
      return at;
    case 'sleep':
    case 'wake':
    case 'kill':
      return op.process;
    case 'switch':
      return `CPU ${op.cpu} → ${op.process}`;
    case 'map':
      return `${op.process}, ${plural(op.pages, 'page')} more${op.at === undefined ? '' : ` at ${op.at}`}${op.read_only ? ', read-only' : ''}`;
    case 'unmap':
      return `${at}, ${plural(op.pages, 'page')}`;
    case 'run':
      return `${op.process}, ${patternName(op.pattern)}${op.accesses === undefined ? '' : `, ${number(op.accesses)} accesses`}${(op.cpus ?? 1) > 1 ? `, ${op.cpus} CPUs` : ''}`;
    case 'together':
      return `${plural(op.scripts.length, 'script')} side by side`;
    case 'repeat':
      return `${plural(op.script.length, 'op')}, ${plural(op.times, 'time')}`;
    case 'mark':
      return op.as;
    case 'check':
      return op.process === undefined ? 'every process' : op.process;
    case 'expect':
      return expectation(op);
    default:
      return '';
  }
}

const failures: Record<FailureCode, string> = {
  'not-running': 'the process is not running',
  'no-such-process': 'no living process has this name',
  'out-of-range': 'the process has no such page',
  'read-only': 'the page may not be written',
  'out-of-memory': 'no frame is left to take',
  'out-of-swap': 'swap is full',
  'swap-failed': 'the swap device failed',
  'name-taken': 'the name is taken; names are never reused',
  'too-many-processes': 'the machine has room for no more processes',
  'no-such-mark': 'no mark has this name',
};

interface Account {
  readonly op: Op;
  readonly value?: number | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** How much each counter grew. */
  readonly grew: Readonly<Record<string, number>>;
  /** Where the page is afterwards. */
  readonly after?: { format: PteState; number: number } | undefined;
  /** Findings of an audit that failed, in words. */
  readonly findings?: readonly string[] | undefined;
  /** Whether a deliberate bug is on: then nothing follows from what was asked, and only what was seen is told. */
  readonly hasBug?: boolean;
}

/** What the page's entry says afterwards. */
function entryNow({ op, after }: Account): string {
  if (after === undefined || !('page' in op)) return '';
  const where = {
    zero: 'is on the zero page',
    valid: `is mapped to frame ${after.number}`,
    transition: `is unmapped, in frame ${after.number}`,
    swapped: `is in slot ${after.number}`,
  }[after.format];
  return ` Page ${op.page} of ${op.process} ${where}, by its page-table entry.`;
}

/** Counters that tell what a line did, each with its words. */
const TOLD: readonly (readonly [name: string, one: string, many?: string])[] = [
  ['demand_zero', 'demand-zero fault'],
  ['soft', 'soft fault'],
  ['hard', 'hard fault'],
  ['copies', 'copy', 'copies'],
  ['reuses', 'reuse without copying', 'reuses without copying'],
  ['evictions', 'eviction'],
  ['swap_writes', 'write to swap', 'writes to swap'],
  ['swap_reads', 'read from swap', 'reads from swap'],
];

/** Tells a line by its counters and by the entry of its page, and draws no conclusion from them. */
function facts(account: Account): string {
  const { op, grew, value } = account;
  const counted = TOLD.flatMap(([name, one, many]) => {
    const count = grew[name] ?? 0;
    return count === 0 ? [] : [plural(count, one, many)];
  });
  const read = op.op === 'read' && value !== undefined ? `Read ${value}. ` : '';
  return `${read}Counted: ${counted.length === 0 ? 'nothing' : counted.join(', ')}.${entryNow(account)}`;
}

/** Lines whose success says nothing of what the machine looks like afterwards. */
const PLAIN = new Set<Op['op']>(['sleep', 'wake', 'switch', 'mark', 'check', 'audit', 'expect']);

/** Says how the access got its page, derived from the counters. */
function faultClause({ grew, after }: Account): string {
  const frame = after?.format === 'valid' ? ` frame ${after.number}` : ' a frame';
  const parts: string[] = [];
  if (grew.demand_zero) parts.push(`demand-zero fault: the kernel took${frame}, zeroed`);
  if (grew.soft) parts.push('soft fault: the frame still held the page, no I/O');
  if (grew.hard) parts.push(`hard fault: the page came back from swap into${frame}`);
  if (grew.copies) parts.push(`copy on write: shared, so the page was copied into${frame}`);
  if (grew.reuses) parts.push('the last sharer: reused without copying');
  if (grew.evictions) parts.push(`${plural(grew.evictions, 'eviction')} made room`);
  if (parts.length === 0) return 'no fault';
  return parts.join('; ');
}

/** Narrates the effect of a line in one sentence. */
export function narrate(account: Account): string {
  const { op, grew, code, message } = account;
  if (code !== undefined || message !== undefined) {
    const [first, ...others] = account.findings ?? [];
    if (first !== undefined) {
      return `The audit failed: ${first}${others.length > 0 ? ` And ${plural(others.length, 'finding')} more.` : ''}`;
    }
    const why =
      code === 'name-taken' && 'as' in op
        ? `“${op.as}” is taken; names are never reused`
        : (failures[code as FailureCode] ?? message ?? code);
    const isExpected = op.fails !== undefined || op.may_fail?.some((each) => each === code);
    return isExpected ? `Refused: ${why}.` : `Failed: ${why}.`;
  }
  if (account.hasBug && !PLAIN.has(op.op)) return facts(account);
  switch (op.op) {
    case 'spawn':
      return `${op.as} runs; every page of it is the zero page.`;
    case 'fork':
      return `${op.as} shares every page with ${op.process}; no data was copied.`;
    case 'write':
      return `Stored; ${faultClause(account)}.`;
    case 'read':
      return `Found ${account.value === undefined ? 'the word' : account.value}; ${faultClause(account)}.`;
    case 'evict': {
      if (!grew.evictions && !grew.swap_writes && !grew.clean_drops)
        return 'The page has no frame.';
      return grew.swap_writes
        ? 'Unmapped in every sharer and written to swap; the frame is free.'
        : 'Already in swap and unchanged: the frame was freed without a write.';
    }
    case 'sleep':
      return `${op.process} sleeps; its pages stay.`;
    case 'wake':
      return `${op.process} is awake.`;
    case 'kill':
      return `${op.process} has ended; what no other process shares is free.`;
    case 'switch':
      return `${op.process} has CPU ${op.cpu}.`;
    case 'map':
      return `${plural(op.pages, 'page')} more, all on the zero page.`;
    case 'unmap':
      return `${plural(op.pages, 'page')} unmapped, and their contents discarded.`;
    case 'run':
      return `${plural(grew.accesses ?? 0, 'access', 'accesses')}, ${plural(grew.faults ?? 0, 'fault')}: ${number(grew.demand_zero ?? 0)} demand-zero, ${number(grew.soft ?? 0)} soft, ${number(grew.hard ?? 0)} hard, ${plural(grew.copies ?? 0, 'copy', 'copies')}.`;
    case 'together':
    case 'repeat':
      return `All done; ${plural(grew.accesses ?? 0, 'access', 'accesses')}, ${plural(grew.faults ?? 0, 'fault')}.`;
    case 'mark':
      return 'The counters are remembered.';
    case 'check':
      return 'Every word holds what was stored there.';
    case 'settle':
      return 'All background work has finished.';
    case 'audit':
      return 'Every invariant holds.';
    case 'expect':
      return 'As expected.';
    default:
      return 'Done.';
  }
}

export const scriptText = {
  line,
  narrate,
  script: {
    empty: 'Each action becomes a line here.',
    before: (count: number) => `${plural(count, 'line')} before`,
    after: (count: number) => `${plural(count, 'line')} after`,
    remove: (at: number) => `Remove line ${at + 1}`,
    edit: (at: number) => `Edit line ${at + 1}`,
    up: (at: number) => `Move line ${at + 1} up`,
    down: (at: number) => `Move line ${at + 1} down`,
    oneLine: 'A line has one op: on one page, or unmap or run on several.',
    position: (done: number, total: number) => `${done} / ${total}`,
    scrub: 'Position in the script',
    working: 'running',
    underWay: 'under way',
  },
};
