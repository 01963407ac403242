//! The bugs that real ones had, as switches of this engine: each is the line or two that somebody got
//! wrong, at the place where it is easy to get wrong.
//!
//! A scenario switches them on with `machine.bugs`. Only a teaching build, with the cargo feature
//! `bugs`, has them; in every other build `has_bug!` is the word `false`. What a bug has to wait
//! for is left out by `cfg` there, because a wait takes room in a future also where none gets to it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A bug that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bug {
    /// A victim stays on the active list until its batch is full, so one search takes it twice.
    VictimTakenTwice,
    /// A freed frame goes to the CPU's cache and, as if that had been full, on the free list too.
    CachedAndFree,
    /// A page rescued while it is written goes on the active list at once, and can be trimmed again
    /// before the write ends: then it is on modified and on standby.
    TrimmedWhileWritten,
    /// The last reference frees a frame also while a trim or a write has it in flight, which frees it
    /// once more when it lands.
    FreedInFlight,
    /// Who writes pages out waits for a free slot, while those who could free one wait for a frame.
    WriterFrozen,
    /// A write to a page that nobody shares any more copies it, instead of making it writable.
    SoleOwnerCopied,
    /// Fork only says that it shares: it takes a frame for each page and copies.
    ForkCopies,
    /// After a kill the first sleeper resumes, whoever it is, and not the nearest living ancestor.
    KillResumesWrong,
    /// A transition PTE is believed without being read again under its frame's lock.
    StaleTransition,
    /// A CPU acknowledges a shootdown after its walk, so before the access that uses the old PTE.
    AcknowledgedTooEarly,
    /// Who shoots pages down goes on before the other CPUs have acknowledged it.
    ShootdownNotAwaited,
    /// A copy's original is let go before it is unmapped, so its last sharer writes it in place while
    /// other CPUs of the process still read it.
    CountBeforeUnmap,
    /// A page that is about to be written lets its slot go before it has been read from it.
    SlotFreedWhileRead,
    /// A store marks the PTE dirty, and unmapping forgets to tell the frame.
    DirtyNotFolded,
    /// A daemon looks for work first and listens for its bell after that.
    LostWakeUp,
    /// Repurposing takes the locks of PTEs while it holds the frame's.
    LockAgainstOrder,
    /// Who has waited for another fault's read maps the frame without looking what it holds now.
    CollidedUnchecked,
    /// A frame from the CPU's cache is taken to be zeroed.
    NotZeroed,
    /// An evicted page's PTE is rewritten in the first process that has it, and in no other.
    SharerForgotten,
    /// A freed frame is put where others find it before its entry says that it is free.
    FoundBeforeFree,
    /// An evicted page's PTEs name its slot before that has a reference for each.
    NamedBeforeCounted,
    /// A store to a shared page on swap reads the page in, lets it go, and then looks for a frame for its
    /// copy: where one frame can be had, that is the frame it has just read, for ever.
    CopySourceEvicted,
}

impl Bug {
    /// Every bug, in the order of the documentation.
    pub const ALL: [Self; 22] = [
        Self::VictimTakenTwice,
        Self::CachedAndFree,
        Self::TrimmedWhileWritten,
        Self::FreedInFlight,
        Self::WriterFrozen,
        Self::SoleOwnerCopied,
        Self::ForkCopies,
        Self::KillResumesWrong,
        Self::StaleTransition,
        Self::AcknowledgedTooEarly,
        Self::ShootdownNotAwaited,
        Self::CountBeforeUnmap,
        Self::SlotFreedWhileRead,
        Self::DirtyNotFolded,
        Self::LostWakeUp,
        Self::LockAgainstOrder,
        Self::CollidedUnchecked,
        Self::NotZeroed,
        Self::SharerForgotten,
        Self::FoundBeforeFree,
        Self::NamedBeforeCounted,
        Self::CopySourceEvicted,
    ];
}

/// Whether a machine has a bug.
#[cfg(feature = "bugs")]
macro_rules! has_bug {
    ($machine:expr, $bug:ident) => {
        $machine.options.bugs.contains(&$crate::bugs::Bug::$bug)
    };
}

/// Whether a machine has a bug: in no build but one for teaching.
#[cfg(not(feature = "bugs"))]
macro_rules! has_bug {
    ($machine:expr, $bug:ident) => {
        false
    };
}

pub(crate) use has_bug;
