//! Why a run has come to a halt, under whatever runtime.

/// Why a machine cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Every task sleeps, or looks again and again for what nobody is about to do.
    #[error("deadlock: every CPU and daemon waits")]
    Deadlock,
    /// The machine moves in a circle.
    #[error(
        "livelock: for {0} steps the machine has come back to the same states, and no access and no \
         op has ended"
    )]
    Livelock(u64),
    /// Threads do not get on, for whatever reason.
    #[error("stalled: for a minute no access and no op has ended, and no page was written to swap")]
    Stalled,
    /// Whoever chooses who goes next has ended the run.
    #[error("{0}")]
    Stopped(String),
    /// A task has panicked: the engine found its own state wrong.
    #[error("the engine found itself wrong: {0}")]
    Panicked(String),
}
