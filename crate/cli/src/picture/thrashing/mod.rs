//! The picture of thrashing: a program runs in more and more processes on one memory, and its useful work rises until
//! the pages that all of them work on no longer fit (Denning 1968). Here machines run, on virtual CPUs.

mod chart;
mod crowds;
mod table;

use std::path::{Path, PathBuf};

use clap::Args;
use faultline::options::{MAX_CPUS, MAX_FRAMES};
use faultline::scenario::{Crowd, Setting, USUAL_ACCESSES};

use self::crowds::{Curve, Program};
use super::common::Form;
use crate::files::Files;

#[derive(Args, Debug)]
pub(crate) struct ThrashingOptions {
    /// The program: the first `run` of a scenario, NAME.json or `-` for standard input, on the scenario's machine; or a
    /// trace, a file or a shipped one, such as sort. Without it a program whose working set, 8 of its 32 pages,
    /// moves, on a machine whose swap is as fast as compressed memory.
    program: Option<PathBuf>,
    /// How many processes run it at the same time, each on a virtual CPU of its own, as in 1..20 or 1,2,4..8.
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_value = "1..20")]
    processes: Vec<Numbers>,
    /// The frames of the machine, those of page tables among them; without it as many as four processes need for all
    /// their pages, and all for their tables.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(8..=i64::from(MAX_FRAMES)))]
    frames: Option<u32>,
    /// How many accesses each process makes at most. It makes as many as the program has, and goes through a short one
    /// again, until it has made 16 for each of its pages.
    #[arg(long, value_name = "N", default_value_t = USUAL_ACCESSES, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    accesses: u64,
    /// Set the value at a place of the scenario, as in /machine/policy=fifo; can be given more than once.
    #[arg(long, value_name = "PLACE=VALUE")]
    set: Vec<Setting>,
    #[command(flatten)]
    form: Form,
}

/// Numbers of processes: one, or all from one to another.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    first: u32,
    last: u32,
}

impl std::str::FromStr for Numbers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number =
            |text: &str| text.trim().parse().ok().filter(|number| (1..=MAX_CPUS).contains(number));
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Self { first, last }),
            _ => Err(format!(
                "legal: a number from 1 to {MAX_CPUS}, or two with .. between them, the smaller first"
            )),
        }
    }
}

/// Makes the picture.
pub(super) fn picture(options: &ThrashingOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let program = Program::read(options.program.as_deref(), &options.set, &mut files)?;
    let mut processes: Vec<u32> =
        options.processes.iter().flat_map(|numbers| numbers.first..=numbers.last).collect();
    processes.sort_unstable();
    processes.dedup();
    let drawing = options.form.drawing(&mut files)?;
    let most = processes.last().copied().unwrap_or(1);
    let Program { name, scenario, traces } = program;
    let crowd = Crowd::new(&scenario, &traces, most, options.frames, options.accesses);
    let crowd = crowd.map_err(|error| format!("{name}: {error}; legal: {}", error.legal))?;
    let curve = Curve::measure(name, &crowd, &traces, &processes)?;
    options.form.show(drawing, &curve)
}

/// Whether a file is a scenario, and no trace.
fn is_scenario(file: &Path) -> bool {
    file == Path::new("-") || file.extension().is_some_and(|ending| ending == "json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_numbers_of_processes_are_numbers_and_ranges() {
        for wrong in ["0", "5..3", "..3", "x", "129", "1..129"] {
            assert!(
                wrong.parse::<Numbers>().unwrap_err().starts_with("legal: a number"),
                "{wrong}"
            );
        }
        let numbers: Numbers = "2..128".parse().unwrap();
        assert_eq!((numbers.first, numbers.last), (2, 128));
    }
}
