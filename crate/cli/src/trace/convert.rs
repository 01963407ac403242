//! `faultline trace convert` writes a trace of any format in the project's own.

use std::cell::RefCell;
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
    let writing = RefCell::new(Writing { text, target, written: Ok(true) });
    let take = |references: &[Reference]| writing.borrow_mut().take(references);
    let flush = || writing.borrow_mut().flush();
    let Some(summary) = source.read(options, take, flush)? else { return Ok(None) };
    let mut writing = writing.into_inner();
    let end = &mut writing.text;
    let fetches = if summary.fetches_left_out { "left out" } else { "kept as reads" };
    end.comment(&format!(
        "format {}, {} instruction fetches {fetches}, {} references merged, {} to pages touched just before left out",
        summary.format, summary.fetches, summary.merged, summary.repeated
    ));
    end.places(&summary);
    writing.flush()?;
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

/// So many bytes of text are written at once, at least.
const FULL: usize = 1 << 20;

/// A text that is written as it grows, because a small piece of a packed trace can unpack to much.
struct Writing<'a> {
    text: Text,
    target: &'a mut Target,
    /// What was said when it was written amid a piece.
    written: Result<bool, String>,
}

impl Writing<'_> {
    fn take(&mut self, references: &[Reference]) {
        if self.written != Ok(true) {
            return;
        }
        references.iter().for_each(|reference| self.text.reference(*reference));
        if self.text.as_bytes().len() >= FULL {
            self.written = self.flush();
        }
    }

    /// Writes what there is; false if the reader of standard output has gone.
    fn flush(&mut self) -> Result<bool, String> {
        if self.written != Ok(true) {
            return std::mem::replace(&mut self.written, Ok(false));
        }
        let goes_on = self.target.write(self.text.as_bytes());
        self.text.clear();
        goes_on
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes, then fails.
    struct Room(usize);

    impl Write for Room {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn r5_a_piece_that_unpacks_to_much_is_written_as_it_grows() {
        let run = [Reference { page: 7, write: false }; 1000];
        let out = Out::Plain(Box::new(Room(3 * FULL)));
        let mut target = Target { out, draft: Arc::default(), name: "out".to_owned() };
        let mut writing = Writing { text: Text::new(), target: &mut target, written: Ok(true) };
        for _ in 0..FULL / 500 {
            writing.take(&run);
            assert!(writing.text.as_bytes().len() < FULL + 2 * run.len());
        }
        // What went wrong amid a piece is told at its end.
        let error = writing.flush().unwrap_err();
        assert!(error.starts_with("out: "), "{error}");
    }
}
