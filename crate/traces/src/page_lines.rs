//! Finds and reads the lines of the project's own format that are digits with or without a `w`, which nearly all are: a
//! few steps for eight bytes at once, none of which waits for the line before.

use crate::reference::Reference;

/// The bytes in which ends of lines are found at once.
pub(crate) const BLOCK: usize = 64;

const WORD: usize = size_of::<u64>();

/// A block, and the bytes before it that a short line may begin in.
pub(crate) type Window = [u8; WORD + BLOCK];

/// Returns the window of the block that begins at `place`, if all of it is there. `first` is that of the first block.
#[inline]
pub(crate) fn window<'bytes>(
    bytes: &'bytes [u8],
    place: usize,
    first: &'bytes Option<Window>,
) -> Option<&'bytes Window> {
    match place.checked_sub(WORD) {
        Some(before) => bytes.get(before..)?.first_chunk(),
        None => first.as_ref(),
    }
}

/// Returns the window of the first block, before which are zeros, if all of it is there.
pub(crate) fn first_window(bytes: &[u8]) -> Option<Window> {
    let mut window = [0; WORD + BLOCK];
    window[WORD..].copy_from_slice(bytes.first_chunk::<BLOCK>()?);
    Some(window)
}

/// A word with the same byte eight times.
const fn all(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; WORD])
}

/// Returns a bit for each byte of the block that ends a line.
#[inline]
pub(crate) fn ends(window: &Window) -> u64 {
    // Bit 8 i of a factor goes to bit 56 + i of the product, and no other bit goes there.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (words, _) = window.as_chunks();
    words[1..].iter().rev().fold(0, |ends, word| {
        let other = u64::from_le_bytes(*word) ^ all(b'\n');
        let is_other = ((other & all(0x7f)) + all(0x7f)) | other;
        let is_end = !is_other >> 7 & all(1);
        ends << WORD | is_end.wrapping_mul(GATHER) >> 56
    })
}

/// A short line: its bytes from the lowest on, and its end after them, so that no other line is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Short(u64);

impl Short {
    /// Takes the line of so many bytes that ends at this place of the block; None if it is longer than a word with its
    /// end.
    #[inline]
    pub(crate) fn of(window: &Window, end: usize, length: usize) -> Option<Self> {
        let others = (WORD - 1).checked_sub(length)?;
        // The end is in the block; the compiler is told, so that it checks nothing.
        let word = window[end % BLOCK + 1..].first_chunk()?;
        Some(Self(u64::from_le_bytes(*word) >> (8 * others)))
    }

    /// Reads it: the page, and whether it is written; None if it is not digits with or without a `w`.
    fn read(self) -> Option<Reference> {
        let length = WORD - 1 - self.0.leading_zeros() as usize / 8;
        // The last byte is the highest.
        let bytes = self.0.checked_shl(64 - 8 * length as u32)?;
        let write = bytes >> 56 == b'w'.into();
        let count = length - usize::from(write);
        let bytes = if write { bytes << 8 } else { bytes };
        let digits = bytes ^ all(b'0').checked_shl(64 - 8 * count as u32)?;
        if (digits.wrapping_add(all(6)) | digits) & all(0xf0) != 0 {
            return None;
        }
        // Pairs of digits, then all four pairs.
        let pairs = digits * 10 + (digits >> 8);
        let high = (pairs & 0xff_0000_00ff).wrapping_mul(100 + (1_000_000 << 32));
        let low = (pairs >> 16 & 0xff_0000_00ff).wrapping_mul(1 + (10_000 << 32));
        let page = (high.wrapping_add(low) >> 32) as u32;
        Some(Reference { page, write })
    }
}

/// The places of a table of lines, as a power of two.
const PLACES: u32 = 12;

/// The references of lines that were read lately, by their bytes; a line that is no line is an empty place.
pub(crate) struct Lately(Box<[(u64, Reference); 1 << PLACES]>);

impl Lately {
    pub(crate) fn new() -> Self {
        let empty = (0, Reference { page: 0, write: false });
        let places = vec![empty; 1 << PLACES].into_boxed_slice();
        Self(places.try_into().expect("there are so many"))
    }

    #[inline]
    fn place(line: Short) -> usize {
        // Multiplicative hashing by the golden ratio (Knuth).
        (line.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - PLACES)) as usize
    }

    /// Returns the reference of a line that it has.
    #[inline]
    pub(crate) fn find(&self, line: Short) -> Option<Reference> {
        let (known, reference) = self.0[Self::place(line)];
        (known == line.0).then_some(reference)
    }

    /// Reads a line, and keeps it in the place of another; None if it is not digits with or without a `w`.
    pub(crate) fn read(&mut self, line: Short) -> Option<Reference> {
        let reference = line.read()?;
        self.0[Self::place(line)] = (line.0, reference);
        Some(reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r5_ends_of_lines_are_found_wherever_they_are() {
        // Bytes that differ from an end in one bit, or carry.
        for filling in [b'0', 0x0b, 0x8a, 0x00, 0xff, 0x09, 0x0e] {
            for place in 0..BLOCK {
                let mut block = [filling; WORD + BLOCK];
                block[WORD + place] = b'\n';
                assert_eq!(ends(&block), 1 << place, "{filling} {place}");
                block[WORD + BLOCK - 1 - place] = b'\n';
                assert_eq!(ends(&block), 1 << place | 1 << (BLOCK - 1 - place));
            }
        }
        assert_eq!(ends(&[b'\n'; WORD + BLOCK]), u64::MAX);
    }

    fn short(line: &[u8]) -> Option<Short> {
        let mut bytes = [&[b'7'; BLOCK], line, b"\n"].concat();
        let end = bytes.len() - 1 - BLOCK;
        bytes.resize(2 * BLOCK, b'7');
        Short::of(window(&bytes, BLOCK, &None).unwrap(), end, line.len())
    }

    fn read(line: &[u8]) -> Option<(u32, bool)> {
        let found = short(line)?.read()?;
        Some((found.page, found.write))
    }

    #[test]
    fn r5_lines_of_digits_are_read_in_one_step_and_others_left() {
        for number in (0..100_000).step_by(7).chain((0..10_000_000).step_by(99_991)) {
            assert_eq!(read(number.to_string().as_bytes()), Some((number, false)));
            let expected = (number < 1_000_000).then_some((number, true));
            assert_eq!(read(format!("{number}w").as_bytes()), expected);
        }
        assert_eq!(read(b"0007"), Some((7, false)));
        assert_eq!(read(b"9999999"), Some((9_999_999, false)));
        for other in ["", "w", "7ww", "7 ", " 7", "-7", "7w7", "12345678", "1234567w", "7\r"] {
            assert_eq!(read(other.as_bytes()), None, "{other:?}");
        }
        for byte in (0..=u8::MAX).filter(|byte| !byte.is_ascii_digit()) {
            for place in 0..3 {
                let mut line = *b"123";
                line[place] = byte;
                let expected = (place == 2 && byte == b'w').then_some((12, true));
                assert_eq!(read(&line), expected, "{byte} {place}");
            }
        }
    }

    #[test]
    fn r5_lines_are_read_at_the_beginning_and_across_blocks() {
        let bytes = [&b"123456\n"[..], &[b'7'; BLOCK - 10], b"123456\n", &[b'7'; BLOCK]].concat();
        let first = first_window(&bytes);
        for (place, end) in [(0, 6), (BLOCK, 3)] {
            let line = Short::of(window(&bytes, place, &first).unwrap(), end, 6).unwrap();
            assert_eq!(Some(line), short(b"123456"));
        }
        assert_eq!((window(&bytes, 2 * BLOCK, &first), first_window(&bytes[..63])), (None, None));
    }

    #[test]
    fn r5_lines_that_were_read_lately_are_found_and_no_others() {
        let mut lately = Lately::new();
        let kept: [(&[u8], _); 3] =
            [(b"12", (12, false)), (b"0", (0, false)), (b"127w", (127, true))];
        for (line, (page, write)) in kept {
            assert_eq!(lately.find(short(line).unwrap()), None);
            let reference = Some(Reference { page, write });
            assert_eq!(lately.read(short(line).unwrap()), reference);
            assert_eq!(lately.find(short(line).unwrap()), reference);
        }
        let lines = (0..=u16::MAX).map(|word| word.to_le_bytes().to_vec());
        let others = [&b""[..], b"w", b"127", b"0127w", b"12\0", b"\0\0\0"].map(Vec::from);
        for line in lines.filter(|line| line != b"12" && !line.contains(&b'\n')).chain(others) {
            assert_eq!(lately.find(short(&line).unwrap()), None, "{line:?}");
        }
        assert_eq!(lately.read(short(b"7x").unwrap()), None);
        assert_eq!(lately.find(short(b"7x").unwrap()), None);
    }
}
