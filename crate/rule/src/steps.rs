//! The steps of a compiled rule, and their evaluation on a stack.

/// The most numbers that are on the stack at a time.
pub(crate) const MOST_HEIGHT: usize = 32;

/// What becomes of a page that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the victim.
    Evict,
    /// It goes to the end, as if it had just come.
    Again,
    /// It stays where it is, and the hand goes on.
    Keep,
}

/// What a rule knows of a page that it looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Whether the page was accessed since it was looked at last.
    pub accessed: bool,
    /// Whether it would have to be written.
    pub dirty: bool,
    /// Whether more than one PTE refers to its frame.
    pub shared: bool,
    /// How many rounds over all pages this search has behind it.
    pub round: u64,
    /// How many references there were.
    pub now: u64,
    /// What the rule noted of the page, 0 when it came.
    pub note: u64,
}

/// What a rule can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Accessed,
    Dirty,
    Shared,
    Round,
    Now,
    Note,
}

/// An operation on the two numbers on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    BitOr,
    BitAnd,
    ShiftLeft,
    ShiftRight,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Number(u64),
    Ask(Name),
    Not,
    Binary(Binary),
    /// Leaves of the three on top the second if the first is true, else the third.
    Choose,
    /// Takes the new note off the stack.
    SetNote,
    /// Makes a verdict of a number.
    AsVerdict,
}

/// Verdicts as numbers.
pub(crate) const AGAIN: u64 = 0;
pub(crate) const EVICT: u64 = 1;
pub(crate) const KEEP: u64 = 2;

impl Name {
    #[inline]
    fn of(self, seen: &Seen) -> u64 {
        match self {
            Self::Accessed => seen.accessed.into(),
            Self::Dirty => seen.dirty.into(),
            Self::Shared => seen.shared.into(),
            Self::Round => seen.round,
            Self::Now => seen.now,
            Self::Note => seen.note,
        }
    }
}

impl Binary {
    #[inline]
    fn apply(self, left: u64, right: u64) -> u64 {
        let by = u32::try_from(right).unwrap_or(u32::MAX);
        match self {
            Self::Or => (left != 0 || right != 0).into(),
            Self::And => (left != 0 && right != 0).into(),
            Self::Equal => (left == right).into(),
            Self::Unequal => (left != right).into(),
            Self::Less => (left < right).into(),
            Self::LessOrEqual => (left <= right).into(),
            Self::Greater => (left > right).into(),
            Self::GreaterOrEqual => (left >= right).into(),
            Self::BitOr => left | right,
            Self::BitAnd => left & right,
            Self::ShiftLeft => left.checked_shl(by).unwrap_or(0),
            Self::ShiftRight => left.checked_shr(by).unwrap_or(0),
            Self::Add => left.saturating_add(right),
            Self::Subtract => left.saturating_sub(right),
            Self::Multiply => left.saturating_mul(right),
            Self::Divide => left.checked_div(right).unwrap_or(0),
            Self::Remainder => left.checked_rem(right).unwrap_or(0),
        }
    }
}

/// The numbers on the stack while steps are evaluated. The compiler has counted that they fit.
struct Stack {
    numbers: [u64; MOST_HEIGHT],
    height: usize,
}

impl Stack {
    #[inline]
    fn push(&mut self, number: u64) {
        self.numbers[self.height % MOST_HEIGHT] = number;
        self.height += 1;
    }

    #[inline]
    fn pop(&mut self) -> u64 {
        self.height = self.height.saturating_sub(1);
        self.numbers[self.height % MOST_HEIGHT]
    }
}

/// Evaluates steps for a page.
pub(crate) fn run(steps: &[Step], mut seen: Seen) -> (Verdict, u64) {
    let mut stack = Stack { numbers: [0; MOST_HEIGHT], height: 0 };
    for step in steps {
        match *step {
            Step::Number(number) => stack.push(number),
            Step::Ask(name) => stack.push(name.of(&seen)),
            Step::Not => {
                let number = stack.pop();
                stack.push((number == 0).into());
            }
            Step::Binary(operation) => {
                let right = stack.pop();
                let left = stack.pop();
                stack.push(operation.apply(left, right));
            }
            Step::Choose => {
                let other = stack.pop();
                let one = stack.pop();
                let condition = stack.pop();
                stack.push(if condition != 0 { one } else { other });
            }
            Step::SetNote => seen.note = stack.pop(),
            Step::AsVerdict => {
                let number = stack.pop();
                stack.push(if number == 0 { AGAIN } else { EVICT });
            }
        }
    }
    let verdict = match stack.pop() {
        AGAIN => Verdict::Again,
        KEEP => Verdict::Keep,
        _ => Verdict::Evict,
    };
    (verdict, seen.note)
}
