//! Reads digits of a text as numbers.

/// Reads hexadecimal digits, of which there may be leading zeros. `None` if there are none, or another byte is among
/// them, or the number has more than 64 bits.
pub(crate) fn hex(digits: &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for byte in digits {
        if number >> 60 != 0 {
            return None;
        }
        number = number << 4 | u64::from((*byte as char).to_digit(16)?);
    }
    (!digits.is_empty()).then_some(number)
}

/// Reads decimal digits, under the same conditions.
pub(crate) fn decimal(digits: &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
    }
    (!digits.is_empty()).then_some(number)
}

/// Reads `0x` and hexadecimal digits.
pub(crate) fn prefixed_hex(text: &[u8]) -> Option<u64> {
    hex(text.strip_prefix(b"0x").or_else(|| text.strip_prefix(b"0X"))?)
}

/// Reads a number that is hexadecimal if it begins with `0x`, else decimal.
pub(crate) fn any(text: &[u8]) -> Option<u64> {
    prefixed_hex(text).or_else(|| decimal(text))
}

/// Iterates over the words of a line, which spaces and tabs separate.
pub(crate) fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty())
}
