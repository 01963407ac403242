//! The words that a scenario and its report share: failure codes, PTE formats, counters.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why an op failed. An op that fails changes nothing.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum FailureCode {
    /// The process sleeps, or holds no CPU under manual dispatch.
    NotRunning,
    /// No living process has this name.
    NoSuchProcess,
    /// The process has no such page, or the machine no such CPU.
    OutOfRange,
    /// The page may not be written.
    ReadOnly,
    /// No frame can be had: everything left is protected.
    OutOfMemory,
    /// No frame can be had: swap is full.
    OutOfSwap,
    /// The swap device failed, or gave back other bytes than were written.
    SwapFailed,
    /// A process has or had this name; a name is used once.
    NameTaken,
}

impl FailureCode {
    /// Every code.
    pub const ALL: [Self; 8] = [
        Self::NotRunning,
        Self::NoSuchProcess,
        Self::OutOfRange,
        Self::ReadOnly,
        Self::OutOfMemory,
        Self::OutOfSwap,
        Self::SwapFailed,
        Self::NameTaken,
    ];

    /// The code as a scenario writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotRunning => "not-running",
            Self::NoSuchProcess => "no-such-process",
            Self::OutOfRange => "out-of-range",
            Self::ReadOnly => "read-only",
            Self::OutOfMemory => "out-of-memory",
            Self::OutOfSwap => "out-of-swap",
            Self::SwapFailed => "swap-failed",
            Self::NameTaken => "name-taken",
        }
    }
}

impl fmt::Display for FailureCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What a PTE says about its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PteState {
    /// Never written: the page reads as zeroes and has no frame.
    Zero,
    /// Mapped to a frame.
    Valid,
    /// Unmapped, its frame still at hand.
    Transition,
    /// Its contents are in a slot of swap.
    Swapped,
}

impl PteState {
    /// The state as a scenario writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::Valid => "valid",
            Self::Transition => "transition",
            Self::Swapped => "swapped",
        }
    }
}

impl fmt::Display for PteState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What the machine counts, in the order in which reports show it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CounterName {
    /// Loads and stores by programs.
    Accesses,
    /// Accesses that faulted, each counted once.
    Faults,
    /// First writes to a page, served by a zeroed frame.
    DemandZero,
    /// Rescues: the frame was still in memory.
    Soft,
    /// Pages read back from swap.
    Hard,
    /// Writes to a page that was mapped read-only.
    WriteProtect,
    /// Frames copied for a write.
    Copies,
    /// Frames made writable in place for their last sharer.
    Reuses,
    /// Faults that waited for another fault on the same page.
    Collided,
    /// Accesses that had to be tried again.
    Retries,
    /// Frames taken from their page.
    Evictions,
    /// Slots read.
    SwapReads,
    /// Slots written.
    SwapWrites,
    /// Clean frames whose contents were in swap already, dropped without a write.
    CleanDrops,
    /// Times the trimmer was woken.
    TrimWakeups,
    /// Wake-ups after which the trimmer unmapped a frame at least.
    UsefulWakeups,
    /// Frames the trimmer unmapped.
    Trims,
    /// Frames or PTEs examined to find victims.
    Examined,
    /// Slots, or words of the slot bitmap, examined to find free slots.
    SlotsExamined,
    /// Shootdowns.
    Shootdowns,
    /// Times a CPU waited for a frame.
    FrameWaits,
}

impl CounterName {
    /// Every counter, in the order of the reports.
    pub const ALL: [Self; 21] = [
        Self::Accesses,
        Self::Faults,
        Self::DemandZero,
        Self::Soft,
        Self::Hard,
        Self::WriteProtect,
        Self::Copies,
        Self::Reuses,
        Self::Collided,
        Self::Retries,
        Self::Evictions,
        Self::SwapReads,
        Self::SwapWrites,
        Self::CleanDrops,
        Self::TrimWakeups,
        Self::UsefulWakeups,
        Self::Trims,
        Self::Examined,
        Self::SlotsExamined,
        Self::Shootdowns,
        Self::FrameWaits,
    ];

    /// The counter as a scenario writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accesses => "accesses",
            Self::Faults => "faults",
            Self::DemandZero => "demand_zero",
            Self::Soft => "soft",
            Self::Hard => "hard",
            Self::WriteProtect => "write_protect",
            Self::Copies => "copies",
            Self::Reuses => "reuses",
            Self::Collided => "collided",
            Self::Retries => "retries",
            Self::Evictions => "evictions",
            Self::SwapReads => "swap_reads",
            Self::SwapWrites => "swap_writes",
            Self::CleanDrops => "clean_drops",
            Self::TrimWakeups => "trim_wakeups",
            Self::UsefulWakeups => "useful_wakeups",
            Self::Trims => "trims",
            Self::Examined => "examined",
            Self::SlotsExamined => "slots_examined",
            Self::Shootdowns => "shootdowns",
            Self::FrameWaits => "frame_waits",
        }
    }
}

impl fmt::Display for CounterName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
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
        for counter in CounterName::ALL {
            assert_eq!(serde_json::to_value(counter).unwrap(), counter.name());
        }
    }
}
