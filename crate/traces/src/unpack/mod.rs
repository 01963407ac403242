//! Unpacks gzip and zstd in pieces of any length. What is packed is known by its first bytes; all else is left as it
//! is.

mod gzip;
mod sink;
mod zstd;

use crate::error::TraceError;
use gzip::Gzip;
use sink::Sink;
use zstd::Zstd;

/// An unpacker of one stream.
pub(crate) struct Unpacker {
    state: State,
    /// Bytes that were taken.
    pub(crate) packed: u64,
    /// Bytes that were given.
    pub(crate) unpacked: u64,
    /// The most bytes to give.
    limit: u64,
}

enum State {
    /// Too few bytes to know.
    Beginning(Vec<u8>),
    Plain,
    Gzip(Box<Gzip>),
    Zstd(Box<Zstd>),
}

impl Unpacker {
    /// Prepares for a stream that has at most `limit` bytes, unpacked.
    pub(crate) fn new(limit: u64) -> Self {
        Self { state: State::Beginning(Vec::new()), packed: 0, unpacked: 0, limit }
    }

    /// The name of the packing, if there is one.
    pub(crate) fn packing(&self) -> Option<&'static str> {
        match self.state {
            State::Gzip(_) => Some("gzip"),
            State::Zstd(_) => Some("zstd"),
            State::Beginning(_) | State::Plain => None,
        }
    }

    /// Takes the next bytes of the stream.
    pub(crate) fn push(&mut self, chunk: &[u8], sink: Sink<'_>) -> Result<(), TraceError> {
        if let State::Beginning(beginning) = &mut self.state {
            // All magic numbers have at most four bytes.
            beginning.extend_from_slice(chunk);
            if beginning.len() < 4 {
                return Ok(());
            }
            let beginning = std::mem::take(beginning);
            self.state = State::of(&beginning);
            return self.unpack(&beginning, sink);
        }
        self.unpack(chunk, sink)
    }

    /// Ends the stream; false if it is cut within packed data.
    pub(crate) fn finish(&mut self, sink: Sink<'_>) -> Result<bool, TraceError> {
        if let State::Beginning(beginning) = &mut self.state {
            let beginning = std::mem::take(beginning);
            self.state = State::of(&beginning);
            self.unpack(&beginning, sink)?;
        }
        let Self { state, packed, unpacked, limit } = self;
        let mut sink = |bytes: &[u8]| give(bytes, unpacked, *limit, sink);
        match state {
            State::Beginning(_) | State::Plain => Ok(true),
            State::Gzip(gzip) => Ok(gzip.is_at_end()),
            State::Zstd(zstd) => {
                zstd.finish(*packed, &mut sink)?;
                Ok(zstd.is_at_end())
            }
        }
    }

    fn unpack(&mut self, chunk: &[u8], sink: Sink<'_>) -> Result<(), TraceError> {
        let Self { state, packed, unpacked, limit } = self;
        let mut sink = |bytes: &[u8]| give(bytes, unpacked, *limit, sink);
        match state {
            State::Beginning(_) => {}
            State::Plain => {
                *packed += chunk.len() as u64;
                sink(chunk)?;
            }
            State::Gzip(gzip) => {
                gzip.push(chunk, *packed, &mut sink)?;
                *packed += chunk.len() as u64;
            }
            State::Zstd(zstd) => {
                zstd.push(chunk, *packed, &mut sink)?;
                *packed += chunk.len() as u64;
            }
        }
        Ok(())
    }
}

/// Gives unpacked bytes on, unless they are too many.
fn give(bytes: &[u8], unpacked: &mut u64, limit: u64, sink: Sink<'_>) -> Result<(), TraceError> {
    *unpacked += bytes.len() as u64;
    if *unpacked > limit {
        return Err(TraceError::Bytes(limit));
    }
    sink(bytes)
}

impl State {
    fn of(beginning: &[u8]) -> Self {
        match beginning {
            [0x1f, 0x8b, ..] => Self::Gzip(Box::new(Gzip::new())),
            // A frame, or one of those that are skipped.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                Self::Zstd(Box::new(Zstd::new()))
            }
            _ => Self::Plain,
        }
    }
}
