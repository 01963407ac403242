//! Reads the text of a rule as symbols.

use crate::steps::Binary;

/// A symbol of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbol<'a> {
    Number(u64),
    Name(&'a str),
    Binary(Binary),
    Not,
    Question,
    Colon,
    Open,
    Close,
    Becomes,
    Semicolon,
    /// What no symbol begins with, or a number that is too large.
    Wrong(&'a str),
    End,
}

/// Longer symbols before those that they begin with.
const MARKS: [(&str, Symbol<'static>); 24] = [
    ("||", Symbol::Binary(Binary::Or)),
    ("&&", Symbol::Binary(Binary::And)),
    ("==", Symbol::Binary(Binary::Equal)),
    ("!=", Symbol::Binary(Binary::Unequal)),
    ("<<", Symbol::Binary(Binary::ShiftLeft)),
    (">>", Symbol::Binary(Binary::ShiftRight)),
    ("<=", Symbol::Binary(Binary::LessOrEqual)),
    (">=", Symbol::Binary(Binary::GreaterOrEqual)),
    ("<", Symbol::Binary(Binary::Less)),
    (">", Symbol::Binary(Binary::Greater)),
    ("|", Symbol::Binary(Binary::BitOr)),
    ("&", Symbol::Binary(Binary::BitAnd)),
    ("+", Symbol::Binary(Binary::Add)),
    ("-", Symbol::Binary(Binary::Subtract)),
    ("*", Symbol::Binary(Binary::Multiply)),
    ("/", Symbol::Binary(Binary::Divide)),
    ("%", Symbol::Binary(Binary::Remainder)),
    ("!", Symbol::Not),
    ("?", Symbol::Question),
    (":", Symbol::Colon),
    ("(", Symbol::Open),
    (")", Symbol::Close),
    ("=", Symbol::Becomes),
    (";", Symbol::Semicolon),
];

/// Returns the symbol that the text has from `at` on behind spaces, where it begins and where it ends.
pub(crate) fn next(text: &str, at: usize) -> (Symbol<'_>, usize, usize) {
    let rest = text[at..].trim_start();
    let start = text.len() - rest.len();
    let while_true = |holds: fn(char) -> bool| {
        let end = rest.find(|letter| !holds(letter)).unwrap_or(rest.len());
        (&rest[..end], start + end)
    };
    let Some(first) = rest.chars().next() else { return (Symbol::End, start, start) };
    if first.is_ascii_alphanumeric() || first == '_' {
        let (word, end) = while_true(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        let symbol = match word.parse() {
            Ok(number) => Symbol::Number(number),
            Err(_) if first.is_ascii_digit() => Symbol::Wrong(word),
            Err(_) => Symbol::Name(word),
        };
        return (symbol, start, end);
    }
    match MARKS.iter().find(|(mark, _)| rest.starts_with(mark)) {
        Some((mark, symbol)) => (*symbol, start, start + mark.len()),
        None => (Symbol::Wrong(&rest[..first.len_utf8()]), start, start + first.len_utf8()),
    }
}
