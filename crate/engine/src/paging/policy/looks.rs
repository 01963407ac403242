//! Counts the looks of policies at frames, and bounds them.

use crate::machine::Machine;
use crate::observe::Counter;
use crate::runtime::{Cpu, Step};

/// Frames looked at in one hold of a lock at most, by a policy that goes along the active list.
pub(super) const LOOKS_AT_ONCE: u32 = 64;

/// Counts looks at frames, or at PTEs.
pub(super) fn count_looks<C: Cpu>(cpu: &C, machine: &Machine, entries: u32) {
    machine.stats.add(cpu.local().index, Counter::Examined, entries.into());
}

/// Counts and charges looks at frames (S6).
pub(super) async fn examined<C: Cpu>(cpu: &C, machine: &Machine, entries: u32) {
    count_looks(cpu, machine, entries);
    cpu.step(Step::Look { entries }).await;
}
