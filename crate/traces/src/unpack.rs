//! Unpacks gzip and zstd in pieces of any length. What is packed is known by its first bytes; all else is left as it is.

use std::io::{ErrorKind, Read, Write};

use flate2::write::MultiGzDecoder;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::error::TraceError;

/// Takes unpacked bytes.
type Sink<'sink> = &'sink mut dyn FnMut(&[u8]) -> Result<(), TraceError>;

/// The largest window of a zstd frame: what `zstd --long` takes.
const LARGEST_WINDOW: u64 = 128 << 20;

/// How many packed bytes are unpacked at a time. Deflate makes at most 1032 bytes of one.
const STEP: usize = 1024;

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
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
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
            State::Gzip(decoder) => {
                let ended = decoder.try_finish();
                sink(decoder.get_ref())?;
                decoder.get_mut().clear();
                match ended {
                    Ok(()) => Ok(true),
                    Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
                    Err(error) => Err(damaged("gzip", *packed, error)),
                }
            }
            State::Zstd(zstd) => {
                zstd.advance(true, *packed, &mut sink)?;
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
            State::Gzip(decoder) => {
                for step in chunk.chunks(STEP) {
                    decoder.write_all(step).map_err(|error| damaged("gzip", *packed, error))?;
                    *packed += step.len() as u64;
                    sink(decoder.get_ref())?;
                    decoder.get_mut().clear();
                }
            }
            State::Zstd(zstd) => {
                for step in chunk.chunks(LARGEST_BLOCK) {
                    zstd.packed.extend_from_slice(step);
                    zstd.advance(false, *packed, &mut sink)?;
                    *packed += step.len() as u64;
                }
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

fn damaged(packing: &'static str, at: u64, message: impl std::fmt::Display) -> TraceError {
    TraceError::Damaged { packing, at, message: message.to_string().replace('\n', " ") }
}

impl State {
    fn of(beginning: &[u8]) -> Self {
        match beginning {
            [0x1f, 0x8b, ..] => Self::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
            // A frame, or one of those that are skipped.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                Self::Zstd(Box::new(Zstd::new()))
            }
            _ => Self::Plain,
        }
    }
}

/// The most bytes of a block, packed or not (RFC 8878, 3.1.1.2.4).
const LARGEST_BLOCK: usize = 128 << 10;
/// The most bytes of a frame's header with its magic number.
const LARGEST_HEADER: usize = 18;
/// The bytes before a block, and behind the last one if the frame has a checksum.
const BLOCK_HEADER: usize = 3;
const CHECKSUM: usize = 4;

/// A decoder of zstd frames, one after the other (RFC 8878).
struct Zstd {
    decoder: FrameDecoder,
    /// Packed bytes that are not decoded yet: less than a block and the next piece.
    packed: Vec<u8>,
    /// Bytes of a skipped frame that are still to come.
    skip: u64,
    /// Whether a frame has begun and is not at its end, and whether a checksum ends it.
    frame: Option<bool>,
    buffer: Vec<u8>,
}

impl Zstd {
    fn new() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(LARGEST_WINDOW);
        let buffer = vec![0; LARGEST_BLOCK];
        Self { decoder, packed: Vec::new(), skip: 0, frame: None, buffer }
    }

    /// Whether the stream may end here.
    fn is_at_end(&self) -> bool {
        self.frame.is_none() && self.packed.is_empty() && self.skip == 0
    }

    /// Decodes what is there as whole; `at` counts the packed bytes before, for errors.
    fn advance(&mut self, is_last: bool, at: u64, sink: Sink<'_>) -> Result<(), TraceError> {
        let packed = std::mem::take(&mut self.packed);
        let mut rest = &packed[..];
        while let Some(count) = self.step(rest, is_last, at, sink)? {
            rest = &rest[count..];
        }
        self.packed = rest.to_vec();
        Ok(())
    }

    /// Decodes a header, a block, or some of a skipped frame, and returns how many bytes it had; `None` if not all of
    /// it is there.
    fn step(
        &mut self,
        packed: &[u8],
        is_last: bool,
        at: u64,
        sink: Sink<'_>,
    ) -> Result<Option<usize>, TraceError> {
        if packed.is_empty() {
            return Ok(None);
        }
        if self.skip > 0 {
            let count = packed.len().min(usize::try_from(self.skip).unwrap_or(usize::MAX));
            self.skip -= count as u64;
            return Ok(Some(count));
        }
        match self.frame {
            None => self.header(packed, is_last, at),
            Some(has_checksum) => self.block(packed, has_checksum, at, sink),
        }
    }

    fn header(
        &mut self,
        packed: &[u8],
        is_last: bool,
        at: u64,
    ) -> Result<Option<usize>, TraceError> {
        if let [0x50..=0x5f, 0x2a, 0x4d, 0x18, length @ ..] = packed {
            let Some(length) = length.first_chunk() else { return Ok(None) };
            self.skip = u32::from_le_bytes(*length).into();
            return Ok(Some(8));
        }
        // A header says how long it is, and is shorter than this; so a whole frame may be.
        if packed.len() < LARGEST_HEADER && !is_last {
            return Ok(None);
        }
        let mut rest = packed;
        match self.decoder.reset(&mut rest) {
            Ok(()) => {
                // Bit 2 of the descriptor, which follows the magic number.
                self.frame = Some(packed[4] & 4 != 0);
                Ok(Some(packed.len() - rest.len()))
            }
            Err(_) if packed.len() < LARGEST_HEADER => Ok(None),
            Err(error) => Err(damaged("zstd", at, error)),
        }
    }

    fn block(
        &mut self,
        packed: &[u8],
        has_checksum: bool,
        at: u64,
        sink: Sink<'_>,
    ) -> Result<Option<usize>, TraceError> {
        let [one, two, three, ..] = *packed else { return Ok(None) };
        let header = u32::from_le_bytes([one, two, three, 0]);
        let (is_last, is_repeat) = (header & 1 == 1, header >> 1 & 3 == 1);
        let content = if is_repeat { 1 } else { (header >> 3) as usize };
        if content > LARGEST_BLOCK {
            let message = format!("a block of {content} bytes, {LARGEST_BLOCK} are the most");
            return Err(damaged("zstd", at, message));
        }
        let checksum = if is_last && has_checksum { CHECKSUM } else { 0 };
        let count = BLOCK_HEADER + content + checksum;
        let Some(block) = packed.get(..count) else { return Ok(None) };
        self.decoder
            .decode_blocks(block, BlockDecodingStrategy::UptoBlocks(1))
            .map_err(|error| damaged("zstd", at, error))?;
        while self.decoder.can_collect() > 0 {
            let count =
                self.decoder.read(&mut self.buffer).map_err(|error| damaged("zstd", at, error))?;
            sink(&self.buffer[..count])?;
        }
        if is_last {
            self.frame = None;
            let found = self.decoder.get_checksum_from_data();
            if found.is_some() && found != self.decoder.get_calculated_checksum() {
                return Err(damaged("zstd", at, "the checksum is another"));
            }
        }
        Ok(Some(count))
    }
}
