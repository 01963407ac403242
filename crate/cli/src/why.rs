//! `faultline why` narrates the history of a frame, a page or a slot, in sentences.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use faultline::narration::{History, Line, Subject};
use faultline::observe::Detail;
use faultline::scenario::{self, Overrides, RuntimeOptions, Session};

use crate::files::Files;
use crate::input::{attach_traces, parse, read};
use crate::output::{print, visible_line};
use crate::progress::Progress;

#[derive(Args, Debug)]
pub(crate) struct WhyOptions {
    /// The scenario, whose run is virtual; `-` reads standard input.
    file: PathBuf,
    #[command(flatten)]
    subject: SubjectOptions,
    /// Narrate no more than the first EVENT events of the run.
    #[arg(long, value_name = "EVENT")]
    at: Option<u64>,
    /// Print the lines as JSON, each with its events.
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct SubjectOptions {
    /// Narrate this frame.
    #[arg(long, value_name = "N")]
    frame: Option<u32>,
    /// Narrate this page: a process by its name in the script, and the page's number.
    #[arg(long, value_name = "NAME:N", value_parser = page)]
    page: Option<(String, u32)>,
    /// Narrate this slot of swap.
    #[arg(long, value_name = "N")]
    slot: Option<u32>,
}

/// Parses a process and a page. A name may have colons in it.
fn page(text: &str) -> Result<(String, u32), String> {
    let legal = || format!("found {text:?}, expected NAME:N, as in init:3");
    let (name, page) = text.rsplit_once(':').ok_or_else(legal)?;
    Ok((name.to_owned(), page.parse().map_err(|_| legal())?))
}

/// Runs the scenario and prints the history. True if the run held.
pub(crate) fn why(options: &WhyOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let scenario = parse(&read(&options.file, &mut files)?, &Overrides::default())?;
    if !matches!(scenario.runtime, RuntimeOptions::Virtual { .. }) {
        let found = "/runtime/kind: found threads";
        return Err(format!("{found}; only a virtual run can be repeated as it was"));
    }
    let subject = match &options.subject {
        SubjectOptions { frame: Some(frame), .. } => {
            in_range("--frame", *frame, 0, scenario.machine.frames - 1)?;
            Subject::Frame(*frame)
        }
        SubjectOptions { slot: Some(slot), .. } => {
            in_range("--slot", *slot, 1, scenario.machine.slots)?;
            Subject::Slot(*slot)
        }
        SubjectOptions { page, .. } => {
            let (process, page) = page.clone().unwrap_or_default();
            Subject::Page { process, page }
        }
    };
    let traces = attach_traces(&scenario, &options.file, &mut files)?;
    let session = Session::open(&scenario, traces).map_err(|error| error.to_string())?;
    session.observe(Detail::Everything);
    let (machine, names) = (session.shared_machine(), session.process_names());
    let mut history = History::new(subject.clone(), machine, Arc::clone(&names), options.at);
    let progress = Progress::new(&scenario);
    let mut show = |done, _| progress.show(done);
    let report = scenario::play_streaming(session, &scenario, &mut show, &mut history);
    drop(progress);
    let report = report.map_err(|error| error.to_string())?;
    if let Subject::Page { process, .. } = &subject
        && !names.has(process)
    {
        return Err(format!("--page: no process of the script is named {process:?}"));
    }
    let lines = history.finish();
    let text = if options.json {
        serde_json::to_string(&lines).map_err(|error| error.to_string())?
    } else {
        as_text(&lines)
    };
    print(&text)?;
    Ok(report.ok)
}

fn in_range(option: &str, found: u32, first: u32, last: u32) -> Result<(), String> {
    if (first..=last).contains(&found) {
        Ok(())
    } else {
        Err(format!("{option}: found {found}, this machine has {first} to {last}"))
    }
}

/// Formats a line for each sentence, with its event before it; the events of a whole fault stand below it.
fn as_text(lines: &[Line]) -> String {
    let mut text = String::new();
    for Line { event, text: sentence, reason, parts, .. } in lines {
        let _ = writeln!(text, "{event:>8}  {}", visible_line(sentence));
        if let Some(reason) = reason {
            let _ = writeln!(text, "{:>8}  Why: {}.", "", visible_line(reason));
        }
        for part in parts.iter().filter(|_| parts.len() > 2) {
            let _ = writeln!(text, "{:>8}    - {}", part.event, visible_line(&part.text));
        }
    }
    text
}
