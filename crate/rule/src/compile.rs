//! Compiles the text of a rule: reads it from left to right, by the grammar of `lib.rs`, and writes each step behind
//! those that it needs.

use std::fmt::{self, Display};

use crate::read::{Symbol, next};
use crate::steps::{AGAIN, Binary, EVICT, KEEP, MOST_HEIGHT, Name, Step};
use crate::{MOST_BYTES, MOST_DEPTH, MOST_STEPS, Rule};

const NAMES: [(&str, Name); 6] = [
    ("accessed", Name::Accessed),
    ("dirty", Name::Dirty),
    ("shared", Name::Shared),
    ("round", Name::Round),
    ("now", Name::Now),
    ("note", Name::Note),
];

const VERDICTS: [(&str, u64); 3] = [("evict", EVICT), ("again", AGAIN), ("keep", KEEP)];

/// Operators by how loosely they bind, the loosest first.
const LEVELS: [&[Binary]; 8] = [
    &[Binary::Or],
    &[Binary::And],
    &[
        Binary::Equal,
        Binary::Unequal,
        Binary::Less,
        Binary::LessOrEqual,
        Binary::Greater,
        Binary::GreaterOrEqual,
    ],
    &[Binary::BitOr],
    &[Binary::BitAnd],
    &[Binary::ShiftLeft, Binary::ShiftRight],
    &[Binary::Add, Binary::Subtract],
    &[Binary::Multiply, Binary::Divide, Binary::Remainder],
];

/// The level of comparisons, of which no two stand beside each other.
const COMPARISONS: usize = 2;

/// Why a text is no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The column where it is wrong, from 1, in characters.
    pub column: usize,
    /// What is wrong there.
    pub found: String,
    /// What is legal there.
    pub legal: String,
}

impl Display for RuleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "column {}: {}; legal: {}", self.column, self.found, self.legal)
    }
}

impl std::error::Error for RuleError {}

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Verdict,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Verdict => "a verdict",
        }
    }
}

struct Compiler<'a> {
    text: &'a str,
    symbol: Symbol<'a>,
    /// Where the symbol begins and ends.
    start: usize,
    end: usize,
    steps: Vec<Step>,
    height: usize,
    depth: usize,
    keeps: bool,
}

pub(crate) fn compile(text: &str) -> Result<Rule, RuleError> {
    let mut compiler = Compiler {
        text,
        symbol: Symbol::End,
        start: 0,
        end: 0,
        steps: Vec::new(),
        height: 0,
        depth: 0,
        keeps: false,
    };
    if text.len() > MOST_BYTES {
        let found = format!("the rule has {} bytes", text.len());
        return Err(RuleError { column: 1, found, legal: format!("at most {MOST_BYTES}") });
    }
    compiler.advance();
    compiler.rule()?;
    let knows_time = compiler.steps.contains(&Step::Ask(Name::Now));
    let keeps = compiler.keeps;
    Ok(Rule { text: text.into(), steps: compiler.steps.into(), keeps, knows_time })
}

impl<'a> Compiler<'a> {
    fn rule(&mut self) -> Result<(), RuleError> {
        while self.is_assignment() {
            self.advance();
            self.advance();
            let at = self.start;
            let kind = self.choice()?;
            self.needs(Kind::Number, kind, at)?;
            self.write(Step::SetNote, 1, 0)?;
            self.expect(Symbol::Semicolon, "an operator, or ; and what becomes of the page")?;
        }
        if self.choice()? == Kind::Number {
            self.write(Step::AsVerdict, 1, 1)?;
        }
        self.expect(Symbol::End, "an operator, or the end")
    }

    /// Whether a note is set here.
    fn is_assignment(&self) -> bool {
        self.symbol == Symbol::Name("note") && next(self.text, self.end).0 == Symbol::Becomes
    }

    fn choice(&mut self) -> Result<Kind, RuleError> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(self.error("this is nested too deeply", &format!("{MOST_DEPTH} levels")));
        }
        let at = self.start;
        let mut kind = self.level(0)?;
        if self.symbol == Symbol::Question {
            self.needs(Kind::Number, kind, at)?;
            self.advance();
            kind = self.choice()?;
            self.expect(Symbol::Colon, "an operator, or : and the other choice")?;
            let at = self.start;
            let other = self.choice()?;
            self.needs(kind, other, at)?;
            self.write(Step::Choose, 3, 1)?;
        }
        self.depth -= 1;
        Ok(kind)
    }

    /// Compiles operators of this level, and of those that bind tighter.
    fn level(&mut self, level: usize) -> Result<Kind, RuleError> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let at = self.start;
        let mut kind = self.level(level + 1)?;
        let mut has_compared = false;
        while let Symbol::Binary(operator) = self.symbol
            && operators.contains(&operator)
        {
            if level == COMPARISONS && has_compared {
                return Err(self.wrong("&&, || or ?"));
            }
            has_compared = true;
            self.needs(Kind::Number, kind, at)?;
            self.advance();
            let right = self.start;
            kind = self.level(level + 1)?;
            self.needs(Kind::Number, kind, right)?;
            self.write(Step::Binary(operator), 2, 1)?;
        }
        Ok(kind)
    }

    fn unary(&mut self) -> Result<Kind, RuleError> {
        let mut inversions = 0;
        while self.symbol == Symbol::Not {
            inversions += 1;
            self.advance();
        }
        let at = self.start;
        let kind = self.primary()?;
        for _ in 0..inversions {
            self.needs(Kind::Number, kind, at)?;
            self.write(Step::Not, 1, 1)?;
        }
        Ok(kind)
    }

    fn primary(&mut self) -> Result<Kind, RuleError> {
        match self.symbol {
            Symbol::Number(number) => {
                self.write(Step::Number(number), 0, 1)?;
                self.advance();
                Ok(Kind::Number)
            }
            Symbol::Name(name) => {
                let known = NAMES.iter().find(|(known, _)| *known == name);
                let verdict = VERDICTS.iter().find(|(verdict, _)| *verdict == name);
                let (step, kind) = match (known, verdict) {
                    (Some((_, name)), _) => (Step::Ask(*name), Kind::Number),
                    (None, Some((_, verdict))) => {
                        self.keeps |= *verdict == KEEP;
                        (Step::Number(*verdict), Kind::Verdict)
                    }
                    (None, None) => return Err(self.wrong(&names())),
                };
                self.write(step, 0, 1)?;
                self.advance();
                Ok(kind)
            }
            Symbol::Open => {
                self.advance();
                let kind = self.choice()?;
                self.expect(Symbol::Close, "an operator, or )")?;
                Ok(kind)
            }
            _ => Err(self.wrong(&format!("a number, !, (, {}", names()))),
        }
    }

    /// Writes a step, which takes so many numbers off the stack and leaves so many.
    fn write(&mut self, step: Step, takes: usize, leaves: usize) -> Result<(), RuleError> {
        self.height = self.height + leaves - takes;
        if self.steps.len() == MOST_STEPS {
            let legal = format!("at most {MOST_STEPS} numbers, names and operators");
            return Err(self.error("the rule goes on", &legal));
        }
        if self.height > MOST_HEIGHT {
            let legal = format!("{MOST_HEIGHT} at most");
            return Err(self.error("too many numbers wait for an operator", &legal));
        }
        self.steps.push(step);
        Ok(())
    }

    fn advance(&mut self) {
        (self.symbol, self.start, self.end) = next(self.text, self.end);
    }

    fn expect(&mut self, symbol: Symbol<'a>, legal: &str) -> Result<(), RuleError> {
        if self.symbol != symbol {
            return Err(self.wrong(legal));
        }
        self.advance();
        Ok(())
    }

    fn needs(&self, needed: Kind, found: Kind, at: usize) -> Result<(), RuleError> {
        if needed == found {
            return Ok(());
        }
        let found = format!("this is {}", found.name());
        Err(RuleError { column: self.column(at), found, legal: needed.name().to_owned() })
    }

    /// The error that the present symbol is not what is legal here.
    fn wrong(&self, legal: &str) -> RuleError {
        let found = match self.symbol {
            Symbol::End => "the rule ends".to_owned(),
            _ => format!("found {:?}", &self.text[self.start..self.end]),
        };
        self.error(&found, legal)
    }

    fn error(&self, found: &str, legal: &str) -> RuleError {
        let column = self.column(self.start);
        RuleError { column, found: found.to_owned(), legal: legal.to_owned() }
    }

    fn column(&self, at: usize) -> usize {
        self.text[..at].chars().count() + 1
    }
}

/// Lists the names that are known.
fn names() -> String {
    let known = NAMES.iter().map(|(name, _)| *name);
    known.chain(VERDICTS.iter().map(|(name, _)| *name)).collect::<Vec<_>>().join(", ")
}
