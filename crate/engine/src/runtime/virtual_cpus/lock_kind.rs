//! Lock kinds: the four textbook ways in which CPUs wait for a lock and take it over, as an option of a virtual runtime.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a virtual CPU waits for a lock that another holds, and which of those that wait has it next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LockKind {
    /// Test-and-test-and-set (Anderson 1990): all that wait read the lock's line. At a release all of them read it again,
    /// see that the lock is free, and try; one has it, whichever came first.
    Spin,
    /// A ticket lock: an arrival draws a number by one atomic step, and all that wait read whose turn it is. At a release
    /// all of them read it again, and the one that has waited longest has the lock.
    Ticket,
    /// A queue (Mellor-Crummey and Scott 1991): an arrival puts itself behind those that wait, and a release hands the lock
    /// to the first of them, and to no other. The default.
    #[default]
    Queue,
    /// Spinning with exponential backoff: one that finds the lock taken looks again only after a random delay, the longer
    /// the more often it has looked. A CPU that comes meanwhile and finds the lock free has it.
    Backoff,
}
