//! The report has the result of a run and what its machine measured, as an object and as text.

pub(crate) mod measures;
mod run_report;
mod text;

pub use run_report::*;
