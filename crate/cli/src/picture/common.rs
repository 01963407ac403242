//! What pictures share: in which form a picture goes where, and how those of a trace read it.

use std::path::PathBuf;

use clap::Args;
use faultline_replay::{Addresses, Stream};
use serde_json::Value;

use crate::files::{Files, Output};
use crate::output::print;
use crate::replay::source::{Most, from_trace_with_addresses};

/// What a picture of a trace is made of, and where it goes.
#[derive(Args, Debug)]
pub(super) struct Common {
    /// The trace: a file of a format that `faultline trace` reads, packed or not; or a shipped trace, such as sort. `-`
    /// reads standard input.
    trace: String,
    #[command(flatten)]
    most: Most,
    #[command(flatten)]
    form: Form,
}

/// In which form a picture goes where.
#[derive(Args, Debug)]
pub(super) struct Form {
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

/// A picture, which is shown in the form that the call asks for.
pub(super) trait Picture {
    /// Returns a table for a terminal.
    fn text(&self) -> String;
    /// Returns one JSON object.
    fn json(&self) -> Value;
    /// Returns comma-separated values.
    fn csv(&self) -> String;
    /// Returns the drawing.
    fn svg(&self) -> String;
}

impl Common {
    /// Reads the trace.
    pub(super) fn read(&self) -> Result<Read, String> {
        let mut files = Files::new();
        let (stream, addresses) = from_trace_with_addresses(&self.trace, self.most, &mut files)?;
        let drawing = self.form.drawing(&mut files)?;
        Ok(Read { name: self.trace.clone(), stream, addresses, drawing })
    }

    /// Shows the picture in the form that the call asks for.
    pub(super) fn show(
        &self,
        drawing: Option<Output>,
        picture: &impl Picture,
    ) -> Result<bool, String> {
        self.form.show(drawing, picture)
    }
}

impl Form {
    /// Returns the file that the picture is drawn to, if the call names one.
    pub(super) fn drawing(&self, files: &mut Files) -> Result<Option<Output>, String> {
        self.svg.as_deref().map(|path| files.output("--svg", path)).transpose()
    }

    /// Prints the form that the call asks for, and draws the picture if it does.
    pub(super) fn show(
        &self,
        drawing: Option<Output>,
        picture: &impl Picture,
    ) -> Result<bool, String> {
        if let Some(drawing) = drawing {
            drawing.write(&picture.svg())?;
        }
        let form = match (self.json, self.csv) {
            (true, _) => picture.json().to_string(),
            (_, true) => picture.csv(),
            _ => picture.text(),
        };
        print(&form)?;
        Ok(true)
    }
}
