//! What a reader in place has to know of a machine's memory, as constants with names: bits of words, places
//! in records, counts and names. `npm run types` writes them to `web/src/generated/machine.ts`. What
//! depends on the machine is in its [`Layout`](crate::machine::Layout).
//!
//! The reader reads words of 32 bits: a name that ends in `_WORD` is the index of one in its record, one
//! that ends in `_WORDS` is a size in them, and one that ends in `_SHIFT` counts bits in one of them.

use crate::fields::offset;
use crate::memory::format::{
    ABSENT, ACCESSED, ARRIVAL_FIELDS, DIRTY, FAMILY, FAMILY_SHIFT, FORMAT, LIST_FIELDS,
    MOST_ARRIVALS, MOST_AT_HAND, NEXT_SHIFT, NUMBER_SHIFT, PFN_AHEAD, PFN_DIRTY, PFN_FIELDS,
    PFN_FLIGHT_WAITERS, PFN_IN_FLIGHT, PFN_LOCK, PFN_LOCK_WAITERS, PFN_RESCUED, PFN_STATE,
    PROCESS_STATES, PROTECTED_KINDS, PTE_LOCK, PTE_LOCK_WAITERS, READ_ONLY, SHARE, SHARE_SHIFT,
    SLOT_SHIFT, VPN_SHIFT, WRITABLE,
};
use crate::memory::{
    CpuRecord, DirectoryEntry, FrameState, NIL, PAGE_SIZE, PTE_IN_TRANSIT, PTE_TRANSIT_WAITERS,
    PfnDatabase, Process, PteFormat, TABLE_ENTRIES,
};
use crate::observe::format as events;
use crate::observe::format::LINE_FIELDS;
use crate::observe::{EventKind, FaultKind, FaultPhase, JobKind, NO_PROCESS, Record, Watch};
use crate::runtime::format::{COST_BYTES, COST_FIELDS, REGION_FIELDS, SHOWN};
use crate::runtime::{DaemonId, DaemonKind, LockClass, LockId, LockProfile, LockWord};
use crate::scenario::PteState;

/// Bytes of a word as the reader has it.
const WORD: usize = 4;
/// Words of a record that is one word of the engine's.
const WIDE: usize = size_of::<u64>() / WORD;

/// A constant of the formats.
#[derive(Clone, Debug)]
pub struct Constant {
    /// The name.
    pub name: &'static str,
    /// A sentence about it.
    pub about: &'static str,
    /// The value.
    pub value: Value,
}

/// The value of a constant.
#[derive(Clone, Debug)]
pub enum Value {
    /// A number that 32 bits hold.
    Number(u32),
    /// Names, each by its number.
    Names(Vec<&'static str>),
}

/// Something that is a number of 32 bits, whatever its type in the engine.
fn number(value: impl TryInto<u32>) -> Value {
    Value::Number(value.try_into().unwrap_or_else(|_| panic!("a format has 32 bits")))
}

/// The index of the word at an offset in bytes.
fn word_at(offset: usize) -> Value {
    assert!(offset.is_multiple_of(WORD), "a reader reads whole words");
    number(offset / WORD)
}

/// The index of a field's word in its record.
fn word(fields: &[(&str, usize)], name: &str) -> Value {
    word_at(offset(fields, name))
}

/// The index of the word that holds the bits from `shift` on of a field.
fn word_from(fields: &[(&str, usize)], name: &str, shift: u32) -> Value {
    assert!(shift.is_multiple_of(u32::BITS), "a reader reads whole words");
    word_at(offset(fields, name) + shift as usize / 8)
}

/// The index of the word that holds the bits from `shift` on of an event's word of this name.
fn event_word(name: &str, shift: u32) -> Value {
    let place = Record::WORDS.iter().position(|known| *known == name);
    word_at(place.expect("a record has the word") * size_of::<u64>() + shift as usize / 8)
}

/// The second part of each pair.
fn names<T>(table: &[(T, &'static str)]) -> Value {
    Value::Names(table.iter().map(|(_, name)| *name).collect())
}

/// Makes the list of constants: for each a sentence, its name and its value.
macro_rules! constants {
    ($(#[doc = $about:literal] $name:ident = $value:expr;)*) => {
        vec![$(Constant { name: stringify!($name), about: $about.trim_ascii(), value: $value }),*]
    };
}

/// All constants.
pub fn constants() -> Vec<Constant> {
    let mut constants = frames_and_pages();
    constants.extend(records());
    constants.extend(events_and_counts());
    constants.extend(locks());
    constants
}

fn frames_and_pages() -> Vec<Constant> {
    constants! {
        /// Bytes of a word as it is read.
        WORD_BYTES = number(WORD);
        /// What 32 bits say where there is no process, frame or neighbour.
        NONE = number(NIL);
        /// Words of a frame, a page and a slot.
        FRAME_WORDS = number(PAGE_SIZE / WORD);
        /// Entries of a page directory and of a page table.
        TABLE_ENTRIES = number(TABLE_ENTRIES);
        /// Words of an entry of a page directory or a page table.
        ENTRY_WORDS = number(WIDE);
        /// The bit of an entry of a page directory that names a page table.
        DIRECTORY_PRESENT = number(DirectoryEntry::PRESENT);
        /// Where the number of a frame or slot begins in an entry; it has 32 bits.
        NUMBER_SHIFT = number(NUMBER_SHIFT);
        /// The bits of a PTE's format.
        PTE_FORMAT = number(FORMAT);
        /// The formats of a PTE by number.
        PTE_FORMATS = Value::Names(PteState::ALL.iter().map(|format| format.name()).collect());
        /// The format of a page never written.
        PTE_ZERO = number(PteFormat::Zero as u32);
        /// The format of a page that is mapped to a frame.
        PTE_VALID = number(PteFormat::Valid as u32);
        /// The format of a page that is unmapped and still in its frame.
        PTE_TRANSITION = number(PteFormat::Transition as u32);
        /// The format of a page that is in a slot.
        PTE_SWAPPED = number(PteFormat::Swapped as u32);
        /// The bit of a PTE whose page may be stored to.
        PTE_WRITABLE = number(WRITABLE);
        /// The bit of a PTE whose page was touched.
        PTE_ACCESSED = number(ACCESSED);
        /// The bit of a PTE whose page was stored to.
        PTE_DIRTY = number(DIRTY);
        /// The bit of a PTE that a fault is at work on.
        PTE_IN_TRANSIT = number(PTE_IN_TRANSIT);
        /// The bit of a lock that is held.
        PTE_LOCK = number(PTE_LOCK);
        /// The bit of a lock that is awaited.
        PTE_LOCK_WAITERS = number(PTE_LOCK_WAITERS);
        /// The bit of a PTE whose fault is awaited.
        PTE_TRANSIT_WAITERS = number(PTE_TRANSIT_WAITERS);
        /// The bit of a page that is never written.
        PTE_READ_ONLY = number(READ_ONLY);
        /// The bit of a page that the process does not have.
        PTE_ABSENT = number(ABSENT);
        /// Words of a frame's record in the PFN database.
        PFN_WORDS = number(PfnDatabase::RECORD_BYTES / WORD);
        /// The word with a frame's state.
        PFN_STATE_WORD = word(&PFN_FIELDS, "word");
        /// The word with the slot that keeps a frame's copy.
        PFN_SLOT_WORD = word_from(&PFN_FIELDS, "word", SLOT_SHIFT);
        /// The word with the page in a frame, or what a protected frame is for.
        PFN_PAGE_WORD = word_from(&PFN_FIELDS, "key", VPN_SHIFT);
        /// The word with the family of a frame's page, or the process of a protected frame.
        PFN_FAMILY_WORD = word_from(&PFN_FIELDS, "key", FAMILY_SHIFT);
        /// The bits of that word with the family.
        PFN_FAMILY = number(FAMILY);
        /// The bits of a frame's state.
        PFN_STATE = number(PFN_STATE);
        /// The states of a frame by number.
        FRAME_STATES = names(&FrameState::ALL);
        /// The state of a frame that is nobody's and all zero.
        FRAME_ZEROED = number(FrameState::Zeroed as u32);
        /// The state of a frame that is nobody's.
        FRAME_FREE = number(FrameState::Free as u32);
        /// The state of a frame that is mapped.
        FRAME_ACTIVE = number(FrameState::Active as u32);
        /// The state of a frame that is unmapped and not on swap.
        FRAME_MODIFIED = number(FrameState::Modified as u32);
        /// The state of a frame that is being written.
        FRAME_WRITING = number(FrameState::Writing as u32);
        /// The state of a frame that is unmapped and on swap, or all zero.
        FRAME_STANDBY = number(FrameState::Standby as u32);
        /// The state of a frame that is being read.
        FRAME_READING = number(FrameState::Reading as u32);
        /// The state of a frame that is never evicted.
        FRAME_PROTECTED = number(FrameState::Protected as u32);
        /// The bit of a frame that is locked.
        PFN_LOCK = number(PFN_LOCK);
        /// The bit of a frame whose lock is awaited.
        PFN_LOCK_WAITERS = number(PFN_LOCK_WAITERS);
        /// The bit of a frame whose bytes are nowhere else.
        PFN_DIRTY = number(PFN_DIRTY);
        /// The bit of a frame that is being trimmed, written or read.
        PFN_IN_FLIGHT = number(PFN_IN_FLIGHT);
        /// The bit of a frame that was mapped again meanwhile.
        PFN_RESCUED = number(PFN_RESCUED);
        /// The bit of a frame whose flight is awaited.
        PFN_FLIGHT_WAITERS = number(PFN_FLIGHT_WAITERS);
        /// Where the number of PTEs begins that refer to a frame.
        PFN_SHARE_SHIFT = number(SHARE_SHIFT);
        /// The bits of that number.
        PFN_SHARE = number(SHARE);
        /// The bit of a frame that was read from swap before any fault needed it, and found by none yet.
        PFN_AHEAD = number(PFN_AHEAD);
        /// What a protected frame is for, by number.
        PROTECTED_KINDS = names(&PROTECTED_KINDS);
    }
}

fn records() -> Vec<Constant> {
    constants! {
        /// Words of a frame's links.
        LINK_WORDS = number(WIDE);
        /// The word with the next frame of the list.
        LINK_NEXT_WORD = number(NEXT_SHIFT / u32::BITS);
        /// Words of the replacement policy's word for a frame.
        NOTE_WORDS = number(WIDE);
        /// The word with a list's lock.
        LIST_LOCK_WORD = word(&LIST_FIELDS, "lock");
        /// The bit of a list that is locked.
        LIST_LOCK = number(LockWord::HELD);
        /// The word with a list's first frame.
        LIST_HEAD_WORD = word(&LIST_FIELDS, "head");
        /// The word with a list's last frame.
        LIST_TAIL_WORD = word(&LIST_FIELDS, "tail");
        /// The word with the number of a list's frames.
        LIST_COUNT_WORD = word(&LIST_FIELDS, "count");
        /// The word with the frame at which a policy's search goes on.
        LIST_HAND_WORD = word(&LIST_FIELDS, "hand");
        /// The first of the frames that a CPU holds back on their way to the active list.
        ARRIVALS_WORD = word(&ARRIVAL_FIELDS, "frames");
        /// How many frames a CPU may hold back.
        MOST_ARRIVALS = number(MOST_ARRIVALS);
        /// The word with the process that is dispatched to a CPU.
        CPU_CURRENT_WORD = word(&CpuRecord::FIELDS, "current");
        /// The first of the frames that a CPU keeps at hand.
        CPU_AT_HAND_WORD = word(&CpuRecord::FIELDS, "cache");
        /// How many frames a CPU may keep at hand.
        MOST_AT_HAND = number(MOST_AT_HAND);
        /// The word with a process's state.
        PROCESS_STATE_WORD = word(&Process::FIELDS, "state");
        /// The states of a process by number.
        PROCESS_STATES = names(&PROCESS_STATES);
        /// The word with how often the record was given out.
        PROCESS_GENERATION_WORD = word(&Process::FIELDS, "generation");
        /// The word with a process's parent.
        PROCESS_PARENT_WORD = word(&Process::FIELDS, "parent");
        /// The word with a process's family.
        PROCESS_FAMILY_WORD = word(&Process::FIELDS, "family");
        /// The word with the frame of a process's page directory.
        PROCESS_DIRECTORY_WORD = word(&Process::FIELDS, "directory");
        /// The word with the number of a process's pages.
        PROCESS_PAGES_WORD = word(&Process::FIELDS, "pages");
        /// The names of the kinds of daemons.
        DAEMONS = names(&DaemonKind::ALL);
        /// The bits of the kind in the number of an event about a daemon; above them is which one of its kind it is.
        DAEMON_KIND = number(DaemonId::KIND_BITS);
    }
}

fn events_and_counts() -> Vec<Constant> {
    constants! {
        /// Words of a counter.
        COUNTER_WORDS = number(WIDE);
        /// Words of the header of a ring of events.
        RING_HEADER_WORDS = number(events::HEADER * events::WORDS * WIDE);
        /// The first word of how many records a ring has seen.
        RING_SEEN_WORD = number(events::SEEN * WIDE);
        /// The first word of how many of its first records a ring has no more.
        RING_FLOOR_WORD = number(events::FLOOR * WIDE);
        /// Words of an event's record.
        EVENT_WORDS = number(events::WORDS * WIDE);
        /// The first word of an event's stamp.
        EVENT_STAMP_WORD = event_word("stamp", 0);
        /// Where the time begins in the stamp.
        EVENT_TIME_SHIFT = number(events::TIME_SHIFT);
        /// The word with an event's kind, CPU and process.
        EVENT_HEAD_WORD = event_word("head", 0);
        /// The bits of the kind.
        EVENT_KIND = number(events::KIND);
        /// Where the CPU begins.
        EVENT_CPU_SHIFT = number(events::CPU_SHIFT);
        /// The bits of the CPU, from there on.
        EVENT_CPU = number(u8::MAX);
        /// Where the process begins; it has the bits from there on.
        EVENT_PROCESS_SHIFT = number(events::PROCESS_SHIFT);
        /// What is there where no process is concerned.
        EVENT_NO_PROCESS = number(NO_PROCESS);
        /// The word with the page, frame or slot concerned.
        EVENT_NUMBER_WORD = event_word("head", events::NUMBER_SHIFT);
        /// The first word of an event's first operand.
        EVENT_A_WORD = event_word("a", 0);
        /// The first word of its second operand.
        EVENT_B_WORD = event_word("b", 0);
        /// How many kinds of events there are.
        EVENT_KINDS = number(EventKind::NAMES.len());
        /// What a fault turned out to be, by the number in its last event; all but the first have latencies.
        FAULT_KINDS = fault_kinds();
        /// The phases of a fault by number.
        FAULT_PHASES = Value::Names(FaultPhase::ALL.iter().map(|phase| phase.name()).collect());
        /// What a CPU does for the script, by the number in the events of its jobs.
        JOB_KINDS = names(&JobKind::ALL);
        /// Buckets of each doubling of a latency; the first two doublings' worth have a nanosecond each.
        LATENCY_HALF = number(events::HALF);
        /// The most events that a run looks for at one time.
        MOST_SOUGHT = number(Watch::MOST);
    }
}

fn fault_kinds() -> Value {
    let kinds = FaultKind::ALL.map(|(_, name)| name);
    Value::Names(std::iter::once("failed").chain(kinds).collect())
}

fn locks() -> Vec<Constant> {
    constants! {
        /// Words of what the cache lines of a class of words have cost.
        LINE_COST_WORDS = number(LINE_FIELDS.len() * WIDE);
        /// The first word of how often a line travelled.
        LINE_TRANSFERS_WORD = word(&LINE_FIELDS, "transfers");
        /// The first word of how often that was false sharing.
        LINE_FALSE_WORD = word(&LINE_FIELDS, "false_sharing");
        /// The first word of the nanoseconds that CPUs waited for the line to be free.
        LINE_QUEUED_WORD = word(&LINE_FIELDS, "queued");
        /// The first word of the nanoseconds lost in all.
        LINE_LOST_WORD = word(&LINE_FIELDS, "lost");
        /// Words of what a lock has cost.
        LOCK_COST_WORDS = number(COST_BYTES / WORD);
        /// The first word of how often it was taken.
        LOCK_ACQUISITIONS_WORD = word(&COST_FIELDS, "acquisitions");
        /// The first word of how often its taker had to wait.
        LOCK_CONTENDED_WORD = word(&COST_FIELDS, "contended");
        /// The first word of the nanoseconds waited.
        LOCK_WAIT_WORD = word(&COST_FIELDS, "wait");
        /// The first word of the nanoseconds held.
        LOCK_HOLD_WORD = word(&COST_FIELDS, "hold");
        /// The first word of the costs of the classes in a profile of locks.
        PROFILE_COSTS_WORD = word(&LockProfile::FIELDS, "classes");
        /// The first word of the name of the lock awaited.
        PROFILE_AWAITED_WORD = word(&LockProfile::FIELDS, "awaited");
        /// The word with the number of locks held.
        PROFILE_HELD_COUNT_WORD = word(&LockProfile::FIELDS, "held_count");
        /// The first word of the names of the locks held.
        PROFILE_HELD_WORD = word(&LockProfile::FIELDS, "held");
        /// How many locks held have their name there.
        MOST_HELD = number(SHOWN);
        /// Words of a lock's name: the second has the class and 1, and the process; the first has the rest.
        LOCK_NAME_WORDS = number(WIDE);
        /// Where the class and 1 begin in the second word.
        LOCK_CLASS_SHIFT = number(LockId::CLASS_SHIFT - u32::BITS);
        /// The classes of locks by rank.
        LOCK_CLASSES = Value::Names(LockClass::ALL.iter().map(|class| class.name()).collect());
        /// The first word of a region's key: the index of its lock and 1.
        REGION_KEY_WORD = word(&REGION_FIELDS, "key");
        /// The first word of what its lock has cost.
        REGION_COST_WORD = word(&REGION_FIELDS, "cost");
    }
}

/// What the reader strides over by these constants is as long as they say.
#[cfg(not(loom))]
const _: () = {
    use crate::runtime::RANK_COUNT;
    assert!(COST_BYTES == COST_FIELDS.len() * size_of::<u64>());
    assert!(PfnDatabase::RECORD_BYTES == PFN_FIELDS.len() * size_of::<u64>());
    assert!(LockProfile::FIELDS[1].1 == LockProfile::FIELDS[0].1 + RANK_COUNT * COST_BYTES);
    assert!(LockProfile::SHOWN_BYTES == LockProfile::FIELDS[3].1 + SHOWN * size_of::<u64>());
    assert!(WIDE * u32::BITS as usize == u64::BITS as usize);
    assert!(SHARE_SHIFT < u32::BITS && SLOT_SHIFT == u32::BITS);
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_format_has_a_name_of_its_own_and_a_sentence() {
        let constants = constants();
        let names: BTreeSet<_> = constants.iter().map(|constant| constant.name).collect();
        assert_eq!(names.len(), constants.len());
        assert!(constants.iter().all(|constant| constant.about.ends_with('.')));
    }

    #[test]
    fn names_by_number_are_those_of_the_engine() {
        let formats =
            [PteFormat::Zero, PteFormat::Valid, PteFormat::Transition, PteFormat::Swapped];
        for (number, (format, name)) in formats.into_iter().zip(PteState::ALL).enumerate() {
            assert_eq!((format as usize, format!("{format:?}")), (number, format!("{name:?}")));
        }
        let Value::Names(kinds) = fault_kinds() else { panic!("names") };
        for (number, name) in (0..).zip(kinds) {
            let kind = FaultKind::of_end(number).map_or("failed", |(_, name)| name);
            assert_eq!(name, kind, "{number}");
        }
        for (number, (state, _)) in PROCESS_STATES.iter().enumerate() {
            assert_eq!(*state as usize, number);
        }
        for (number, (kind, _)) in PROTECTED_KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, number);
        }
    }
}
