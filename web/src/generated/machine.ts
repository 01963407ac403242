// Made from the engine's formats by `npm run types`. Do not edit.

/** Bytes of a word as it is read. */
export const WORD_BYTES = 4;

/** What 32 bits say where there is no process, frame or neighbour. */
export const NONE = 4294967295;

/** Words of a frame, a page and a slot. */
export const FRAME_WORDS = 1024;

/** Entries of a page directory and of a page table. */
export const TABLE_ENTRIES = 512;

/** Words of an entry of a page directory or a page table. */
export const ENTRY_WORDS = 2;

/** The bit of an entry of a page directory that names a page table. */
export const DIRECTORY_PRESENT = 1;

/** Where the number of a frame or slot begins in an entry; it has 32 bits. */
export const NUMBER_SHIFT = 12;

/** The bits of a PTE's format. */
export const PTE_FORMAT = 3;

/** The formats of a PTE by number. */
export const PTE_FORMATS = ["zero","valid","transition","swapped"] as const;

/** The format of a page never written. */
export const PTE_ZERO = 0;

/** The format of a page that is mapped to a frame. */
export const PTE_VALID = 1;

/** The format of a page that is unmapped and still in its frame. */
export const PTE_TRANSITION = 2;

/** The format of a page that is in a slot. */
export const PTE_SWAPPED = 3;

/** The bit of a PTE whose page may be stored to. */
export const PTE_WRITABLE = 4;

/** The bit of a PTE whose page was touched. */
export const PTE_ACCESSED = 8;

/** The bit of a PTE whose page was stored to. */
export const PTE_DIRTY = 16;

/** The bit of a PTE that a fault is at work on. */
export const PTE_IN_TRANSIT = 32;

/** The bit of a lock that is held. */
export const PTE_LOCK = 64;

/** The bit of a lock that is awaited. */
export const PTE_LOCK_WAITERS = 128;

/** The bit of a PTE whose fault is awaited. */
export const PTE_TRANSIT_WAITERS = 256;

/** The bit of a page that is never written. */
export const PTE_READ_ONLY = 512;

/** The bit of a page that the process does not have. */
export const PTE_ABSENT = 1024;

/** Words of a frame's record in the PFN database. */
export const PFN_WORDS = 4;

/** The word with a frame's state. */
export const PFN_STATE_WORD = 0;

/** The word with the slot that keeps a frame's copy. */
export const PFN_SLOT_WORD = 1;

/** The word with the page in a frame, or what a protected frame is for. */
export const PFN_PAGE_WORD = 2;

/** The word with the family of a frame's page, or the process of a protected frame. */
export const PFN_FAMILY_WORD = 3;

/** The bits of that word with the family. */
export const PFN_FAMILY = 65535;

/** The bits of a frame's state. */
export const PFN_STATE = 7;

/** The states of a frame by number. */
export const FRAME_STATES = ["zeroed","free","active","modified","writing","standby","reading","protected"] as const;

/** The state of a frame that is nobody's and all zero. */
export const FRAME_ZEROED = 0;

/** The state of a frame that is nobody's. */
export const FRAME_FREE = 1;

/** The state of a frame that is mapped. */
export const FRAME_ACTIVE = 2;

/** The state of a frame that is unmapped and not on swap. */
export const FRAME_MODIFIED = 3;

/** The state of a frame that is being written. */
export const FRAME_WRITING = 4;

/** The state of a frame that is unmapped and on swap, or all zero. */
export const FRAME_STANDBY = 5;

/** The state of a frame that is being read. */
export const FRAME_READING = 6;

/** The state of a frame that is never evicted. */
export const FRAME_PROTECTED = 7;

/** The bit of a frame that is locked. */
export const PFN_LOCK = 8;

/** The bit of a frame whose lock is awaited. */
export const PFN_LOCK_WAITERS = 16;

/** The bit of a frame whose bytes are nowhere else. */
export const PFN_DIRTY = 32;

/** The bit of a frame that is being trimmed, written or read. */
export const PFN_IN_FLIGHT = 64;

/** The bit of a frame that was mapped again meanwhile. */
export const PFN_RESCUED = 128;

/** The bit of a frame whose flight is awaited. */
export const PFN_FLIGHT_WAITERS = 256;

/** Where the number of PTEs begins that refer to a frame. */
export const PFN_SHARE_SHIFT = 16;

/** The bits of that number. */
export const PFN_SHARE = 32767;

/** The bit of a frame that was read from swap before any fault needed it, and found by none yet. */
export const PFN_AHEAD = 2147483648;

/** What a protected frame is for, by number. */
export const PROTECTED_KINDS = ["zero-page","directory","table"] as const;

/** Words of a frame's links. */
export const LINK_WORDS = 2;

/** The word with the next frame of the list. */
export const LINK_NEXT_WORD = 0;

/** Words of the replacement policy's word for a frame. */
export const NOTE_WORDS = 2;

/** The word with a list's lock. */
export const LIST_LOCK_WORD = 0;

/** The bit of a list that is locked. */
export const LIST_LOCK = 1;

/** The word with a list's first frame. */
export const LIST_HEAD_WORD = 2;

/** The word with a list's last frame. */
export const LIST_TAIL_WORD = 3;

/** The word with the number of a list's frames. */
export const LIST_COUNT_WORD = 4;

/** The word with the frame at which a policy's search goes on. */
export const LIST_HAND_WORD = 5;

/** The first of the frames that a CPU holds back on their way to the active list. */
export const ARRIVALS_WORD = 0;

/** How many frames a CPU may hold back. */
export const MOST_ARRIVALS = 15;

/** The word with the process that is dispatched to a CPU. */
export const CPU_CURRENT_WORD = 0;

/** The first of the frames that a CPU keeps at hand. */
export const CPU_AT_HAND_WORD = 16;

/** How many frames a CPU may keep at hand. */
export const MOST_AT_HAND = 64;

/** The word with a process's state. */
export const PROCESS_STATE_WORD = 0;

/** The states of a process by number. */
export const PROCESS_STATES = ["unused","sleeping","running","terminated"] as const;

/** The word with how often the record was given out. */
export const PROCESS_GENERATION_WORD = 1;

/** The word with a process's parent. */
export const PROCESS_PARENT_WORD = 2;

/** The word with a process's family. */
export const PROCESS_FAMILY_WORD = 3;

/** The word with the frame of a process's page directory. */
export const PROCESS_DIRECTORY_WORD = 4;

/** The word with the number of a process's pages. */
export const PROCESS_PAGES_WORD = 5;

/** The names of the kinds of daemons. */
export const DAEMONS = ["trimmer","writer","zeroer"] as const;

/** The bits of the kind in the number of an event about a daemon; above them is which one of its kind it is. */
export const DAEMON_KIND = 255;

/** Words of a counter. */
export const COUNTER_WORDS = 2;

/** Words of the header of a ring of events. */
export const RING_HEADER_WORDS = 16;

/** The first word of how many records a ring has seen. */
export const RING_SEEN_WORD = 0;

/** The first word of how many of its first records a ring has no more. */
export const RING_FLOOR_WORD = 4;

/** Words of an event's record. */
export const EVENT_WORDS = 8;

/** The first word of an event's stamp. */
export const EVENT_STAMP_WORD = 0;

/** Where the time begins in the stamp. */
export const EVENT_TIME_SHIFT = 12;

/** The word with an event's kind, CPU and process. */
export const EVENT_HEAD_WORD = 2;

/** The bits of the kind. */
export const EVENT_KIND = 255;

/** Where the CPU begins. */
export const EVENT_CPU_SHIFT = 8;

/** The bits of the CPU, from there on. */
export const EVENT_CPU = 255;

/** Where the process begins; it has the bits from there on. */
export const EVENT_PROCESS_SHIFT = 16;

/** What is there where no process is concerned. */
export const EVENT_NO_PROCESS = 65535;

/** The word with the page, frame or slot concerned. */
export const EVENT_NUMBER_WORD = 3;

/** The first word of an event's first operand. */
export const EVENT_A_WORD = 4;

/** The first word of its second operand. */
export const EVENT_B_WORD = 6;

/** How many kinds of events there are. */
export const EVENT_KINDS = 40;

/** What a fault turned out to be, by the number in its last event; all but the first have latencies. */
export const FAULT_KINDS = ["failed","demand_zero","soft","hard","write_protect","collided"] as const;

/** The phases of a fault by number. */
export const FAULT_PHASES = ["lock","find a frame","fill","map","wait"] as const;

/** What a CPU does for the script, by the number in the events of its jobs. */
export const JOB_KINDS = ["spawn","fork","read","write","evict","map","unmap","sleep","wake","kill","switch","run","settle"] as const;

/** Buckets of each doubling of a latency; the first two doublings' worth have a nanosecond each. */
export const LATENCY_HALF = 128;

/** The most events that a run looks for at one time. */
export const MOST_SOUGHT = 64;

/** Words of what the cache lines of a class of words have cost. */
export const LINE_COST_WORDS = 8;

/** The first word of how often a line travelled. */
export const LINE_TRANSFERS_WORD = 0;

/** The first word of how often that was false sharing. */
export const LINE_FALSE_WORD = 2;

/** The first word of the nanoseconds that CPUs waited for the line to be free. */
export const LINE_QUEUED_WORD = 4;

/** The first word of the nanoseconds lost in all. */
export const LINE_LOST_WORD = 6;

/** Words of what a lock has cost. */
export const LOCK_COST_WORDS = 8;

/** The first word of how often it was taken. */
export const LOCK_ACQUISITIONS_WORD = 0;

/** The first word of how often its taker had to wait. */
export const LOCK_CONTENDED_WORD = 2;

/** The first word of the nanoseconds waited. */
export const LOCK_WAIT_WORD = 4;

/** The first word of the nanoseconds held. */
export const LOCK_HOLD_WORD = 6;

/** The first word of the costs of the classes in a profile of locks. */
export const PROFILE_COSTS_WORD = 0;

/** The first word of the name of the lock awaited. */
export const PROFILE_AWAITED_WORD = 48;

/** The word with the number of locks held. */
export const PROFILE_HELD_COUNT_WORD = 50;

/** The first word of the names of the locks held. */
export const PROFILE_HELD_WORD = 52;

/** How many locks held have their name there. */
export const MOST_HELD = 15;

/** Words of a lock's name: the second has the class and 1, and the process; the first has the rest. */
export const LOCK_NAME_WORDS = 2;

/** Where the class and 1 begin in the second word. */
export const LOCK_CLASS_SHIFT = 24;

/** The classes of locks by rank. */
export const LOCK_CLASSES = ["process","pte","pfn","tree","list","slot"] as const;

/** The first word of a region's key: the index of its lock and 1. */
export const REGION_KEY_WORD = 0;

/** The first word of what its lock has cost. */
export const REGION_COST_WORD = 2;
