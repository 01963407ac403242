// Words of the machine's options: each with its name, its cost and the requirement behind it.

import { number, plural, rangeOf } from './format.ts';

export const machineOptionsText = {
  machine: {
    presets: 'Start from',
    presetNames: {
      classroom: 'Classroom',
      silberschatz: 'Textbook: 3 frames for data, FIFO',
      'notes-machine': '1,024 frames, 8 CPUs',
      'first-attempt': 'Simplest pager',
      thrashing: 'Thrashing',
      'fork-storm': 'Fork storm',
      base: 'A/B experiments',
    } as Record<string, string>,
    usual: (value: string) => `${value} (default)`,
    range: (least: number, most: number, usual: string) =>
      `${rangeOf(least, most)}, default ${usual}`,
    suits: {
      memory: 'by memory size',
      cpus: 'by number of CPUs',
    },
    /** In a choice, which has little room. */
    suited: {
      memory: 'default, by memory',
      cpus: 'default, by CPUs',
    },
    changed: (count: number) => (count === 0 ? 'No changes' : plural(count, 'change')),
    compare: 'Compare',
    why: 'What for?',
    whyOf: (option: string) => `What for? ${option}`,
    costs: 'Costs of steps in virtual time',
    costsNote:
      'Nanoseconds. The defaults are this engine’s on one computer, as faultline calibrate measures them; those of the disk and of a switch are a fast disk’s and a kernel’s.',
    bugs: 'Deliberate bugs',
    on: 'on',
    off: 'off',
    rule: {
      name: 'Rule',
      fine: 'The engine understands this rule.',
      examples: 'Begin with',
      list: [
        ['Clock', 'accessed ? again : evict'],
        ['Clean pages first', 'accessed ? again : dirty && round < 2 ? again : evict'],
        ['Working set', 'note = accessed || note == 0 ? now : note; now - note > 500 || round > 1'],
      ],
      words:
        'For each page that the hand finds: accessed (the look clears it), dirty, shared, round (of this search), now (references so far), note (a number that note = …; sets). What becomes of the page: evict, again (it goes to the end) or keep (it stays in its place); of a number, 0 is again. In the tenth round a page goes whatever the rule says.',
    } as const,
    choice(value: unknown): string {
      if (typeof value === 'boolean') return value ? 'on' : 'off';
      if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
      if (typeof value === 'object' && value !== null && 'region' in value)
        return plural(Number(value.region), 'PTE');
      if (typeof value === 'object' && value !== null && 'rule' in value)
        return 'a rule of your own';
      if (typeof value === 'number') return number(value);
      return value === undefined ? 'default' : `${value}`;
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
      data_frames: [
        'Frames for data',
        'Instead of frames: as a textbook counts them. The zero page and the page tables of the script’s processes are added.',
        'P16',
      ],
      slots: [
        'Swap slots',
        'Each is 4 KiB too. When all are full, nothing dirty can leave memory.',
        'P17',
      ],
      cpus: [
        'CPUs',
        'Each adds faults at one time, waits for locks, and an acknowledgement to every shootdown. 64 at most as threads.',
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
        'Drop PTE lock during fault',
        'off: a fault holds its lock while it finds a frame, zeroes, copies and reads.',
        'S3',
      ],
      zeroer: [
        'Background zeroing',
        'off: each fault zeroes its own frame. on: a daemon zeroes frames, and takes list locks for it.',
        'P13',
      ],
      free_lists: [
        'Free lists',
        'Few are contended; many have to be searched when frames run short.',
        'S10',
      ],
      list_shards: [
        'Shards of the other lists',
        'Of the active, the modified and the standby list. Each has a lock, and an order of its own: a victim is the oldest of its shard, not of all.',
        'S6',
      ],
      trimmers: [
        'Trimmers',
        'Several evict at the same time, for programs on many CPUs: the first is woken, and each that finds more to do than a batch wakes the next.',
        'S4',
      ],
      writers: [
        'Writers',
        'Several write to swap at the same time, as far as the disk has channels.',
        'S4',
      ],
      kill_batch: [
        'Frames freed together by a kill',
        'Each list is locked once for those that leave it together; nobody has them before the batch is full.',
        'P3',
      ],
      read_ahead: [
        'Pages read ahead',
        'More: a program that goes along its pages waits less for the disk; another has frames filled that it never uses.',
        'S20',
      ],
      read_ahead_by: [
        'Read ahead by',
        'slot: what was written to swap together comes back together, whosever it is. address: the next pages of the same process.',
        'S20',
      ],
      cpu_cache: [
        'Per-CPU frame cache',
        'Its frames are taken without a lock, but other CPUs get them only by stealing.',
        'S10',
      ],
      eviction: [
        'Eviction',
        'synchronous: the fault that needs a frame writes its victim out itself, and waits for the disk.',
        'S17',
      ],
      policy: [
        'Replacement policy',
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
      rmap: [
        'PTEs of a frame found by',
        'tree: one lock for all processes; family: a lock for each family; owner: no lock while one page refers to the frame.',
        'S14',
      ],
      isolate: [
        'Take off the list, then look',
        'Off: the list is locked while accessed bits are read. On: a frame is busy meanwhile.',
        'S9',
      ],
      finder: [
        'Accessed bits read along',
        'Of clock, aging and nru. list: the PTEs of each frame are looked up; tables: PTEs lie side by side, in no order of age.',
        'S6',
      ],
      write_batch: [
        'Write batch',
        'Larger: one search for slots serves more pages, and their frames are busy longer.',
        'S7',
      ],
      standby_batch: [
        'Free-list refill batch',
        'Larger: fewer list locks, and more pages that can no longer be rescued.',
        'S10',
      ],
      slot_finder: [
        'Slot finder',
        'scan looks at every slot from the first; the bitmap has one lock; rows have none, and slots lie apart; fixed too.',
        'S7',
      ],
      drain_hands: [
        'No slots at hand when few are left',
        'Of the bitmap. Off: the last slots are looked for in the caches of all CPUs, under one lock.',
        'S7',
      ],
      keep_slots: [
        'Keep the slot of a page read in',
        'always: fewer writes, but the page takes a slot and a frame; never: each eviction writes.',
        'S7',
      ],
      shootdown: ['Shootdown', 'single: every page unmapped interrupts every CPU.', 'S11'],
      'trim.trigger': [
        'Trim when',
        'every-fault wakes the trimmer mostly in vain; predictive extrapolates from the past.',
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
        'Larger: one shootdown for more pages, which are all unmapped at once.',
        'S9',
      ],
      lock_kind: [
        'Lock kind',
        'With cache lines: under spin and ticket all who wait read the lock at each release; a queue wakes one; backoff looks seldom, and later.',
        'S2',
      ],
      bugs: ['Bugs', 'The machine fails as a real one did.', 'B'],
    } as Record<string, readonly [name: string, cost: string, requirement: string]>,
    requirements: {
      P2: 'At most one process runs on a CPU.',
      P3: 'A kill gives back what nobody shares.',
      P8: 'Three kinds of reads: as hardware, in place, or with a frame for each.',
      P13: 'A reused frame shows nothing of its past.',
      P16: 'Frames in use never exceed the RAM.',
      P17: 'When frames run out, pages go to swap.',
      R2: '1 to 128 virtual CPUs, the same run every time.',
      S2: 'What locks cost is measured by class and region.',
      S3: 'The PTE lock is released early, and the PTE marked as having a fault in progress.',
      S4: 'Fewer trims, at better times.',
      S5: 'Standby is ready ahead of need.',
      S6: 'Victims are found fast.',
      S7: 'Slots are found fast, in batches.',
      S8: 'How many PTEs one lock guards is a parameter.',
      S9: 'Pages are trimmed in batches.',
      S10: 'Standby frames go in batches to an array of free lists.',
      S11: 'Pages are unmapped in batches, by one shootdown.',
      S14: 'A transition PTE is believed only under its frame’s lock.',
      S17: 'The first attempt: no daemons, the head of the active list is evicted.',
      S20: 'Pages may be read from swap ahead of need.',
      B: 'Each can be switched on, and is caught by the audit, a check or a schedule.',
    } as Record<string, string>,
    costName(name: string): string {
      return this.costNames[name.replace('costs.', '')] ?? name;
    },
    costNames: {
      step: 'A step',
      walk: 'A walk and an access',
      fault: 'What else a fault takes',
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
      shootdown_cpu: 'Shootdown, each CPU',
      shootdown_page: 'Shootdown, each page',
      disk_read: 'Reading a slot',
      disk_write: 'Writing a slot',
      disk_channels: 'Transfers at one time',
      line_transfer: 'A line from another cache',
      disk_read_more: 'Reading, each further slot',
      switch: 'A context switch',
    } as Record<string, string>,
  },
};
