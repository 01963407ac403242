//! `faultline trace info` tells what is in a trace.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use faultline_traces::{Range, Summary, format_named};

use super::options::ReadOptions;
use super::source::Source;
use crate::files::Files;
use crate::output::print;

#[derive(Args, Debug)]
pub(crate) struct InfoOptions {
    /// The trace, which may be packed with gzip or zstd; `-` reads standard input.
    file: PathBuf,
    #[command(flatten)]
    read: ReadOptions,
    /// Print it as one JSON object.
    #[arg(long)]
    json: bool,
}

/// Reads a trace and prints what is in it.
pub(crate) fn info(options: &InfoOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let source = Source::open(&options.file, &mut files)?;
    let Some(summary) = source.read(options.read.reader(), |_| {}, || Ok(true))? else {
        return Ok(true);
    };
    let text = if options.json {
        serde_json::to_string(&summary).map_err(|error| error.to_string())?
    } else {
        as_text(&summary)
    };
    print(&text)?;
    Ok(true)
}

/// Formats a line for each kind of figure, and one for each range.
pub(super) fn as_text(summary: &Summary) -> String {
    let mut text = String::new();
    let mut line = |name: &str, words: &str| {
        let _ = writeln!(text, "{name:<11} {words}");
    };
    let title = format_named(summary.format).map_or("", |format| format.title);
    let packing =
        summary.packing.map_or(String::new(), |packing| format!(", packed with {packing}"));
    line("format", &format!("{}: {title}{packing}", summary.format));
    let unpacked = match summary.packing {
        Some(_) => format!(", {} unpacked", summary.unpacked_bytes),
        None => String::new(),
    };
    line("bytes", &format!("{}{unpacked}, in {} lines", summary.bytes, summary.lines));
    let Summary { references, reads, writes, .. } = summary;
    line("references", &format!("{references}: {reads} read, {writes} write"));
    if summary.fetches > 0 {
        let fate = if summary.fetches_left_out { "left out" } else { "kept as reads" };
        line("fetches", &format!("{} of instructions, {fate}", summary.fetches));
    }
    if summary.crossing > 0 {
        line("crossing", &format!("{} across the end of a page", summary.crossing));
    }
    if summary.merged > 0 {
        line("merged", &format!("{} references with the one before", summary.merged));
    }
    if summary.repeated > 0 {
        line("left out", &format!("{} references to pages touched just before", summary.repeated));
    }
    let size = match summary.page_size {
        Some(size) => format!("of {size} bytes"),
        None => "without addresses".to_owned(),
    };
    line("pages", &format!("{} {size}, {} written", summary.pages, summary.pages_written));
    if summary.bad_lines > 0 {
        line("passed over", &format!("{} lines that are none of the format", summary.bad_lines));
    }
    for (index, range) in summary.ranges.iter().enumerate() {
        let Range { first, last, kind, name, pages, written } = range;
        let name = name.as_deref().unwrap_or_default();
        let words = format!(
            "0x{first:x}-0x{last:x} {}, {pages} pages, {written} written  {name}",
            kind.name()
        );
        line(if index == 0 { "ranges" } else { "" }, words.trim_end());
    }
    text
}
