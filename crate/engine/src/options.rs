//! The options describe what a machine is made of and how it behaves: the `machine` part of a scenario.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::bugs::Bug;
use crate::policy_rule::PolicyRule;

/// The most virtual CPUs a machine can have; threads stop at [`MAX_THREADS`].
pub const MAX_CPUS: u32 = 128;
/// The most CPUs a machine on real threads can have.
pub const MAX_THREADS: u32 = 64;
/// The smallest machine, in frames: zero page, directory, table and five to page with.
pub const MIN_FRAMES: u32 = 8;
/// The largest machine, in frames (4 GiB).
pub const MAX_FRAMES: u32 = 1 << 20;
/// The largest swap, in slots (16 GiB).
pub const MAX_SLOTS: u32 = 1 << 22;
/// The most pages one process can have: a directory of 512 tables of 512 entries (1 GiB).
pub const MAX_PAGES: u32 = 512 * 512;

/// The most shards that the active, the modified and the standby list are divided into.
pub const MAX_LIST_SHARDS: u32 = 64;

/// The most trimmers, and the most writers.
pub const MOST_OF_A_DAEMON: u32 = 8;

/// The most pages that are read ahead with one.
pub const MOST_READ_AHEAD: u32 = 16;

/// The frames of a machine whose scenario does not say how many it has.
const DEFAULT_FRAMES: u32 = 64;

/// The options of a machine. Every key has a default; the defaults together make a good classroom machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MachineOptions {
    /// RAM in frames of 4 KiB, protected frames included.
    #[schemars(range(min = MIN_FRAMES, max = MAX_FRAMES))]
    pub frames: u32,
    /// Frames that are left for data when the page tables of the script's processes and the zero page have
    /// theirs, as a textbook counts them. It stands instead of `frames`, which then come to as many as are needed,
    /// be they fewer than 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = MAX_FRAMES))]
    pub data_frames: Option<u32>,
    /// Swap in slots of 4 KiB; slot 0, which is never issued, is not counted.
    #[schemars(range(min = 0, max = MAX_SLOTS))]
    pub slots: u32,
    /// How many CPUs there are: 1 to 128 virtual CPUs, or 1 to 64 threads.
    #[schemars(range(min = 1, max = MAX_CPUS))]
    pub cpus: u32,
    /// Whether the dispatcher or the script puts a process on a CPU.
    pub dispatch: Dispatch,
    /// What a read of a page that is not present does.
    pub reads: Reads,
    /// Whether daemons evict along the lists, or the faulting CPU evicts alone.
    pub eviction: Eviction,
    /// How many PTEs one lock guards.
    pub pte_locks: PteLocks,
    /// Whether a fault drops the PTE lock while it searches for, fills or reads a frame (the PTE is "in
    /// transit").
    pub early_release: bool,
    /// How a victim is chosen.
    pub policy: Policy,
    /// When the clock interrupt of the policies `aging` and `nru` comes: it reads every accessed bit and
    /// clears it.
    pub clock_tick: ClockTick,
    /// Under policy `wsclock`: a page is in its program's working set if it was used within the last so many
    /// references of all programs. Left out: 8 for each frame of the machine.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_u64))]
    pub working_set_window: u64,
    /// When and how much the trimmer trims.
    pub trim: Trim,
    /// Daemons that unmap pages ahead of need. The first is woken; one that finds more to do than a batch wakes the next.
    /// Left out: 1, and one for four of more than 8 CPUs.
    #[schemars(range(min = 1, max = MOST_OF_A_DAEMON))]
    pub trimmers: u32,
    /// Daemons that write modified frames to swap. The first is woken; one that finds more to do than a batch wakes the
    /// next. Left out: 1, and one for four of more than 8 CPUs.
    #[schemars(range(min = 1, max = MOST_OF_A_DAEMON))]
    pub writers: u32,
    /// Frames written to swap together.
    #[schemars(range(min = 1, max = 512))]
    pub write_batch: u32,
    /// Frames repurposed from standby to the free lists together.
    #[schemars(range(min = 1, max = 512))]
    pub standby_batch: u32,
    /// Frames of a killed process that leave their lists, and become free, together. Left out: 1, and 16 on a machine of
    /// more than 8 CPUs.
    #[schemars(range(min = 1, max = 512))]
    pub kill_batch: u32,
    /// Other pages on swap that are read together with the one that a fault needs, while more frames are available
    /// than the low watermark. They come on standby, where a fault finds them without a read.
    #[schemars(range(min = 0, max = MOST_READ_AHEAD))]
    pub read_ahead: u32,
    /// By what pages are neighbours, of which those after the one that is needed are read ahead.
    pub read_ahead_by: ReadAheadBy,
    /// Shards of the free and of the zeroed list. Left out: 4, and one for each of more than 8 CPUs.
    #[schemars(range(min = 1, max = 256))]
    pub free_lists: u32,
    /// Shards of the active, of the modified and of the standby list: each has a lock of its own, and a frame belongs to
    /// one by its number. Policies that go by the order of the active list (`fifo`, `lru`, `sieve`, the clocks) have an
    /// order, and a hand, in each; a search goes round the shards, each time from the next one on. Left out: 1, and one for
    /// each of more than 8 CPUs.
    #[schemars(range(min = 1, max = MAX_LIST_SHARDS))]
    pub list_shards: u32,
    /// Frames that a CPU may keep in its cache of free frames ("at hand"), and (at most 15) frames that it
    /// has made active and holds back, to put them on the active list together. Left out: 8, and up to 64 on a machine of
    /// more than 8 CPUs that has frames for it.
    #[schemars(range(min = 0, max = 64))]
    pub cpu_cache: u32,
    /// Whether a daemon zeroes free frames ahead of need. Left out: on a machine of up to 8 CPUs.
    pub zeroer: bool,
    /// How the PTEs that refer to a frame are found. Left out: `tree`, and `owner` on a machine of more than 8 CPUs.
    pub rmap: Rmap,
    /// Whether a search for victims takes frames off the active list before it looks at their PTEs, instead of
    /// looking while it holds the list. Under `rmap` `family` and `owner` it always does.
    pub isolate: bool,
    /// Whether the policies that read accessed bits find pages along the active list or in page tables.
    pub finder: Finder,
    /// How free swap slots are found. Left out: `bitmap`, and `rows` on a machine of more than 8 CPUs.
    pub slot_finder: SlotFinder,
    /// Under `slot_finder` `bitmap`: whether CPUs keep no free slots at hand while swap is short (fewer free
    /// slots than a batch of 16 for each CPU and daemon, until there are twice as many).
    pub drain_hands: bool,
    /// Whether a page that is read in keeps its slot, so that it need not be written again unless it changes.
    pub keep_slots: KeepSlots,
    /// How CPUs are kept from using PTEs that were taken away. Left out: `batched`, and `lazy` on a machine of more than 8
    /// CPUs.
    pub shootdown: Shootdown,
    /// Bugs that are switched on; only a teaching build has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bugs: Vec<Bug>,
}

impl Default for MachineOptions {
    fn default() -> Self {
        Self {
            frames: DEFAULT_FRAMES,
            data_frames: None,
            slots: 256,
            cpus: 2,
            dispatch: Dispatch::Auto,
            reads: Reads::Hardware,
            eviction: Eviction::Pipelined,
            pte_locks: PteLocks::Region(64),
            early_release: true,
            policy: Policy::Clock,
            clock_tick: ClockTick::default(),
            working_set_window: usual_window(DEFAULT_FRAMES),
            trim: Trim::default(),
            trimmers: 1,
            writers: 1,
            write_batch: 16,
            standby_batch: 16,
            kill_batch: 1,
            read_ahead: 0,
            read_ahead_by: ReadAheadBy::Slot,
            free_lists: 4,
            list_shards: 1,
            cpu_cache: 8,
            zeroer: true,
            rmap: Rmap::Tree,
            isolate: false,
            finder: Finder::List,
            slot_finder: SlotFinder::Bitmap,
            drain_hands: false,
            keep_slots: KeepSlots::Always,
            shootdown: Shootdown::Batched,
            bugs: Vec::new(),
        }
    }
}

/// Whether the dispatcher or the script puts a process on a CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dispatch {
    /// The dispatcher switches an awake process onto a CPU whenever the process has something to do.
    Auto,
    /// Only a process that holds a CPU runs; the script's `switch` moves processes.
    Manual,
}

/// What a read of a page that is not present does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reads {
    /// A present or zero page reads without a fault; a transition or swapped page faults in.
    Hardware,
    /// No read ever faults or changes the machine.
    Peek,
    /// The first read of a zero page takes a frame; it is clean, and dropped without a write, until the
    /// page is stored to.
    Allocate,
}

/// Whether daemons evict, or the faulting CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Eviction {
    /// Daemons evict in stages: active, modified, writing, standby, repurposed.
    Pipelined,
    /// The faulting CPU evicts: the frame at the head of the active list goes to swap at once.
    Synchronous,
}

/// By what pages are neighbours when some are read ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadAheadBy {
    /// By their slots, whosever they are: the disk reads them side by side.
    Slot,
    /// By their page numbers in the process that faults: a program that goes along its pages uses them next.
    Address,
}

/// How many PTEs one lock guards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PteLocks {
    /// One lock guards all PTEs.
    Machine,
    /// One lock guards each page table (512 PTEs).
    Table,
    /// One lock guards each PTE.
    Entry,
    /// One lock guards this many PTEs: a power of two, 1 to 512.
    Region(#[schemars(extend("enum" = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]))] u32),
}

/// How a victim is chosen among the active frames. Where a policy asks whether a page was used, it
/// reads the accessed bits of its PTEs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// First in, first out: the frame that has been active longest, used or not.
    Fifo,
    /// Any frame, by a seeded draw.
    Random,
    /// First in, second chance (Corbató 1968): a page that was used since the hand last came by goes round
    /// again.
    Clock,
    /// Enhanced second chance (Silberschatz): the first of the lowest class, of unused and clean, unused
    /// and dirty, used and clean, used and dirty. The hand goes round up to four times.
    ClockDirty,
    /// Not recently used (Tanenbaum): any page of the lowest class, of unused and clean, unused and dirty,
    /// used and clean, used and dirty. Used means since the last `clock_tick`.
    Nru,
    /// Aging (Tanenbaum): each `clock_tick` shifts a page's counter of eight bits to the right, with the
    /// accessed bit on top; the lowest goes, a page used since the last tick after all others.
    Aging,
    /// The exact least recently used page. No hardware could afford it: each access is stamped.
    Lru,
    /// The working-set clock (Carr and Hennessy 1981): the first clean page that was not used within
    /// `working_set_window`, else the first dirty one; when all are in use, the one unused longest.
    Wsclock,
    /// SIEVE (Zhang and others 2024): a hand that moves from old to new and leaves what was used in its
    /// place. The access that brought a page in does not count as a use.
    Sieve,
    /// A rule of one's own, an expression of what a hand finds at each page: `accessed`, which the look clears, `dirty`,
    /// `shared` (by several PTEs), `round` (how often the hand has been round in this search), `now` (references so
    /// far) and `note` (a number that `note = ...;` sets). Its value is `evict`, `again` (the page goes to the end) or
    /// `keep` (it stays in its place); of a number 0 is `again`. In the tenth round a page goes whatever the rule says.
    Rule(PolicyRule),
}

impl Policy {
    /// Whether the policy reads accessed bits at every [`ClockTick`].
    pub fn ticks(&self) -> bool {
        matches!(self, Self::Aging | Self::Nru)
    }

    /// Whether what the policy does depends on how many accesses and faults there were.
    pub fn depends_on_counters(&self) -> bool {
        let knows_time = matches!(self, Self::Rule(PolicyRule(rule)) if rule.knows_time());
        self.ticks() || knows_time || *self == Self::Wsclock
    }
}

/// When a clock interrupt comes: each time so many of a unit have passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClockTick {
    /// What is counted.
    pub unit: TickUnit,
    /// How many make a tick. Left out, it suits the unit: an eighth of the machine's frames in faults, so
    /// that the eight bits of aging remember as many faults as there are frames; 8 for each frame in
    /// references; 1,000,000 nanoseconds.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_u64))]
    pub every: u64,
}

/// What a clock tick counts, over all CPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TickUnit {
    /// Loads and stores of programs.
    References,
    /// Faults of every kind.
    Faults,
    /// Time: virtual on virtual CPUs, real on threads.
    Nanoseconds,
}

impl ClockTick {
    /// Returns the usual tick of this unit on a machine of so many frames.
    pub fn usual(unit: TickUnit, frames: u32) -> Self {
        let every = match unit {
            TickUnit::References => u64::from(frames) * 8,
            TickUnit::Faults => u64::from(frames / 8).max(1),
            TickUnit::Nanoseconds => 1_000_000,
        };
        Self { unit, every }
    }
}

impl Default for ClockTick {
    fn default() -> Self {
        Self::usual(TickUnit::Faults, DEFAULT_FRAMES)
    }
}

/// Returns the usual working-set window of a machine of so many frames, in references.
pub fn usual_window(frames: u32) -> u64 {
    u64::from(frames) * 8
}

/// When and how much the trimmer trims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Trim {
    /// What wakes the trimmer.
    pub trigger: Trigger,
    /// The trimmer is woken below this many available frames (free, zeroed, standby).
    #[schemars(range(min = 0, max = MAX_FRAMES))]
    pub low: u32,
    /// The trimmer trims up to this many available frames.
    #[schemars(range(min = 1, max = MAX_FRAMES))]
    pub high: u32,
    /// Frames unmapped together.
    #[schemars(range(min = 1, max = 512))]
    pub batch: u32,
}

impl Default for Trim {
    fn default() -> Self {
        Self { trigger: Trigger::Watermark, low: 8, high: 16, batch: 16 }
    }
}

/// What wakes the trimmer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// Each fault that takes a frame from a list wakes it.
    EveryFault,
    /// Fewer than `low` available frames wake it.
    Watermark,
    /// A forecast wakes it: the rate at which frames are consumed times the time to replenish them.
    Predictive,
}

/// How the PTEs that refer to a frame are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rmap {
    /// Through the frame's family, under one lock for the whole process tree.
    Tree,
    /// Through the frame's family, under a lock for each family.
    Family,
    /// A frame that one PTE refers to names that PTE's process, and its own lock guards the way there; others
    /// are found through their family, under a lock for each.
    Owner,
}

/// Where the policies that read accessed bits find pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Finder {
    /// Along the active list; the PTEs of each frame are found by reverse mapping.
    List,
    /// Under `policy` `clock`, `aging` and `nru` along the page tables, where PTEs lie side by side; under others along
    /// the active list.
    Tables,
}

/// How free swap slots are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SlotFinder {
    /// A two-level bitmap with per-CPU batches.
    Bitmap,
    /// A linear scan from slot 1 (the naive one).
    Scan,
    /// Rows of 64 slots without a lock: a count of free slots is drawn on first, so that a slot is certain to
    /// be there, and then each CPU looks from a row of its own.
    Rows,
    /// Clusters of 64 slots with a lock each: each CPU takes from a cluster of its own while it has slots.
    Clusters,
    /// Each page has its own slot, by its number; a page that finds it in use takes the next that is free.
    Fixed,
}

/// Whether a page that is read in keeps its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeepSlots {
    /// Until it is stored to, or swap has no slot left.
    Always,
    /// While at least half of the slots are free.
    Half,
    /// Never: it is written again when it is evicted.
    Never,
}

/// How CPUs are kept from using PTEs that were taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shootdown {
    /// One shootdown for a batch of pages.
    Batched,
    /// One shootdown for each page.
    Single,
    /// One shootdown for a batch of pages that are unmapped; none for a page that is copied on a write. Other CPUs may
    /// read the frame that it had a moment longer, and whoever frees that frame or gives it to a writer waits for
    /// them.
    Lazy,
}
