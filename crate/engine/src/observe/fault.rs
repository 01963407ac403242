//! The kinds of faults and the phases of a fault, each a line of a table with its name.

use super::counter::Counter;

/// Makes the kinds from their table; each has a counter of its name.
macro_rules! fault_kinds {
    ($($(#[$doc:meta])* $kind:ident $name:literal,)*) => {
        /// What a fault turned out to be.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FaultKind {
            $($(#[$doc])* $kind,)*
        }

        impl FaultKind {
            /// All kinds with their names, in the order of a report.
            pub const ALL: [(Self, &'static str); [$($name),*].len()] =
                [$((Self::$kind, $name)),*];

            /// The counter of this kind.
            pub fn counter(self) -> Counter {
                match self {
                    $(Self::$kind => Counter::$kind,)*
                }
            }
        }
    };
}

fault_kinds! {
    /// A page never written.
    DemandZero "demand_zero",
    /// A page whose frame was still there.
    Soft "soft",
    /// A page read from swap.
    Hard "hard",
    /// A write to a read-only page.
    WriteProtect "write_protect",
    /// Another fault on the same page did the work.
    Collided "collided",
}

impl FaultKind {
    /// The kind that the operand of the event of a fault's end says; none for a failure.
    pub fn of_end(operand: u64) -> Option<(Self, &'static str)> {
        Self::ALL.get(usize::try_from(operand).ok()?.checked_sub(1)?).copied()
    }
}

/// Makes the phases from their table: what each is called, and what a fault does in it.
macro_rules! fault_phases {
    ($($(#[$doc:meta])* $phase:ident $name:literal $verb:literal,)*) => {
        /// A phase of a fault, as its events name them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FaultPhase {
            $($(#[$doc])* $phase,)*
        }

        impl FaultPhase {
            /// All phases, in the order of their numbers.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$phase),*];

            /// What the phase is called.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$phase => $name,)*
                }
            }

            /// What the fault does in it, after "the fault".
            pub fn verb(self) -> &'static str {
                match self {
                    $(Self::$phase => $verb,)*
                }
            }
        }
    };
}

fault_phases! {
    /// Getting the region's lock.
    Lock "lock" "gets the lock of its PTE",
    /// Finding a frame.
    Find "find a frame" "finds a frame",
    /// Zeroing, copying or reading.
    Fill "fill" "fills the frame",
    /// Writing the frame's entry and the PTE.
    Map "map" "maps the frame",
    /// Waiting for another fault, or for a frame.
    Wait "wait" "waits",
}

impl FaultPhase {
    /// The phase of this number, as an event has it.
    pub fn of_number(number: u64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }
}
