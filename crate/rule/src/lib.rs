//! Compiles a replacement policy that is written as an expression, and evaluates it for a page that is looked at.
//!
//! A rule says what becomes of the page: `accessed ? again : evict` is the clock. Before that it may set the page's
//! note, a number that it finds again at the next look: `note = accessed ? now : note; now - note > 500`. It is
//! compiled to steps without a jump, so it takes as many steps as it has, and ends.
//!
//! ```text
//! rule      = { "note" "=" choice ";" } choice
//! choice    = any [ "?" choice ":" choice ]
//! any       = all { "||" all }
//! all       = compared { "&&" compared }
//! compared  = bits [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) bits ]
//! bits      = both { "|" both }
//! both      = shifted { "&" shifted }
//! shifted   = sum { ( "<<" | ">>" ) sum }
//! sum       = product { ( "+" | "-" ) product }
//! product   = unary { ( "*" | "/" | "%" ) unary }
//! unary     = { "!" } ( NUMBER | NAME | "(" choice ")" )
//! ```
//!
//! Numbers have 64 bits and no sign. What would be larger than the largest is the largest, what would be less than 0
//! is 0, a division by 0 gives 0, and a shift by 64 or more too. What compares, and `!`, gives 1 or 0; any number but 0
//! is true. The last expression is a verdict, or a number: 0 is `again`, any other `evict`.

#![forbid(unsafe_code)]

mod compile;
mod read;
mod steps;

use std::fmt::{self, Display};
use std::sync::Arc;

pub use compile::RuleError;
use steps::Step;
pub use steps::{Seen, Verdict};

/// The most bytes of a rule.
pub const MOST_BYTES: usize = 500;

/// The most steps of a rule: numbers, names and operators.
pub const MOST_STEPS: usize = 100;

/// How deeply parentheses and choices of a rule can be nested.
pub const MOST_DEPTH: usize = 16;

/// The rounds of a search. In the last one a page goes whatever the rule says, so that each search ends with a victim.
pub const ROUNDS: u32 = 10;

/// A rule that is compiled.
#[derive(Clone, Debug)]
pub struct Rule {
    text: Arc<str>,
    steps: Arc<[Step]>,
    keeps: bool,
    knows_time: bool,
}

impl Rule {
    /// Compiles a rule.
    ///
    /// # Errors
    /// Where the text is no rule, what was found there, and what is legal.
    pub fn new(text: &str) -> Result<Self, RuleError> {
        compile::compile(text)
    }

    /// Returns its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it can say `keep`: its hand leaves pages where they are.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.keeps
    }

    /// Whether it asks for the time.
    #[must_use]
    pub fn knows_time(&self) -> bool {
        self.knows_time
    }

    /// Returns what becomes of a page, and its new note.
    #[must_use]
    pub fn judge(&self, seen: Seen) -> (Verdict, u64) {
        let (verdict, note) = steps::run(&self.steps, seen);
        let is_last = seen.round + 1 >= ROUNDS.into();
        (if is_last { Verdict::Evict } else { verdict }, note)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Rule {}

impl std::hash::Hash for Rule {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
