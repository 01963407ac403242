//! What the decoders give, and what they refuse.

use std::fmt::Display;

use crate::error::TraceError;

/// Takes unpacked bytes.
pub(super) type Sink<'sink> = &'sink mut dyn FnMut(&[u8]) -> Result<(), TraceError>;

/// The error of packed data that is none, after `at` bytes.
pub(super) fn damaged(packing: &'static str, at: u64, message: impl Display) -> TraceError {
    TraceError::Damaged { packing, at, message: message.to_string().replace('\n', " ") }
}
