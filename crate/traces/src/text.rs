//! Writes the project's own format.

use std::io::Write;

use crate::reference::Reference;
use crate::summary::Summary;

/// A text of references, which its owner takes piece by piece.
#[derive(Clone, Debug, Default)]
pub struct Text(Vec<u8>);

impl Text {
    /// Begins with nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a comment, as one line.
    pub fn comment(&mut self, comment: &str) {
        self.0.extend_from_slice(b"# ");
        let line = comment.chars().map(|sign| if sign.is_control() { ' ' } else { sign });
        let mut bytes = [0; 4];
        for sign in line {
            self.0.extend_from_slice(sign.encode_utf8(&mut bytes).as_bytes());
        }
        self.0.push(b'\n');
    }

    /// Adds a reference.
    pub fn reference(&mut self, Reference { page, write }: Reference) {
        let mut digits = [0; 10];
        let (mut first, mut rest) = (digits.len(), page);
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.0.extend_from_slice(&digits[first..]);
        self.0.extend_from_slice(if write { b"w\n" } else { b"\n" });
    }

    /// Adds where the pages have been, as comments that the reader reads.
    pub fn places(&mut self, summary: &Summary) {
        let Some(size) = summary.page_size else { return };
        let mut line = |text: std::fmt::Arguments<'_>| {
            // Writing to a vector cannot fail.
            let _ = writeln!(self.0, "# {text}");
        };
        line(format_args!("page size {size}"));
        for range in &summary.ranges {
            let name: String = range
                .name
                .iter()
                .flat_map(|name| name.chars())
                .filter(|sign| !sign.is_whitespace() && !sign.is_control())
                .collect();
            let kind = range.kind.name();
            line(format_args!("range 0x{:x}-0x{:x} {kind} {name}", range.first, range.last));
        }
        for place in &summary.places {
            line(format_args!("pages {}+{} at 0x{:x}", place.page, place.count, place.address));
        }
    }

    /// Adds another text.
    pub fn append(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// Returns the text that was added.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Hands the text that was added to its owner.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }

    /// Forgets the text that was added, after its owner has taken it.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
