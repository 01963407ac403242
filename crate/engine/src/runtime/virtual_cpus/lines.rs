//! Models cache lines: which CPU has each line, when it is free, and what an access to it costs.
//!
//! A line has the task that wrote it last and those that have read it since, which have it in their caches. An
//! access is free where the task has the line already: for a read in any state, for a write alone. Any other
//! access waits until the line is free, and then for the *transfer*, during which the line serves nobody else. So
//! atomic steps on one word queue. A line that nobody has written since the boot is in memory; what memory costs
//! is in other prices, so to read it is free.
//!
//! A task runs from one of its steps to the next at once, so it is ahead of the virtual time by what its accesses
//! cost, and its next step begins only then. An access that sees what a task wrote that is ahead waits until the
//! line is free again, and so never ends before what it sees was written.
//!
//! A line is named by its part and its offset there, so that no address decides anything.
//!
//! What is simpler than hardware: caches hold all they have had; the distance between two CPUs is the same for
//! all; a store waits for its line as an atomic step does, where a store buffer would hide it; a step that fails
//! takes the line as one that succeeds does, as on x86.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use super::false_sharing::FalseSharing;
use crate::observe::{LineCost, LineCosts};
use crate::parts::{LINE_BYTES, LineKind, LinePart};
use crate::sync::lines::{Access, Listener, heard_by};

/// No task.
const NONE: u8 = u8::MAX;
/// Bytes of the smallest word.
const GRAIN: usize = 4;
/// Words of that size in a line.
const GRAINS: usize = LINE_BYTES / GRAIN;
/// Lines of a block, which are as many as a page has.
const BLOCK: usize = PAGE_BYTES / LINE_BYTES;
/// Bytes of a page.
const PAGE_BYTES: usize = 4096;
/// Bits of a line's name that say which line of its part it is.
const LINE_BITS: u32 = 48;

/// A set of tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tasks([u64; 4]);

impl Tasks {
    fn only(task: u8) -> Self {
        let mut only = Self::default();
        only.insert(task);
        only
    }

    fn has(self, task: u8) -> bool {
        self.0[usize::from(task / 64)] >> (task % 64) & 1 == 1
    }

    fn insert(&mut self, task: u8) {
        self.0[usize::from(task / 64)] |= 1 << (task % 64);
    }
}

/// One line.
#[derive(Clone, Debug)]
struct Line {
    /// The number of its part, above which line of the part it is.
    name: u64,
    /// The tasks that have it.
    holders: Tasks,
    /// The task that wrote it last.
    writer: u8,
    /// The word that this task wrote last, by its place in the line.
    written: u8,
    /// The task that wrote each word last.
    writers: [u8; GRAINS],
    /// When it can serve the next transfer.
    free_at: u64,
    /// The latest transfer that was false sharing, and how many there were.
    falsely: Option<FalselyShared>,
}

impl Line {
    fn new(name: u64) -> Self {
        Self {
            name,
            holders: Tasks::default(),
            writer: NONE,
            written: 0,
            writers: [NONE; GRAINS],
            free_at: 0,
            falsely: None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct FalselyShared {
    times: u64,
    /// The task that needed the line, and the place of its word.
    needed: (u8, u8),
    /// The task that had written it, and the place of the word it had written.
    written: (u8, u8),
}

/// Whether a page holds a page table now.
type IsTable = Box<dyn Fn(usize) -> bool>;

struct Known {
    part: LinePart,
    /// The first of its classes.
    class: usize,
    /// Its number, in the order in which the parts were given.
    number: u64,
    /// The addresses of its first byte and of the byte after its last.
    begin: usize,
    end: usize,
    /// For each block of its lines the index of the first of them, once a task has used one.
    blocks: RefCell<Vec<Option<usize>>>,
}

impl Known {
    fn new(part: LinePart, class: usize, number: u64) -> Self {
        let (begin, bytes) = (part.part.address, part.part.bytes());
        let lines = match part.lines {
            LineKind::Unasked => 0,
            LineKind::Alone => bytes,
            LineKind::AsTheyStand | LineKind::InTables => bytes.div_ceil(LINE_BYTES),
        };
        let blocks = RefCell::new(vec![None; lines.div_ceil(BLOCK)]);
        Self { part, class, number, begin, end: begin + bytes, blocks }
    }
}

/// The lines of one machine.
pub struct Lines {
    /// Parts in the order of their addresses.
    parts: Vec<Known>,
    classes: Vec<String>,
    is_table: IsTable,
    transfer: u64,
    costs: Arc<LineCosts>,
    /// The index of the part in which the last word was found.
    recent: Cell<usize>,
    task: Cell<u8>,
    /// How far the task has come.
    at: Cell<u64>,
    /// The lines of all blocks that a task has used.
    lines: RefCell<Vec<Line>>,
    /// What the task's step has cost so far, by class.
    spent: RefCell<Vec<(usize, LineCost)>>,
    strangers: Cell<u64>,
    /// Where the line begins that was used last, its bytes, and which task used it: it has it. A search reads word
    /// after word.
    latest: Cell<(usize, usize, u8)>,
}

impl fmt::Debug for Lines {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Lines")
            .field("task", &self.task)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Lines {
    /// Returns the lines of parts, none of which any CPU has. A transfer takes `transfer` nanoseconds; `costs` is
    /// told what transfers cost, by class in the order of the parts.
    pub fn new(
        parts: Vec<LinePart>,
        is_table: impl Fn(usize) -> bool + 'static,
        transfer: u64,
        costs: Arc<LineCosts>,
    ) -> Self {
        let classes = parts.iter().flat_map(LinePart::classes).collect();
        let mut first = 0;
        let mut known: Vec<_> = (0..)
            .zip(parts)
            .map(|(number, part)| {
                let class = first;
                first += part.classes().len();
                Known::new(part, class, number)
            })
            .filter(|known| known.begin < known.end)
            .collect();
        known.sort_by_key(|known| known.begin);
        Self {
            parts: known,
            classes,
            is_table: Box::new(is_table),
            transfer,
            costs,
            recent: Cell::new(0),
            task: Cell::new(0),
            at: Cell::new(0),
            lines: RefCell::default(),
            spent: RefCell::default(),
            strangers: Cell::new(0),
            latest: Cell::new((0, 0, NONE)),
        }
    }

    /// Runs `body`, whose accesses are heard.
    pub(super) fn hear<T>(self: &Rc<Self>, body: impl FnOnce() -> T) -> T {
        heard_by(Rc::clone(self) as Rc<dyn Listener>, body)
    }

    /// From here on `task` accesses words, at the time `now`.
    pub(super) fn turn(&self, task: usize, now: u64) {
        self.task.set(task as u8);
        self.at.set(now);
    }

    /// Returns how far the task whose turn it is has come.
    pub(super) fn at(&self) -> u64 {
        self.at.get()
    }

    /// Takes what the current step has cost so far, by class.
    pub(super) fn take_spent(&self) -> Vec<(usize, LineCost)> {
        self.spent.take()
    }

    /// Runs `body` as an access of another task at the time `from`; returns when that has come to its end.
    pub(super) fn on_behalf_of(&self, task: usize, from: u64, body: impl FnOnce()) -> u64 {
        let before = (self.task.replace(task as u8), self.at.replace(from));
        body();
        self.task.set(before.0);
        self.at.replace(before.1)
    }

    /// Returns how many accesses there were to words of no known part.
    pub fn strangers(&self) -> u64 {
        self.strangers.get()
    }

    /// Returns the lines that were falsely shared, those with the most transfers first; `most` at most.
    pub fn false_sharing(&self, most: usize) -> Vec<FalseSharing> {
        let lines = self.lines.borrow();
        let falsely = |line: &Line| Some((line.falsely?, line.name));
        let mut found: Vec<_> = lines.iter().filter_map(falsely).collect();
        found.sort_by_key(|(falsely, name)| (std::cmp::Reverse(falsely.times), *name));
        found.truncate(most);
        found.into_iter().map(|(falsely, name)| self.describe(falsely, name)).collect()
    }

    fn describe(&self, falsely: FalselyShared, name: u64) -> FalseSharing {
        let number = name >> LINE_BITS;
        let known = self.parts.iter().find(|known| known.number == number);
        let known = known.expect("a line is in a part");
        let line = (name & ((1 << LINE_BITS) - 1)) as usize;
        let offset = |grain: u8| line * LINE_BYTES + usize::from(grain) * GRAIN;
        let record = |grain| offset(grain) / known.part.part.stride;
        let word = |grain| self.classes[known.class + known.part.class_at(offset(grain))].clone();
        let (needed, written) = (falsely.needed, falsely.written);
        FalseSharing {
            part: known.part.name,
            records: [record(needed.1), record(written.1)],
            words: [word(needed.1), word(written.1)],
            tasks: [needed.0.into(), written.0.into()],
            transfers: falsely.times,
        }
    }

    /// Finds the part that an address is in.
    fn part_at(&self, address: usize) -> Option<&Known> {
        let inside = |known: &&Known| known.begin <= address && address < known.end;
        if let Some(recent) = self.parts.get(self.recent.get()).filter(inside) {
            return Some(recent);
        }
        let after = self.parts.partition_point(|known| known.begin <= address);
        self.recent.set(after.checked_sub(1)?);
        self.parts.get(after - 1).filter(inside)
    }

    /// Finds the line of the word at an address, with the offset of the word in its part; none if nobody asks
    /// about it.
    fn line_at(&self, address: usize) -> Option<(&Known, usize, usize)> {
        let Some(known) = self.part_at(address) else {
            self.strangers.set(self.strangers.get() + 1);
            return None;
        };
        let offset = address - known.begin;
        let line = match known.part.lines {
            LineKind::Unasked => return None,
            LineKind::InTables if !(self.is_table)(offset / known.part.part.stride) => return None,
            LineKind::Alone => offset,
            LineKind::AsTheyStand | LineKind::InTables => offset / LINE_BYTES,
        };
        let (block, within) = (line / BLOCK, line % BLOCK);
        let mut blocks = known.blocks.borrow_mut();
        let block = blocks[block].get_or_insert_with(|| {
            let mut lines = self.lines.borrow_mut();
            let first = lines.len();
            let name = |within| known.number << LINE_BITS | (line - line % BLOCK + within) as u64;
            lines.extend((0..BLOCK).map(|within| Line::new(name(within))));
            first
        });
        Some((known, *block + within, offset))
    }
}

impl Listener for Lines {
    fn touched(&self, address: usize, bytes: usize, access: Access) {
        let task = self.task.get();
        let (begin, bytes_of_it, user) = self.latest.get();
        if access == Access::Read && user == task && address.wrapping_sub(begin) < bytes_of_it {
            return;
        }
        let Some((known, line, offset)) = self.line_at(address) else { return };
        if known.part.lines != LineKind::Alone {
            // The last line of a part ends with it: what the host has put behind it is another's.
            let begin = address - offset % LINE_BYTES;
            self.latest.set((begin, LINE_BYTES.min(known.end - begin), task));
        }
        let line = &mut self.lines.borrow_mut()[line];
        let grain =
            if known.part.lines == LineKind::Alone { 0 } else { offset % LINE_BYTES / GRAIN };
        let (grains, grain) = (grain..grain + bytes.div_ceil(GRAIN), grain as u8);
        let is_free = match access {
            Access::Read => line.writer == NONE || line.holders.has(task),
            Access::Write => line.holders == Tasks::default() || line.holders == Tasks::only(task),
        };
        if !is_free {
            let start = line.free_at.max(self.at.get());
            let end = start + self.transfer;
            let (queued, lost) = (start - self.at.get(), end - self.at.get());
            line.free_at = end;
            self.at.set(end);
            let is_others = |writer: &u8| ![NONE, task].contains(writer);
            let is_false =
                is_others(&line.writer) && !line.writers[grains.clone()].iter().any(is_others);
            if is_false {
                let times = line.falsely.map_or(0, |falsely| falsely.times) + 1;
                let (needed, written) = ((task, grain), (line.writer, line.written));
                line.falsely = Some(FalselyShared { times, needed, written });
            }
            let class = known.class + known.part.class_at(offset);
            let cost = LineCost { transfers: 1, false_sharing: is_false.into(), queued, lost };
            self.costs.add(class, cost);
            let mut spent = self.spent.borrow_mut();
            match spent.iter_mut().find(|(known, _)| *known == class) {
                Some((_, sum)) => *sum += cost,
                None => spent.push((class, cost)),
            }
        }
        match access {
            Access::Read => line.holders.insert(task),
            Access::Write => {
                line.holders = Tasks::only(task);
                (line.writer, line.written) = (task, grain);
                line.writers[grains].fill(task);
            }
        }
    }

    /// A page that is zeroed or copied to as a whole, which has a price of its own, begins anew.
    fn page_written(&self, address: usize) {
        let Some(known) = self.part_at(address) else { return };
        if known.part.lines == LineKind::InTables
            && let Some(first) =
                known.blocks.borrow()[(address - known.begin) / known.part.part.stride]
        {
            self.latest.set((0, 0, NONE));
            for line in &mut self.lines.borrow_mut()[first..first + BLOCK] {
                *line = Line::new(line.name);
            }
        }
    }
}
