//! The reasons for which a run comes to a halt, under every runtime.

/// Why a machine cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Every task sleeps, or polls for what no task is about to do.
    #[error("deadlock: every CPU and daemon waits")]
    Deadlock,
    /// The machine moves in a circle.
    #[error(
        "livelock: for {0} steps the machine has come back to the same states, and no access and no \
         op has ended"
    )]
    Livelock(u64),
    /// Threads make no progress, whatever the reason.
    #[error("stalled: for a minute no access and no op has ended, and no page was written to swap")]
    Stalled,
    /// The chooser of the next task has ended the run.
    #[error("{0}")]
    Stopped(String),
    /// A task has panicked: the engine found its own state wrong.
    #[error("the engine found itself wrong: {0}")]
    Panicked(String),
}
