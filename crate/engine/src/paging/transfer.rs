//! Transfers pages to swap and back, in time and in the counts.
//!
//! The device works while no lock is held, except a region's without early release, and while the
//! CPU is offline: a file may take its time, and no shootdown is to wait for it.

use crate::machine::Machine;
use crate::memory::{DeviceFailed, Glance, Pfn, ProcessId, Slot};
use crate::observe::{Counter, Event, EventKind};
use crate::runtime::{Cpu, Step, emit};

/// Reads a slot, to which the caller holds a reference, into a frame that it owns, in a transfer of so many pages.
pub(super) async fn read_slot<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    slot: Slot,
    frame: Pfn,
    pages: u32,
) -> Result<(), DeviceFailed> {
    emit_read(cpu, EventKind::SwapReadBegin, process, slot, frame, false);
    // The bytes come at the end of the transfer, so that a slot dropped meanwhile shows.
    cpu.step(Step::DiskRead { pages }).await;
    end_read(cpu, machine, process, slot, frame)
}

/// Reads one more slot, to which the caller holds a reference, in the transfer that it has just made.
#[inline]
pub(super) fn read_also<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    slot: Slot,
    frame: Pfn,
) -> Result<(), DeviceFailed> {
    emit_read(cpu, EventKind::SwapReadBegin, process, slot, frame, false);
    end_read(cpu, machine, process, slot, frame)
}

fn end_read<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    slot: Slot,
    frame: Pfn,
) -> Result<(), DeviceFailed> {
    let read = patiently(cpu, machine, || machine.swap.read(slot, &machine.frames, frame));
    emit_read(cpu, EventKind::SwapReadEnd, process, slot, frame, read.is_err());
    read?;
    machine.count(cpu, Counter::SwapReads);
    Ok(())
}

fn emit_read<C: Cpu>(
    cpu: &C,
    kind: EventKind,
    process: ProcessId,
    slot: Slot,
    frame: Pfn,
    failed: bool,
) {
    let event = Event::of(kind, slot.0).in_process(process.0);
    emit(cpu, event.with(frame.0.into(), failed.into()));
}

/// Writes a frame that the caller has in flight to a slot that it has taken. A program that has rescued the
/// page may store to it meanwhile; the copy is then torn.
pub(super) async fn write_slot<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    frame: Pfn,
    slot: Slot,
) -> Result<(), DeviceFailed> {
    let emit_transfer = |kind, failed: bool| {
        emit(cpu, Event::of(kind, slot.0).with(frame.0.into(), failed.into()));
    };
    emit_transfer(EventKind::SwapWriteBegin, false);
    let written = patiently(cpu, machine, || machine.swap.write(slot, &machine.frames, frame));
    cpu.step(Step::DiskWrite).await;
    emit_transfer(EventKind::SwapWriteEnd, written.is_err());
    written?;
    machine.count(cpu, Counter::SwapWrites);
    Ok(())
}

/// Ends a glance at a word of a slot; none when it is another page's by now.
pub(super) async fn glance_at<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    glance: Glance<'_>,
    word: usize,
) -> Option<Result<u64, DeviceFailed>> {
    cpu.step(Step::DiskRead { pages: 1 }).await;
    patiently(cpu, machine, || glance.word(word))
}

fn patiently<C: Cpu, R>(cpu: &C, machine: &Machine, transfer: impl FnOnce() -> R) -> R {
    let _away = machine.swap.takes_time().then(|| cpu.local().presence.away());
    transfer()
}
