//! Reads a trace from a file or a pipe, and tells how far it is.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use faultline_traces::{Options, Reader, Reference, Summary};

use crate::files::Files;
use crate::input::is_standard_input;
use crate::output::say;
use crate::progress::Progress;

/// Bytes that are read at a time.
const CHUNK: usize = 256 << 10;

/// A trace to be read.
pub(crate) struct Source {
    /// Its name, as errors have it.
    name: String,
    bytes: Box<dyn Read>,
    /// How many bytes it has, if that is known.
    length: Option<u64>,
}

impl Source {
    /// Opens a file; `-` is standard input.
    pub(crate) fn open(path: &Path, files: &mut Files) -> Result<Self, String> {
        const WHAT: &str = "the trace itself";
        if is_standard_input(path) {
            files.reads_standard_input(WHAT);
            return Ok(Self::of("standard input", Box::new(io::stdin())));
        }
        let name = path.display().to_string();
        let at = |error| format!("{name}: {error}");
        let file = File::open(path).map_err(at)?;
        let metadata = file.metadata().map_err(at)?;
        files.reads(path, &metadata, WHAT);
        let length = metadata.is_file().then_some(metadata.len());
        Ok(Self { length, ..Self::of(&name, Box::new(file)) })
    }

    /// A source that is open already.
    pub(crate) fn of(name: &str, bytes: Box<dyn Read>) -> Self {
        Self { name: name.to_owned(), bytes, length: None }
    }

    /// Returns its name, as errors have it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Reads all of it, gives the references to `take`, and calls `pause` after each piece; false from there ends the
    /// reading, and there is no summary.
    pub(crate) fn read(
        mut self,
        options: Options,
        mut take: impl FnMut(&[Reference]),
        mut pause: impl FnMut() -> Result<bool, String>,
    ) -> Result<Option<Summary>, String> {
        let name = &self.name;
        let at = |error: &dyn std::fmt::Display| format!("{name}: {error}");
        let mut reader = Reader::new(options).map_err(|error| at(&error))?;
        let progress = self.length.map(|length| Progress::of("byte", length));
        let mut chunk = vec![0; CHUNK];
        let mut done = 0;
        loop {
            let count = match self.bytes.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(at(&error)),
            };
            reader.push(&chunk[..count], &mut take).map_err(|error| at(&error))?;
            if !pause()? {
                return Ok(None);
            }
            done += count as u64;
            if let Some(progress) = &progress {
                progress.show(done);
            }
        }
        drop(progress);
        let summary = reader.finish(&mut take).map_err(|error| at(&error))?;
        tell(name, &summary);
        Ok(Some(summary))
    }
}

/// Says what was not read as it should be.
fn tell(name: &str, summary: &Summary) {
    for problem in &summary.problems {
        say(&format!("{name}: {problem}"));
    }
    if summary.bad_lines > summary.problems.len() as u64 {
        say(&format!("{name}: {} lines were passed over, these are the first", summary.bad_lines));
    }
    if let Some(cut) = &summary.cut {
        say(&format!("{name}: {cut}"));
    }
}
