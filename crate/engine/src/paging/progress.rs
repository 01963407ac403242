//! What a pass of reclaim has come to: frames moved, frames busy, and whether slots were short.

/// What reclaim work has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Frames moved on.
    pub moved: u32,
    /// Frames that could not be moved because somebody is at work on them.
    pub busy: u32,
    /// Frames wait for slots and there are none.
    pub no_slots: bool,
}
