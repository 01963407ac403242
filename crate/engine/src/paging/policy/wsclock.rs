//! WSClock (Carr and Hennessy, "WSClock: a simple and effective algorithm for virtual memory management",
//! 1981) is a clock that spares the working set, the pages used within the last `working_set_window`
//! references.
//!
//! The hand notes when it finds a page used, and clears the bit. A page that is unused, and that was not
//! used within the window, goes if it is clean. If it is dirty the hand passes on, and comes back for it
//! when a round has found no clean one: here it is the eviction that writes the page. When all pages are in
//! the working set the paper takes a program off the machine, which has no such power; the page that is
//! known to be unused longest goes.
//!
//! The paper's time is each program's own; here it is the references of all programs.

use std::cell::Cell;

use super::replacement::{Look, Replacement, Verdict, read, write};
use super::search::{lowest, search};
use crate::machine::Machine;
use crate::memory::Pfn;
use crate::observe::Counter;
use crate::paging::progress::Progress;
use crate::runtime::Cpu;

/// One round of the hand.
struct WsClock {
    now: u64,
    window: u64,
    takes_dirty: bool,
    /// Whether it has passed a page that is out of the working set, because it is dirty.
    passed_dirty: Cell<bool>,
}

impl WsClock {
    /// Returns when a page was found used the last time; a page that has just come counts as used now.
    fn last_use(&self, look: &Look<'_>) -> u64 {
        let note = read(look.note);
        if look.accessed || note == 0 { self.now } else { note }
    }
}

impl Replacement for WsClock {
    fn rounds(&self) -> u32 {
        1
    }

    fn judge(&self, look: &Look<'_>) -> Verdict {
        let last_use = self.last_use(look);
        write(look.note, last_use);
        if self.now.saturating_sub(last_use) <= self.window {
            return Verdict::GoRound;
        }
        if look.dirty && !self.takes_dirty {
            self.passed_dirty.set(true);
            return Verdict::GoRound;
        }
        Verdict::Evict
    }
}

pub(super) async fn victims<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
) -> Vec<Pfn> {
    let mut policy = WsClock {
        // Each access is counted before it faults, so this is never 0.
        now: machine.stats.total(Counter::Accesses),
        window: machine.options.working_set_window,
        takes_dirty: false,
        passed_dirty: Cell::new(false),
    };
    let mut victims = search(cpu, machine, want, progress, &policy).await;
    if victims.len() < want && policy.passed_dirty.get() {
        policy.takes_dirty = true;
        let rest = want - victims.len();
        victims.extend(search(cpu, machine, rest, progress, &policy).await);
    }
    if victims.is_empty() {
        victims = lowest(cpu, machine, want, progress, |look| policy.last_use(look)).await;
    }
    victims
}
