//! Says in a clause what a change of a PTE, of a frame's entry or of a process's state means.

use crate::memory::{Entry, FrameState, ProcessState, Pte, PteFormat};

/// Returns the name of a frame's state.
pub(super) fn state(entry: Entry) -> &'static str {
    entry.state().name()
}

/// Returns what a change of a process's state means.
pub(super) fn process(name: &str, old: u64, new: u64) -> String {
    match new {
        new if new == ProcessState::Running as u64 => format!("{name} woke"),
        new if new == ProcessState::Terminated as u64 => format!("{name} was killed"),
        _ if old == ProcessState::Running as u64 => format!("{name} went to sleep"),
        _ => format!("{name} sleeps"),
    }
}

/// Returns what a change of a PTE means.
pub(super) fn pte(page: &str, old: Pte, new: Pte) -> String {
    use PteFormat::{Swapped, Transition, Valid, Zero};
    match (old.format(), new.format()) {
        (_, Zero) if new.is_absent() => format!("{page} was taken from its process"),
        (Zero, Zero) => format!("{page} may never be written"),
        (Valid | Transition, Zero) => format!("{page} gave up frame {}", old.frame().0),
        (Swapped, Zero) => format!("{page} gave up slot {}", old.slot().0),
        (Zero, Valid) if !new.is_accessed() && !new.is_writable() => {
            format!("{page} shares frame {} from now on, read-only", new.frame().0)
        }
        (Zero, Valid) => format!("{page} is mapped to frame {}", new.frame().0),
        (Zero, Transition) => format!("{page} shares frame {}, which is unmapped", new.frame().0),
        (Zero | Swapped, Swapped) => format!("{page} shares slot {} from now on", new.slot().0),
        (Valid, Valid) if old.frame() != new.frame() => {
            format!("{page} went from frame {} to frame {}", old.frame().0, new.frame().0)
        }
        (Valid, Valid) if old.is_writable() != new.is_writable() => {
            let now = if new.is_writable() { "may be written now" } else { "became read-only" };
            format!("{page}, in frame {}, {now}", new.frame().0)
        }
        (Valid, Valid) if old.is_dirty() != new.is_dirty() => {
            format!("{page}, in frame {}, was stored to", new.frame().0)
        }
        (Valid, Valid) if new.is_accessed() => {
            format!("{page}, in frame {}, was touched", new.frame().0)
        }
        (Valid, Valid) => {
            format!("the mark that {page}, in frame {}, was touched is cleared", new.frame().0)
        }
        (Valid, Transition) => {
            format!("{page} was unmapped; frame {} still holds it", old.frame().0)
        }
        (Transition, Valid) if old.frame() == new.frame() => {
            format!("{page} is mapped to frame {} again", new.frame().0)
        }
        (Transition, Valid) => {
            format!(
                "{page} is mapped to its own copy, frame {}, instead of frame {}",
                new.frame().0,
                old.frame().0
            )
        }
        (Transition, Transition) => {
            format!("{page}, unmapped, in frame {}, became read-only", old.frame().0)
        }
        (Transition, Swapped) => {
            format!(
                "{page} is in slot {} alone: frame {} was taken from it",
                new.slot().0,
                old.frame().0
            )
        }
        (Swapped, Valid) => {
            format!("{page} came from slot {} into frame {}", old.slot().0, new.frame().0)
        }
        (Valid, Swapped) => {
            format!("{page} went from frame {} to slot {}", old.frame().0, new.slot().0)
        }
        (Swapped, Transition) => {
            format!("{page} went from slot {} to frame {}", old.slot().0, new.frame().0)
        }
    }
}

/// Returns what a change of a frame's entry means.
pub(super) fn pfn(frame: u32, old: Entry, new: Entry) -> String {
    use FrameState::{Active, Free, Modified, Protected, Reading, Standby, Writing, Zeroed};
    let slot = |entry: Entry| entry.slot().map_or(0, |slot| slot.0);
    match (old.state(), new.state()) {
        (Free, Free) => format!("frame {frame} stays free"),
        (_, Zeroed) => format!("frame {frame} was zeroed ahead of need"),
        (_, Protected) => format!("frame {frame} holds a page directory or table from now on"),
        (Protected, _) => {
            format!("frame {frame} holds no page table any more: it is {}", state(new))
        }
        (Free | Zeroed, Active) => format!("frame {frame} was free and is in use now"),
        (_, Reading) if new.is_ahead() => {
            format!("frame {frame} is to receive slot {} ahead of need", slot(new))
        }
        (_, Reading) => format!("frame {frame} is to receive slot {}", slot(new)),
        (Reading, Active) => format!("frame {frame} holds what was read from slot {}", slot(old)),
        (Reading, Standby) if new.is_ahead() => {
            format!("frame {frame} holds what was read ahead from slot {}", slot(new))
        }
        (Reading, Free) if old.is_ahead() => {
            format!("frame {frame} is free again: what was read ahead is of no use")
        }
        (Reading, Free) => format!("frame {frame} is free again: the read failed"),
        (Standby, Free) if old.is_ahead() => {
            format!("frame {frame} was taken from what was read ahead, and nobody has used it")
        }
        (Standby, Active) if old.is_ahead() => {
            format!("frame {frame} was read ahead, and a fault has found it")
        }
        (Standby, Free) if old.slot().is_none() => {
            format!("frame {frame} was taken from its page, which was all zero")
        }
        (Standby, Free) => {
            format!("frame {frame} was taken from its page, whose bytes are in slot {}", slot(old))
        }
        (_, Free) => format!("frame {frame} is free from now on"),
        (Active, Active) if old.share() < new.share() => {
            format!("frame {frame} is shared by {} now", new.share())
        }
        (before, after) if before == after && old.share() > new.share() => match new.share() {
            0 => format!("frame {frame} has no mapping any more"),
            1 => format!("frame {frame} has one mapping left"),
            share => format!("frame {frame} is shared by {share} now"),
        },
        (Active, Active) if !old.is_in_flight() && new.is_in_flight() => {
            format!("frame {frame} was chosen as a victim")
        }
        (Active, Active) if old.is_in_flight() && !new.is_in_flight() => {
            format!("frame {frame} stays active: its page is in use")
        }
        (Active, Modified) => {
            format!("frame {frame} is unmapped and has to be written before it is reused")
        }
        (Active, Standby) if new.slot().is_none() => {
            format!("frame {frame} is unmapped, and all zero: there is nothing to write")
        }
        (Active, Standby) => {
            format!("frame {frame} is unmapped and its bytes are in slot {} already", slot(new))
        }
        (Modified, Writing) => format!("frame {frame} is on its way to swap"),
        (Writing, Standby) => {
            format!(
                "frame {frame} has its bytes in slot {} too, and may be taken at any time",
                slot(new)
            )
        }
        (Writing, Modified) => format!("frame {frame} still has to be written: the write failed"),
        (Modified | Standby | Writing, Active) => {
            format!("frame {frame} was rescued: its page needs it again")
        }
        (before, after) if before == after && old.is_rescued() && !new.is_rescued() => {
            format!("frame {frame} is mapped nowhere any more")
        }
        (before, after) if before == after && new.is_rescued() && !old.is_rescued() => {
            format!("frame {frame} was mapped again while it is {}", state(new))
        }
        (_, _) if old.slot().is_some() && new.slot().is_none() => {
            format!("frame {frame} differs from slot {} from now on, and lets it go", slot(old))
        }
        (_, _) if old.slot().is_none() && new.slot().is_some() => {
            format!("frame {frame} has a copy in slot {}", slot(new))
        }
        (_, _) if !old.is_dirty() && new.is_dirty() => {
            format!("frame {frame} has bytes that are not on swap")
        }
        (before, after) if before == after && old.share() < new.share() => {
            format!("frame {frame} is shared by {} now", new.share())
        }
        (before, after) if before == after => format!("frame {frame} stays {}", state(new)),
        _ => format!("frame {frame}, {} until now, is {}", state(old), state(new)),
    }
}
