// Words of the table of cache lines: what its columns count, and what the words of each class are for.

/** Of a class of words, by its whole name or by the part that it is in. */
const classes: Readonly<Record<string, string>> = {
  ptes: 'Page-table entries, in the frames of the page tables.',
  'pfn.word': 'The state of a frame, its lock and how many pages map it.',
  'pfn.key': 'Whose page a frame holds: where its page-table entries are found from the frame.',
  links: 'Which frames are before and behind a frame in its list.',
  notes: 'What the replacement policy notes of a frame, such as its aging counter.',
  'lists.lock': 'The lock of a list of frames.',
  'lists.head': 'The first frame of a list.',
  'lists.tail': 'The last frame of a list.',
  'lists.count': 'How many frames are in a list.',
  'lists.hand': 'The hand of the clock: where the replacement policy goes on.',
  arrivals: 'Frames that a CPU has mapped and will add to the active list together.',
  processes: 'The record of a process: its state, its locks, its CPUs and who looks at it.',
  families: 'The members of a family: a process and those it was forked from or forked.',
  'cpus.cache': 'The frames that a CPU keeps for its next faults.',
  cpus: 'The record of a CPU: the process it runs and the page it is working on.',
  counters: 'What the machine counts.',
  slot_counts: 'How many page-table entries refer to a swap slot.',
  protected: 'How many frames hold page tables and the zero page.',
  keepers: 'Which frame still holds the bytes of a swap slot.',
  takings: 'How often a swap slot was taken: whether it is still the one that was looked up.',
  slot_pages: 'Which page was last given a swap slot.',
  slots_at_hand: 'The free swap slots that a CPU or daemon has for its next writes.',
  bitmap: 'Which swap slots are free, a bit for each.',
  bitmap_summary: 'Which words of the bitmap have a free slot.',
  slot_groups: 'How many swap slots of a group are free.',
  slot_rows: 'Free swap slots that lie side by side.',
  slot_starts: 'Where the search for free swap slots begins.',
  slot_row_locks: 'The locks of rows of swap slots.',
  slot_row_users: 'Which CPU or daemon uses a row of swap slots.',
  epoch: 'The number of the latest shootdown.',
  epochs_seen: 'The latest shootdown that each CPU has acknowledged.',
  epoch_passed: 'The latest shootdown that every CPU has acknowledged.',
  contents: 'The bytes in the swap file.',
  'machine.pte_lock': 'The one lock of all page-table entries.',
  'machine.tree_lock': 'The lock of the tree of processes.',
  'machine.slot_lock': 'The lock of the free swap slots.',
  'machine.frames_available': 'What wakes those who wait for a frame.',
  'machine.doorbells': 'What wakes the daemons.',
  'machine.stop': 'Whether the daemons are to end.',
  'machine.writing': 'How many frames are being written to swap.',
  'machine.trimming': 'How many frames the trimmers have set out to unmap.',
  'machine.stamps': 'How many accesses have a stamp, under the policy that stamps each.',
  machine: 'Other words that the machine has once.',
};

const [ANY_WORD, TRAVELLED, FALSE, QUEUED, LOST] = [
  'What the words are that were needed: in a line of 64 bytes there are eight. These are the names in reports and exports.',
  'How often a cache line came to a CPU from another, because one of the two had written it.',
  'False sharing: how often the two CPUs used different words of the line, so that it travelled for nothing.',
  'For how long CPUs waited because the line was travelling to another CPU, added up.',
  'For how long CPUs waited for the line in all, added up: in the queue, and on its way.',
];

export const cacheLinesText = {
  cacheLines: {
    caption: 'Cache lines that travelled, by the word that was needed',
    columns: [
      ['Word', ANY_WORD],
      ['travelled', TRAVELLED],
      ['falsely shared', FALSE],
      ['queued', QUEUED],
      ['total lost', LOST],
    ] as const,
    meaning: (name: string): string | undefined =>
      classes[name] ?? classes[name.split('.')[0] ?? ''],
  },
};
