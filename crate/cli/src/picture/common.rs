//! What the pictures of a trace share: how the trace is read, and in which form a picture goes where.

use std::path::PathBuf;

use clap::Args;
use faultline_replay::{Addresses, Stream};

use crate::files::{Files, Output};
use crate::output::print;
use crate::replay::source::from_trace_with_addresses;

/// What each picture is made of, and where it goes.
#[derive(Args, Debug)]
pub(super) struct Common {
    /// The trace: a file of a format that `faultline trace` reads, packed or not; or a shipped trace, such as sort. `-`
    /// reads standard input.
    trace: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Print comma-separated values.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Draw it to this file, as SVG.
    #[arg(long, value_name = "OUT")]
    svg: Option<PathBuf>,
}

/// A trace that was read.
pub(super) struct Read {
    pub(super) name: String,
    pub(super) stream: Stream,
    pub(super) addresses: Addresses,
    pub(super) drawing: Option<Output>,
}

/// The same picture in four forms.
pub(super) struct Forms {
    pub(super) text: String,
    pub(super) json: String,
    pub(super) csv: String,
    pub(super) svg: String,
}

impl Common {
    /// Reads the trace.
    pub(super) fn read(&self) -> Result<Read, String> {
        let mut files = Files::new();
        let (stream, addresses) = from_trace_with_addresses(&self.trace, &mut files)?;
        let drawing = self.svg.as_deref().map(|path| files.output("--svg", path)).transpose()?;
        Ok(Read { name: self.trace.clone(), stream, addresses, drawing })
    }

    /// Prints the form that the call asks for, and draws the picture if it does.
    pub(super) fn show(&self, drawing: Option<Output>, forms: &Forms) -> Result<bool, String> {
        if let Some(drawing) = drawing {
            drawing.write(&forms.svg)?;
        }
        let form = match (self.json, self.csv) {
            (true, _) => &forms.json,
            (_, true) => &forms.csv,
            _ => &forms.text,
        };
        print(form)?;
        Ok(true)
    }
}
