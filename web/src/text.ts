// Every word that the page says. Sentences are built here too, so that one file is the whole voice.

import type { ProcessState, PteState } from './engine/words.ts';
import type { LockClass, Subject } from './store/run/breakpoints.ts';
import type { FailureCode, Op, Pattern, Policy } from './store/script/types.ts';
import type { Facts } from './store/visit/story.ts';

const numbers = new Intl.NumberFormat('en');
export const number = (value: number): string => numbers.format(value);
const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;

/** Nanoseconds, in the unit that leaves one to three digits before the point. */
export function duration(ns: number): string {
  const steps: [number, string][] = [
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'µs'],
  ];
  for (const [unit, name] of steps) {
    if (ns >= unit)
      return `${(ns / unit).toFixed(ns >= unit * 100 ? 0 : ns >= unit * 10 ? 1 : 2)} ${name}`;
  }
  return `${Math.round(ns)} ns`;
}

/** A rate, short: 1.2 M/s. */
export function rate(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(1)} M/s`;
  if (perSecond >= 1e3) return `${(perSecond / 1e3).toFixed(1)} k/s`;
  return `${Math.round(perSecond)}/s`;
}

function patternName(pattern: Pattern): string {
  if (typeof pattern === 'string') return pattern;
  if ('stride' in pattern) return `stride ${pattern.stride}`;
  if ('zipf' in pattern) return `zipf ${pattern.zipf}`;
  if ('trace' in pattern) return `trace ${pattern.trace}`;
  return plural(pattern.phases.length, 'phase');
}

type Expect = Extract<Op, { op: 'expect' }>;

/** What a line of the script expects. */
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

/** Which number is expected. */
function numberOf(op: Exclude<Expect, { process: string }>): string {
  if ('frames' in op) return `${op.frames} frames`;
  if ('list' in op) return `${op.list} list`;
  if ('slots' in op) return `${op.slots} slots`;
  return op.since === undefined ? op.counter : `${op.counter} since ${op.since}`;
}

/** A line of the script, short enough for a list. */
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
  'name-taken': 'the name is used already',
  'too-many-processes': 'the machine has room for no more processes',
  'no-such-mark': 'no mark has this name',
};

export interface Account {
  readonly op: Op;
  readonly value?: number | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** How much each counter grew. */
  readonly grew: Readonly<Record<string, number>>;
  /** Where the page is afterwards. */
  readonly after?: { format: PteState; number: number } | undefined;
}

/** How the page came to be at hand, told from what was counted. */
function faultClause({ grew, after }: Account): string {
  const frame = after?.format === 'valid' ? ` frame ${after.number}` : ' a frame';
  const parts: string[] = [];
  if (grew.demand_zero) parts.push(`first write, so a fault took${frame}, zeroed`);
  if (grew.soft) parts.push('the frame still held the page: rescued without I/O');
  if (grew.hard) parts.push(`the page came back from swap into${frame}`);
  if (grew.copies) parts.push(`shared, so the page was copied into${frame}`);
  if (grew.reuses) parts.push('the last sharer: made writable in place, nothing copied');
  if (grew.evictions) parts.push(`${plural(grew.evictions, 'eviction')} made room`);
  if (parts.length === 0) return 'no fault';
  return parts.join('; ');
}

/** One sentence on what a line did. */
export function narrate(account: Account): string {
  const { op, grew, code, message } = account;
  if (code !== undefined || message !== undefined) {
    const why = failures[code as FailureCode] ?? message ?? code;
    const isExpected = op.fails !== undefined || op.may_fail?.some((each) => each === code);
    return isExpected ? `Refused: ${why}.` : `Failed: ${why}.`;
  }
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
        return 'The page holds no frame.';
      return grew.swap_writes
        ? 'Unmapped everywhere, written to swap, the frame given back.'
        : 'Already in swap and unchanged: the frame was given back without a write.';
    }
    case 'sleep':
      return `${op.process} sleeps; its pages stay.`;
    case 'wake':
      return `${op.process} is awake.`;
    case 'kill':
      return `${op.process} is gone, with what nobody shared.`;
    case 'switch':
      return `${op.process} has CPU ${op.cpu}.`;
    case 'map':
      return `${plural(op.pages, 'page')} more, all on the zero page.`;
    case 'unmap':
      return `${plural(op.pages, 'page')} gone, contents and all.`;
    case 'run':
      return `${plural(grew.accesses ?? 0, 'access', 'accesses')}, ${plural(grew.faults ?? 0, 'fault')}: ${number(grew.demand_zero ?? 0)} first writes, ${number(grew.soft ?? 0)} rescued, ${number(grew.hard ?? 0)} from swap, ${plural(grew.copies ?? 0, 'copy', 'copies')}.`;
    case 'together':
    case 'repeat':
      return `All done; ${plural(grew.accesses ?? 0, 'access', 'accesses')}, ${plural(grew.faults ?? 0, 'fault')}.`;
    case 'mark':
      return 'The counters are remembered.';
    case 'check':
      return 'Every word holds what was stored there.';
    case 'settle':
      return 'The daemons have nothing left to do.';
    case 'audit':
      return 'Every invariant holds.';
    case 'expect':
      return 'As expected.';
    default:
      return 'Done.';
  }
}

export const text = {
  name: 'Faultline',
  tagline: 'a virtual-memory laboratory',
  untitled: 'Untitled scenario',
  line,

  panels: {
    processes: 'Processes',
    actions: 'Actions',
    virtual: 'Virtual',
    physical: 'Physical',
    swap: 'Swap',
    inspector: 'Inspector',
    script: 'Script',
    counters: 'Counters',
    tape: 'Tape',
    faults: 'Latest faults',
    timing: 'Timing',
    locks: 'Locks',
  },

  dividers: {
    left: 'Width of the processes',
    right: 'Width of the inspector',
    deck: 'Height of the deck',
    physical: 'Height of physical memory',
    inspector: 'Height of the inspector',
    counters: 'Width of the counters',
    faults: 'Width of the latest faults',
    timing: 'Width of the timing',
    locks: 'Width of the locks',
  },
  dividerAsUsual: 'as usual',
  dividerHint: 'Drag, or use the arrow keys; a double click gives the size back.',
  pixels: (size: number) => `${size} pixels`,

  actions: {
    spawn: 'Spawn',
    fork: 'Fork',
    sleep: 'Sleep',
    wake: 'Wake',
    kill: 'Kill',
    switch: 'Switch to a CPU…',
    map: 'Map more…',
    write: 'Write',
    read: 'Read',
    evict: 'Evict',
    unmap: 'Unmap',
    run: 'Run a workload…',
    expect: 'Expect…',
    together: 'Two things together…',
    settle: 'Settle the daemons',
    audit: 'Audit here',
    undo: 'Undo',
    redo: 'Redo',
    remove: 'Remove this line',
    rewrite: 'Edit this line',
    earlier: 'Move this line up',
    later: 'Move this line down',
    play: 'Play or pause',
    stop: 'Stop what is at work',
    step: 'One line forward',
    back: 'One line back',
    restart: 'To the start',
    end: 'To the end',
    eventForward: 'One event forward',
    eventBack: 'One event back',
    faultForward: 'To the next fault',
    faultBack: 'To the fault before',
    faster: 'Faster',
    slower: 'Slower',
    goTo: 'Go to…',
    breakpoints: 'Breakpoints…',
    next: 'Next process',
    previous: 'Previous process',
    palette: 'Find a command…',
    machine: 'Machine…',
    edit: 'As JSON…',
    presets: 'Presets…',
    share: 'Share',
    check: 'Audit and report',
    theme: 'Dark or light',
    story: 'Play the story of a fork and a write',
    keys: 'Keys',
  },

  exhibit: 'What to see here',

  /** The first visit. */
  story: {
    hint: 'Now you: drag the slider, and the machine goes back and forward with it.',
    again: 'Play it again',
    sentence: ({ line, parent, child }: Facts): string => {
      const known = (frame: number | undefined) => (frame === undefined ? '' : ` ${frame}`);
      switch (line) {
        case 0:
          return 'A process begins. It has sixteen pages, and not one frame of memory for them.';
        case 1:
          return parent === undefined
            ? 'It writes to page 5. Nothing is there, so the CPU faults, and a frame is looked for.'
            : `Page 5 got frame${known(parent)}, filled with zeroes, and the write goes on.`;
        case 2:
          return child === undefined
            ? 'Now it forks. Its page table is copied; its memory is not.'
            : `Parent and child share frame${known(parent)}, and neither may write to it any more.`;
        case 3:
          return child === undefined || child === parent
            ? 'The child writes to page 5. The frame is shared, so the write faults.'
            : `Only now the page is copied: the child has frame ${child} for itself.`;
        default:
          return `The parent reads what it wrote: 42, in frame${known(parent)} as before.`;
      }
    },
  },

  /** How the ops are said in one line; words in capitals stand for values. */
  phrases: {
    spawn: 'spawn NAME PAGES',
    fork: 'fork PROCESS as NAME',
    sleep: 'sleep PROCESS',
    wake: 'wake PROCESS',
    kill: 'kill PROCESS',
    switch: 'switch PROCESS to CPU',
    map: 'map PROCESS PAGES read-only',
    write: 'write PROCESS PAGE + OFFSET = VALUE',
    read: 'read PROCESS PAGE + OFFSET = VALUE',
    evict: 'evict PROCESS PAGE',
    unmap: 'unmap PROCESS FIRST..LAST',
    run: 'run PROCESS zipf 0.99 on 0..63, 1000 accesses, writes 0.3, 2 CPUs',
    expect: 'expect PROCESS PAGE valid shared 2',
    together: 'together OP; OP & OP',
    repeat: 'repeat TIMES (OP; OP)',
    mark: 'mark NAME',
    check: 'check PROCESS',
    settle: 'settle',
    audit: 'audit',
  } as Partial<Record<string, string>>,

  palette: {
    label: 'A command, or a line of the script',
    hint: 'Words left out are what is selected: write = 7',
    none: 'No command is called so.',
    does: 'Do',
    doesMany: (count: number) => `Do, as ${plural(count, 'line')}`,
    problem: (found: string, legal: string) =>
      `${found === '' ? 'Still to come' : `Not “${found}”`}: ${legal}`,
    refused: (legal: string, message: string) => `${message}; legal: ${legal}`,
  },

  cpus: {
    idle: 'idle',
    more: (count: number) => `and ${plural(count, 'CPU')} more`,
    switch: (process: string, cpu: number) => `Switch ${process} to CPU ${cpu}`,
  },

  menu: {
    page: (first: number, last: number, process: string) =>
      first === last ? `Page ${first} of ${process}` : `Pages ${first} to ${last} of ${process}`,
    process: (name: string) => name,
    frame: (frame: number) => `Frame ${frame}`,
    slot: (slot: number) => `Slot ${slot}`,
    toCpu: (cpu: number) => `Switch to CPU ${cpu}`,
    select: (page: number, process: string) => `Page ${page} of ${process}`,
    holdsNothing: 'No page refers to it.',
  },

  fields: {
    pages: 'Pages',
    page: 'Page',
    offset: 'Offset',
    value: 'Value',
    pattern: 'Pattern',
    accesses: 'Accesses',
    writes: 'Writes',
    cpus: 'CPUs',
    seed: 'Seed',
    frames: 'Frames',
    slots: 'Swap slots',
    runtime: 'Runtime',
    policy: 'Victims by',
    stride: 'Stride',
    trace: 'Program',
    skew: 'Skew',
    from: 'First page',
    to: 'Last page',
    title: 'Title',
    speed: 'Speed',
  },

  patterns: {
    sequential: 'Sequential',
    uniform: 'Uniform',
    stride: 'Strided',
    zipf: 'Zipf',
    phases: 'In phases',
    trace: 'A recorded program',
  } as const,

  policies: {
    clock: 'Clock',
    'clock-dirty': 'Clock with dirty bits',
    nru: 'Not recently used',
    fifo: 'First in, first out',
    random: 'Random',
    lru: 'Least recently used',
    aging: 'Aging',
    wsclock: 'WSClock',
    sieve: 'Sieve',
  } satisfies Record<Policy, string>,

  runtimes: {
    virtual: 'Virtual CPUs: deterministic, in virtual time',
    threads: 'Threads: real parallel CPUs, one worker each',
  },
  dropHere: 'Drop a scenario to open it',
  openWhole: 'Open in Faultline',
  newBuild: 'A newer Faultline is here. What you have built comes along.',
  openNewBuild: 'Open it',
  threadsDisabled: '(they need a page that is cross-origin isolated)',
  runtimeShort: { virtual: 'virtual', threads: 'threads' },

  frameStates: [
    'zeroed',
    'free',
    'active',
    'modified',
    'writing',
    'standby',
    'reading',
    'protected',
  ] as const,
  frameStateMeanings: [
    'free, and already filled with zeroes',
    'nobody’s; its contents do not matter',
    'mapped by at least one PTE',
    'unmapped and changed; waits to be written to swap',
    'on its way to swap',
    'unmapped and clean; may be rescued or given away',
    'being filled from swap',
    'a page directory, a page table or the zero page; never evicted',
  ] as const,
  pageStates: [
    'zero',
    'unmapped',
    'clean',
    'dirty',
    'swapped',
    'transition',
    'in transit',
    'read-only',
  ] as const,
  pageStateMeanings: [
    'never written: the universal zero page',
    'not part of the process',
    'mapped and writable, unchanged',
    'mapped, writable and written',
    'its contents are in a slot of swap',
    'unmapped, its frame still at hand',
    'a fault is at work on it, without a lock',
    'mapped for reading: shared, a write copies it',
  ] as const,

  processStates: {
    unused: 'unused',
    sleeping: 'asleep',
    running: 'ready',
    terminated: 'dead',
  } satisfies Record<ProcessState, string>,
  processCount: (count: number) => plural(count, 'process', 'processes'),
  hiddenChildren: (count: number) => `+${count}`,
  resident: 'resident',
  swapped: 'swapped',
  onCpu: (cpu: number) => `CPU ${cpu}`,
  onCpus: (cpus: readonly number[]) =>
    cpus.length === 0 ? '' : cpus.length > 3 ? `${cpus.length} CPUs` : `CPU ${cpus.join(', ')}`,
  noProcesses: 'No process yet. Spawn the first.',
  selectProcess: 'Select a process to see its page table.',
  virtualCaption: (name: string, pages: number) => `${name} · ${plural(pages, 'page')}`,
  physicalCaption: (frames: number) => `${plural(frames, 'frame')} of 4 KiB`,
  swapCaption: (used: number, slots: number) => `${number(used)} of ${plural(slots, 'slot')}`,
  available: (count: number, low: number | undefined) =>
    low === undefined
      ? `${plural(count, 'frame')} available`
      : `${plural(count, 'frame')} available, trimming below ${number(low)}`,
  noSwap: 'This machine has no swap.',
  slotLabel: (slot: number, references: number) =>
    references === 0 ? `Slot ${slot}, free` : `Slot ${slot}, ${plural(references, 'reference')}`,
  pageCell: (page: number, state: string, where: string) => `Page ${page}: ${state}${where}`,
  inFrame: (frame: number) => `, frame ${frame}`,
  inSlot: (slot: number) => `, slot ${slot}`,
  pagesSelected: (first: number, last: number) => `; pages ${first} to ${last} are selected`,
  frameCell: (frame: number, state: string, holds: string) => `Frame ${frame}: ${state}${holds}`,
  frameHolds: (page: number, names: readonly string[], shares: number) =>
    `, page ${page}${names.length > 0 ? ` of ${names.join(', ')}` : ''}${shares > 1 ? `, shared by ${shares}` : ''}`,
  protectedShort: { 'zero-page': 'zero', directory: 'dir', table: 'table' },
  protectedKinds: {
    'zero-page': 'the zero page',
    directory: 'page directory',
    table: 'page table',
  },

  inspector: {
    why: 'Why is this here?',
    nothing: 'Select a page or a frame.',
    page: (page: number, process: string) => `Page ${page} of ${process}`,
    pte: 'Page-table entry',
    before: 'before',
    after: 'after',
    now: 'now',
    frame: (frame: number) => `Frame ${frame}`,
    state: 'State',
    shares: 'Shared by',
    slot: 'Keeps slot',
    counter: 'Aging counter',
    counterBits: (counter: number) =>
      `${counter.toString(2).padStart(8, '0')} (${counter.toString(16).toUpperCase().padStart(2, '0')})`,
    holds: 'Holds',
    holdsPage: (page: number) => `page ${page}`,
    inFrame: 'Frame',
    none: 'none',
    contents: 'First words',
    sharers: (count: number) => plural(count, 'PTE'),
    noFrame: 'No frame: reads find zeroes.',
    inSlot: (slot: number) => `Its bytes are in slot ${slot}.`,
    fields: {
      format: ['format', 'how to read the rest of the word'],
      writable: ['writable', 'without it a write faults, and copies if the frame is shared'],
      accessed: ['accessed', 'accessed since the trimmer last looked'],
      dirty: ['dirty', 'written since it was mapped'],
      inTransit: ['in transit', 'a fault is at work and holds no lock'],
      lock: ['locked', 'the lock is held, for the region whose first PTE this is'],
      lockWaiters: ['lock awaited', 'somebody waits for the lock'],
      transitWaiters: ['fault awaited', 'a second fault waits for the first'],
      readOnly: ['read-only region', 'the program itself may not write here'],
      reserved: ['', 'unused'],
      number: ['frame or slot', 'frame of a valid or transition entry, slot of a swapped one'],
      unused: ['', 'unused'],
    } as Record<string, [string, string]>,
    formats: {
      zero: 'zero',
      valid: 'valid',
      transition: 'transition',
      swapped: 'swapped',
    } satisfies Record<PteState, string>,
  },

  script: {
    empty: 'Each action becomes a line here.',
    before: (count: number) => `${plural(count, 'line')} before`,
    after: (count: number) => `${plural(count, 'line')} after`,
    remove: (at: number) => `Remove line ${at + 1}`,
    edit: (at: number) => `Edit line ${at + 1}`,
    up: (at: number) => `Move line ${at + 1} up`,
    down: (at: number) => `Move line ${at + 1} down`,
    oneLine: 'A line says one thing: one page, or unmap or run for several.',
    position: (done: number, total: number) => `${done} / ${total}`,
    scrub: 'Position in the script',
    working: 'at work',
  },

  speed: (perSecond: number) =>
    perSecond === 0 ? 'At once' : `${plural(perSecond, 'event')} a second`,

  transport: {
    title: 'Transport',
    scrub: 'Place in the run',
    units: { event: 'event', fault: 'fault', line: 'line' } as const,
    event: 'Event',
    underWay: (line: number) => `, ${line + 1} under way`,
    breakpoints: (on: number) => `${on} on`,
    threads:
      'Threads run line by line and cannot be stopped within one: run, pause after a line, or step. Going back runs the lines again.',
    valueText: (events: number, known: number, time_ns: number, line: number, total: number) =>
      `event ${number(events)} of ${number(known)}, ${duration(time_ns)}, line ${line} of ${total}`,
    stopped: (subjects: readonly string[]) => `Stopped: ${subjects.join('; ')}.`,
  },

  goTo: {
    title: 'Go to',
    note: 'An event by its number, a virtual time, or where a line begins.',
    label: 'Place in the run',
    example: '1200, 3.5 ms or line 4',
    wrong: (found: string) =>
      `“${found}” is no place. Legal is a number of events (1200), a time in ns, µs, ms or s (3.5 ms), or a line (line 4).`,
    hash: 'State here',
    go: 'Go there',
  },

  breakpoints: {
    title: 'Breakpoints',
    note: (most: number) =>
      `A run that plays stops at the first of these, right after it has happened. At most ${most}.`,
    when: (what: string) => `When ${what}`,
    stopWhen: (what: string) => `Stop when ${what}`,
    remove: (what: string) => `Remove: when ${what}`,
    stopAt: 'Stop at',
    kinds: {
      event: 'Event',
      page: 'Page',
      frame: 'Frame',
      slot: 'Slot',
      process: 'Process',
      lock: 'Lock',
    } satisfies Record<Subject['of'], string>,
    eventKind: 'Kind',
    awaited: 'When it is',
    whenAwaited: 'waited for',
    whenTaken: 'taken',
    set: 'Set breakpoint',
  },

  /** What a breakpoint stops at. */
  breakpoint: (subject: Subject): string => {
    switch (subject.of) {
      case 'event':
        return `${subject.kind} happens`;
      case 'page':
        return `page ${subject.page} of ${subject.process} changes`;
      case 'frame':
        return `frame ${subject.frame} changes`;
      case 'slot':
        return `slot ${subject.slot} is taken, freed, read or written`;
      case 'process':
        return `${subject.process} is spawned, forked, switched or changes state`;
      case 'lock':
        return `${subject.which === undefined ? 'a' : 'the'} ${text.lockClasses[subject.lock]} lock${
          subject.which === undefined ? '' : ` ${number(subject.which)}`
        } is ${subject.awaited ? 'waited for' : 'taken'}`;
    }
  },
  lockClasses: {
    process: 'process',
    pte: 'PTE',
    pfn: 'PFN',
    tree: 'tree',
    list: 'list',
    slot: 'slot',
  } satisfies Record<LockClass, string>,

  flows: {
    demand_zero: (count: number) => `${number(count)} zeroed`,
    copies: (count: number) => `${number(count)} copied`,
    swap_writes: (count: number) => `${number(count)} written to swap`,
    swap_reads: (count: number) => `${number(count)} read from swap`,
  },

  counters: {
    accesses: 'Accesses',
    faults: 'Faults',
    demand_zero: 'First writes',
    soft: 'Rescued',
    hard: 'From swap',
    write_protect: 'Write-protect',
    copies: 'Copies',
    reuses: 'Made writable',
    collided: 'Collided',
    retries: 'Retries',
    evictions: 'Evictions',
    swap_reads: 'Swap reads',
    swap_writes: 'Swap writes',
    clean_drops: 'Clean drops',
    trim_wakeups: 'Trimmer woken',
    useful_wakeups: 'Woken usefully',
    trims: 'Trimmed',
    examined: 'Frames examined',
    slots_examined: 'Slots examined',
    shootdowns: 'Shootdowns',
    frame_waits: 'Frame waits',
    switches: 'Switches',
  } as Record<string, string>,

  faults: {
    none: 'No fault yet.',
    caption: 'The latest faults, newest first',
    kinds: ['failed', 'first write', 'rescued', 'from swap', 'write-protect', 'collided'] as const,
    kind: 'Fault',
    phases: ['lock', 'find', 'fill', 'map', 'wait'] as readonly string[],
    write: 'write',
    read: 'read',
    lane: (cpu: number) => `CPU ${cpu}`,
    tick: (ns: number, sinceFirst: number) =>
      sinceFirst === 0 ? duration(ns) : `+ ${duration(sinceFirst)}`,
    tapeLabel: (faults: number) => `${plural(faults, 'fault')} on the tape, one lane a CPU`,
    virtualTime: 'virtual time',
    measuredTime: 'measured time',
  },

  percent: (share: number) =>
    share > 0 && share < 0.001 ? '< 0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`,

  tables: {
    of: (name: string) => `Page table of ${name}`,
    beside: 'beside',
    show: (page: number, name: string) => `Show page ${page} in the table of ${name}`,
    directory: 'directory in frame',
    tables: (count: number) => (count === 1 ? 'table in' : 'tables in'),
  },

  lists: {
    title: (state: number) =>
      `${['Zeroed', 'Free', 'Active', 'Modified', 'Writing', 'Standby'][state] ?? ''} frames, from head to tail`,
    place: (at: number, count: number, frame: string) =>
      `${number(at + 1)} of ${number(count)}: ${frame}`,
    water: (available: number, low: number, high: number) =>
      `${plural(available, 'frame')} available; below ${number(low)} the trimmer is woken, and trims up to ${number(high)}`,
    low: (frames: number) => `Below ${number(frames)} available frames the trimmer is woken`,
    high: (frames: number) => `It trims up to ${number(frames)} available frames`,
    close: 'Close the list',
    empty: 'No frame is in this state.',
    stretch: (of: 'list' | 'at-hand' | 'arrivals', which: number, count: number) =>
      ({
        list: `list ${which}, ${plural(count, 'frame')}:`,
        'at-hand': `CPU ${which} keeps ${number(count)} at hand:`,
        arrivals: `CPU ${which} brings ${number(count)}:`,
      })[of],
    ends: (head: number, tail: number) => (head === tail ? `${head}` : `${head} … ${tail}`),
  },

  meters: {
    label: 'Rates now',
    names: { faults: 'faults', accesses: 'accesses', waits: 'lock waits' },
  },

  timing: {
    virtualTime: 'nanoseconds of virtual time',
    sampledTime: 'measured nanoseconds, sampled',
    latest: 'the latest; choose another in the list of faults',
    partsCaption: 'Parts of the fault, how long each took and its share',
    part: (part: string, kind: number) =>
      ({
        walk: 'walk',
        begin: 'begin',
        lock: 'take the lock',
        wait: 'wait for locks',
        find: 'find a frame',
        fill: ['fill', 'zero', 'fill', 'read from swap', 'copy', 'fill'][kind] ?? 'fill',
        map: 'map',
        await: 'wait for a frame or a fault',
      })[part] ?? part,
    quantilesCaption: (unit: string) => `How long faults took, by kind, in ${unit}`,
    timed: 'timed',
    chartLabel: (unit: string) =>
      `How the durations of each kind of fault are spread, in ${unit}; the table says the same in numbers`,
  },

  locks: {
    classesCaption: 'What the locks of each class have cost',
    columns: ['Lock', 'taken', 'waited', 'share', 'waited for', 'held'],
    classNames: {
      process: 'Process',
      pte: 'PTE region',
      pfn: 'PFN',
      tree: 'Tree',
      list: 'List',
      slot: 'Slots',
    } as Record<string, string>,
    rowName: (owner: number) =>
      owner >= 0 ? `CPU ${owner}` : (['trimmer', 'writer', 'zeroer'][-1 - owner] ?? ''),
    lockName: (
      kind: string,
      at: number,
      {
        process,
        pages,
        list,
      }: { process: string | undefined; pages: number; list: string | undefined },
    ) => {
      if (kind === 'pte') {
        const who = process ?? 'process';
        if (pages === 0) return 'all PTEs';
        return pages === 1 ? `PTE ${who} ${at}` : `PTEs ${who} ${at}–${at + pages - 1}`;
      }
      if (kind === 'pfn') return `frame ${at}`;
      if (kind === 'list') return `list ${list ?? at}`;
      return kind === 'slot' ? 'slots' : kind;
    },
    waitsCaption: (isCircular: boolean) =>
      isCircular ? 'Who waits for whom: a deadlock' : 'Who waits for whom',
    holderUnknown: 'somebody',
    handedOver: 'handed over',
    regions: (process: string) => `Locks of the regions of ${process}`,
    regionsOf: (process: string, count: number, pages: number, metric: 'wait' | 'hold') =>
      `${process}: ${plural(count, 'region')} of ${plural(pages, 'page')}, by time ${metric === 'wait' ? 'waited' : 'held'}`,
    pages: (first: number, last: number) =>
      first === last ? `page ${first}` : `pages ${first}–${last}`,
    regionCost: (waits: number, ns: number, metric: 'wait' | 'hold') =>
      metric === 'wait' ? `${plural(waits, 'wait')}, ${duration(ns)}` : `held ${duration(ns)}`,
  },

  machineSummary: (frames: number, slots: number, cpus: number, runtime: string) =>
    `${plural(frames, 'frame')} · ${plural(slots, 'slot')} · ${plural(cpus, 'CPU')} · ${runtime}`,

  presetFacts: (frames: number | undefined, lines: string, runtime: string) =>
    `${frames === undefined ? '' : `${plural(frames, 'frame')} · `}${lines} lines · ${runtime}`,

  status: {
    opening: 'Building the machine…',
    ready: 'Ready',
    busy: 'Running',
    closed: 'No machine',
    failed: 'Stopped by an error',
  },

  dialogs: {
    close: 'Close',
    cancel: 'Cancel',
    apply: 'Run it',
    keysTitle: 'Keys',
    keysNote:
      'Inside a grid the arrow keys, Home, End and Page Up and Down move the selection, with Shift they extend it, and Shift F10 opens its menu.',
    editTitle: 'Edit scenario',
    editNote: 'The whole document: machine, runtime and script. Running it starts a new machine.',
    editLabel: 'Scenario, as JSON',
    download: 'Save as a file',
    machineTitle: 'Machine',
    machineNote:
      'A new machine runs the same script from its first line. What is left empty is as usual.',
    runTitle: 'Run a workload',
    runNote:
      'Each CPU is a thread of the process. What it writes is stamped, what it reads is checked.',
    runLine: 'The line of the script',
    addPhase: 'Another phase',
    removePhase: (at: number) => `Remove phase ${at + 1}`,
    presetsTitle: 'Presets',
    presetsNote: 'What you worked on last is kept in this browser.',
    galleryTitle: 'To find out',
    galleryNote: 'Each shows one thing, and asks a question that the page answers.',
    bugsTitle: 'Mistakes',
    bugsNote:
      'Each is switched on in a build for teaching, and runs by the schedule that shows it.',
    ladderTitle: 'One switch at a time',
    ladderNote:
      'The same machine and workload, with one switch on either side: run both, compare the reports.',
    draft: (title: string) => `Back to your own: ${title}`,
    newScenario: 'Empty machine',
    shareTitle: 'Share',
    shareNote:
      'The whole scenario is in the address, and where you stand in it. Whoever opens it gets the same machine in the same state; nothing is kept on a server.',
    shareLabel: 'Address of this scenario',
    copy: 'Copy',
    copied: 'Copied',
    shareLength: (length: number) => `${plural(length, 'character')}`,
    shareLong: (length: number, safe: number) =>
      `${plural(length, 'character')}: some programs cut a link past ${number(safe)}. Send the file where that may happen.`,
    copyMarkdown: 'Copy as Markdown',
    copyFrame: 'Copy as a frame',
    frameTitle: 'In another page',
    framePanels: 'Panels in the frame',
    fileTitle: 'File and paper',
    openFile: 'Open a file…',
    pictureTitle: 'Picture of a panel',
    picturePanel: 'Panel',
    saveAs: (kind: 'svg' | 'png') => `Save as ${kind.toUpperCase()}`,
    print: 'Print…',
    reportTitle: 'Audit and report',
    reportOk: 'Everything held.',
    reportFailed: (count: number) => `${plural(count, 'check')} failed.`,
    stateHash: 'State',
    traceHash: 'Trace',
    time: 'Time',
    latency: 'Fault latency',
    latencyColumns: ['Count', 'p50', 'p99', 'p99.9', 'Longest'],
    expected: 'expected',
    found: 'found',
    copyReport: 'Copy as JSON',
  },

  machine: {
    presets: 'Start from',
    presetNames: {
      classroom: 'Classroom',
      'notes-machine': 'The notes’ machine',
      'first-attempt': 'First attempt',
      thrashing: 'Thrash',
      'fork-storm': 'Fork storm',
      base: 'The ladder',
    } as Record<string, string>,
    usual: (value: string) => `${value} (usual)`,
    range: (least: number, most: number, usual: number | undefined) =>
      `${number(least)} to ${number(most)}, ${usual === undefined ? 'else by size' : `usually ${number(usual)}`}`,
    bySize: 'by size',
    changed: (count: number) => (count === 0 ? 'As it is' : `${plural(count, 'option')} changed`),
    compare: 'Compare',
    costs: 'What things cost in virtual time',
    costsNote:
      'Nanoseconds. The usual ones are this engine on one computer, as faultline calibrate measures it; those of the disk and of a switch are a fast disk’s and a kernel’s.',
    bugs: 'Mistakes, in a build for teaching',
    on: 'on',
    off: 'off',
    choice(value: unknown): string {
      if (typeof value === 'boolean') return value ? 'on' : 'off';
      if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
      if (typeof value === 'object' && value !== null && 'region' in value)
        return plural(Number(value.region), 'PTE');
      if (typeof value === 'number') return number(value);
      return value === undefined ? 'by size' : `${value}`;
    },
    groups: {
      size: 'Size',
      programs: 'Programs',
      faults: 'Faults',
      eviction: 'Eviction',
      trim: 'Trimming',
    },
    /** Each option: its name, what it costs, and the requirement that it is there for. */
    options: {
      frames: [
        'Frames',
        'Each is 4 KiB of this computer’s memory. Fewer mean more evictions.',
        'P16',
      ],
      slots: [
        'Swap slots',
        'Each is 4 KiB too. When all are full, nothing dirty can leave memory.',
        'P17',
      ],
      cpus: [
        'CPUs',
        'Each adds faults at one time, waits for locks, and an answer to every shootdown. 64 at most as threads.',
        'R2',
      ],
      dispatch: [
        'Dispatch',
        'manual: an op fails unless its process holds a CPU; the script switches.',
        'P2',
      ],
      reads: [
        'Reads',
        'peek never faults, and never brings a page back; allocate takes a frame for every page read.',
        'P8',
      ],
      pte_locks: [
        'PTE locks',
        'One lock costs waits as soon as two CPUs fault; a lock for each PTE costs a lock taken for each PTE of a batch.',
        'S8',
      ],
      early_release: [
        'Early release',
        'off: a fault holds its lock while it finds a frame, zeroes, copies and reads.',
        'S3',
      ],
      zeroer: [
        'Zeroer',
        'off: each fault zeroes its own frame. on: a daemon does, and takes list locks for it.',
        'P13',
      ],
      free_lists: [
        'Free lists',
        'Few are fought for; many have to be searched when frames run short.',
        'S10',
      ],
      cpu_cache: ['Frames at hand', 'Taken without a lock, but no other CPU can have them.', 'S10'],
      eviction: [
        'Eviction',
        'synchronous: the fault that needs a frame writes its victim out itself, and waits for the disk.',
        'S17',
      ],
      policy: [
        'Victims by',
        'Aging and nru look at all frames for each victim, exact lru stamps each access; fifo looks at one, and picks badly.',
        'S6',
      ],
      'clock_tick.unit': [
        'Clock tick in',
        'Of aging and nru: references, faults or nanoseconds. A tick looks at every frame in use.',
        'S6',
      ],
      'clock_tick.every': [
        'Clock tick every',
        'Of aging and nru. More often: the past counts less, and more frames are looked at.',
        'S6',
      ],
      working_set_window: [
        'Working-set window',
        'Of wsclock, in references. Longer: it is nearer to exact lru, and looks at more frames.',
        'S6',
      ],
      write_batch: [
        'Write batch',
        'Larger: one search for slots serves more pages, and their frames are busy longer.',
        'S7',
      ],
      standby_batch: [
        'Standby batch',
        'Larger: fewer list locks, and more pages that can no longer be rescued.',
        'S10',
      ],
      slot_finder: [
        'Slot finder',
        'scan looks at every slot from the first; the bitmap costs a little memory.',
        'S7',
      ],
      shootdown: ['Shootdown', 'single: every page unmapped interrupts every CPU.', 'S11'],
      'trim.trigger': [
        'Trim when',
        'every-fault wakes the trimmer mostly in vain; predictive counts on the past.',
        'S4',
      ],
      'trim.low': [
        'Low watermark',
        'Lower: pages stay longer, and faults wait for frames. Left out, it suits the frames.',
        'S5',
      ],
      'trim.high': [
        'High watermark',
        'Higher: fewer wake-ups, and more pages unmapped too early. Left out, it suits the frames.',
        'S5',
      ],
      'trim.batch': [
        'Trim batch',
        'Larger: one shootdown for more pages, which are all gone at once.',
        'S9',
      ],
      bugs: ['Mistakes', 'The machine goes wrong, as a real one did.', 'B'],
    } as Record<string, readonly [name: string, cost: string, requirement: string]>,
    requirements: {
      P2: 'at most one process runs on a CPU',
      P8: 'three kinds of reads: as hardware, in place, or with a frame for each',
      P13: 'a reused frame shows nothing of its past',
      P16: 'frames in use never exceed the RAM',
      P17: 'when frames run out, pages go to swap',
      R2: '1 to 128 virtual CPUs, the same run every time',
      S3: 'the PTE lock is released early, and the PTE marked in transit',
      S4: 'fewer trims, at better times',
      S5: 'standby is ready ahead of need',
      S6: 'victims are found fast',
      S7: 'slots are found fast, in batches',
      S8: 'how many PTEs one lock guards is a parameter',
      S9: 'pages are trimmed in batches',
      S10: 'standby frames go in batches to an array of free lists',
      S11: 'pages are unmapped in batches, by one shootdown',
      S17: 'the first attempt: no daemons, the head of the active list goes',
      B: 'bugs of real engines, to switch on and be caught',
    } as Record<string, string>,
    costName(name: string): string {
      return this.costNames[name.replace('costs.', '')] ?? name;
    },
    costNames: {
      step: 'A step',
      walk: 'A walk and an access',
      fault: 'A fault besides',
      lock: 'A free lock',
      lock_handover: 'A contended lock',
      zero_cold: 'Zeroing, cold',
      zero_hot: 'Zeroing, hot',
      copy_cold: 'Copying, cold',
      copy_hot: 'Copying, hot',
      list: 'A move on a list',
      pte: 'Rewriting a PTE',
      look: 'A look at a frame',
      look_slot: 'A look at a slot',
      shootdown: 'A shootdown',
      shootdown_cpu: 'and each CPU',
      shootdown_page: 'and each page',
      disk_read: 'Reading a slot',
      disk_write: 'Writing a slot',
      disk_channels: 'Transfers at one time',
      switch: 'A context switch',
    } as Record<string, string>,
  },

  compare: {
    title: 'Side by side',
    note: 'The same script and seed on both machines, each on virtual CPUs.',
    field: 'Field',
    one: 'As it is',
    other: 'Changed',
    difference: 'Difference',
    change: (name: string, one: string, other: string) => `${name}: ${one} → ${other}`,
    running: (one: number, other: number, total: number) =>
      `Running: line ${number(one)} and line ${number(other)} of ${number(total)}`,
    sameBytes: 'Programs saw the same bytes on both.',
    otherBytes: 'Programs did not see the same bytes on both.',
    nothing: 'Nothing in the reports differs.',
    same: (count: number) => `${plural(count, 'field')} with the same value on both`,
    failed: (side: string, at: string, expected: string, found: string) =>
      `${side}: ${at} expected ${expected}, found ${found}`,
    back: 'Back to the machine',
    take: 'Run the changed machine',
    missing: '–',
    another: 'another',
    parts: {
      run: 'Run',
      counters: 'Counters',
      latency: 'Fault latency',
      locks: 'Locks',
      events: 'Events',
    },
    keys: {
      time_ns: 'time',
      fault_ns: 'time of all faults',
      failures: 'checks that failed',
      state_hash: 'state',
      trace_hash: 'trace',
      count: 'count',
      p50_ns: 'p50',
      p99_ns: 'p99',
      p999_ns: 'p99.9',
      max_ns: 'longest',
      wait_ns: 'waited',
      hold_ns: 'held',
    } as Record<string, string>,
  },

  trace: {
    title: 'Timeline',
    note: 'The whole run for Perfetto: a lane for each CPU and daemon, with faults and their phases, waits and transfers. It is run once more to write it.',
    save: 'Save as a Chrome trace',
    running: (done: number, lines: number, bytes: number) =>
      `Line ${number(done)} of ${number(lines)}, ${(bytes / 1e6).toFixed(1)} MB`,
    failed: (why: string) => `It could not be written: ${why}`,
  },

  bugs: {
    on: (bugs: readonly string[]) =>
      `Bugs are switched on in this machine: ${bugs.join(', ')}. What goes wrong here is meant to.`,
  },

  errors: {
    title: 'This scenario cannot run',
    path: 'At',
    found: 'Found',
    legal: 'Legal',
    brokenTitle: { link: 'This link cannot be opened', file: 'This file cannot be opened' },
    links: {
      'unknown-version': (version: string) =>
        `It was made by a newer Faultline (link version ${version}); this one reads version 1. Reload the page to get the latest.`,
      'not-a-link': () => 'What follows the # in the address is not a Faultline scenario.',
      damaged: () =>
        'It is damaged or cut short. Ask for it again, and check that none of it was lost on the way.',
      'too-large': () => 'It unpacks to more than 4 MB, which is more than the page can show.',
      'not-text': () => 'What is in it is no text: it was damaged, or was never a scenario.',
    },
    linkNothingRan: 'Nothing was run.',
    stalled:
      'Nothing has moved for some seconds. The browser may have ended one of the machine’s workers; stopping runs the lines before this one on a new machine.',
    dismiss: 'Go on with what is here',
    notKept:
      'This browser cannot keep what you build: its storage is full or forbidden. It lasts as long as this tab.',
    openDefault: 'Open the first preset',
    openEmpty: 'Empty machine',
    panicTitle: (worker: string, isPanic: boolean) =>
      `${worker} ${isPanic ? 'panicked' : 'stopped'}`,
    panicLine: (line: number, phrase: string) => `It was in line ${number(line)}: ${phrase}.`,
    panicNote: 'An error inside the engine ended this machine. The scenario is kept.',
    restart: 'Restart the machine',
    restartWithout: 'Restart without this line',
    report: 'Report',
    copyReport: 'Copy the report',
    notIsolated:
      'This page is not cross-origin isolated, so it can share no memory with its workers: threads are unavailable, and every machine runs on virtual CPUs. Everything else works.',
    share: 'Could not copy',
    picture: 'This browser could not make the picture.',
  },

  announce: {
    selectedProcess: (name: string) => `${name} selected`,
    busy: 'Running',
  },
};
