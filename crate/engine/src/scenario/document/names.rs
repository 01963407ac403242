//! Names are the words that a scenario and its report share: failure codes, PTE states, lists, process states,
//! counters.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::observe::CounterName;

/// Makes an enum whose variants are the words of a document.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$word_doc:meta])* $variant:ident = $text:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
        )]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// Every one, in the order of the format.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$variant),*];

            /// Returns the word as a scenario writes it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.name())
            }
        }
    };
}

words! {
    /// A failure code says why an op failed. An op that fails changes nothing.
    FailureCode {
        /// The process is terminated or still starting: any op that names it. It sleeps, or holds no CPU
        /// under manual dispatch: `write`, `read`, `fork`, `sleep`, `map`, `unmap`, `run`, and `evict` of one
        /// that is awake. No CPU is idle under manual dispatch: `wake`.
        NotRunning = "not-running",
        /// No process has ever had this name: any op that names one.
        NoSuchProcess = "no-such-process",
        /// The process has no such page: `write`, `read`, `evict`, `unmap`, `run`, `expect`. There is no gap of
        /// so many pages, or a page is there already: `map`. The machine has no such CPU: `switch`. The trace
        /// is not attached or needs more pages, or workloads side by side have more than 512 CPUs: `run`.
        OutOfRange = "out-of-range",
        /// The page was mapped read-only: `write`, `run`.
        ReadOnly = "read-only",
        /// No frame can be had, because everything left is protected: `spawn`, `fork`, `write`, `read`, `map`,
        /// `run`.
        OutOfMemory = "out-of-memory",
        /// No frame can be had, because all that is left has to be written first and swap is full: `spawn`,
        /// `fork`, `write`, `read`, `map`, `run`. No slot is free for the page: `evict`.
        OutOfSwap = "out-of-swap",
        /// The swap device failed, or gave back other bytes than were written: any op that needs a frame or
        /// a page on swap, or writes one there. The machine's own memory never fails; a swap file can.
        SwapFailed = "swap-failed",
        /// A process has or had this name: `spawn`, `fork`. A mark has it: `mark`. A name is used once.
        NameTaken = "name-taken",
        /// The machine has as many living processes as it has room for, 4,096: `spawn`, `fork`.
        TooManyProcesses = "too-many-processes",
        /// No mark of this name was made before: `expect` of a counter `since` it.
        NoSuchMark = "no-such-mark",
    }
}

words! {
    /// What a PTE says about its page.
    PteState {
        /// Never written: the page reads as zeroes and has no frame.
        Zero = "zero",
        /// Valid: the page is mapped to a frame.
        Valid = "valid",
        /// In transition: the page is unmapped, and its frame still holds its contents.
        Transition = "transition",
        /// Its contents are in a slot of swap.
        Swapped = "swapped",
    }
}

words! {
    /// The uses for which `expect` counts frames, on lists and off them.
    FrameUse {
        /// Free frames: those on the free and zeroed lists, and those in a CPU's cache.
        Free = "free",
        /// Frames that are never evicted: the zero page, page directories and page tables.
        Protected = "protected",
    }
}

words! {
    /// A list of frames; its shards count together.
    ListName {
        /// Free frames with old bytes; those in a CPU's cache are on no list.
        Free = "free",
        /// Free frames whose bytes are all zero.
        Zeroed = "zeroed",
        /// Frames that are mapped, with those that a CPU is about to put on the list.
        Active = "active",
        /// Unmapped frames whose bytes are not on swap yet.
        Modified = "modified",
        /// Unmapped frames whose bytes are on swap too.
        Standby = "standby",
    }
}

words! {
    /// The states for which `expect` counts slots.
    SlotUse {
        /// Free slots: in the bitmap, and in the caches of CPUs and daemons.
        Free = "free",
        /// Slots that hold a page on swap, or the copy that a frame keeps there.
        Used = "used",
    }
}

words! {
    /// What a process is doing.
    StateName {
        /// Awake: it runs as soon as a CPU has something to do for it.
        Running = "running",
        /// It was put to sleep, or never woken.
        Sleeping = "sleeping",
        /// It was killed.
        Terminated = "terminated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r5_names_are_what_serde_writes() {
        for code in FailureCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }
}
