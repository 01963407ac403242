//! The counters of a machine and the kinds of its faults, with their names in the order of a report.

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    /// Loads and stores by programs.
    Accesses,
    /// Faults, of every kind.
    Faults,
    /// Faults on a page never written.
    DemandZero,
    /// Faults served by a frame that still held the page.
    Soft,
    /// Faults served from swap.
    Hard,
    /// Writes to a page that was mapped read-only.
    WriteProtect,
    /// Frames copied for a write.
    Copies,
    /// Pages made writable in place for their last sharer.
    Reuses,
    /// Faults that waited for another on the same page.
    Collided,
    /// Faults that had to start again.
    Retries,
    /// Frames whose page left memory.
    Evictions,
    /// Slots read.
    SwapReads,
    /// Slots written.
    SwapWrites,
    /// Evictions without a write, the slot being up to date.
    CleanDrops,
    /// Wake-ups of the trimmer.
    TrimWakeups,
    /// Wake-ups after which the trimmer trimmed a frame at least.
    UsefulWakeups,
    /// Frames unmapped by trimming.
    Trims,
    /// Frames looked at in search of a victim, or by a clock tick.
    Examined,
    /// Slots, or words of the bitmap, looked at in search of free slots.
    SlotsExamined,
    /// Shootdowns.
    Shootdowns,
    /// Times a CPU had no frame at hand and had to make room or wait.
    FrameWaits,
    /// Context switches.
    Switches,
}

impl Counter {
    /// All counters with their names, in the order of a report.
    pub const ALL: [(Self, &'static str); 22] = [
        (Self::Accesses, "accesses"),
        (Self::Faults, "faults"),
        (Self::DemandZero, "demand_zero"),
        (Self::Soft, "soft"),
        (Self::Hard, "hard"),
        (Self::WriteProtect, "write_protect"),
        (Self::Copies, "copies"),
        (Self::Reuses, "reuses"),
        (Self::Collided, "collided"),
        (Self::Retries, "retries"),
        (Self::Evictions, "evictions"),
        (Self::SwapReads, "swap_reads"),
        (Self::SwapWrites, "swap_writes"),
        (Self::CleanDrops, "clean_drops"),
        (Self::TrimWakeups, "trim_wakeups"),
        (Self::UsefulWakeups, "useful_wakeups"),
        (Self::Trims, "trims"),
        (Self::Examined, "examined"),
        (Self::SlotsExamined, "slots_examined"),
        (Self::Shootdowns, "shootdowns"),
        (Self::FrameWaits, "frame_waits"),
        (Self::Switches, "switches"),
    ];
}

/// What a fault turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A page never written.
    DemandZero,
    /// A page whose frame was still there.
    Soft,
    /// A page read from swap.
    Hard,
    /// A write to a read-only page.
    WriteProtect,
    /// Another fault on the same page did the work.
    Collided,
}

impl FaultKind {
    /// All kinds with their names, in the order of a report.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::DemandZero, "demand_zero"),
        (Self::Soft, "soft"),
        (Self::Hard, "hard"),
        (Self::WriteProtect, "write_protect"),
        (Self::Collided, "collided"),
    ];

    /// The counter of this kind.
    pub fn counter(self) -> Counter {
        match self {
            Self::DemandZero => Counter::DemandZero,
            Self::Soft => Counter::Soft,
            Self::Hard => Counter::Hard,
            Self::WriteProtect => Counter::WriteProtect,
            Self::Collided => Counter::Collided,
        }
    }
}
