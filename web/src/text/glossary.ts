// Words of the glossary: each term that the page uses, with its name and what it means, in one table.

const terms = {
  accessed: [
    'accessed bit',
    'Set by the CPU at each access to the page, and cleared when the replacement policy looks at it: set means that the page was used since.',
  ],
  accesses: [
    'access',
    'One load or store of a program. Most find their page mapped, and cause no fault.',
  ],
  acquired: ['acquired', 'How often locks of this kind were taken.'],
  aging: [
    'aging counter',
    'Eight bits for each frame. At each tick they move one place to the right, and the accessed bit comes in on the left: the smallest number is the page that was used the longest ago.',
  ],
  available: ['available frames', 'Frames that a fault can get at once: zeroed, free and standby.'],
  collided: [
    'collided fault',
    'A fault on a page on which another fault was in progress: it waits, and finds the work done.',
  ],
  contended: [
    'contended',
    'How often a lock was already held, so that who wanted it had to wait; in percent, of all acquisitions.',
  ],
  copies: [
    'copy on write',
    'A write to a page that several processes share: the kernel copies the page to a new frame for the process that writes.',
  ],
  counter: ['counter', 'A number that each CPU counts up; the page shows the sum.'],
  'demand-zero': [
    'demand-zero fault',
    'The first access to a page that has never been written: the kernel maps a frame filled with zeroes.',
  ],
  dirty: [
    'dirty bit',
    'Set by the CPU when the page is written: its frame has changes that swap does not have.',
  ],
  event: [
    'event',
    'The smallest step that is recorded: an entry changes, a lock is waited for, a transfer begins or ends.',
  ],
  evictions: [
    'eviction',
    'Taking a frame from its page. The page is then in swap, or all zero again.',
  ],
  examined: [
    'frames examined',
    'How many frames the replacement policy looked at to find its victims.',
  ],
  fault: [
    'page fault',
    'The CPU finds no usable mapping for an access and enters the kernel, which makes one.',
  ],
  'fault-in-progress': [
    'fault in progress',
    'One fault works on this page and holds no lock meanwhile; others that need the page wait for it.',
  ],
  fork: [
    'fork',
    'Makes a child process that shares every page with its parent. The page table is copied, the pages are not.',
  ],
  frame: ['frame', 'A piece of physical memory of 4 KiB that can hold one page.'],
  'hard-fault': [
    'hard fault',
    'The page is in swap alone: the kernel reads it into a frame, and the program waits for the disk.',
  ],
  line: ['line', 'One line of the script, with everything that it causes.'],
  lock: [
    'lock',
    'Lets one CPU at a time change what it guards: a range of page-table entries, a frame’s entry, a list, or the slots.',
  ],
  'lock-acquisition': [
    'lock acquisition',
    'Taking the lock of the page-table entry, without the time waited for it.',
  ],
  'map-phase': ['map', 'Writing the page-table entry, so that the access can go on.'],
  'mapped-by': [
    'mapped by',
    'The processes whose page-table entries refer to this frame. More than one share it.',
  ],
  'page-table': [
    'page table',
    'Says of each page of a process in which frame or swap slot it is. It is itself in frames.',
  ],
  'page-walk': [
    'page-table walk',
    'The way of the CPU through directory and table to the entry of a page.',
  ],
  policy: ['replacement policy', 'Chooses which page is evicted when frames run short.'],
  pte: [
    'page-table entry (PTE)',
    'The word of a page table that says where one page is, and what may be done with it.',
  ],
  retries: [
    'retry',
    'A fault that has to begin again, because something changed while it held no lock.',
  ],
  reuses: [
    'reused without copying',
    'A write to a copy-on-write page that nobody else shares any more: it becomes writable in the same frame.',
  ],
  shootdown: [
    'TLB shootdown',
    'Telling the other CPUs that translations have changed, and waiting until each has acknowledged it.',
  ],
  'soft-fault': [
    'soft fault',
    'The page was unmapped, and its frame still holds it: it is mapped again without I/O.',
  ],
  standby: [
    'standby',
    'Unmapped frames whose bytes are in swap too. A fault can have the page back, or the frame is used for another.',
  ],
  'swap-copy': [
    'copy in swap slot',
    'A slot that holds the same bytes as the frame: evicting the page needs no write.',
  ],
  'read-ahead': [
    'read ahead',
    'Reading pages from swap together with one that a fault needs, because the program may need them next.',
  ],
  'read-ahead-hits': [
    'read ahead and found',
    'A page was read ahead, and a fault found it in memory: a soft fault instead of a hard one.',
  ],
  'read-ahead-misses': [
    'read ahead for nothing',
    'A page was read ahead, and its frame was used for another before any fault came, or its process did without it.',
  ],
  'swap-reads': ['swap read', 'Reading a page from a slot of swap into a frame.'],
  'swap-writes': ['swap write', 'Writing a page from its frame to a slot of swap.'],
  'clean-drops': [
    'evicted without a write',
    'The frame had a copy in swap already, or was all zero, and was taken at once.',
  ],
  'slots-examined': ['slots examined', 'How many swap slots were looked at to find free ones.'],
  switches: ['context switch', 'Another process gets the CPU.'],
  'total-held': ['total held', 'For how long locks of this kind were held, added up.'],
  'total-wait': [
    'total wait',
    'For how long CPUs and daemons waited for locks of this kind, added up.',
  ],
  'trap-and-entry': [
    'trap and entry',
    'Entering the kernel, and finding the process and the region that the access belongs to.',
  ],
  trimmed: [
    'trimmed',
    'Unmapped to have frames at hand ahead of need. The frame still holds the page, and a fault maps it again.',
  ],
  'trim-wakeups': [
    'trimmer wake-up',
    'The daemon that unmaps pages was woken, because few frames were available.',
  ],
  'useful-wakeups': ['useful wake-up', 'A wake-up of the trimmer after which it found work to do.'],
  'fill-phase': [
    'fill',
    'Making the contents of the frame: zeroing it, copying into it, or reading it from swap.',
  ],
  'find-phase': [
    'find a frame',
    'Getting a free frame, from the CPU’s own cache or from the lists.',
  ],
  'frame-waits': [
    'wait for a free frame',
    'A fault found no free frame, and had to make room or wait for one.',
  ],
  'wait-another': [
    'wait for another',
    'Waiting until a frame is free, or until another fault on the same page has ended.',
  ],
  'wait-locks': [
    'wait for locks',
    'The time of the fault in which it waited for locks that others held.',
  ],
  'virtual-time': [
    'virtual time',
    'Time in the model: each step of the engine costs a set number of nanoseconds, which the dialog Machine lists. It is not measured.',
  ],
  watermark: [
    'watermark',
    'Below the low one the trimmer is woken; it stops at the high one. They are the ticks on the bar of frames.',
  ],
  'write-protect': [
    'write-protect fault',
    'A write to a page that is mapped read-only: it is copied if it is shared, else made writable.',
  ],
  'zero-page': [
    'zero page',
    'One frame of zeroes that stands for every page that was never written.',
  ],
} as const satisfies Record<string, readonly [name: string, meaning: string]>;

export type TermName = keyof typeof terms;

/** The term of each counter. */
export const COUNTER_TERMS: Readonly<Record<string, TermName>> = {
  accesses: 'accesses',
  faults: 'fault',
  demand_zero: 'demand-zero',
  soft: 'soft-fault',
  hard: 'hard-fault',
  write_protect: 'write-protect',
  copies: 'copies',
  reuses: 'reuses',
  collided: 'collided',
  retries: 'retries',
  evictions: 'evictions',
  swap_reads: 'swap-reads',
  read_ahead: 'read-ahead',
  read_ahead_hits: 'read-ahead-hits',
  read_ahead_misses: 'read-ahead-misses',
  swap_writes: 'swap-writes',
  clean_drops: 'clean-drops',
  trim_wakeups: 'trim-wakeups',
  useful_wakeups: 'useful-wakeups',
  trims: 'trimmed',
  examined: 'examined',
  slots_examined: 'slots-examined',
  shootdowns: 'shootdown',
  frame_waits: 'frame-waits',
  switches: 'switches',
};

/** The term of each part of a fault. */
export const PART_TERMS: Readonly<Record<string, TermName>> = {
  walk: 'page-walk',
  begin: 'trap-and-entry',
  lock: 'lock-acquisition',
  wait: 'wait-locks',
  find: 'find-phase',
  fill: 'fill-phase',
  map: 'map-phase',
  await: 'wait-another',
};

export const glossaryText = {
  glossary: {
    title: 'Glossary',
    note: 'Each of these words opens its meaning wherever it is underlined with dots.',
    terms: terms as Readonly<Record<TermName, readonly [name: string, meaning: string]>>,
  },
};
