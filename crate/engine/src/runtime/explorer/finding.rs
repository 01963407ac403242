//! What an execution under some schedule was found to have wrong.

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// An invariant of the machine does not hold.
    Audit,
    /// An op of the script, a value or an expectation went wrong.
    Failure,
    /// Nobody can go on.
    Deadlock,
    /// Somebody goes on for ever, and nothing comes of it.
    Livelock,
    /// A lock was waited for out of order.
    LockOrder,
    /// The engine panicked.
    Panic,
    /// The same schedule did not do the same again.
    NotRepeatable,
}

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What kind.
    pub kind: FindingKind,
    /// What, in a sentence.
    pub text: String,
}

impl Finding {
    /// Something wrong.
    pub fn new(kind: FindingKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}
