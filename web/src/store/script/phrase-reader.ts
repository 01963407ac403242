// Reads a phrase from left to right: first what it leaves out is known, then each op takes the words it has a use for.

import type {
  FailureCode,
  ListedOp,
  Op,
  Pattern,
  RepeatedOp,
  SimpleOp,
  SteadyPattern,
} from '../../generated/types.d.ts';
import { choicesOf, OPS, PTE_STATES, STATE_NAMES } from './format.ts';
import { PhraseProblem } from './phrase-problem.ts';
import { type Token, tokensOf } from './phrase-tokens.ts';

/** What a phrase means where it says nothing. */
export interface Defaults {
  readonly process: string | undefined;
  /** The selected pages, the last included. */
  readonly first: number;
  readonly last: number;
  readonly offset: number;
  readonly value: number;
  readonly spawnPages: number;
  readonly nameOfSpawn: string;
  readonly nameOfFork: (parent: string) => string;
}

/** Words that a phrase is built of: a process with such a name stands in quotes. */
export const RESERVED =
  /^(as|to|at|by|on|cpus?|pages?|more|read-only|writable|accesses|writes|seed|fails|may|expects|shared|zero|valid|transition|swapped|not|dirty|accessed|same-frame-as|other-frame-than|running|sleeping|terminated|parent|nobody|size|since|times|sequential|uniform|strided?|zipf|trace|phases)$/i;

interface Range {
  readonly first: number;
  readonly last: number;
}

export class Reader {
  readonly #tokens: readonly Token[];
  readonly #defaults: Defaults;
  readonly #end: Token;
  #next = 0;

  constructor(phrase: string, defaults: Defaults) {
    this.#tokens = tokensOf(phrase);
    this.#defaults = defaults;
    this.#end = { at: phrase.length, text: '', kind: 'end' };
  }

  whole(): Op[] {
    const ops = this.#any([]);
    if (this.#peek().kind !== 'end') this.#fail('the end');
    return ops;
  }

  /** The ops that can stand in the composite ops of these names. */
  #any(within: readonly string[]): Op[] {
    const isOther = (word: string) => this.#isWord(word) && !within.includes(word);
    if (isOther('together')) return [this.#together(within)];
    if (isOther('repeat')) return [this.#repeat(within)];
    return this.#ops();
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? this.#end;
  }

  #fail(legal: string): never {
    const { at, text } = this.#peek();
    throw new PhraseProblem(at, text, legal);
  }

  #isWord(...words: string[]): boolean {
    const { kind, text } = this.#peek();
    return kind === 'word' && words.includes(text.toLowerCase());
  }

  #takeWord(...words: string[]): boolean {
    const is = this.#isWord(...words);
    if (is) this.#next++;
    return is;
  }

  #takeSign(...signs: string[]): string | undefined {
    const { kind, text } = this.#peek();
    if (kind !== 'sign' || !signs.includes(text)) return undefined;
    this.#next++;
    return text;
  }

  #number(legal: string): number {
    const { kind, text } = this.#peek();
    if (kind !== 'number') this.#fail(legal);
    this.#next++;
    return Number(text);
  }

  #isName(): boolean {
    return ['word', 'name'].includes(this.#peek().kind) && !this.#isWord('fails', 'may');
  }

  #name(legal: string): string {
    if (!this.#isName()) this.#fail(legal);
    return this.#tokens[this.#next++]?.text ?? '';
  }

  #process(): string {
    const { kind, text } = this.#peek();
    if (kind === 'name' || (kind === 'word' && !RESERVED.test(text))) return this.#name('');
    return this.#defaults.process ?? this.#fail('the name of a process');
  }

  /** `3` or `3..5`; the selected pages if there is no number. */
  #pages(): Range {
    if (this.#peek().kind !== 'number') return this.#defaults;
    return this.#range();
  }

  #range(): Range {
    const start = this.#peek();
    const first = this.#number('a page, or a range as in 3..5');
    if (this.#takeSign('..') === undefined) return { first, last: first };
    const last = this.#number('the last page of the range');
    if (last < first)
      throw new PhraseProblem(start.at, `${first}..${last}`, 'the lower page first');
    return { first, last };
  }

  #offset(): number | undefined {
    if (this.#takeSign('+') !== undefined) return this.#number('a byte of the page');
    return this.#defaults.offset === 0 ? undefined : this.#defaults.offset;
  }

  #ops(): SimpleOp[] {
    const { kind, text } = this.#peek();
    const word = text.toLowerCase();
    const isComposite = word === 'together' || word === 'repeat';
    if (kind !== 'word' || !OPS.some((op) => op === word) || isComposite) {
      this.#fail(OPS.join(', '));
    }
    this.#next++;
    const ops = this.#body(word);
    const failing = this.#failing();
    return ops.map((op) => ({ ...op, ...failing }));
  }

  /** How an op has to fail, and how it may. */
  #failing(): { fails?: FailureCode; may_fail?: [FailureCode, ...FailureCode[]] } {
    const found: { fails?: FailureCode; may_fail?: [FailureCode, ...FailureCode[]] } = {};
    if (this.#takeWord('fails')) {
      found.fails = this.#name('a code, as in fails not-running') as FailureCode;
    }
    if (this.#takeWord('may')) {
      if (!this.#takeWord('fail')) this.#fail('fail, as in may fail not-running');
      const codes = choicesOf('FailureCode');
      const first = this.#name(codes.join(', ')) as FailureCode;
      found.may_fail = [first];
      while (this.#isWord(...codes)) found.may_fail.push(this.#name('') as FailureCode);
    }
    return found;
  }

  #body(word: string): SimpleOp[] {
    switch (word) {
      case 'spawn': {
        const as = this.#isName() ? this.#name('a name') : this.#defaults.nameOfSpawn;
        const pages = this.#peek().kind === 'number' ? this.#number('') : this.#defaults.spawnPages;
        return [{ op: 'spawn', as, pages }];
      }
      case 'write':
        return this.#writes();
      case 'read':
        return this.#reads();
      case 'evict': {
        const process = this.#process();
        return each(this.#pages(), (page) => ({ op: 'evict', process, page }));
      }
      case 'fork': {
        const process = this.#process();
        const isNamed = this.#takeWord('as') || this.#takeSign('→', '->') !== undefined;
        const as = isNamed ? this.#name('the child’s name') : this.#defaults.nameOfFork(process);
        return [{ op: 'fork', process, as }];
      }
      case 'sleep':
      case 'wake':
      case 'kill':
        return [{ op: word, process: this.#process() }];
      case 'switch':
        return [this.#switch()];
      case 'map': {
        const process = this.#process();
        const pages = this.#number('how many pages');
        this.#takeWord('more');
        const at = this.#takeWord('at') ? this.#number('the first page') : undefined;
        const isReadOnly = this.#takeWord('read-only');
        const said = isReadOnly || this.#takeWord('writable');
        return [
          {
            op: 'map',
            process,
            pages,
            ...(at !== undefined && { at }),
            ...(said && { read_only: isReadOnly }),
          },
        ];
      }
      case 'unmap': {
        const process = this.#process();
        const { first, last } = this.#pages();
        const pages = this.#peek().kind === 'number' ? this.#number('') : last - first + 1;
        return [{ op: 'unmap', process, page: first, pages }];
      }
      case 'run':
        return [{ op: 'run', process: this.#process(), ...this.#workload(true) }];
      case 'expect':
        return [this.#expect()];
      case 'mark':
        return [{ op: 'mark', as: this.#name('the name of the mark') }];
      case 'check':
        return [{ op: 'check', ...(this.#isName() && { process: this.#name('') }) }];
      default:
        return [{ op: word as 'settle' | 'audit' }];
    }
  }

  #writes(): SimpleOp[] {
    const process = this.#process();
    const pages = this.#pages();
    const offset = this.#offset();
    const isSaid = this.#takeSign('=') !== undefined;
    const value = isSaid ? this.#number('a whole number') : this.#defaults.value;
    return each(pages, (page, index) => ({
      op: 'write',
      process,
      page,
      ...(offset !== undefined && { offset }),
      value: value + index,
    }));
  }

  #reads(): SimpleOp[] {
    const process = this.#process();
    const pages = this.#pages();
    const offset = this.#offset();
    const isExpecting = this.#takeSign('=') !== undefined || this.#takeWord('expects');
    const expect = isExpecting ? this.#number('a whole number') : undefined;
    return each(pages, (page) => ({
      op: 'read',
      process,
      page,
      ...(offset !== undefined && { offset }),
      ...(expect !== undefined && { expect }),
    }));
  }

  #switch(): SimpleOp {
    if (this.#takeWord('cpu')) {
      const cpu = this.#number('a CPU');
      if (!this.#takeWord('to')) this.#takeSign('→', '->');
      return { op: 'switch', cpu, process: this.#process() };
    }
    const process = this.#process();
    if (!this.#takeWord('to')) this.#takeSign('→', '->');
    this.#takeWord('cpu');
    return { op: 'switch', cpu: this.#number('to, and a CPU'), process };
  }

  /** The workload of a `run` op; or of a phase, which has neither CPUs nor a seed of its own. */
  #workload(isRun: boolean) {
    const pattern = this.#pattern(isRun);
    const found: {
      pages?: [number, number];
      accesses?: number;
      writes?: number;
      cpus?: number;
      seed?: number;
    } = {};
    for (;;) {
      if (this.#takeWord('on')) {
        const { first, last } = this.#range();
        found.pages = [first, last + 1];
      } else if (this.#takeWord('writes')) found.writes = this.#number('a share, 0 to 1');
      else if (isRun && this.#takeWord('seed')) found.seed = this.#number('a seed');
      else if (this.#peek().kind === 'number') {
        const count = this.#number('');
        if (this.#takeWord('accesses')) found.accesses = count;
        else if (isRun && this.#takeWord('cpus', 'cpu')) found.cpus = count;
        else this.#fail(isRun ? 'accesses or CPUs' : 'accesses');
      } else return { pattern, ...found };
    }
  }

  #pattern(isRun: true): Pattern;
  #pattern(isRun: boolean): SteadyPattern;
  #pattern(isRun: boolean): Pattern {
    const references = isRun ? this.#references() : [];
    if (references.length > 0) return { pages: references as [number, ...number[]] };
    if (this.#takeWord('sequential')) return 'sequential';
    if (this.#takeWord('uniform')) return 'uniform';
    if (this.#takeWord('stride', 'strided')) return { stride: this.#number('a stride in pages') };
    if (this.#takeWord('zipf')) return { zipf: this.#number('a skew, as in zipf 0.99') };
    if (isRun && this.#takeWord('trace')) return { trace: this.#name('the name of a trace') };
    if (isRun && this.#takeWord('phases')) return { phases: this.#phases() };
    return this.#fail(
      `sequential, uniform, stride N, zipf N${isRun ? ', pages as in 7 0 1 3w, trace NAME, phases (…) (…)' : ''}`,
    );
  }

  /** A string of references: pages that are read, and `3w` for one that is written. */
  #references(): (number | string)[] {
    const references: (number | string)[] = [];
    for (;;) {
      const { kind, text } = this.#peek();
      const follower = this.#peek(1);
      const isAmount = follower.kind === 'word' && /^(accesses|cpus?)$/i.test(follower.text);
      if (kind === 'number' && !isAmount) references.push(Number(text));
      else if (kind === 'word' && /^\d+w$/i.test(text)) references.push(text.toLowerCase());
      else return references;
      this.#next++;
    }
  }

  #phases() {
    type Phases = Extract<Pattern, { phases: unknown }>['phases'];
    const phases: Phases[number][] = [];
    while (this.#takeSign('(') !== undefined) {
      phases.push(this.#workload(false) as Phases[number]);
      if (this.#takeSign(')') === undefined) this.#fail(')');
    }
    if (phases.length === 0) this.#fail('a phase in parentheses, as in (uniform on 0..7)');
    return phases as Phases;
  }

  #expect(): SimpleOp {
    const number = this.#numberExpected();
    if (number !== undefined) return number;
    const process = this.#process();
    const isOfProcess = this.#isWord(...STATE_NAMES, 'parent', 'size');
    return isOfProcess ? this.#processExpected(process) : this.#pageExpected(process);
  }

  /** `copies = 1 since NAME`, `frames free >= 3`; nothing if it is no number that is expected. */
  #numberExpected(): SimpleOp | undefined {
    const [second, third] = [this.#peek(1), this.#peek(2)];
    const isBound = ({ kind, text }: Token) => kind === 'sign' && /^(=|>=|<=|≥|≤)$/.test(text);
    if (isBound(second)) {
      const counter = this.#name('a counter') as Extract<SimpleOp, { counter: unknown }>['counter'];
      const bounds = this.#bounds();
      const since = this.#takeWord('since') ? this.#name('the name of a mark') : undefined;
      return { op: 'expect', counter, ...(since !== undefined && { since }), ...bounds };
    }
    for (const [key, type] of AMOUNTS) {
      const isWhich = choicesOf(type).includes(second.text.toLowerCase());
      if (isBound(third) && isWhich && this.#takeWord(key)) {
        const which = this.#name('').toLowerCase();
        return { op: 'expect', [key]: which, ...this.#bounds() } as SimpleOp;
      }
    }
    return undefined;
  }

  #bounds() {
    const bounds: { equals?: number; at_least?: number; at_most?: number } = {};
    for (;;) {
      if (this.#takeSign('=')) bounds.equals = this.#number('a count');
      else if (this.#takeSign('>=', '≥')) bounds.at_least = this.#number('a count');
      else if (this.#takeSign('<=', '≤')) bounds.at_most = this.#number('a count');
      else return bounds;
    }
  }

  #processExpected(process: string): SimpleOp {
    type OfProcess = Extract<SimpleOp, { state?: unknown }>;
    const found: Pick<OfProcess, 'parent' | 'state' | 'pages'> = {};
    for (;;) {
      if (this.#isWord(...STATE_NAMES)) {
        found.state = this.#name('') as NonNullable<OfProcess['state']>;
      } else if (this.#takeWord('parent')) {
        found.parent = this.#takeWord('nobody') ? null : this.#name('a name, or nobody');
      } else if (this.#takeWord('size')) found.pages = this.#number('how many pages');
      else return { op: 'expect', process, ...found };
    }
  }

  #pageExpected(process: string): SimpleOp {
    type OfPage = Extract<SimpleOp, { same_frame_as?: unknown }>;
    const { first: page } = this.#pages();
    const found: Omit<OfPage, 'op' | 'process' | 'page' | 'fails' | 'may_fail'> = {};
    const other = () => ({ process: this.#process(), page: this.#number('a page') });
    for (;;) {
      const pte = PTE_STATES.find((state) => this.#takeWord(state));
      if (pte !== undefined) found.pte = pte;
      else if (this.#takeWord('shared')) {
        this.#takeWord('by');
        found.shared = this.#number('how many PTEs');
      } else if (this.#takeWord('same-frame-as')) found.same_frame_as = other();
      else if (this.#takeWord('other-frame-than')) found.other_frame_than = other();
      else if (this.#isWord('not', ...BITS)) {
        const is = !this.#takeWord('not');
        const bit = BITS.find((name) => this.#takeWord(name));
        if (bit === undefined) this.#fail(BITS.join(', '));
        found[bit] = is;
      } else break;
    }
    if (Object.keys(found).length === 0) {
      const legal = [...PTE_STATES, 'shared N', ...BITS].join(', ');
      this.#fail(
        `= N after a counter; ${legal} after a page; running, parent NAME, size N after a process`,
      );
    }
    return { op: 'expect', process, page, ...found };
  }

  /** `together (a; b) & (c)`; the parentheses may be left out. */
  #together(within: readonly string[]): Op {
    this.#next++;
    const inner = [...within, 'together'];
    const scripts: ListedOp[][] = [];
    while (scripts.length === 0 || this.#takeSign('&') !== undefined) {
      const isOver = ['', ';', ')'].includes(this.#peek().text) || this.#isWord('fails', 'may');
      if (scripts.length === 0 && isOver) break;
      scripts.push(this.#list(inner) as ListedOp[]);
    }
    return { op: 'together', scripts, ...this.#failing() };
  }

  /** `repeat 3 (a; b)`; the parentheses may be left out. */
  #repeat(within: readonly string[]): Op {
    this.#next++;
    const times = this.#number('how often');
    this.#takeWord('times');
    const script = this.#list([...within, 'repeat']) as [RepeatedOp, ...RepeatedOp[]];
    return { op: 'repeat', times, script, ...this.#failing() };
  }

  #list(within: readonly string[]): Op[] {
    const isOpen = this.#takeSign('(') !== undefined;
    const list: Op[] = [];
    if (!(isOpen && this.#peek().text === ')')) {
      do list.push(...this.#any(within));
      while (this.#takeSign(';') !== undefined);
    }
    if (isOpen && this.#takeSign(')') === undefined) this.#fail('; or )');
    return list;
  }
}

/** What is expected to be so many, by the key of the op, with the words that say which. */
const AMOUNTS = [
  ['frames', 'FrameUse'],
  ['list', 'ListName'],
  ['slots', 'SlotUse'],
] as const;

const BITS = ['dirty', 'accessed', 'writable'] as const;

/** A line may not say more than so many ops: each becomes a line of its own. */
const MOST_PAGES = 4096;

function each({ first, last }: Range, make: (page: number, index: number) => SimpleOp): SimpleOp[] {
  if (last - first >= MOST_PAGES) {
    throw new PhraseProblem(
      0,
      `${last - first + 1} pages`,
      `${MOST_PAGES} at most; run takes any range`,
    );
  }
  return Array.from({ length: last - first + 1 }, (_, index) => make(first + index, index));
}
