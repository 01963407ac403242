// Made from the Rust types by `npm run types`. Do not edit.

/**
 * A failure code says why an op failed. An op that fails changes nothing.
 */
export type FailureCode =
  | 'not-running'
  | 'no-such-process'
  | 'out-of-range'
  | 'read-only'
  | 'out-of-memory'
  | 'out-of-swap'
  | 'swap-failed'
  | 'name-taken'
  | 'too-many-processes'
  | 'no-such-mark';
/**
 * A bug that can be switched on.
 */
export type Bug =
  | 'victim-taken-twice'
  | 'cached-and-free'
  | 'trimmed-while-written'
  | 'freed-in-flight'
  | 'writer-frozen'
  | 'sole-owner-copied'
  | 'fork-copies'
  | 'kill-resumes-wrong'
  | 'stale-transition'
  | 'acknowledged-too-early'
  | 'shootdown-not-awaited'
  | 'count-before-unmap'
  | 'slot-freed-while-read'
  | 'dirty-not-folded'
  | 'lost-wake-up'
  | 'lock-against-order'
  | 'collided-unchecked'
  | 'not-zeroed'
  | 'sharer-forgotten'
  | 'found-before-free'
  | 'named-before-counted'
  | 'copy-source-evicted'
  | 'owner-kept'
  | 'owner-believed'
  | 'credit-before-slot'
  | 'bell-shared'
  | 'left-listed'
  | 'neighbour-believed'
  | 'left-not-awaited';
/**
 * What a clock tick counts, over all CPUs.
 */
export type TickUnit = 'references' | 'faults' | 'nanoseconds';
/**
 * What the machine counts, in the order in which reports show it.
 */
export type CounterName =
  | 'accesses'
  | 'faults'
  | 'demand_zero'
  | 'soft'
  | 'hard'
  | 'write_protect'
  | 'copies'
  | 'reuses'
  | 'collided'
  | 'retries'
  | 'evictions'
  | 'swap_reads'
  | 'read_ahead'
  | 'read_ahead_hits'
  | 'read_ahead_misses'
  | 'swap_writes'
  | 'clean_drops'
  | 'trim_wakeups'
  | 'useful_wakeups'
  | 'trims'
  | 'examined'
  | 'slots_examined'
  | 'shootdowns'
  | 'frame_waits';
/**
 * Whether the dispatcher or the script puts a process on a CPU.
 */
export type Dispatch = 'auto' | 'manual';
/**
 * Whether daemons evict, or the faulting CPU.
 */
export type Eviction = 'pipelined' | 'synchronous';
/**
 * Where the policies that read accessed bits find pages.
 */
export type Finder = 'list' | 'tables';
/**
 * The uses for which `expect` counts frames, on lists and off them.
 */
export type FrameUse = 'free' | 'protected';
/**
 * Whether a page that is read in keeps its slot.
 */
export type KeepSlots = 'always' | 'half' | 'never';
/**
 * A list of frames; its shards count together.
 */
export type ListName = 'free' | 'zeroed' | 'active' | 'modified' | 'standby';
/**
 * One op of a list of `together`: any other, or a `repeat` of others.
 */
export type ListedOp =
  | SimpleOp
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'repeat';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * What is done in each turn.
       *
       * @minItems 1
       */
      script: [SimpleOp, ...SimpleOp[]];
      /**
       * How often. All repeats of a document come to 1,000,000 ops at most, each counted as often as it runs.
       */
      times: number;
    };
/**
 * One op of a script: any but `together` and `repeat`.
 */
export type SimpleOp =
  | {
      /**
       * Its name, never used before.
       */
      as: string;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'spawn';
      /**
       * How many pages it has.
       */
      pages: number;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      /**
       * The byte in the page, a multiple of 8.
       */
      offset?: number;
      op: 'write';
      /**
       * The page.
       */
      page: number;
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * The word to store.
       */
      value: number;
    }
  | {
      /**
       * What the word has to be.
       */
      expect?: number;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      /**
       * The byte in the page, a multiple of 8.
       */
      offset?: number;
      op: 'read';
      /**
       * The page.
       */
      page: number;
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The child's name, never used before.
       */
      as: string;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'fork';
      /**
       * The parent.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'evict';
      /**
       * The page.
       */
      page: number;
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'sleep';
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'wake';
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'kill';
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The CPU, counted from 0.
       */
      cpu: number;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'switch';
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The first page; `out-of-range` if one of them is mapped already.
       */
      at?: number;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'map';
      /**
       * How many.
       */
      pages: number;
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * Whether no write to them is ever allowed.
       */
      read_only?: boolean;
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'unmap';
      /**
       * The first page.
       */
      page: number;
      /**
       * How many.
       */
      pages: number;
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * How many accesses, over all CPUs. Left out: as many as the trace or the list has references, or
       * as the range has pages.
       */
      accesses?: number;
      /**
       * How many CPUs share the work and the address space.
       */
      cpus?: number;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'run';
      /**
       * The first page and the one after the last; all of the process's when left out.
       *
       * @minItems 2
       * @maxItems 2
       */
      pages?: [number, number];
      /**
       * Which pages, in which order.
       */
      pattern: Pattern;
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * Decides every draw of the workload.
       */
      seed?: number;
      /**
       * The share of writes, 0 to 1. A trace and a list of references have their own.
       */
      writes?: number;
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'settle';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The mark's name, never used before for a mark.
       */
      as: string;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'mark';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The least it may be.
       */
      at_least?: number;
      /**
       * The most it may be.
       */
      at_most?: number;
      /**
       * Which counter.
       */
      counter: CounterName;
      /**
       * Its exact value.
       */
      equals?: number;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'expect';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * The mark from which it is counted; from boot when left out.
       */
      since?: string;
    }
  | {
      /**
       * The least it may be.
       */
      at_least?: number;
      /**
       * The most it may be.
       */
      at_most?: number;
      /**
       * Its exact value.
       */
      equals?: number;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * Which frames.
       */
      frames: FrameUse;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'expect';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The least it may be.
       */
      at_least?: number;
      /**
       * The most it may be.
       */
      at_most?: number;
      /**
       * Its exact value.
       */
      equals?: number;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * Which list.
       */
      list: ListName;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'expect';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The least it may be.
       */
      at_least?: number;
      /**
       * The most it may be.
       */
      at_most?: number;
      /**
       * Its exact value.
       */
      equals?: number;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'expect';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * Which slots.
       */
      slots: SlotUse;
    }
  | {
      /**
       * Whether it was touched since its accessed bit was last cleared. False for a page that is not mapped.
       */
      accessed?: boolean;
      /**
       * Whether its frame has to be written to swap before another page can have it: by the PTE's dirty
       * bit or the frame's. False for a page without a frame.
       */
      dirty?: boolean;
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'expect';
      /**
       * Another page, which has another frame; both pages have one.
       */
      other_frame_than?: PagePlace;
      /**
       * The page.
       */
      page: number;
      /**
       * Which process.
       */
      process: string;
      /**
       * What its PTE says.
       */
      pte?: PteState;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * Another page, which has the same frame; a page without a frame has none in common.
       */
      same_frame_as?: PagePlace;
      /**
       * How many PTEs refer to its frame, valid or in transition.
       */
      shared?: number;
      /**
       * Whether its PTE is valid and lets stores through. False for a page that is shared or not mapped.
       */
      writable?: boolean;
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'expect';
      /**
       * How many pages it has; those that were unmapped do not count.
       */
      pages?: number;
      /**
       * Its parent, the nearest ancestor that lives; null for none.
       */
      parent?: Parent;
      /**
       * Which process.
       */
      process: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * What it is doing.
       */
      state?: StateName;
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'check';
      /**
       * Which process; all that live when left out.
       */
      process?: string;
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'audit';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
    };
/**
 * A pattern chooses the pages that a run touches, and their order.
 */
export type Pattern =
  | 'sequential'
  | 'uniform'
  | {
      stride: number;
    }
  | {
      zipf: number;
    }
  | {
      /**
       * @minItems 1
       * @maxItems 1024
       */
      phases: [Phase, ...Phase[]];
    }
  | {
      trace: string;
    }
  | {
      /**
       * @minItems 1
       * @maxItems 65536
       */
      pages: [number | string, ...(number | string)[]];
    };
/**
 * A pattern that a phase can have: one that does not change.
 */
export type SteadyPattern =
  | 'sequential'
  | 'uniform'
  | {
      stride: number;
    }
  | {
      zipf: number;
    };
/**
 * The states for which `expect` counts slots.
 */
export type SlotUse = 'free' | 'used';
/**
 * What a PTE says about its page.
 */
export type PteState = 'zero' | 'valid' | 'transition' | 'swapped';
/**
 * The name of a parent, or null for none.
 */
export type Parent = string | null;
/**
 * What a process is doing.
 */
export type StateName = 'running' | 'sleeping' | 'terminated';
/**
 * How a virtual CPU waits for a lock that another holds, and which of those that wait has it next.
 */
export type LockKind = 'spin' | 'ticket' | 'queue' | 'backoff';
/**
 * How a victim is chosen among the active frames. Where a policy asks whether a page was used, it
 * reads the accessed bits of its PTEs.
 */
export type Policy =
  | 'fifo'
  | 'random'
  | 'clock'
  | 'clock-dirty'
  | 'nru'
  | 'aging'
  | 'lru'
  | 'wsclock'
  | 'sieve'
  | {
      rule: PolicyRule;
    };
export type PolicyRule = string;
/**
 * How many PTEs one lock guards.
 */
export type PteLocks =
  | 'machine'
  | 'table'
  | 'entry'
  | {
      region: 1 | 2 | 4 | 8 | 16 | 32 | 64 | 128 | 256 | 512;
    };
/**
 * By what pages are neighbours when some are read ahead.
 */
export type ReadAheadBy = 'slot' | 'address';
/**
 * What a read of a page that is not present does.
 */
export type Reads = 'hardware' | 'peek' | 'allocate';
/**
 * How the PTEs that refer to a frame are found.
 */
export type Rmap = 'tree' | 'family' | 'owner';
/**
 * How CPUs are kept from using PTEs that were taken away.
 */
export type Shootdown = 'batched' | 'single' | 'lazy';
/**
 * How free swap slots are found.
 */
export type SlotFinder = 'bitmap' | 'scan' | 'rows' | 'clusters' | 'fixed';
/**
 * What wakes the trimmer.
 */
export type Trigger = 'every-fault' | 'watermark' | 'predictive';
/**
 * One op of a script.
 */
export type Op =
  | SimpleOp
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'together';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * The scripts.
       */
      scripts: ListedOp[][];
    }
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'repeat';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * What is done in each turn.
       *
       * @minItems 1
       */
      script: [RepeatedOp, ...RepeatedOp[]];
      /**
       * How often. All repeats of a document come to 1,000,000 ops at most, each counted as often as it runs.
       */
      times: number;
    };
/**
 * One op of a `repeat`: any other, or a `together` of others.
 */
export type RepeatedOp =
  | SimpleOp
  | {
      /**
       * The failure that the op has to meet; success is then a failure.
       */
      fails?: FailureCode;
      /**
       * The failures that the op may meet, as it may succeed; not together with `fails`.
       *
       * @minItems 1
       */
      may_fail?: [FailureCode, ...FailureCode[]];
      /**
       * What a reader should see in it, shown while the line is under way and after it.
       */
      note?: string;
      op: 'together';
      /**
       * What a reader is asked before it runs; for a line of the script itself.
       */
      question?: Question;
      /**
       * The scripts.
       */
      scripts: SimpleOp[][];
    };
/**
 * The runtime on which a scenario runs.
 */
export type RuntimeOptions =
  | {
      /**
       * Whether the virtual CPUs know cache lines: each has the CPU that wrote it last and those that have read
       * it since, an access that needs it from elsewhere costs `line_transfer`, and a line serves one transfer
       * at a time. Otherwise an access costs the same whoever has the line.
       */
      coherence?: boolean;
      /**
       * What things cost, in nanoseconds of virtual time.
       */
      costs?: Costs;
      kind: 'virtual';
      /**
       * How a CPU waits for a lock, and which of those that wait has it next. Under a schedule, which says itself who goes
       * on, all locks are queues. Threads have one kind, which looks for a while and then sleeps, and refuse this key.
       */
      lock_kind?: LockKind;
      /**
       * A schedule, which chooses the task of each step instead of virtual time: a step, counted from 0 at boot,
       * and the task that takes it, for each step that deviates from the rule. By the rule the task that took
       * the last step goes on until it has to wait; then the next task in turn does. CPUs are numbered
       * from 0; the trimmer, the writer and the zeroer follow.
       *
       * @maxItems 4096
       */
      schedule?: [number, number][];
      /**
       * Decides which of several CPUs at the same virtual time goes next, and every draw of the machine.
       */
      seed?: number;
    }
  | {
      kind: 'threads';
    };

export interface Types {
  MemoryPart?: MemoryPart;
  Parts?: Parts;
  Layout?: Layout;
  Part?: Part;
  Line?: Line;
  Failure?: Failure;
  FailureCode?: FailureCode;
  OpOutcome?: OpOutcome;
  Place?: Place;
  Problem?: Problem;
  ProcessInfo?: ProcessInfo;
  Counters?: Counters;
  EventProfile?: EventProfile;
  FalselySharedLine?: FalselySharedLine;
  Latency?: Latency;
  LineProfile?: LineProfile;
  LineUse?: LineUse;
  LockProfile?: LockProfile;
  RegionProfile?: RegionProfile;
  Report?: Report;
  Bug?: Bug;
  ClockTick?: ClockTick;
  Costs?: Costs;
  CounterName?: CounterName;
  Dispatch?: Dispatch;
  Eviction?: Eviction;
  Finder?: Finder;
  FrameUse?: FrameUse;
  KeepSlots?: KeepSlots;
  ListName?: ListName;
  ListedOp?: ListedOp;
  LockKind?: LockKind;
  MachineOptions?: MachineOptions;
  Op?: Op;
  PagePlace?: PagePlace;
  Parent?: Parent;
  Pattern?: Pattern;
  Phase?: Phase;
  Policy?: Policy;
  PolicyRule?: PolicyRule;
  PteLocks?: PteLocks;
  PteState?: PteState;
  Question?: Question;
  ReadAheadBy?: ReadAheadBy;
  Reads?: Reads;
  RepeatedOp?: RepeatedOp;
  Rmap?: Rmap;
  RuntimeOptions?: RuntimeOptions;
  Shootdown?: Shootdown;
  SimpleOp?: SimpleOp;
  SlotFinder?: SlotFinder;
  SlotUse?: SlotUse;
  StateName?: StateName;
  SteadyPattern?: SteadyPattern;
  TickUnit?: TickUnit;
  Trigger?: Trigger;
  Trim?: Trim;
  Scenario?: Scenario;
}
/**
 * An array of records in the host's memory.
 */
export interface MemoryPart {
  /**
   * The address of the first record.
   */
  address: number;
  /**
   * How many records there are.
   */
  count: number;
  /**
   * The bytes from record to record.
   */
  stride: number;
}
/**
 * The parts of a machine that a reader reads in place; addresses and strides are in bytes.
 */
export interface Parts {
  /**
   * The frames that each CPU holds back on their way to the active list.
   */
  arrivals: MemoryPart;
  /**
   * The rows of counters: those of the CPUs, then the daemons'.
   */
  counters: MemoryPart;
  /**
   * The CPUs' records.
   */
  cpus: MemoryPart;
  /**
   * The rings of events: those of the CPUs, of the daemons, and the script's.
   */
  events: MemoryPart;
  /**
   * The bytes of the frames.
   */
  frame_bytes: MemoryPart;
  /**
   * The rows of latencies.
   */
  latencies: MemoryPart;
  /**
   * What cache lines have cost, by class of word.
   */
  lines: MemoryPart;
  /**
   * The links of the lists, one record a frame.
   */
  links: MemoryPart;
  /**
   * The lists.
   */
  lists: MemoryPart;
  /**
   * The profile of locks of each row.
   */
  locks: MemoryPart[];
  /**
   * The replacement policy's word for each frame: under `aging` its counter.
   */
  notes: MemoryPart;
  /**
   * The PFN database, with a record for each frame.
   */
  pfn: MemoryPart;
  /**
   * The process table.
   */
  processes: MemoryPart;
  /**
   * The records of regions of PTEs whose locks have cost something.
   */
  regions: MemoryPart;
  /**
   * The reference counts of the slots, slot 0 first.
   */
  slot_counts: MemoryPart;
}
/**
 * The sizes of a machine, the names of what it has, and its parts.
 */
export interface Layout {
  /**
   * What each word of a row of counters counts.
   */
  counter_names: string[];
  /**
   * Frames that a CPU may keep at hand.
   */
  cpu_cache: number;
  /**
   * How many CPUs there are.
   */
  cpus: number;
  /**
   * The name of each daemon, whose rows follow the CPUs'.
   */
  daemon_names: string[];
  /**
   * How many records a ring of events holds.
   */
  event_capacity: number;
  /**
   * The name of each kind of event, by number.
   */
  event_kinds: string[];
  /**
   * How many frames there are.
   */
  frames: number;
  /**
   * Buckets of each kind of fault in a row of latencies, 32 bits each.
   */
  latency_buckets: number;
  /**
   * The name of each class of words whose cache lines are told apart.
   */
  line_names: string[];
  /**
   * The name of each list.
   */
  list_names: string[];
  /**
   * PTEs that one lock guards; 0 if one lock guards all.
   */
  pages_per_lock: number;
  /**
   * Where each part begins, how far apart its records are, and how many there are.
   */
  parts: Parts;
  /**
   * How many slots there are, slot 0 not counted.
   */
  slots: number;
  /**
   * See `trim_low`.
   */
  trim_high: number;
  /**
   * Available frames below which the trimmer is woken, and up to which it trims.
   */
  trim_low: number;
}
/**
 * One event in words.
 */
export interface Part {
  /**
   * How many events there were with it.
   */
  event: number;
  /**
   * What happened.
   */
  text: string;
}
/**
 * One sentence of a history.
 */
export interface Line {
  /**
   * Whether it changed where the subject is, or what a page may do there: such lines answer why it is here.
   */
  decisive?: boolean;
  /**
   * How many events there were with the first of its events; 0 at boot.
   */
  event: number;
  /**
   * The events that it is about, where it is about several.
   */
  parts?: Part[];
  /**
   * Why, where something was taken from the subject: half a sentence, without its full stop.
   */
  reason?: string | null;
  /**
   * The sentence.
   */
  text: string;
  /**
   * When, in nanoseconds.
   */
  time_ns: number;
}
/**
 * A failure of a run: an expectation, an op or an audit that did not hold.
 */
export interface Failure {
  /**
   * The JSON Pointer to the op.
   */
  at: string;
  /**
   * What should have been.
   */
  expected: string;
  /**
   * What was.
   */
  found: string;
}
/**
 * The outcome of one op.
 */
export interface OpOutcome {
  /**
   * How it failed, expected or not.
   */
  code?: FailureCode | null;
  /**
   * What failed, as the report lists it.
   */
  failures?: Failure[];
  /**
   * Why it failed, in a sentence.
   */
  message?: string | null;
  /**
   * Whether it did what it should; an op with `fails` should fail.
   */
  ok: boolean;
  /**
   * The word that a `read` loaded.
   */
  value?: number | null;
}
/**
 * A place in a run: how many events it has had, and its time.
 */
export interface Place {
  /**
   * How many there were at the place before it where the run could have stopped.
   */
  before: number;
  /**
   * How many events there were.
   */
  events: number;
  /**
   * Nanoseconds since the start: virtual, or by the clock.
   */
  time_ns: number;
  /**
   * Whether it stands within an op that was begun.
   */
  under_way: boolean;
}
/**
 * An error says why a document was refused. Nothing of a refused document is run.
 */
export interface Problem {
  /**
   * What stands there.
   */
  found: string;
  /**
   * What may stand there.
   */
  legal: string;
  /**
   * What is wrong, in one sentence, without the path.
   */
  message: string;
  /**
   * The JSON Pointer to the offending value; empty for the document as a whole.
   */
  path: string;
}
/**
 * A living process by its name in the script.
 */
export interface ProcessInfo {
  /**
   * Its place in the process table.
   */
  index: number;
  /**
   * The name.
   */
  name: string;
}
/**
 * The counters of a run.
 */
export interface Counters {
  /**
   * Loads and stores by programs.
   */
  accesses: number;
  /**
   * Clean frames whose contents were in swap already, dropped without a write.
   */
  clean_drops: number;
  /**
   * Faults that waited for another fault on the same page.
   */
  collided: number;
  /**
   * Frames copied for a write.
   */
  copies: number;
  /**
   * First writes to a page, served by a zeroed frame.
   */
  demand_zero: number;
  /**
   * Frames taken from their page.
   */
  evictions: number;
  /**
   * Frames or PTEs examined to find victims, or by a clock tick.
   */
  examined: number;
  /**
   * Accesses that faulted, each counted once.
   */
  faults: number;
  /**
   * Times a CPU had no frame at hand, and made room or waited.
   */
  frame_waits: number;
  /**
   * Pages read back from swap.
   */
  hard: number;
  /**
   * Pages read from swap before any fault needed them.
   */
  read_ahead: number;
  /**
   * Pages read ahead that a fault found in memory.
   */
  read_ahead_hits: number;
  /**
   * Pages read ahead that lost their frame, or whose process did without them, before any fault found them.
   */
  read_ahead_misses: number;
  /**
   * Times that a fault had to start again.
   */
  retries: number;
  /**
   * Frames made writable in place for their last sharer.
   */
  reuses: number;
  /**
   * Shootdowns.
   */
  shootdowns: number;
  /**
   * Slots, or words of the slot bitmap, examined to find free slots.
   */
  slots_examined: number;
  /**
   * Rescues: the frame was still in memory.
   */
  soft: number;
  /**
   * Slots read.
   */
  swap_reads: number;
  /**
   * Slots written.
   */
  swap_writes: number;
  /**
   * Times the trimmer was woken.
   */
  trim_wakeups: number;
  /**
   * Frames the trimmer unmapped.
   */
  trims: number;
  /**
   * Wake-ups after which the trimmer unmapped a frame at least.
   */
  useful_wakeups: number;
  /**
   * Writes to a page that was mapped read-only.
   */
  write_protect: number;
}
/**
 * The records of the ring of events of a CPU, a daemon or the script.
 */
export interface EventProfile {
  /**
   * Records that were overwritten: a ring keeps the latest.
   */
  dropped: number;
  /**
   * Records written to it.
   */
  recorded: number;
}
/**
 * A cache line that two CPUs or daemons fought over though they used different words of it.
 */
export interface FalselySharedLine {
  /**
   * The class of the word that was needed, the record that it is in, and the CPU or daemon that needed it.
   */
  needed: LineUse;
  /**
   * How many of its transfers were false sharing. All else is about the last of them.
   */
  transfers: number;
  /**
   * The same of the word that had been written.
   */
  written: LineUse;
}
/**
 * The use of one word of a cache line.
 */
export interface LineUse {
  /**
   * The CPU or daemon.
   */
  by: string;
  /**
   * The number of its record in its part.
   */
  record: number;
  /**
   * The class of the word.
   */
  word: string;
}
/**
 * The latencies of a kind of fault, in nanoseconds.
 */
export interface Latency {
  /**
   * How many faults were timed.
   */
  count: number;
  /**
   * The longest.
   */
  max_ns: number;
  /**
   * Half took no longer.
   */
  p50_ns: number;
  /**
   * 999 of 1000 took no longer.
   */
  p999_ns: number;
  /**
   * 99 of 100 took no longer.
   */
  p99_ns: number;
}
/**
 * The profile of the cache lines of one class of words: how often they had to travel to a CPU, and what that cost.
 */
export interface LineProfile {
  /**
   * How many of these were false sharing: only another word of the line had been written by another CPU.
   */
  false_sharing: number;
  /**
   * How long CPUs lost in all: waiting, and while the line travelled.
   */
  lost_ns: number;
  /**
   * How long CPUs waited until the line was free for their transfer.
   */
  queued_ns: number;
  /**
   * How often a line travelled.
   */
  transfers: number;
}
/**
 * The profile of a class of locks: how often they were taken, and what they cost.
 */
export interface LockProfile {
  /**
   * How often one was taken.
   */
  acquisitions: number;
  /**
   * How often it was held by another.
   */
  contended: number;
  /**
   * How long they were held in all.
   */
  hold_ns: number;
  /**
   * How long was waited in all.
   */
  wait_ns: number;
}
/**
 * The profile of the lock of one region of PTEs. Acquisitions and holds are estimated from a sample.
 */
export interface RegionProfile {
  /**
   * What its lock cost.
   */
  lock: LockProfile;
  /**
   * The region's first page.
   */
  page: number;
  /**
   * The process, by its number; 0 where one lock guards all.
   */
  process: number;
}
/**
 * A report is the result of a run.
 */
export interface Report {
  /**
   * What the machine counted.
   */
  counters: Counters;
  /**
   * How many records the rings of events have had, for each ring that has had any: those of the CPUs, the
   * daemons, and the script's.
   */
  events?: {
    [k: string]: EventProfile;
  };
  /**
   * What failed, in the order in which it was found.
   */
  failures: Failure[];
  /**
   * The cache lines that CPUs fought over though they used different words of them, those that travelled most
   * first: 16 at most.
   */
  false_sharing?: FalselySharedLine[];
  /**
   * How long all faults took together, estimated from the timed ones: what waits are a share of.
   */
  fault_ns: number;
  /**
   * How long each kind of fault took.
   */
  latency: {
    [k: string]: Latency;
  };
  /**
   * What the cache lines of each class of words cost that had to travel, where virtual CPUs know cache lines.
   */
  lines?: {
    [k: string]: LineProfile;
  };
  /**
   * What each class of locks cost.
   */
  locks: {
    [k: string]: LockProfile;
  };
  /**
   * What a reader should know of a failure, in sentences.
   */
  notes?: string[];
  /**
   * Whether every op did what it should and every audit passed.
   */
  ok: boolean;
  /**
   * The regions of PTEs whose locks cost the most, worst first: 16 at most.
   */
  regions: RegionProfile[];
  /**
   * A hash of all that programs can see: the same for every runtime, policy and size of machine.
   */
  state_hash: string;
  /**
   * How long it took: virtual time of a virtual run, elapsed time on threads.
   */
  time_ns: number;
  /**
   * A hash of every event of a virtual run; null on threads.
   */
  trace_hash?: string | null;
}
/**
 * When a clock interrupt comes: each time so many of a unit have passed.
 */
export interface ClockTick {
  /**
   * How many make a tick. Left out, it suits the unit: an eighth of the machine's frames in faults, so
   * that the eight bits of aging remember as many faults as there are frames; 8 for each frame in
   * references; 1,000,000 nanoseconds.
   */
  every?: number;
  /**
   * What is counted.
   */
  unit?: TickUnit;
}
/**
 * Costs in nanoseconds of virtual time, each at most a thousand seconds, so that a sum never
 * overflows; and how much the disk does at one time.
 */
export interface Costs {
  /**
   * Copying a frame to or from memory that is not in the CPU's cache.
   */
  copy_cold?: number;
  /**
   * Copying a frame within the CPU's cache.
   */
  copy_hot?: number;
  /**
   * Reads and writes that the disk serves at one time; a request that finds all channels busy
   * waits its turn.
   */
  disk_channels?: number;
  /**
   * Reading one slot of swap.
   */
  disk_read?: number;
  /**
   * What each slot after the first adds to a read of several, but no more than `disk_read`.
   */
  disk_read_more?: number;
  /**
   * Writing one slot of swap.
   */
  disk_write?: number;
  /**
   * What a fault takes besides all that has a price of its own: its way in and out, its counts,
   * the claim of its PTE and the end of it.
   */
  fault?: number;
  /**
   * What a cache line takes from CPU to CPU, where virtual CPUs know cache lines (`coherence`). It stands in
   * place of `lock_handover` then.
   */
  line_transfer?: number;
  /**
   * Putting a frame on a list or taking it off.
   */
  list?: number;
  /**
   * Taking and later releasing a lock that no CPU holds.
   */
  lock?: number;
  /**
   * Getting a contended lock from the CPU that held it, or any word that another CPU has written
   * last: a cache line has to travel.
   */
  lock_handover?: number;
  /**
   * Looking at one frame in search of a victim.
   */
  look?: number;
  /**
   * Looking at one slot, or one word of the bitmap, in search of a free slot.
   */
  look_slot?: number;
  /**
   * Rewriting a PTE of a page that is evicted, shared or dropped.
   */
  pte?: number;
  /**
   * A shootdown, whatever its size.
   */
  shootdown?: number;
  /**
   * What each other CPU that is online adds to a shootdown.
   */
  shootdown_cpu?: number;
  /**
   * What each page adds to a shootdown.
   */
  shootdown_page?: number;
  /**
   * A marked step of the engine that is nothing else: a few instructions.
   */
  step?: number;
  /**
   * A context switch, with the way into a kernel and out of it.
   */
  switch?: number;
  /**
   * A walk from the page directory to the PTE, and the load or store itself.
   */
  walk?: number;
  /**
   * Zeroing a frame that is not in the CPU's cache.
   */
  zero_cold?: number;
  /**
   * Zeroing a frame that this CPU used a moment ago.
   */
  zero_hot?: number;
}
/**
 * A question that a reader answers before its line runs. Without choices the answer is the number that the line, an
 * `expect`, has as `equals`.
 */
export interface Question {
  /**
   * What is asked.
   */
  ask: string;
  /**
   * The answers to choose from.
   *
   * @maxItems 8
   */
  choices?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string];
  /**
   * Which of the choices is right, counted from 0.
   */
  right?: number;
}
/**
 * A part of a run with a pattern of its own.
 */
export interface Phase {
  /**
   * How long the phase lasts; an equal part of the run when left out.
   */
  accesses?: number;
  /**
   * The first page and the one after the last; the run's own when left out.
   *
   * @minItems 2
   * @maxItems 2
   */
  pages?: [number, number];
  /**
   * Which pages, in which order.
   */
  pattern: SteadyPattern;
  /**
   * The share of writes, 0 to 1; the run's own when left out.
   */
  writes?: number;
}
/**
 * A page of a process, as `expect` compares it with another.
 */
export interface PagePlace {
  /**
   * The page.
   */
  page: number;
  /**
   * Which process.
   */
  process: string;
}
/**
 * The options of a machine. Every key has a default; the defaults together make a good classroom machine.
 */
export interface MachineOptions {
  /**
   * Bugs that are switched on; only a teaching build has them.
   */
  bugs?: Bug[];
  /**
   * When the clock interrupt of the policies `aging` and `nru` comes: it reads every accessed bit and
   * clears it.
   */
  clock_tick?: ClockTick;
  /**
   * Frames that a CPU may keep in its cache of free frames ("at hand"), and (at most 15) frames that it
   * has made active and holds back, to put them on the active list together. Left out: 8, and up to 64 on a machine of
   * more than 8 CPUs that has frames for it.
   */
  cpu_cache?: number;
  /**
   * How many CPUs there are: 1 to 128 virtual CPUs, or 1 to 64 threads.
   */
  cpus?: number;
  /**
   * Frames that are left for data when the page tables of the script's processes and the zero page have
   * theirs, as a textbook counts them. It stands instead of `frames`, which then come to as many as are needed,
   * be they fewer than 8.
   */
  data_frames?: number;
  /**
   * Whether the dispatcher or the script puts a process on a CPU.
   */
  dispatch?: Dispatch;
  /**
   * Under `slot_finder` `bitmap`: whether CPUs keep no free slots at hand while swap is short (fewer free
   * slots than a batch of 16 for each CPU and daemon, until there are twice as many).
   */
  drain_hands?: boolean;
  /**
   * Whether a fault drops the PTE lock while it searches for, fills or reads a frame (the PTE is "in
   * transit").
   */
  early_release?: boolean;
  /**
   * Whether daemons evict along the lists, or the faulting CPU evicts alone.
   */
  eviction?: Eviction;
  /**
   * Whether the policies that read accessed bits find pages along the active list or in page tables.
   */
  finder?: Finder;
  /**
   * RAM in frames of 4 KiB, protected frames included.
   */
  frames?: number;
  /**
   * Shards of the free and of the zeroed list. Left out: 4, and one for each of more than 8 CPUs.
   */
  free_lists?: number;
  /**
   * Whether a search for victims takes frames off the active list before it looks at their PTEs, instead of
   * looking while it holds the list. Under `rmap` `family` and `owner` it always does.
   */
  isolate?: boolean;
  /**
   * Whether a page that is read in keeps its slot, so that it need not be written again unless it changes.
   */
  keep_slots?: KeepSlots;
  /**
   * Frames of a killed process that leave their lists, and become free, together. Left out: 1, and 16 on a machine of
   * more than 8 CPUs.
   */
  kill_batch?: number;
  /**
   * Shards of the active, of the modified and of the standby list: each has a lock of its own, and a frame belongs to
   * one by its number. Policies that go by the order of the active list (`fifo`, `lru`, `sieve`, the clocks) have an
   * order, and a hand, in each; a search goes round the shards, each time from the next one on. Left out: 1, and one for
   * each of more than 8 CPUs.
   */
  list_shards?: number;
  /**
   * How a victim is chosen.
   */
  policy?: Policy;
  /**
   * How many PTEs one lock guards.
   */
  pte_locks?: PteLocks;
  /**
   * Other pages on swap that are read together with the one that a fault needs, while more frames are available
   * than the low watermark. They come on standby, where a fault finds them without a read.
   */
  read_ahead?: number;
  /**
   * By what pages are neighbours, of which those after the one that is needed are read ahead.
   */
  read_ahead_by?: ReadAheadBy;
  /**
   * What a read of a page that is not present does.
   */
  reads?: Reads;
  /**
   * How the PTEs that refer to a frame are found. Left out: `tree`, and `owner` on a machine of more than 8 CPUs.
   */
  rmap?: Rmap;
  /**
   * How CPUs are kept from using PTEs that were taken away. Left out: `batched`, and `lazy` on a machine of more than 8
   * CPUs.
   */
  shootdown?: Shootdown;
  /**
   * How free swap slots are found. Left out: `bitmap`, and `rows` on a machine of more than 8 CPUs.
   */
  slot_finder?: SlotFinder;
  /**
   * Swap in slots of 4 KiB; slot 0, which is never issued, is not counted.
   */
  slots?: number;
  /**
   * Frames repurposed from standby to the free lists together.
   */
  standby_batch?: number;
  /**
   * When and how much the trimmer trims.
   */
  trim?: Trim;
  /**
   * Daemons that unmap pages ahead of need. The first is woken; one that finds more to do than a batch wakes the next.
   * Left out: 1, and one for four of more than 8 CPUs.
   */
  trimmers?: number;
  /**
   * Under policy `wsclock`: a page is in its program's working set if it was used within the last so many
   * references of all programs. Left out: 8 for each frame of the machine.
   */
  working_set_window?: number;
  /**
   * Frames written to swap together.
   */
  write_batch?: number;
  /**
   * Daemons that write modified frames to swap. The first is woken; one that finds more to do than a batch wakes the
   * next. Left out: 1, and one for four of more than 8 CPUs.
   */
  writers?: number;
  /**
   * Whether a daemon zeroes free frames ahead of need. Left out: on a machine of up to 8 CPUs.
   */
  zeroer?: boolean;
}
/**
 * When and how much the trimmer trims.
 */
export interface Trim {
  /**
   * Frames unmapped together.
   */
  batch?: number;
  /**
   * The trimmer trims up to this many available frames.
   */
  high?: number;
  /**
   * The trimmer is woken below this many available frames (free, zeroed, standby).
   */
  low?: number;
  /**
   * What wakes the trimmer.
   */
  trigger?: Trigger;
}
/**
 * A scenario describes a machine, how it runs, and the script that runs on it.
 */
export interface Scenario {
  /**
   * Where an editor finds the schema, to complete and check what is typed: a path from the file, or an address.
   * The engine reads no more than that it is a text.
   */
  $schema?: string;
  /**
   * What a reader is to know before it runs: what it shows, and what to look for. The words of a scenario change
   * nothing that happens in it.
   */
  about?: string;
  /**
   * The version of the format: 1.
   */
  faultline: number;
  /**
   * The machine; every key has a default.
   */
  machine?: MachineOptions;
  /**
   * How it runs.
   */
  runtime?: RuntimeOptions;
  /**
   * What happens, in order.
   */
  script?: Op[];
  /**
   * What the scenario shows, in a few words.
   */
  title?: string;
  /**
   * Other scenarios to try: each is this one with settings laid over it, `/PLACE=VALUE`, as the command's
   * `--set` has them. The first one names it.
   *
   * @maxItems 16
   */
  variants?:
    | []
    | [[string, ...string[]]]
    | [[string, ...string[]], [string, ...string[]]]
    | [[string, ...string[]], [string, ...string[]], [string, ...string[]]]
    | [[string, ...string[]], [string, ...string[]], [string, ...string[]], [string, ...string[]]]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ]
    | [
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]],
        [string, ...string[]]
      ];
}
