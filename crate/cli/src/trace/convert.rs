//! `faultline trace convert` writes a trace of any format in the project's own.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::exit;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use faultline::options::MAX_PAGES;
use faultline_traces::{Options, Reference, Summary, Text};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::options::ReadOptions;
use super::source::Source;
use crate::files::{Draft, Files, Output};
use crate::output::say;

#[derive(Args, Debug)]
pub(crate) struct ConvertOptions {
    /// The trace, which may be packed with gzip or zstd; `-` reads standard input.
    #[arg(value_name = "IN")]
    file: PathBuf,
    /// Where it is written, packed if the name ends in .gz; without it, standard output. A file that is there is
    /// replaced at the end.
    out: Option<PathBuf>,
    #[command(flatten)]
    read: ReadOptions,
}

/// A signal ended the process.
const INTERRUPTED: i32 = 130;

/// Reads a trace and writes it.
pub(crate) fn convert(options: &ConvertOptions) -> Result<bool, String> {
    let mut files = Files::new();
    let source = Source::open(&options.file, &mut files)?;
    let out = options.out.as_deref().map(|path| files.output("OUT", path).map(|out| (out, path)));
    let mut target = match out.transpose()? {
        Some((output, path)) => {
            let target = Target::file(output, path)?;
            target.forget_when_interrupted()?;
            target
        }
        None => Target::standard_output(),
    };
    let from = source.name().to_owned();
    write(source, &format!("from {from}"), options.read.reader(), &mut target)?;
    target.finish()?;
    Ok(true)
}

/// Reads a source and writes it to a target; `origin` says where it comes from.
pub(super) fn write(
    source: Source,
    origin: &str,
    options: Options,
    target: &mut Target,
) -> Result<Option<Summary>, String> {
    let mut text = Text::new();
    text.comment(origin);
    let text = std::cell::RefCell::new(text);
    let mut flush = || -> Result<bool, String> {
        let mut text = text.borrow_mut();
        let goes_on = target.write(text.as_bytes())?;
        text.clear();
        Ok(goes_on)
    };
    let take = |references: &[Reference]| {
        let mut text = text.borrow_mut();
        references.iter().for_each(|reference| text.reference(*reference));
    };
    let Some(summary) = source.read(options, take, &mut flush)? else { return Ok(None) };
    let mut end = text.borrow_mut();
    let fetches = if summary.fetches_left_out { "left out" } else { "kept as reads" };
    end.comment(&format!(
        "format {}, {} instruction fetches {fetches}, {} references merged, {} to pages touched just before left out",
        summary.format, summary.fetches, summary.merged, summary.repeated
    ));
    end.places(&summary);
    drop(end);
    flush()?;
    say(&format!(
        "{} references to {} pages, {} write; format {}",
        summary.references, summary.pages, summary.writes, summary.format
    ));
    if summary.highest_page >= MAX_PAGES {
        say(&format!(
            "its highest page is {}, and a process of a machine has at most {MAX_PAGES}: \
             larger pages (--page-size) make them fewer",
            summary.highest_page
        ));
    }
    Ok(Some(summary))
}

/// Where a trace is written.
pub(super) struct Target {
    out: Out,
    /// The file, if it is one, shared with the thread that waits for signals.
    draft: Arc<Mutex<Option<Draft>>>,
    name: String,
}

enum Out {
    Plain(Box<dyn Write>),
    Packed(Box<GzEncoder<BufWriter<File>>>),
}

impl Target {
    /// A file, packed if its name ends so.
    pub(super) fn file(output: Output, path: &Path) -> Result<Self, String> {
        let draft = output.begin()?;
        let writer = draft.writer()?;
        let is_packed = path.extension().is_some_and(|ending| ending == "gz");
        let out = if is_packed {
            Out::Packed(Box::new(GzEncoder::new(writer, Compression::default())))
        } else {
            Out::Plain(Box::new(writer))
        };
        let name = draft.name().to_owned();
        Ok(Self { out, draft: Arc::new(Mutex::new(Some(draft))), name })
    }

    fn standard_output() -> Self {
        let out = Out::Plain(Box::new(BufWriter::new(io::stdout())));
        Self { out, draft: Arc::default(), name: "standard output".to_owned() }
    }

    /// Lets a signal end the process, and leave the file as it was.
    fn forget_when_interrupted(&self) -> Result<(), String> {
        let draft = Arc::clone(&self.draft);
        let forget = move || {
            let mut draft = draft.lock().unwrap_or_else(PoisonError::into_inner);
            drop(draft.take());
            exit(INTERRUPTED);
        };
        ctrlc::set_handler(forget).map_err(|error| format!("signals cannot be waited for: {error}"))
    }

    /// Writes a text; false if the reader of standard output has gone.
    fn write(&mut self, text: &[u8]) -> Result<bool, String> {
        let written = match &mut self.out {
            Out::Plain(out) => out.write_all(text),
            Out::Packed(out) => out.write_all(text),
        };
        self.goes_on(written)
    }

    /// Writes what is left, and puts the file in its place.
    pub(super) fn finish(mut self) -> Result<(), String> {
        let written = match &mut self.out {
            Out::Plain(out) => out.flush(),
            Out::Packed(out) => out.try_finish().and_then(|()| out.get_mut().flush()),
        };
        self.goes_on(written)?;
        // Locked to the end, so that a signal does not end the process half way.
        let mut draft = self.draft.lock().unwrap_or_else(PoisonError::into_inner);
        draft.take().map_or(Ok(()), Draft::finish)
    }

    fn goes_on(&self, written: io::Result<()>) -> Result<bool, String> {
        match written {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::BrokenPipe && self.is_standard_output() => {
                Ok(false)
            }
            Err(error) => Err(format!("{}: {error}", self.name)),
        }
    }

    fn is_standard_output(&self) -> bool {
        self.name == "standard output"
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // The thread that waits for signals would keep it.
        *self.draft.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
