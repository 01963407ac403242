//! The progress of a pass of reclaim: frames moved, frames busy, and whether slots were short.

/// What a pass of reclaim has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Frames moved to the next list.
    pub moved: u32,
    /// Frames that could not be moved because another CPU is at work on them.
    pub busy: u32,
    /// Whether frames wait for slots and there are none.
    pub no_slots: bool,
}
