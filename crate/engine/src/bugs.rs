//! Bugs of real kernels and engines, as switches of this engine: each is the line or two that a programmer
//! got wrong, at the point where it is easy to get wrong.
//!
//! A scenario switches them on with `machine.bugs`. Only a teaching build, with the cargo feature `bugs`, has
//! them; in every other build `has_bug!` is the literal `false`. An await that only a bug needs is left out
//! by `cfg` there, because an await enlarges its future even where no execution reaches it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A bug that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bug {
    /// A victim stays on the active list until its batch is full, so one search takes it twice.
    VictimTakenTwice,
    /// A freed frame goes to the CPU's cache and, as if the cache had been full, on the free list too.
    CachedAndFree,
    /// A page rescued while it is written goes on the active list at once, and can be trimmed again
    /// before the write ends: then it is on modified and on standby.
    TrimmedWhileWritten,
    /// The last reference frees a frame also while a trim or a write has it in flight, which frees it
    /// once more when it lands.
    FreedInFlight,
    /// The writer waits for a free slot, while those CPUs that could free one wait for a frame.
    WriterFrozen,
    /// A write to a page that no other process shares any more copies it, instead of making it writable.
    SoleOwnerCopied,
    /// Fork only claims to share: it takes a frame for each page and copies.
    ForkCopies,
    /// After a kill the first sleeper resumes, whichever process it is, and not the nearest living ancestor.
    KillResumesWrong,
    /// A fault trusts a transition PTE without reading it again under its frame's lock.
    StaleTransition,
    /// A CPU acknowledges a shootdown after its walk, so before the access that uses the old PTE.
    AcknowledgedTooEarly,
    /// A CPU that shoots pages down goes on before the other CPUs have acknowledged it.
    ShootdownNotAwaited,
    /// A copy's original is let go before it is unmapped, so its last sharer writes it in place while
    /// other CPUs of the process still read it.
    CountBeforeUnmap,
    /// A page that is about to be written drops its slot before it has been read from it.
    SlotFreedWhileRead,
    /// A store marks the PTE dirty, and unmapping forgets to mark the frame.
    DirtyNotFolded,
    /// A daemon looks for work first and listens for its bell after that.
    LostWakeUp,
    /// Repurposing takes the locks of PTEs while it holds the frame's.
    LockAgainstOrder,
    /// A fault that has waited for another fault's read maps the frame without looking at what it holds now.
    CollidedUnchecked,
    /// A frame from the CPU's cache is taken to be zeroed.
    NotZeroed,
    /// An evicted page's PTE is rewritten in the first process that has it, and in no other.
    SharerForgotten,
    /// A freed frame is put where other CPUs find it before its entry says that it is free.
    FoundBeforeFree,
    /// An evicted page's PTEs name its slot before that has a reference for each.
    NamedBeforeCounted,
    /// A store to a shared page on swap reads the page in, drops it, and then looks for a frame for its copy:
    /// where one frame can be had, that is the frame it has just read, for ever.
    CopySourceEvicted,
    /// A frame goes on naming its owner while others share it, because the name counts only at share 1: when the
    /// owner leaves, share is 1 again, and the page is another process's.
    OwnerKept,
    /// Repurposing asks who owns a frame before it has the frame's lock: a fork comes between, and the child's PTE
    /// is not found.
    OwnerBelieved,
    /// A freed slot is counted before it is in its row: a CPU draws the credit and looks for a slot that is not
    /// there.
    CreditBeforeSlot,
    /// Daemons of one kind listen to one bell: the first that rests says so for all of them, while another is at
    /// work.
    BellShared,
    /// A kill notes the frames of a batch, unlocks them, and takes them off their lists together: a trimmer finds one
    /// there meanwhile.
    LeftListed,
    /// A page to read ahead is believed to be in its slot without its region's lock, because it is only a guess: when
    /// the slot is claimed it is another page's.
    NeighbourBelieved,
    /// Under `lazy` shootdowns a frame that a copy has left is stored to by its last sharer at once, while a CPU that
    /// walked to it before the copy was mapped still reads it.
    LeftNotAwaited,
}

impl Bug {
    /// Every bug, in the order of the documentation.
    pub const ALL: [Self; 29] = [
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
        Self::OwnerKept,
        Self::OwnerBelieved,
        Self::CreditBeforeSlot,
        Self::BellShared,
        Self::LeftListed,
        Self::NeighbourBelieved,
        Self::LeftNotAwaited,
    ];
}

/// Whether a bug is switched on in a machine.
#[cfg(feature = "bugs")]
macro_rules! has_bug {
    ($machine:expr, $bug:ident) => {
        $machine.options.bugs.contains(&$crate::bugs::Bug::$bug)
    };
}

/// Whether a bug is switched on in a machine: `false` in every build but a teaching build.
#[cfg(not(feature = "bugs"))]
macro_rules! has_bug {
    ($machine:expr, $bug:ident) => {
        false
    };
}

pub(crate) use has_bug;
