//! Records what each task has read and what memory holds, as two hashes that the explorer compares.
//!
//! A task is a deterministic function of what it has read: between two of its steps, its private
//! state is given by the *history* of values that its atomic operations returned. What tasks share
//! is the *memory*: the values of all shared words. If the histories of all tasks and the memory are
//! the same after two different schedules, so is everything that can happen from there. Both are
//! kept as running hashes: a history is mixed with every value that is read, and the memory is a sum
//! over all words of a hash of location and value, which a store changes by the difference.
//!
//! * A location (*place*) is a part of the machine's memory and an offset in it, so that it is the same in
//!   every execution. A word of no known part (a *stranger*) is named by its address; states that are the
//!   same may then count as different, never the other way round.
//! * A step counts in a task's history even if it reads nothing: the task has come further.
//! * A word that is compared or exchanged has been read. A store reads nothing.
//! * A whole page that changes at once changes word by word; the task that copies a page reads nothing of it.
//! * What a mutex guards cannot be seen. It counts as a function of all that was known to the tasks that held
//!   the mutex, in their order.
//! * A task at rest says so ([`forget`]): what it has read before no longer matters.
//! * Counters and the trace are left out: no task acts on them.
//!
//! The hashes have 64 bits and no key: of n states, some two are taken for one another with a
//! probability of about n²/2^65, 3 in a million for ten million states.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{LockResult, MutexGuard};

use crate::hash::mix;
use crate::parts::MemoryPart;

thread_local! {
    static RECORDS: Cell<bool> = const { Cell::new(false) };
    static RECORDER: RefCell<Recorder> = RefCell::default();
}

/// A part of memory that tasks share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedPart {
    /// The part.
    pub part: MemoryPart,
    /// Whether the values there influence what any task does.
    pub matters: bool,
}

impl From<MemoryPart> for SharedPart {
    fn from(part: MemoryPart) -> Self {
        Self { part, matters: true }
    }
}

#[derive(Debug, Default)]
struct Recorder {
    /// The known parts in the order of their addresses, each with its number.
    parts: Vec<(SharedPart, u64)>,
    /// The index of the part in which the last word was found.
    recent: usize,
    /// Histories by task; the first is that of the script's interpreter, which is no task.
    histories: Vec<u64>,
    turn: usize,
    machine: u64,
    /// What cannot be seen, by location: mutexes' contents and queues.
    hidden: HashMap<u64, u64>,
    /// Accesses to words of no known part.
    strangers: u64,
}

/// What a step adds to a history, beside what is read in it.
const STEP: u64 = 0x5354_4550;

fn join(left: u64, right: u64) -> u64 {
    mix(left.rotate_left(23).wrapping_add(0x9E37_79B9_7F4A_7C15) ^ right)
}

/// Returns what a word adds to the hash of memory; a zero adds nothing.
fn weight(place: u64, value: u64) -> u64 {
    if value == 0 { 0 } else { mix(mix(place) ^ value.wrapping_mul(0x9E37_79B9_7F4A_7C15)) }
}

impl Recorder {
    fn place(&mut self, address: usize) -> Option<u64> {
        let inside = |(known, _): &(SharedPart, u64)| {
            address.wrapping_sub(known.part.address) < known.part.bytes()
        };
        if !self.parts.get(self.recent).is_some_and(inside) {
            let after = self.parts.partition_point(|(known, _)| known.part.address <= address);
            match self.parts[..after].last().filter(|known| inside(known)) {
                Some(_) => self.recent = after - 1,
                None => {
                    self.strangers += 1;
                    return Some(address as u64 | 1 << 63);
                }
            }
        }
        let (known, number) = &self.parts[self.recent];
        known.matters.then(|| number << 40 | (address - known.part.address) as u64)
    }

    fn saw(&mut self, value: u64) {
        let turn = self.turn;
        let history = &mut self.histories[turn];
        *history = join(*history, value);
    }

    fn changed(&mut self, place: u64, old: u64, new: u64) {
        let change = weight(place, new).wrapping_sub(weight(place, old));
        self.machine = self.machine.wrapping_add(change);
    }

    fn hide(&mut self, place: u64, content: u64) {
        let old = self.hidden.insert(place, content).unwrap_or(0);
        self.changed(place, old, content);
    }
}

fn record(body: impl FnOnce(&mut Recorder)) {
    if RECORDS.get() {
        RECORDER.with_borrow_mut(body);
    }
}

/// Begins to record what this thread reads and writes, for so many tasks, from empty histories and no
/// changes. The parts do not overlap, and come in the same order in every execution.
pub(crate) fn begin(parts: &[SharedPart], tasks: usize) {
    RECORDER.with_borrow_mut(|recorder| {
        recorder.parts.clear();
        let known = parts.iter().copied().zip(0..).filter(|(known, _)| known.part.bytes() > 0);
        recorder.parts.extend(known);
        recorder.parts.sort_by_key(|(known, _)| known.part.address);
        recorder.recent = 0;
        recorder.histories.clear();
        recorder.histories.resize(tasks + 1, 0);
        recorder.turn = 0;
        recorder.machine = 0;
        recorder.hidden.clear();
        recorder.strangers = 0;
    });
    RECORDS.set(true);
}

/// Ends the recording.
pub(crate) fn end() {
    RECORDS.set(false);
}

/// Returns all that tasks share and know, as one number.
pub(crate) fn state() -> u64 {
    RECORDER.with_borrow(|recorder| {
        (0..).zip(&recorder.histories).fold(mix(recorder.machine), |state, (task, history)| {
            state.wrapping_add(mix(join(*history, task)))
        })
    })
}

/// Returns how many accesses there were so far to words of no known part.
pub(crate) fn strangers() -> u64 {
    RECORDER.with_borrow(|recorder| recorder.strangers)
}

/// Sets whose accesses are recorded from here on: those of a task, which takes a step, or of the interpreter.
pub(crate) fn turn(task: Option<usize>) {
    record(|recorder| {
        recorder.turn = task.map_or(0, |task| task + 1);
        if task.is_some() {
            // The task has come further, even if it reads nothing.
            recorder.saw(STEP);
        }
    });
}

/// Records a value that the current task has come to know otherwise than by reading a word.
pub(crate) fn note(value: impl FnOnce() -> u64) {
    if RECORDS.get() {
        let value = unseen(value);
        record(|recorder| recorder.saw(value));
    }
}

/// Records that a task is at rest: all that it still knows is `rest`.
pub(crate) fn forget(task: usize, rest: impl FnOnce() -> u64) {
    record(|recorder| recorder.histories[task + 1] = rest());
}

/// Records the tasks that sleep on the word at an address for `reason`, as one number, 0 for none.
pub(crate) fn queue(address: usize, reason: u64, content: impl FnOnce() -> u64) {
    record(|recorder| {
        if let Some(place) = recorder.place(address) {
            recorder.hide(join(place, reason), content());
        }
    });
}

/// Records that each word of a page, whose value `old` returns, becomes what `new` returns for its index.
pub(crate) fn write_page<T>(words: &[T], old: impl Fn(&T) -> u64, new: impl Fn(usize) -> u64) {
    if RECORDS.get() {
        unseen(|| {
            RECORDER.with_borrow_mut(|recorder| {
                for (index, word) in words.iter().enumerate() {
                    let (old, new) = (old(word), new(index));
                    if old != new
                        && let Some(place) = recorder.place(std::ptr::from_ref(word).addr())
                    {
                        recorder.changed(place, old, new);
                    }
                }
            });
        });
    }
}

/// Runs `body` unrecorded.
pub(crate) fn unseen<T>(body: impl FnOnce() -> T) -> T {
    let before = RECORDS.replace(false);
    let result = body();
    RECORDS.set(before);
    result
}

/// A mutex whose content counts as a function of the tasks that held it.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(std::sync::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let address = std::ptr::from_ref(self).addr();
        record(|recorder| {
            if let Some(place) = recorder.place(address) {
                let content = recorder.hidden.get(&place).copied().unwrap_or(0);
                recorder.saw(content);
                let known = recorder.histories[recorder.turn];
                recorder.hide(place, known);
            }
        });
        self.0.lock()
    }
}

/// Whether what this thread reads and writes is recorded.
#[inline(always)]
pub(super) fn are_recorded() -> bool {
    RECORDS.get()
}

/// Records that the word at an address was read.
#[cold]
pub(super) fn read(address: usize, value: u64) {
    record(|recorder| {
        if recorder.place(address).is_some() {
            recorder.saw(value);
        }
    });
}

/// Records that the word at an address has another value.
#[cold]
pub(super) fn written(address: usize, old: u64, new: u64) {
    record(|recorder| {
        if let Some(place) = recorder.place(address) {
            recorder.changed(place, old, new);
        }
    });
}
