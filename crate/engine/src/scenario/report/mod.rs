//! The report: what a run came to, what its machine measured, and both as text.

pub(crate) mod measures;
mod run_report;
mod text;

pub use run_report::*;
