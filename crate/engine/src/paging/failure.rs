//! The failures of operations on memory. A failed operation has changed nothing a program can see.

use crate::memory::DeviceFailed;

/// Why an operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The process sleeps or is terminated (P1).
    #[error("the process is not running")]
    NotRunning,
    /// The page is beyond the process's last.
    #[error("the page is out of the process's range")]
    OutOfRange,
    /// The page may never be written.
    #[error("the page is read-only")]
    ReadOnly,
    /// No frame is free and none can be evicted (P19).
    #[error("out of memory: no frame is free and none can be evicted")]
    OutOfMemory,
    /// Frames could be evicted if there were a slot to write them to.
    #[error("out of swap: frames wait to be written and no slot is free")]
    OutOfSwap,
    /// The swap device failed, or gave back other bytes than were written.
    #[error("the swap device failed")]
    SwapFailed,
    /// Every record of the process table is taken.
    #[error("the machine has no room for another process")]
    TooManyProcesses,
}

impl From<DeviceFailed> for Failure {
    fn from(_: DeviceFailed) -> Self {
        Self::SwapFailed
    }
}
