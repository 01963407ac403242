//! A finding: what was wrong with an execution under some schedule.

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// An invariant of the machine does not hold.
    Audit,
    /// An op of the script, a value or an expectation went wrong.
    Failure,
    /// No task can go on.
    Deadlock,
    /// Tasks go on for ever, and nothing comes of it.
    Livelock,
    /// A lock was waited for out of order.
    LockOrder,
    /// The engine panicked.
    Panic,
    /// The same schedule did not do the same again.
    NotRepeatable,
}

/// Something that is wrong with an execution, and its kind.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The kind.
    pub kind: FindingKind,
    /// What is wrong, in a sentence.
    pub text: String,
}

impl Finding {
    /// Returns a finding of this kind.
    pub fn new(kind: FindingKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}
