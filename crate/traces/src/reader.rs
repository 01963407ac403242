//! The reader: takes a trace in pieces, and gives references on as they come.

use std::io::{ErrorKind, Read};

use crate::body::{Body, Sink};
use crate::error::TraceError;
use crate::formats::recognise;
use crate::options::Options;
use crate::summary::{Cut, Summary};
use crate::unpack::Unpacker;

/// How many bytes tell the format.
const HEAD: usize = 64 << 10;

/// A reader of one trace.
pub struct Reader {
    unpacker: Unpacker,
    stage: Stage,
    /// Why it stopped.
    error: Option<TraceError>,
}

impl Reader {
    /// Prepares for a trace.
    ///
    /// # Errors
    /// The page size is no power of two, or too large.
    pub fn new(options: Options) -> Result<Self, TraceError> {
        options.check()?;
        let unpacker = Unpacker::new(options.limits.bytes);
        Ok(Self { unpacker, stage: Stage::Head(Vec::new(), options), error: None })
    }

    /// Takes the next bytes of the trace, and calls `sink` with the references that they complete.
    ///
    /// # Errors
    /// What keeps the trace from being read further. What was given to `sink` before stays right.
    pub fn push(&mut self, chunk: &[u8], sink: Sink<'_>) -> Result<(), TraceError> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let Self { unpacker, stage, .. } = self;
        let taken = unpacker.push(chunk, &mut |bytes| stage.push(bytes, sink));
        self.error = taken.as_ref().err().cloned();
        taken
    }

    /// Ends the trace.
    ///
    /// # Errors
    /// As of [`Self::push`]; and that there is no reference.
    pub fn finish(self, sink: Sink<'_>) -> Result<Summary, TraceError> {
        let Self { mut unpacker, mut stage, error } = self;
        if let Some(error) = error {
            return Err(error);
        }
        let is_whole = unpacker.finish(&mut |bytes| stage.push(bytes, sink))?;
        let packing = unpacker.packing();
        let body = stage.finish(is_whole, sink)?;
        let cut = if is_whole { body.cut.then_some(None) } else { Some(packing) };
        let cut = cut.map(|packing| Cut { after_line: body.lines, packing });
        body.summary(&unpacker, cut)
    }
}

/// Reads a whole source.
///
/// # Errors
/// As of [`Reader::new`], [`Reader::push`] and [`Reader::finish`]; and what the source says.
pub fn read(
    mut source: impl Read,
    options: Options,
    sink: Sink<'_>,
) -> Result<Summary, TraceError> {
    let mut reader = Reader::new(options)?;
    let mut chunk = vec![0; 256 << 10];
    loop {
        match source.read(&mut chunk) {
            Ok(0) => return reader.finish(sink),
            Ok(count) => reader.push(&chunk[..count], sink)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(TraceError::Source(error.to_string())),
        }
    }
}

/// How far a reader is.
enum Stage {
    /// The first bytes, by which the format is recognised.
    Head(Vec<u8>, Options),
    Body(Box<Body>),
}

impl Stage {
    fn push(&mut self, bytes: &[u8], sink: Sink<'_>) -> Result<(), TraceError> {
        match self {
            Self::Head(head, _) => {
                head.extend_from_slice(bytes);
                if head.len() >= HEAD { self.begin(false, sink).map(drop) } else { Ok(()) }
            }
            Self::Body(body) => body.push(bytes, sink),
        }
    }

    /// Goes over to the body, whose first bytes are there; they are all if `whole`.
    fn begin(&mut self, whole: bool, sink: Sink<'_>) -> Result<&mut Body, TraceError> {
        if let Self::Head(head, options) = self {
            let head = std::mem::take(head);
            let first = &head[..head.len().min(HEAD)];
            let format = match options.format {
                Some(format) => format,
                None => recognise(first, whole, &options.columns)?,
            };
            let parser = (format.parser)(&options.columns, first);
            let mut body = Box::new(Body::new(format, parser, options.clone()));
            body.push(&head, sink)?;
            *self = Self::Body(body);
        }
        match self {
            Self::Body(body) => Ok(body),
            Self::Head(..) => Err(TraceError::Empty(None)),
        }
    }

    fn finish(mut self, is_whole: bool, sink: Sink<'_>) -> Result<Body, TraceError> {
        self.begin(true, sink)?;
        let Self::Body(mut body) = self else { return Err(TraceError::Empty(None)) };
        body.finish(is_whole, sink)?;
        Ok(*body)
    }
}
