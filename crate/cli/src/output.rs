//! Writes to standard output, which may be a pipe that closes early, and to standard error. Text of a document
//! may be in either, and must not move the cursor, ring or colour: control characters are written as JSON
//! writes them, so that a JSON text stays the same JSON.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};

/// Prints a text and ends its line. A reader that has gone (`faultline schema | head`) is no error.
///
/// # Errors
/// A sentence, if standard output takes no more for another reason.
pub fn print(text: &str) -> Result<(), String> {
    let mut output = io::stdout().lock();
    match output
        .write_all(visible(text.trim_end()).as_bytes())
        .and_then(|()| output.write_all(b"\n"))
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("standard output: {error}"))
        }
        _ => Ok(()),
    }
}

/// Prints a text to standard error, on a line of its own.
pub(crate) fn say(text: &str) {
    eprintln!("{}", visible(text));
}

/// Escapes a text so that it can be shown: control characters but line ends, and those that turn the direction
/// of writing, become `\u001b` and the like.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    shown(text, |character| character != '\n' && is_unseen(character))
}

/// Escapes a text that is one line, line ends too.
pub(crate) fn visible_line(text: &str) -> Cow<'_, str> {
    shown(text, is_unseen)
}

fn is_unseen(character: char) -> bool {
    let turns = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    character.is_control() || turns
}

fn shown(text: &str, is_unseen: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_unseen) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unseen(character) {
            // They are all below U+10000. Writing to a string cannot fail.
            let _ = write!(shown, "\\u{:04x}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r5_control_characters_are_written_as_json_has_them() {
        let text = "a\u{1b}[2J\u{7}b\u{9b}1m\u{7f}\u{202e}c\td\ne";
        let expected = "a\\u001b[2J\\u0007b\\u009b1m\\u007f\\u202ec\\u0009d\ne";
        assert_eq!(visible(text), expected);
        assert_eq!(visible_line("a\nb"), "a\\u000ab");
        assert!(matches!(visible("plain, \u{e9}, 日本\n"), Cow::Borrowed(_)));
        let json = serde_json::to_string(text).unwrap();
        assert_eq!(serde_json::from_str::<String>(&visible(&json)).unwrap(), text);
    }
}
