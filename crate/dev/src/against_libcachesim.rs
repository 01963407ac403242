//! Compares the counts of a replay with those of libCacheSim's command `cachesim`, which has to be built beforehand and
//! to print its miss ratios with ten digits (`npm run against-libcachesim`; docs/policies.md says how).
//!
//! With `--rounds` it measures both commands instead, one after the other in each round: their CPU time, as bash tells
//! it, because libCacheSim waits for its threads a second at a time. The replay has one thread, where it goes through the
//! trace once; libCacheSim goes through it for each size, on however many.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use faultline::scenario::Reference;
use faultline_replay::{Policy, Reference as Replayed, Stream, curves};

use crate::objects::objects;
use crate::output::{print, row};

#[derive(Args, Debug)]
pub(crate) struct AgainstOptions {
    /// libCacheSim's command.
    cachesim: PathBuf,
    /// Traces: oracleGeneral records, or one number a line, packed with gzip or not; a w after a number is left out.
    #[arg(required = true)]
    traces: Vec<PathBuf>,
    /// Sizes in frames; without them 20, from 20 to the pages of the trace.
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..))]
    frames: Vec<u32>,
    /// Measure the commands in so many rounds, instead of comparing the counts.
    #[arg(long, value_name = "N", requires = "command")]
    rounds: Option<u32>,
    /// The command `faultline` that is measured.
    #[arg(long, value_name = "PATH")]
    command: Option<PathBuf>,
}

/// The names of each policy: libCacheSim's, and that of the replay with the same conventions.
const POLICIES: [(&str, &str); 8] = [
    ("fifo", "fifo"),
    ("lru", "lru"),
    ("clock", "clock:fault=unused"),
    ("sieve", "sieve"),
    ("s3fifo", "s3-fifo"),
    ("arc", "arc"),
    ("lfu", "lfu"),
    ("belady", "opt"),
];

/// The smallest size: below it the small queue of S3-FIFO has one page, and libCacheSim's takes none then.
const SMALLEST: usize = 20;

/// Compares all traces. True if all counts are equal.
pub(crate) fn against(options: &AgainstOptions) -> Result<bool, String> {
    let absolute = |path: &Path| {
        fs::canonicalize(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let cachesim = absolute(&options.cachesim)?;
    let mut are_equal = true;
    for path in &options.traces {
        let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let trace = objects(path)?;
        let folder = tempfile::tempdir().map_err(|error| at(&error))?;
        let [records, numbers] =
            ["trace.oracleGeneral.bin", "trace"].map(|name| folder.path().join(name));
        write(&trace, &records, &numbers).map_err(|error| at(&error))?;
        let reference =
            |reference: &Reference| Replayed { page: reference.page.into(), write: false };
        let stream = Stream::new(trace.iter().map(reference)).map_err(|error| at(&error))?;
        let sizes =
            if options.frames.is_empty() { usual(stream.pages()) } else { options.frames.clone() };
        print(&format!(
            "{}: {} references to {} pages, {} sizes from {} to {}\n",
            path.file_name().unwrap_or_default().display(),
            stream.len(),
            stream.pages(),
            sizes.len(),
            sizes[0],
            sizes[sizes.len() - 1]
        ))?;
        match (options.rounds, &options.command) {
            (Some(rounds), Some(command)) => {
                measure(&cachesim, command, rounds, [&records, &numbers], &sizes)?
            }
            _ => are_equal &= compare(&cachesim, &records, &stream, &sizes)?,
        }
    }
    Ok(are_equal)
}

/// Writes a trace as libCacheSim's records, of objects of one byte, and as lines of numbers.
fn write(trace: &[Reference], records: &Path, numbers: &Path) -> std::io::Result<()> {
    let pages = trace.iter().map(|reference| reference.page).max().unwrap_or(0) as usize + 1;
    let mut next_use = vec![-1_i64; pages];
    let mut next_uses = vec![-1_i64; trace.len()];
    for (index, reference) in trace.iter().enumerate().rev() {
        next_uses[index] = std::mem::replace(&mut next_use[reference.page as usize], index as i64);
    }
    let mut binary = BufWriter::new(File::create(records)?);
    let mut text = BufWriter::new(File::create(numbers)?);
    for ((time, reference), next) in (0_u32..).zip(trace).zip(next_uses) {
        binary.write_all(&time.to_le_bytes())?;
        binary.write_all(&u64::from(reference.page).to_le_bytes())?;
        binary.write_all(&1_u32.to_le_bytes())?;
        binary.write_all(&next.to_le_bytes())?;
        writeln!(text, "{}", reference.page)?;
    }
    binary.flush()?;
    text.flush()
}

/// Returns 20 sizes, each larger than the one before by the same factor.
fn usual(pages: usize) -> Vec<u32> {
    let (smallest, largest) = (SMALLEST as f64, (pages as f64).max(SMALLEST as f64));
    let size = |step: u32| smallest * (largest / smallest).powf(f64::from(step) / 19.0);
    let mut sizes: Vec<u32> = (0..20).map(|step| size(step).round() as u32).collect();
    sizes.dedup();
    sizes
}

fn listed(sizes: &[u32]) -> String {
    sizes.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// Prints for each policy in how many sizes the counts are equal, and by how much the others differ.
fn compare(
    cachesim: &Path,
    records: &Path,
    stream: &Stream,
    sizes: &[u32],
) -> Result<bool, String> {
    let mut are_equal = true;
    print(&row(&["policy", "libCacheSim's", "equal sizes", "largest difference"]))?;
    print("|---|---|---:|---:|")?;
    for (theirs, ours) in POLICIES {
        let expected = misses_of(cachesim, records, theirs, sizes, stream.len())?;
        let policy: Policy = ours.parse().map_err(|error| format!("{error}"))?;
        let found = curves(stream, &[policy], sizes, 1, |_, _| {}).remove(0).points;
        let apart =
            found.iter().zip(&expected).map(|((_, found), expected)| found.abs_diff(*expected));
        let apart: Vec<_> = apart.collect();
        let equal = apart.iter().filter(|apart| **apart == 0).count();
        are_equal &= equal == sizes.len();
        let most = apart.iter().max().map_or(0, |most| *most);
        print(&row(&[ours, theirs, &format!("{equal} of {}", sizes.len()), &most.to_string()]))?;
        let mut differing = String::new();
        for (((frames, found), expected), _) in
            found.iter().zip(&expected).zip(&apart).filter(|(_, apart)| **apart != 0)
        {
            let _ = write!(differing, " {frames}: {found}, libCacheSim {expected};");
        }
        if !differing.is_empty() {
            eprintln!("   {ours}:{differing}");
        }
    }
    print("")?;
    Ok(are_equal)
}

fn cachesim_call(cachesim: &Path, records: &Path, policy: &str, sizes: &str) -> Command {
    let mut command = Command::new(cachesim);
    command.arg(records).args(["oracleGeneral", policy, sizes, "--ignore-obj-size", "1"]);
    // It makes a folder of results where it runs.
    command.current_dir(records.parent().unwrap_or(Path::new(".")));
    command.arg("-o").arg(records.with_extension("result"));
    command
}

/// Returns how often libCacheSim misses in each size.
fn misses_of(
    cachesim: &Path,
    records: &Path,
    policy: &str,
    sizes: &[u32],
    references: usize,
) -> Result<Vec<u64>, String> {
    let mut found = Vec::new();
    // Several sizes at once, so that it prints a line for each.
    let output = cachesim_call(cachesim, records, policy, &listed(sizes)).output();
    let output = output.map_err(|error| format!("{}: {error}", cachesim.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    for size in sizes {
        let line = text.lines().find(|line| {
            let mut words = line.split("cache size").nth(1).unwrap_or_default().split_whitespace();
            words.next().is_some_and(|word| word.trim_end_matches(',') == size.to_string())
        });
        let ratio = line.and_then(|line| {
            line.split(", miss ratio").nth(1)?.split(',').next()?.trim().parse::<f64>().ok()
        });
        let ratio = ratio.ok_or_else(|| {
            format!("{policy} in {size}: libCacheSim prints no miss ratio: {text}")
        })?;
        found.push((ratio * references as f64).round() as u64);
    }
    Ok(found)
}

/// Measures both commands, and prints the median of each and of their ratio.
fn measure(
    cachesim: &Path,
    command: &Path,
    rounds: u32,
    [records, numbers]: [&Path; 2],
    sizes: &[u32],
) -> Result<(), String> {
    print(&row(&["policy", "sizes", "libCacheSim CPU ms", "replay CPU ms", "ratio"]))?;
    print("|---|---:|---:|---:|---:|")?;
    let middle = sizes[sizes.len() / 2];
    for (theirs, ours) in POLICIES {
        for sizes in [&[middle][..], sizes] {
            let list = listed(sizes);
            let mut times = Vec::new();
            for _ in 0..rounds {
                let other = time(&cachesim_call(cachesim, records, theirs, &list))?;
                let mut replay = Command::new(command);
                replay.arg("replay").arg(numbers).args(["--policies", ours, "--frames", &list]);
                replay.args(["--threads", "1"]);
                times.push((other, time(&replay)?));
            }
            let median = |of: &dyn Fn(&(f64, f64)) -> f64| {
                let mut all: Vec<f64> = times.iter().map(of).collect();
                all.sort_by(f64::total_cmp);
                all[all.len() / 2]
            };
            print(&row(&[
                ours,
                &sizes.len().to_string(),
                &format!("{:.1}", median(&|times| times.0)),
                &format!("{:.1}", median(&|times| times.1)),
                &format!("{:.1}", median(&|times| times.0 / times.1)),
            ]))?;
        }
    }
    print("")
}

/// Runs a command, and returns how many milliseconds of CPU time it took.
fn time(command: &Command) -> Result<f64, String> {
    let mut timed = Command::new("bash");
    timed.env("LC_ALL", "C");
    timed.args(["-c", "TIMEFORMAT='%U %S'; time \"$@\" > /dev/null 2> /dev/null", "bash"]);
    timed.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    let name = command.get_program().display();
    let output = timed.output().map_err(|error| format!("bash: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name}: {}", output.status));
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let seconds: Result<Vec<f64>, _> = told.split_whitespace().map(str::parse).collect();
    match seconds.as_deref() {
        Ok([user, system]) => Ok((user + system) * 1000.0),
        _ => Err(format!("{name}: bash tells no times: {told}")),
    }
}
