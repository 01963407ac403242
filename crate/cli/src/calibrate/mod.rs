//! `faultline calibrate` measures what each step of the engine takes on this computer, and prints it as the
//! table of costs that a scenario on virtual CPUs can have.
//!
//! Every round measures everything once, so that a disturbance of the computer disturbs all measurements
//! alike; the results are medians over the rounds. What a step takes besides others that have a price
//! of their own is the difference of two medians.

mod measure;
mod pinning;
mod rig;
mod sample;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use faultline::memory::SwapFile;
use faultline::runtime::Costs;
use serde_json::{Map, Value, json};

use crate::files::Files;
use crate::output::print;
use crate::progress::Progress;
use crate::run::open_swap;
use rig::Rig;
use sample::Sample;

#[derive(Args, Debug)]
pub(crate) struct CalibrateOptions {
    /// Rounds, each of which measures everything once; medians count.
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    /// Measure the disk costs on this file, new or swap, which is emptied first and kept.
    #[arg(long, value_name = "PATH")]
    swap_file: Option<PathBuf>,
    /// Print the table and what it comes from as one JSON object.
    #[arg(long)]
    json: bool,
    /// Write the table there, as the `costs` of a scenario.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

/// Enough frames that no cache holds them: 160 MiB.
const COLD_FRAMES: u32 = 40_960;
/// Frames of the machine on which most is measured.
const FRAMES: u32 = 4096;
const SLOTS: u32 = 4096;
/// Slots of a swap file that are written and read: 8 MiB.
const FILE_SLOTS: u32 = 2048;

/// The samples of each measurement, by its name.
type Samples = BTreeMap<&'static str, Sample>;

/// Measures the steps, and prints the table of costs. An error if the call was wrong.
pub(crate) fn calibrate(options: &CalibrateOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let written = options.write.as_deref().map(|path| files.output("--write", path)).transpose()?;
    let swap_file = options.swap_file.as_deref();
    let swap_file = swap_file.map(|path| open_swap(path, &mut files, FILE_SLOTS)).transpose()?;
    let (samples, pinned) = measure_all(options.rounds, swap_file)?;
    let costs = costs_of(&samples);
    let table = serde_json::to_value(&costs).map_err(|error| error.to_string())?;
    let not_measured = not_measured(&samples);
    if let Some(written) = written {
        let text = serde_json::to_string_pretty(&table).map_err(|error| error.to_string())?;
        written.write(&(text + "\n"))?;
    }
    if options.json {
        let measured: Map<String, Value> =
            samples.iter().map(|(name, sample)| ((*name).to_owned(), sample.json())).collect();
        let whole = json!({
            "costs": table, "measured": measured, "not_measured": not_measured, "pinned": pinned,
            "cache_line": line_way(cores()),
        });
        print(&whole.to_string())?;
    } else {
        print(&report(&samples, &table, &not_measured, pinned)?)?;
    }
    Ok(true)
}

fn measure_all(rounds: u32, swap_file: Option<SwapFile>) -> Result<(Samples, bool), String> {
    let rig = Rig::new(FRAMES, SLOTS)?;
    let cold = Rig::new(COLD_FRAMES, 0)?;
    let file = swap_file.map(|file| Rig::on(FRAMES, FILE_SLOTS, Box::new(file))).transpose()?;
    let cpus = pinning::two_cpus();
    let cores = cores();
    let two = cpus.is_some() || std::thread::available_parallelism().is_ok_and(|n| n.get() > 1);
    let pin = |index: usize| {
        if let Some(cpus) = cpus {
            pinning::pin(cpus[index]);
        }
    };
    let mut samples = Samples::new();
    let progress = Progress::of("round", rounds.into());
    // The first round is a warm-up, and does not count.
    for round in 0..=rounds {
        progress.show(round.into());
        let mut note = |name, nanoseconds| {
            if round > 0 {
                samples.entry(name).or_default().add(nanoseconds);
            }
        };
        note("plain access", measure::plain_access(&rig));
        note("hit", measure::hit(&rig));
        note("lock pair", measure::lock_pair(&rig));
        note("zero, hot", measure::zero(&rig, true));
        note("zero, cold", measure::zero(&cold, false));
        note("copy, hot", measure::copy(&rig, true));
        note("copy, cold", measure::copy(&cold, false));
        note("list operation", measure::list());
        note("PTE rewritten", measure::pte(&rig));
        let trimming = measure::trimming(&rig);
        note("look at a frame", trimming.look);
        note("page trimmed, all told", trimming.page);
        note("look at a slot", measure::look_for_slot(&rig));
        note("shootdown, alone", measure::shootdown_alone(&rig));
        note("demand-zero fault, all told", measure::demand_zero(&rig));
        if two {
            note("lock handed over, unpinned", measure::handover(&rig, |_| {}));
            note("shootdown of one CPU", measure::shootdown_one(&rig, pin));
        }
        if cpus.is_some() {
            note("lock handed over, pinned", measure::handover(&rig, pin));
            if cores != Cores::One {
                note("cache line, one way", measure::line(pin));
            }
        }
        if let Some(file) = &file {
            note("slot written", measure::transfer(file, true)?);
            note("slot read", measure::transfer(file, false)?);
        }
    }
    Ok((samples, cpus.is_some()))
}

/// The CPUs that a cache line can travel between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cores {
    /// There is one core, or the threads cannot be pinned to two.
    One,
    /// Two cores.
    Two,
    /// Two CPUs of which the system does not say whether they are two cores.
    Unknown,
}

/// Returns on which CPUs the two threads of a measurement run.
fn cores() -> Cores {
    match pinning::two_cpus().map(pinning::are_two_cores) {
        None | Some(Some(false)) => Cores::One,
        Some(Some(true)) => Cores::Two,
        Some(None) => Cores::Unknown,
    }
}

/// Says between what a cache line travelled.
fn line_way(cores: Cores) -> &'static str {
    match cores {
        Cores::One => "This program has one core only, so no cache line travels between two",
        Cores::Two => "The cache line travelled between two cores",
        Cores::Unknown => {
            "The system does not say whether the CPUs that the cache line travelled between are two cores"
        }
    }
}

/// Makes the table of costs from the medians. What was not measured is as shipped.
fn costs_of(samples: &Samples) -> Costs {
    let shipped = Costs::default();
    let median = |name| samples.get(name).map(Sample::median);
    let of = |name| median(name).unwrap_or(0.0);
    let whole = |nanoseconds: f64| nanoseconds.max(0.0).round() as u64;
    let or = |nanoseconds: Option<f64>, shipped| nanoseconds.map_or(shipped, whole);

    let step = of("plain access");
    let walk = of("hit") - step;
    let lock = of("lock pair");
    let list = of("list operation");
    let pte = of("PTE rewritten");
    let look = of("look at a frame");
    // Its two walks and accesses, its frame's arrival, listed with fifteen others, and the zeroing.
    let in_a_fault =
        2.0 * (walk + step) + lock + step + of("zero, hot") + (lock + 16.0 * list) / 16.0;
    let fault = of("demand-zero fault, all told") - in_a_fault;
    // Found, taken, recorded, unmapped and landed; see `paging/unmap.rs`.
    let in_a_trim = 2.0 * look + 4.0 * lock + 2.0 * list + pte;
    let shootdown_page = of("page trimmed, all told") - in_a_trim;
    let handover = median("lock handed over, pinned").or(median("lock handed over, unpinned"));
    let alone = of("shootdown, alone");
    let other = median("shootdown of one CPU").map(|both| both - alone);
    Costs {
        step: whole(step).max(1),
        walk: whole(walk).max(1),
        fault: whole(fault),
        lock: whole(lock).max(1),
        lock_handover: or(handover, shipped.lock_handover),
        zero_cold: whole(of("zero, cold")),
        zero_hot: whole(of("zero, hot")),
        copy_cold: whole(of("copy, cold")),
        copy_hot: whole(of("copy, hot")),
        list: whole(list),
        pte: whole(pte),
        look: whole(look),
        look_slot: whole(of("look at a slot")),
        shootdown: whole(alone),
        shootdown_cpu: or(other, shipped.shootdown_cpu),
        shootdown_page: whole(shootdown_page),
        disk_read: or(median("slot read"), shipped.disk_read),
        disk_write: or(median("slot written"), shipped.disk_write),
        disk_channels: shipped.disk_channels,
        line_transfer: or(median("cache line, one way"), shipped.line_transfer),
        disk_read_more: shipped.disk_read_more,
        switch: shipped.switch,
    }
}

/// Returns the names of the costs that are as shipped.
fn not_measured(samples: &Samples) -> Vec<&'static str> {
    let mut costs = Vec::new();
    if !samples.contains_key("lock handed over, unpinned") {
        costs.extend(["lock_handover", "shootdown_cpu"]);
    }
    if !samples.contains_key("cache line, one way") {
        costs.push("line_transfer");
    }
    if !samples.contains_key("slot read") {
        costs.extend(["disk_read", "disk_write"]);
    }
    costs.extend(["disk_channels", "disk_read_more", "switch"]);
    costs
}

fn report(
    samples: &Samples,
    table: &Value,
    not_measured: &[&str],
    pinned: bool,
) -> Result<String, String> {
    let mut text =
        format!("{:<28} {:>9} {:>9} {:>9}  outliers\n", "measured, ns", "median", "least", "most");
    for (name, sample) in samples {
        let _ = writeln!(
            text,
            "{name:<28} {:>9.1} {:>9.1} {:>9.1}  {} of {}",
            sample.median(),
            sample.least(),
            sample.most(),
            sample.outliers(),
            sample.rounds(),
        );
    }
    let whole = serde_json::to_string_pretty(table).map_err(|error| error.to_string())?;
    let line = line_way(cores());
    let threads = if pinned { "each on a CPU of its own" } else { "where the system puts them" };
    let _ = write!(
        text,
        "\nTwo threads were {threads}. {line}. As shipped, not measured: {}.\n\n\"costs\": {whole}",
        not_measured.join(", ")
    );
    Ok(text)
}
