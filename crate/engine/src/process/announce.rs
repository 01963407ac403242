//! Records the event of a process's change of state.

use crate::memory::{ProcessId, ProcessState};
use crate::observe::{Event, EventKind};
use crate::runtime::{Cpu, emit};

/// Records that a process has changed from one state to another.
pub(super) fn announce<C: Cpu>(cpu: &C, process: ProcessId, from: ProcessState, to: ProcessState) {
    let event = Event::of(EventKind::Process, process.0).in_process(process.0);
    emit(cpu, event.with(from as u64, to as u64));
}
