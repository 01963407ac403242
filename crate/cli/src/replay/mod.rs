//! `faultline replay` counts how often replacement policies fault on a trace, in memories of many sizes. It is the
//! analysis of a stream of references: no machine runs.

mod chart;
mod counts;
mod matrix;
mod sizes;
pub(crate) mod source;
mod table;

use std::path::PathBuf;
use std::thread::available_parallelism;

use clap::Args;
use faultline_replay::{Job, Policy, Sample, Stream, in_parallel, jobs, joined, summaries};

use crate::files::Files;
use crate::output::{print, visible_line};
use crate::progress::Progress;
use counts::{Counts, Row};
use sizes::Sizes;

#[derive(Args, Debug)]
#[command(after_help = policies_in_words())]
pub(crate) struct ReplayOptions {
    /// The trace: a file of a format that `faultline trace` reads, such as a page number a line with a w after it for a
    /// write, packed or not; or a shipped trace, such as sort. `-` reads standard input.
    #[arg(required_unless_present = "pages")]
    trace: Option<String>,
    /// The references themselves, as in "7 0 1 2 0w 3".
    #[arg(long, value_name = "PAGES", conflicts_with = "trace")]
    pages: Option<String>,
    /// Policies, with their options after colons, as in clock:bits=2; see below.
    #[arg(
        long,
        value_name = "POLICY,...",
        value_delimiter = ',',
        default_value = "fifo,lru,clock,sieve,s3-fifo,arc,opt"
    )]
    policies: Vec<Policy>,
    /// Sizes of the memory in frames, as in 3 or 1..64 or 10,20,40..44, or 64..1024:64 for each 64th; without it 20 up to
    /// the pages of the trace.
    #[arg(long, visible_alias = "sizes", value_name = "N,...", value_delimiter = ',')]
    frames: Vec<Sizes>,
    /// Estimate from a sample of so many of the pages, as in 0.01, and say within which bounds.
    #[arg(long, value_name = "RATE", value_parser = rate, conflicts_with = "steps")]
    sample: Option<f64>,
    /// Print what each frame has after each reference, for a short trace in few frames.
    #[arg(long, conflicts_with_all = ["csv", "svg"])]
    steps: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Print comma-separated values.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Draw miss ratios over sizes to this file, as SVG.
    #[arg(long, value_name = "OUT")]
    svg: Option<PathBuf>,
    /// Threads; without it as many as there are cores.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    threads: Option<u32>,
    #[command(flatten)]
    most: source::Most,
}

fn rate(text: &str) -> Result<f64, String> {
    let found = text.parse().ok().filter(|rate| *rate > 0.0 && *rate <= 1.0);
    found.ok_or_else(|| "legal: a number above 0 and at most 1".to_owned())
}

/// Says what each policy is, and its options.
fn policies_in_words() -> String {
    let mut text = "Policies:\n".to_owned();
    for summary in summaries() {
        let options = summary.options().into_iter().map(|(name, legal, usual)| {
            let usual = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
            format!("\n               {name}={legal}{usual}")
        });
        text.push_str(&format!(
            "  {:<12} {} ({}){}\n",
            summary.name,
            summary.victim,
            summary.source,
            options.collect::<String>()
        ));
    }
    text
}

/// Counts the faults on a trace and prints them. Always true; an error if the call was wrong.
pub(crate) fn replay(options: &ReplayOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let (name, stream) = match (&options.trace, &options.pages) {
        (_, Some(pages)) => {
            ("--pages".to_owned(), source::from_text("--pages", pages, options.most)?)
        }
        (Some(trace), None) => {
            (trace.clone(), source::from_trace(trace, options.most, &mut files)?)
        }
        (None, None) => return Err("there is no trace; legal: TRACE or --pages PAGES".to_owned()),
    };
    let drawing = options.svg.as_deref().map(|path| files.output("--svg", path)).transpose()?;
    let mut policies = Vec::new();
    for policy in &options.policies {
        if !policies.contains(policy) {
            policies.push(policy.clone());
        }
    }
    let sizes = Sizes::all(&options.frames, stream.pages())?;
    if options.steps {
        return matrix::print_steps(&stream, &policies, &sizes, options.json).map(|()| true);
    }
    let counts = match options.sample {
        None => exact(name, &stream, &policies, &sizes, options),
        Some(rate) => sampled(name, &stream, &policies, &sizes, rate, options)?,
    };
    if let Some(drawing) = drawing {
        drawing.write(&chart::svg(&counts))?;
    }
    let text = if options.json {
        serde_json::to_string(&counts).map_err(|error| error.to_string())?
    } else if options.csv {
        table::csv(&counts)
    } else {
        table::text(&counts)
    };
    print(&text)?;
    Ok(true)
}

fn workers(options: &ReplayOptions) -> usize {
    let of_machine = || available_parallelism().map_or(1, usize::from);
    options.threads.map_or_else(of_machine, |threads| threads as usize)
}

fn exact(
    name: String,
    stream: &Stream,
    policies: &[Policy],
    sizes: &[u32],
    options: &ReplayOptions,
) -> Counts {
    let workers = workers(options);
    let jobs = jobs(policies, sizes, workers);
    let progress = Progress::of("job", jobs.len() as u64);
    let work = |job: &Job| job.run(stream);
    let counts = in_parallel(&jobs, workers, work, |done, _| progress.show(done as u64));
    let curves = joined(policies, &jobs, &counts).into_iter().map(|curve| {
        let row = |(frames, faults): (u32, u64)| Row::exact(frames, faults, stream);
        (curve.policy, curve.points.into_iter().map(row).collect())
    });
    Counts::new(name, stream, None, curves.collect())
}

fn sampled(
    name: String,
    stream: &Stream,
    policies: &[Policy],
    sizes: &[u32],
    rate: f64,
    options: &ReplayOptions,
) -> Result<Counts, String> {
    let sample = Sample::of(stream, rate).ok_or_else(|| {
        let (name, pages) = (visible_line(&name), stream.pages());
        format!("--sample {rate}: none of the {pages} pages of {name} is in the sample; legal: a higher rate")
    })?;
    let progress = Progress::of("policy", policies.len() as u64);
    let work = |policy: &Policy| sample.estimates(policy, sizes);
    let show = |done: usize, _| progress.show(done as u64);
    let found = in_parallel(policies, workers(options), work, show);
    let curves = policies.iter().zip(found).map(|(policy, estimates)| {
        let row = |estimate| Row::estimated(estimate, stream);
        (policy.clone(), estimates.into_iter().map(row).collect())
    });
    Ok(Counts::new(name, stream, Some((rate, &sample)), curves.collect()))
}
