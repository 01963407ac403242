//! Decodes gzip (RFC 1952) in pieces of any length.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::sink::{Sink, damaged};
use crate::error::TraceError;

/// Unpacked bytes that are given on at a time.
const BUFFER: usize = 64 << 10;

/// The most bytes of a member's header: names and comments are short.
const LARGEST_HEADER: usize = 1 << 20;

/// The bytes behind a member's data: a checksum and a length.
const TRAILER: usize = 8;

/// A decoder of members, one after the other.
pub(super) struct Gzip {
    part: Part,
    inflate: Decompress,
    checksum: Crc,
    buffer: Vec<u8>,
}

/// What comes next.
enum Part {
    /// A header, of which these bytes are there. Zeros may stand before it, but before the first.
    Header(Vec<u8>),
    Data,
    Trailer(Vec<u8>),
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self {
            part: Part::Header(Vec::new()),
            inflate: Decompress::new(false),
            checksum: Crc::new(),
            buffer: vec![0; BUFFER],
        }
    }

    /// Whether the stream may end here.
    pub(super) fn is_at_end(&self) -> bool {
        matches!(&self.part, Part::Header(header) if header.is_empty())
    }

    /// Takes the next bytes; `at` counts those before, for errors.
    pub(super) fn push(&mut self, bytes: &[u8], at: u64, sink: Sink<'_>) -> Result<(), TraceError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let here = at + (bytes.len() - rest.len()) as u64;
            let refuse = |message: &str| damaged("gzip", here, message);
            let (taken, next) = match &mut self.part {
                Part::Header(header) if header.is_empty() && rest[0] == 0 => (1, None),
                Part::Header(header) => {
                    header.push(rest[0]);
                    let is_whole = header_is_whole(header).map_err(refuse)?;
                    if is_whole {
                        self.inflate.reset(false);
                        self.checksum.reset();
                    }
                    (1, is_whole.then_some(Part::Data))
                }
                Part::Data => {
                    let before = (self.inflate.total_in(), self.inflate.total_out());
                    let status = self
                        .inflate
                        .decompress(rest, &mut self.buffer, FlushDecompress::None)
                        .map_err(|error| damaged("gzip", here, error))?;
                    let taken = (self.inflate.total_in() - before.0) as usize;
                    let given = (self.inflate.total_out() - before.1) as usize;
                    self.checksum.update(&self.buffer[..given]);
                    sink(&self.buffer[..given])?;
                    if status != Status::StreamEnd && taken == 0 && given == 0 {
                        return Err(refuse("the data makes no progress"));
                    }
                    (taken, (status == Status::StreamEnd).then(|| Part::Trailer(Vec::new())))
                }
                Part::Trailer(trailer) => {
                    trailer.push(rest[0]);
                    let is_whole = trailer.len() == TRAILER;
                    let (sum, length) = (self.checksum.sum(), self.checksum.amount());
                    if is_whole && *trailer != [sum.to_le_bytes(), length.to_le_bytes()].concat() {
                        return Err(refuse("the checksum is another"));
                    }
                    (1, is_whole.then(|| Part::Header(Vec::new())))
                }
            };
            rest = &rest[taken..];
            if let Some(next) = next {
                self.part = next;
            }
        }
        Ok(())
    }
}

/// Whether a header is whole, whose last byte has just come.
fn header_is_whole(header: &[u8]) -> Result<bool, &'static str> {
    const CHECKSUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    if !header.iter().zip([0x1f, 0x8b, 8]).all(|(found, wanted)| *found == wanted) {
        return Err("what stands here is no gzip member");
    }
    if header.len() > LARGEST_HEADER {
        return Err("the header is longer than a megabyte");
    }
    let Some((fixed, mut rest)) = header.split_first_chunk::<10>() else { return Ok(false) };
    let flags = fixed[3];
    if flags & EXTRA != 0 {
        let Some((length, after)) = rest.split_first_chunk() else { return Ok(false) };
        let Some(after) = after.get(u16::from_le_bytes(*length) as usize..) else {
            return Ok(false);
        };
        rest = after;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let Some(end) = memchr::memchr(0, rest) else { return Ok(false) };
            rest = &rest[end + 1..];
        }
    }
    let checksum = if flags & CHECKSUM != 0 { 2 } else { 0 };
    Ok(rest.len() >= checksum)
}
