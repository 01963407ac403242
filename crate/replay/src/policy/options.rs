//! The options of policies: what sources decide differently, and sizes that papers recommend.

/// A value of an option.
pub(super) trait Value {
    /// Says which values are legal.
    fn legal(&self) -> &'static str;

    /// Takes the value that a text says; false if it is not legal.
    fn read(&mut self, text: &str) -> bool;

    fn show(&self) -> String;
}

/// Makes an option whose values are words.
macro_rules! words {
    (
        $(#[$attributes:meta])* $name:ident, $legal:literal,
        $($(#[$meaning:meta])* $value:ident = $word:literal),+
    ) => {
        $(#[$attributes])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$meaning])* $value),+
        }

        impl Value for $name {
            fn legal(&self) -> &'static str {
                $legal
            }

            fn read(&mut self, text: &str) -> bool {
                match text {
                    $($word => *self = Self::$value,)+
                    _ => return false,
                }
                true
            }

            fn show(&self) -> String {
                match self {
                    $(Self::$value => $word.to_owned()),+
                }
            }
        }
    };
}

words!(
    /// Whether the access that faults counts as a use of the page that it brings in.
    OnFault, "used or unused",
    /// It does, as in an MMU, which sets the bit when the access is tried again.
    Used = "used",
    /// It does not, as in most caches of software.
    Unused = "unused"
);

words!(
    /// Where CLOCK's hand stands when a page has come in.
    Hand, "past or on",
    /// Past the page.
    Past = "past",
    /// On the page.
    On = "on"
);

words!(
    /// Which of the pages used equally often LFU evicts.
    LfuTies, "unused or first",
    /// The one that was used longest ago.
    Unused = "unused",
    /// The one that came in first.
    First = "first"
);

words!(
    /// Which of the pages that are not used again the optimal policy evicts.
    OptTies, "unused or used",
    /// The one that was used longest ago.
    Unused = "unused",
    /// The one that was used last.
    Used = "used"
);

words!(
    /// What LFU counts.
    Counts, "resident or kept",
    /// Uses since the page came in.
    Resident = "resident",
    /// All uses.
    Kept = "kept"
);

words!(
    /// What clock ticks are counted in.
    Unit, "faults or references",
    /// Faults.
    Faults = "faults",
    /// References.
    References = "references"
);

/// Makes an option whose values are numbers.
macro_rules! numbers {
    ($($(#[$attributes:meta])* $name:ident($inner:ty), $legal:literal, $is_legal:expr;)+) => {
        $(
            $(#[$attributes])*
            #[derive(Clone, Copy, Debug, PartialEq)]
            pub struct $name(pub $inner);

            impl Value for $name {
                fn legal(&self) -> &'static str {
                    $legal
                }

                fn read(&mut self, text: &str) -> bool {
                    let is_legal: fn(&$inner) -> bool = $is_legal;
                    let found = text.parse().ok().filter(is_legal);
                    found.map(|found| self.0 = found).is_some()
                }

                fn show(&self) -> String {
                    self.0.to_string()
                }
            }
        )+
    };
}

numbers! {
    /// The bits of a counter.
    Bits(u8), "a number from 1 to 8", |bits| (1..=8).contains(bits);
    /// A share of the frames.
    Share(f64), "a number from 0 to 1", |share| (0.0..=1.0).contains(share);
    /// How often a page has to be used.
    Uses(u32), "a number from 1 to 3", |uses| (1..=3).contains(uses);
    /// What decides draws.
    Seed(u64), "a number of at most 64 bits", |_| true;
}

impl Share {
    /// Returns the share of so many frames, rounded down, as libCacheSim rounds it.
    pub(super) fn of(self, frames: u32) -> u32 {
        (f64::from(frames) * self.0) as u32
    }
}

/// A number that is worked out from the frames where it is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given(pub Option<u32>);

impl Value for Given {
    fn legal(&self) -> &'static str {
        "a number from 1 to 4294967295"
    }

    fn read(&mut self, text: &str) -> bool {
        self.0 = text.parse().ok().filter(|number| *number > 0);
        self.0.is_some()
    }

    fn show(&self) -> String {
        self.0.map(|number| number.to_string()).unwrap_or_default()
    }
}
