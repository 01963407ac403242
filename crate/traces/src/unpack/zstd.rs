//! Decodes zstd (RFC 8878) in pieces of any length.

use std::io::Read;

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::sink::{Sink, damaged};
use crate::error::TraceError;

/// The largest window of a frame: what `zstd --long` makes.
const LARGEST_WINDOW: u64 = 128 << 20;
/// The most bytes of a block, packed or not (RFC 8878, 3.1.1.2.4).
const LARGEST_BLOCK: usize = 128 << 10;
/// The most bytes of a frame's header with its magic number.
const LARGEST_HEADER: usize = 18;
/// The bytes before a block, and behind the last one if the frame has a checksum.
const BLOCK_HEADER: usize = 3;
const CHECKSUM: usize = 4;

/// A decoder of zstd frames, one after the other (RFC 8878).
pub(super) struct Zstd {
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
    pub(super) fn new() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(LARGEST_WINDOW);
        let buffer = vec![0; LARGEST_BLOCK];
        Self { decoder, packed: Vec::new(), skip: 0, frame: None, buffer }
    }

    /// Whether the stream may end here.
    pub(super) fn is_at_end(&self) -> bool {
        self.frame.is_none() && self.packed.is_empty() && self.skip == 0
    }

    /// Takes the next bytes; `at` counts those before, for errors.
    pub(super) fn push(&mut self, bytes: &[u8], at: u64, sink: Sink<'_>) -> Result<(), TraceError> {
        // No more than a block and one piece is kept.
        for (index, piece) in bytes.chunks(LARGEST_BLOCK).enumerate() {
            self.packed.extend_from_slice(piece);
            self.advance(false, at + (index * LARGEST_BLOCK) as u64, sink)?;
        }
        Ok(())
    }

    /// Ends the stream.
    pub(super) fn finish(&mut self, at: u64, sink: Sink<'_>) -> Result<(), TraceError> {
        self.advance(true, at, sink)?;
        if let Some(has_checksum) = self.frame {
            // The decoder keeps the frame's window until its last block has come: an empty one gives it free.
            let last = [1, 0, 0, 0, 0, 0, 0];
            let count = BLOCK_HEADER + if has_checksum { CHECKSUM } else { 0 };
            self.decode(&last[..count], at, sink)?;
        }
        Ok(())
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
        self.decode(block, at, sink)?;
        if is_last {
            self.frame = None;
            let found = self.decoder.get_checksum_from_data();
            if found.is_some() && found != self.decoder.get_calculated_checksum() {
                return Err(damaged("zstd", at, "the checksum is another"));
            }
        }
        Ok(Some(count))
    }

    /// Decodes one block, and gives on what no later block refers to.
    fn decode(&mut self, block: &[u8], at: u64, sink: Sink<'_>) -> Result<(), TraceError> {
        self.decoder
            .decode_blocks(block, BlockDecodingStrategy::UptoBlocks(1))
            .map_err(|error| damaged("zstd", at, error))?;
        while self.decoder.can_collect() > 0 {
            let count =
                self.decoder.read(&mut self.buffer).map_err(|error| damaged("zstd", at, error))?;
            sink(&self.buffer[..count])?;
        }
        Ok(())
    }
}
