// Words of the machine's options: each has its name, what it costs and what it is for.

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
    /** Each option: its name, what it costs, and what it does with the question that it answers. */
    options: {
      frames: [
        'Frames',
        'Each is 4 KiB of this computer’s memory. Fewer mean more evictions.',
        'How much memory the machine has: how much does a program need before it faults seldom?',
      ],
      data_frames: [
        'Frames for data',
        'Instead of frames: as a textbook counts them. The zero page and the page tables of the script’s processes are added.',
        'Leaves so many frames for pages of programs: does the machine fault as often as the table in a book?',
      ],
      slots: [
        'Swap slots',
        'Each is 4 KiB too. When all are full, nothing dirty can leave memory.',
        'How many pages can be outside memory: what happens when swap is full?',
      ],
      cpus: [
        'CPUs',
        'Each adds faults at one time, waits for locks, and an acknowledgement to every shootdown. 64 at most as threads.',
        'How many programs run at the same moment: where do they wait for each other?',
      ],
      dispatch: [
        'Dispatch',
        'manual: an op fails unless its process holds a CPU; the script switches.',
        'Whether the dispatcher or the script puts processes on CPUs: what comes of a certain order of switches?',
      ],
      reads: [
        'Reads',
        'peek never faults, and never brings a page back; allocate takes a frame for every page read.',
        'What the read of a page does that is not in memory: which accesses of a program are faults?',
      ],
      pte_locks: [
        'PTE locks',
        'One lock costs waits as soon as two CPUs fault; a lock for each PTE costs a lock taken for each PTE of a batch.',
        'How many PTEs one lock guards: which costs more, waiting for locks or taking many of them?',
      ],
      early_release: [
        'Drop PTE lock during fault',
        'off: a fault holds its lock while it finds a frame, zeroes, copies and reads.',
        'Lets others have the lock of a fault that looks for a frame or reads from the disk: how long would they wait for it?',
      ],
      zeroer: [
        'Background zeroing',
        'off: each fault zeroes its own frame. on: a daemon zeroes frames, and takes list locks for it.',
        'Clears free frames ahead of need, so that no program sees what another left: how much shorter does that make faults?',
      ],
      free_lists: [
        'Free lists',
        'Few are contended; many have to be searched when frames run short.',
        'Divides the free frames among lists with a lock each: do CPUs that take frames wait for each other?',
      ],
      list_shards: [
        'Shards of the other lists',
        'Of the active, the modified and the standby list. Each has a lock, and an order of its own: a victim is the oldest of its shard, not of all.',
        'Divides the lists that frames in use are on: is less waiting for their locks worth a victim that is not the oldest?',
      ],
      trimmers: [
        'Trimmers',
        'Several evict at the same time, for programs on many CPUs: the first is woken, and each that finds more to do than a batch wakes the next.',
        'How many daemons unmap pages ahead of need: does one keep up with the faults of many CPUs?',
      ],
      writers: [
        'Writers',
        'Several write to swap at the same time, as far as the disk has channels.',
        'How many daemons write modified pages to swap: does one keep all channels of the disk busy?',
      ],
      kill_batch: [
        'Frames freed together by a kill',
        'Each list is locked once for those that leave it together; nobody has them before the batch is full.',
        'How many frames of a killed process become free at once: how often does its end lock the lists?',
      ],
      read_ahead: [
        'Pages read ahead',
        'More: a program that goes along its pages waits less for the disk; another has frames filled that it never uses.',
        'Reads further pages from swap along with the one that a fault needs: are they used before they leave again?',
      ],
      read_ahead_by: [
        'Read ahead by',
        'slot: what was written to swap together comes back together, whosever it is. address: the next pages of the same process.',
        'Which pages are the next ones on swap: is what was evicted together needed together, or what has neighbouring addresses?',
      ],
      cpu_cache: [
        'Per-CPU frame cache',
        'Its frames are taken without a lock, but other CPUs get them only by stealing.',
        'Keeps some free frames at hand for each CPU: how many faults then need no lock of a list?',
      ],
      eviction: [
        'Eviction',
        'synchronous: the fault that needs a frame writes its victim out itself, and waits for the disk.',
        'Whether daemons evict ahead of need, or the fault itself does: how much of a fault is waiting for the disk?',
      ],
      policy: [
        'Replacement policy',
        'Aging and nru look at all frames for each victim, exact lru stamps each access; fifo looks at one, and picks badly.',
        'Which page leaves when frames run out: which policy has the fewest faults with this program?',
      ],
      'clock_tick.unit': [
        'Clock tick in',
        'Of aging and nru: references, faults or nanoseconds. A tick looks at every frame in use.',
        'What passes between two ticks, each of which reads and clears all accessed bits: is a page old by accesses, by faults or by time?',
      ],
      'clock_tick.every': [
        'Clock tick every',
        'Of aging and nru. More often: the past counts less, and more frames are looked at.',
        'How far apart two ticks are: how far back should it matter that a page was used?',
      ],
      working_set_window: [
        'Working-set window',
        'Of wsclock, in references. Longer: it is nearer to exact lru, and looks at more frames.',
        'How long an unused page still belongs to what its program works with: how much of the past tells what comes next?',
      ],
      rmap: [
        'PTEs of a frame found by',
        'tree: one lock for all processes; family: a lock for each family; owner: no lock while one page refers to the frame.',
        'How an eviction finds the PTEs that refer to a frame: which locks does it have to wait for?',
      ],
      isolate: [
        'Take off the list, then look',
        'Off: the list is locked while accessed bits are read. On: a frame is busy meanwhile.',
        'Whether a search for victims keeps the active list locked while it reads accessed bits: how long do others wait for that list?',
      ],
      finder: [
        'Accessed bits read along',
        'Of clock, aging and nru. list: the PTEs of each frame are looked up; tables: PTEs lie side by side, in no order of age.',
        'Where a search reads accessed bits: does it cost less along the active list or along page tables?',
      ],
      write_batch: [
        'Write batch',
        'Larger: one search for slots serves more pages, and their frames are busy longer.',
        'How many frames are written to swap together: how many searches for slots does that save?',
      ],
      standby_batch: [
        'Free-list refill batch',
        'Larger: fewer list locks, and more pages that can no longer be rescued.',
        'How many standby frames become free together: how many pages could have been had back without reading the disk?',
      ],
      slot_finder: [
        'Slot finder',
        'scan looks at every slot from the first; the bitmap has one lock; rows have none, and slots lie apart; fixed too.',
        'How a free swap slot is found: what does the search cost when swap is nearly full, and when many CPUs search?',
      ],
      drain_hands: [
        'No slots at hand when few are left',
        'Of the bitmap. Off: the last slots are looked for in the caches of all CPUs, under one lock.',
        'Whether CPUs keep slots for themselves while swap is short: what does it cost to find the last ones?',
      ],
      keep_slots: [
        'Keep the slot of a page read in',
        'always: fewer writes, but the page takes a slot and a frame; never: each eviction writes.',
        'Whether a page that is read in keeps its copy on swap: how many writes does the copy save for the room it takes?',
      ],
      shootdown: [
        'Shootdown',
        'single: every page unmapped interrupts every CPU.',
        'How other CPUs are told to forget PTEs that were taken away: how often does that interrupt them?',
      ],
      'trim.trigger': [
        'Trim when',
        'every-fault wakes the trimmer mostly in vain; predictive extrapolates from the past.',
        'What wakes the trimmer: does it come before frames run out, and how often for nothing?',
      ],
      'trim.low': [
        'Low watermark',
        'Lower: pages stay longer, and faults wait for frames. Left out, it suits the frames.',
        'Below how many available frames the trimmer is woken: how often does a fault find none?',
      ],
      'trim.high': [
        'High watermark',
        'Higher: fewer wake-ups, and more pages unmapped too early. Left out, it suits the frames.',
        'Up to how many available frames the trimmer goes on: how often is it woken, and how many pages come straight back?',
      ],
      'trim.batch': [
        'Trim batch',
        'Larger: one shootdown for more pages, which are all unmapped at once.',
        'How many pages are unmapped together: how many shootdowns does that save?',
      ],
      lock_kind: [
        'Lock kind',
        'With cache lines: under spin and ticket all who wait read the lock at each release; a queue wakes one; backoff looks seldom, and later.',
        'How a CPU waits for a lock that another one has: how much do those that wait slow down the one that works?',
      ],
      bugs: [
        'Bugs',
        'The machine fails as a real one did.',
        'Each can be switched on, and is caught by the audit, a check or a schedule.',
      ],
    } as Record<string, readonly [name: string, cost: string, purpose: string]>,
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
