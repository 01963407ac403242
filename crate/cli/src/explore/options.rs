//! The options of `faultline explore`.

use std::path::PathBuf;

use clap::Args;
use faultline::scenario::Setting;

#[derive(Args, Debug)]
pub(crate) struct ExploreOptions {
    /// The scenario; `-` reads standard input.
    pub(super) file: PathBuf,
    /// Try every schedule with up to this many preemptions, fewest first.
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(super) preemptions: u32,
    /// Try random schedules instead, for bugs of this depth.
    #[arg(long, value_name = "DEPTH", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) pct: Option<u32>,
    /// Decides the random schedules.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "pct")]
    pub(super) seed: u64,
    /// Stop after this many schedules.
    #[arg(long, value_name = "N")]
    pub(super) schedules: Option<u64>,
    /// Stop after this many seconds.
    #[arg(long, value_name = "S")]
    pub(super) seconds: Option<u64>,
    /// Steps after which an execution counts as one that never ends.
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) steps: u64,
    /// Go on with the search that stopped here, if the file is there; keep here what is left.
    #[arg(long, value_name = "STATE_FILE", conflicts_with = "pct")]
    pub(super) resume: Option<PathBuf>,
    /// Write the failing scenario to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Set the value at a place of the scenario, as in /machine/slot_finder=scan; can be given more than once.
    #[arg(long, value_name = "PLACE=VALUE")]
    pub(super) set: Vec<Setting>,
    /// Print what was found as one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}
