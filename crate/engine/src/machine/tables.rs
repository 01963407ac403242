//! Page directories and tables: protected frames, charged to the machine (P10, P16, P19).

use crate::memory::{FrameState, Key, Memory, NIL, Pfn, ProcessId, TABLE_ENTRIES, Vpn};
use crate::paging::{Failure, Hand, give_back, take_frame, wait_for_frame};
use crate::runtime::{Cpu, Step};
use crate::sync::atomic::Ordering;

/// What a protected frame holds, as the page number of its key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Directory = 1,
    Table = 2,
}

/// A directory and its tables, not yet anybody's.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) directory: Pfn,
    frames: Vec<Pfn>,
}

impl Tables {
    /// Frames for a process of this many pages; every PTE is zero.
    ///
    /// # Errors
    /// [`Failure::OutOfMemory`] or [`Failure::OutOfSwap`]; nothing is kept then.
    pub(super) async fn new<C: Cpu>(cpu: &C, memory: &Memory, pages: u32) -> Result<Self, Failure> {
        let count = pages.div_ceil(TABLE_ENTRIES);
        let mut frames = Vec::with_capacity(count as usize + 1);
        for index in 0..=count {
            let kind = if index == 0 { Kind::Directory } else { Kind::Table };
            match protected_frame(cpu, memory, kind).await {
                Ok(frame) => frames.push(frame),
                Err(failure) => {
                    free(cpu, memory, frames).await;
                    return Err(failure);
                }
            }
        }
        let directory = frames[0];
        for (index, table) in frames[1..].iter().enumerate() {
            let entry = u64::from(table.0) << 12 | 1;
            memory.frames.word(directory.0, index).store(entry, Ordering::Release);
        }
        Ok(Self { directory, frames })
    }

    /// Gives the frames to a process: their keys name it.
    pub(super) fn give_to(&self, memory: &Memory, process: ProcessId, pages: u32) {
        for frame in &self.frames {
            let kind = memory.pfns.key(*frame).vpn;
            memory.pfns.set_key(*frame, Key { family: process.0, vpn: kind });
        }
        memory.processes.get(process).set_tables(self.directory, pages);
    }

    /// Frees the frames again.
    pub(super) async fn give_up<C: Cpu>(self, cpu: &C, memory: &Memory) {
        free(cpu, memory, self.frames).await;
    }
}

/// Adds page tables to a process until it has room for `pages` pages. Its process lock is held.
///
/// # Errors
/// [`Failure::OutOfMemory`] or [`Failure::OutOfSwap`]; what was added stays, empty.
pub(super) async fn grow<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    process: ProcessId,
    pages: u32,
) -> Result<(), Failure> {
    let record = memory.processes.get(process);
    for index in 0..pages.div_ceil(TABLE_ENTRIES) {
        if memory.table(record, index).is_none() {
            let table = protected_frame(cpu, memory, Kind::Table).await?;
            memory.pfns.set_key(table, Key { family: process.0, vpn: Vpn(Kind::Table as u32) });
            let entry = u64::from(table.0) << 12 | 1;
            let directory = record.directory();
            memory.frames.word(directory.0, index as usize).store(entry, Ordering::Release);
        }
    }
    Ok(())
}

/// Frees the directory and tables of a process that nobody can walk any more.
pub(super) async fn free_tables<C: Cpu>(cpu: &C, memory: &Memory, process: ProcessId) {
    let record = memory.processes.get(process);
    let mut frames = vec![record.directory()];
    frames.extend((0..TABLE_ENTRIES).map_while(|index| memory.table(record, index)));
    record.set_tables(Pfn(NIL), 0);
    free(cpu, memory, frames).await;
}

async fn protected_frame<C: Cpu>(cpu: &C, memory: &Memory, kind: Kind) -> Result<Pfn, Failure> {
    let Hand { frame, zeroed, hot } = match take_frame(cpu, memory, true).await {
        Some(hand) => hand,
        None => wait_for_frame(cpu, memory).await?,
    };
    if !zeroed {
        memory.frames.zero(frame.0);
        cpu.step(Step::Zero { hot }).await;
    }
    let mut locked = memory.lock_frame(cpu, frame).await;
    locked.entry.set_state(FrameState::Protected);
    memory.pfns.set_key(frame, Key { family: NIL, vpn: Vpn(kind as u32) });
    // Counted at once: who waits for frames must not take this one for "soon available".
    memory.add_protected(1);
    Ok(frame)
}

async fn free<C: Cpu>(cpu: &C, memory: &Memory, frames: Vec<Pfn>) {
    for frame in frames {
        memory.remove_protected(1);
        give_back(cpu, memory, frame).await;
    }
}
