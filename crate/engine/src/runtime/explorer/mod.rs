//! The explorer searches the choices of virtual CPUs' executor (R3).
//!
//! The search is stateless: it executes its subject from boot again and again, each time under another
//! schedule. A schedule is where it deviates from the rule by which the next task is picked
//! ([`super::schedulers::replay`]), so an execution without deviations is the rule's, and what is still to be
//! searched is a set of deviations to add. `docs/explorer.md` says what is guaranteed.

mod dfs;
mod finding;
mod frontier;
mod guide;
mod panics;
mod pct;
mod random_search;
mod shrink;
mod subject;

pub use dfs::{Bounds, exhaustive};
pub use finding::{Finding, FindingKind};
pub use frontier::{Counts, Frontier};
pub use guide::{Guide, Switch};
pub use random_search::{RandomSearch, random_search};
pub use shrink::{Shortest, shrink};
pub use subject::{End, Ended, Failing, Subject};
