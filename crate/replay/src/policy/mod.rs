//! The policies by their names, each in a file of its own.

mod aging;
mod arc;
pub(crate) mod clock;
mod fifo;
mod generations;
mod lfu;
mod lirs;
mod lru;
mod opt;
mod options;
mod own_rule;
mod queue;
mod random;
mod ranked;
mod regardless;
mod s3_fifo;
mod sieve;
mod two_q;
mod wsclock;

use std::fmt::{self, Display};
use std::str::FromStr;

use crate::lanes::{First, LANES, Lane, Sink, pass};
use crate::stream::Stream;
use faultline_rule::Rule;
use options::Value;
pub use options::{Bits, Counts, Given, Hand, LfuTies, OnFault, OptTies, Seed, Share, Unit, Uses};

/// A replacement policy with its options. It is written `clock`, `clock:bits=2:fault=unused`, or `rule:` and a rule.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the file of each policy says what its options mean")]
pub enum Policy {
    Fifo,
    Lru,
    Clock {
        bits: Bits,
        fault: OnFault,
        hand: Hand,
    },
    Sieve {
        fault: OnFault,
    },
    S3Fifo {
        small: Share,
        ghosts: Share,
        uses: Uses,
    },
    Arc,
    TwoQ {
        share_in: Share,
        share_out: Share,
    },
    Lirs {
        hir: Share,
    },
    Lfu {
        ties: LfuTies,
        counts: Counts,
    },
    Random {
        seed: Seed,
    },
    Aging {
        unit: Unit,
        every: Given,
        fault: OnFault,
    },
    WsClock {
        window: Given,
        fault: OnFault,
    },
    Generations {
        fault: OnFault,
    },
    Opt {
        ties: OptTies,
    },
    /// A rule of one's own; none is the clock's.
    Rule {
        rule: Option<Rule>,
    },
}

/// What a policy is, in a few words.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Its name.
    pub name: &'static str,
    /// Which page it evicts.
    pub victim: &'static str,
    /// Where it is from.
    pub source: &'static str,
    /// The policy with the options that it has by default.
    pub policy: Policy,
}

/// All policies.
static SUMMARIES: [Summary; 15] = [
    Summary {
        name: "fifo",
        victim: "the page that has been resident longest",
        source: "Belady 1966",
        policy: Policy::Fifo,
    },
    Summary {
        name: "lru",
        victim: "the page that was used longest ago",
        source: "Mattson and others 1970",
        policy: Policy::Lru,
    },
    Summary {
        name: "clock",
        victim: "the first page that was not used since the hand came by",
        source: "Corbató 1968; with more bits Smith 1978",
        policy: Policy::Clock { bits: Bits(1), fault: OnFault::Used, hand: Hand::Past },
    },
    Summary {
        name: "sieve",
        victim: "the first unvisited page from old to new; the visited stay in their places",
        source: "Zhang and others 2024",
        policy: Policy::Sieve { fault: OnFault::Unused },
    },
    Summary {
        name: "s3-fifo",
        victim: "a page of a small FIFO queue that was not used twice there, or of the main one",
        source: "Yang and others 2023",
        policy: Policy::S3Fifo { small: Share(0.1), ghosts: Share(0.9), uses: Uses(2) },
    },
    Summary {
        name: "arc",
        victim: "the least recently used of the pages used once, or of those used again",
        source: "Megiddo and Modha 2003",
        policy: Policy::Arc,
    },
    Summary {
        name: "2q",
        victim: "the oldest page of a FIFO queue, or the least recently used of those that came back",
        source: "Johnson and Shasha 1994",
        policy: Policy::TwoQ { share_in: Share(0.25), share_out: Share(0.5) },
    },
    Summary {
        name: "lirs",
        victim: "the oldest of the few pages with many others between their last two uses",
        source: "Jiang and Zhang 2002",
        policy: Policy::Lirs { hir: Share(0.01) },
    },
    Summary {
        name: "lfu",
        victim: "the page that was used least often",
        source: "Silberschatz, Galvin and Gagne",
        policy: Policy::Lfu { ties: LfuTies::Unused, counts: Counts::Resident },
    },
    Summary {
        name: "random",
        victim: "any page, by a seeded draw",
        source: "Belady 1966",
        policy: Policy::Random { seed: Seed(1) },
    },
    Summary {
        name: "aging",
        victim: "the page with the lowest counter, which clock ticks shift",
        source: "Tanenbaum",
        policy: Policy::Aging { unit: Unit::Faults, every: Given(None), fault: OnFault::Used },
    },
    Summary {
        name: "wsclock",
        victim: "the first clean page that was not used within a window, else a dirty one",
        source: "Carr and Hennessy 1981",
        policy: Policy::WsClock { window: Given(None), fault: OnFault::Used },
    },
    Summary {
        name: "generations",
        victim: "an unused page of the oldest of up to four generations",
        source: "Linux 6.1, Multi-Gen LRU",
        policy: Policy::Generations { fault: OnFault::Used },
    },
    Summary {
        name: "opt",
        victim: "the page that is used again last",
        source: "Belady 1966",
        policy: Policy::Opt { ties: OptTies::Unused },
    },
    Summary {
        name: RULE,
        victim: "the page of which a rule of one's own says so, as in rule:accessed ? again : evict",
        source: "crate/rule",
        policy: Policy::Rule { rule: None },
    },
];

/// The name of a policy whose text goes on with a rule.
const RULE: &str = "rule";

/// The rule that is meant where none is given: the clock's.
const USUAL_RULE: &str = "accessed ? again : evict";

/// Returns what each policy is.
#[must_use]
pub fn summaries() -> &'static [Summary] {
    &SUMMARIES
}

impl Summary {
    /// Returns the names of the policy's options, with the values that are legal and the one by default.
    #[must_use]
    pub fn options(&self) -> Vec<(&'static str, &'static str, String)> {
        let mut found = Vec::new();
        let mut policy = self.policy.clone();
        policy.each_option(&mut |name, value| found.push((name, value.legal(), value.show())));
        found
    }
}

/// Why a text is no policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError(String);

impl Display for PolicyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for PolicyError {}

impl Policy {
    /// Returns the policy's name, without its options.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.summary().name
    }

    /// Whether a larger memory has at every moment all that a smaller one has, so that it never faults more.
    #[must_use]
    pub fn is_stack(&self) -> bool {
        matches!(self, Self::Lru | Self::Opt { .. })
    }

    fn summary(&self) -> &'static Summary {
        let is_this = |summary: &&Summary| {
            std::mem::discriminant(&summary.policy) == std::mem::discriminant(self)
        };
        SUMMARIES.iter().find(is_this).expect("each policy has a summary")
    }

    /// Shows each option to `visit`, by its name.
    fn each_option(&mut self, visit: &mut dyn FnMut(&'static str, &mut dyn Value)) {
        match self {
            Self::Fifo | Self::Lru | Self::Arc | Self::Rule { .. } => {}
            Self::Clock { bits, fault, hand } => {
                visit("bits", bits);
                visit("fault", fault);
                visit("hand", hand);
            }
            Self::Sieve { fault } | Self::Generations { fault } => visit("fault", fault),
            Self::S3Fifo { small, ghosts, uses } => {
                visit("small", small);
                visit("ghosts", ghosts);
                visit("uses", uses);
            }
            Self::TwoQ { share_in, share_out } => {
                visit("in", share_in);
                visit("out", share_out);
            }
            Self::Lirs { hir } => visit("hir", hir),
            Self::Lfu { ties, counts } => {
                visit("ties", ties);
                visit("counts", counts);
            }
            Self::Random { seed } => visit("seed", seed),
            Self::Aging { unit, every, fault } => {
                visit("unit", unit);
                visit("every", every);
                visit("fault", fault);
            }
            Self::WsClock { window, fault } => {
                visit("window", window);
                visit("fault", fault);
            }
            Self::Opt { ties } => visit("ties", ties),
        }
    }

    fn set(&mut self, text: &str) -> Result<(), String> {
        let (wanted, text) = text.split_once('=').unwrap_or((text, ""));
        let mut found = None;
        let mut names = Vec::new();
        self.each_option(&mut |name, value| {
            names.push(name);
            if name == wanted {
                found = Some(if value.read(text) { Ok(()) } else { Err(value.legal()) });
            }
        });
        match found {
            Some(Ok(())) => Ok(()),
            Some(Err(legal)) => Err(format!("{wanted} is {text:?}; legal: {legal}")),
            None if names.is_empty() => Err(format!("{wanted:?} is no option of it; it has none")),
            None => Err(format!("{wanted:?} is no option of it; legal: {}", names.join(", "))),
        }
    }

    /// The most sizes that any policy has in one pass.
    pub(crate) const MOST_AT_ONCE: usize = {
        let most =
            if lru::MOST_SIZES > opt::MOST_SIZES { lru::MOST_SIZES } else { opt::MOST_SIZES };
        if most > LANES { most } else { LANES }
    };

    /// The most sizes of one pass over the stream.
    pub(crate) fn sizes_at_once(&self) -> usize {
        match self {
            Self::Lru => lru::MOST_SIZES,
            Self::Opt { .. } => opt::MOST_SIZES,
            Self::Lirs { .. } => 1,
            _ => LANES,
        }
    }

    /// Goes through a stream once, for memories of `sizes` frames, which ascend and are at most
    /// [`Self::sizes_at_once`].
    pub(crate) fn run(&self, stream: &Stream, sizes: &[u32], sink: &mut impl Sink) {
        let pages = stream.pages();
        match *self {
            Self::Rule { ref rule } => {
                let rule =
                    rule.clone().unwrap_or_else(|| Rule::new(USUAL_RULE).expect("it is a rule"));
                lanes(
                    stream,
                    sizes,
                    |frames| own_rule::OwnRule::new(frames, pages, rule.clone()),
                    sink,
                );
            }
            Self::Fifo => lanes(stream, sizes, fifo::Fifo::lane, sink),
            Self::Lru => lru::run(stream, sizes, sink),
            Self::Clock { bits, fault, hand } => clock::run(stream, sizes, bits, fault, hand, sink),
            Self::Sieve { fault } => {
                lanes(stream, sizes, |frames| sieve::Sieve::new(frames, fault), sink);
            }
            Self::S3Fifo { small, ghosts, uses } => {
                let lane = |frames| s3_fifo::S3Fifo::new(frames, small, ghosts, uses);
                lanes(stream, sizes, lane, sink);
            }
            Self::Arc => arc::run(stream, sizes, sink),
            Self::TwoQ { share_in, share_out } => {
                let lane = |frames| two_q::TwoQ::new(frames, share_in, share_out);
                lanes(stream, sizes, lane, sink);
            }
            Self::Lirs { hir } => lirs::run(stream, sizes, hir, sink),
            Self::Lfu { ties, counts } => {
                lanes(stream, sizes, |frames| lfu::Lfu::new(frames, pages, ties, counts), sink);
            }
            Self::Random { seed } => {
                lanes(stream, sizes, |frames| random::Random::lane(frames, seed.0), sink);
            }
            Self::Aging { unit, every, fault } => {
                lanes(
                    stream,
                    sizes,
                    |frames| aging::Aging::new(frames, fault, unit, every.0),
                    sink,
                );
            }
            Self::WsClock { window, fault } => {
                let lane = |frames| wsclock::WsClock::new(frames, pages, fault, window.0);
                lanes(stream, sizes, lane, sink);
            }
            Self::Generations { fault } => {
                let lane = |frames| generations::Generations::new(frames, pages, fault);
                lanes(stream, sizes, lane, sink);
            }
            Self::Opt { ties } => opt::run(stream, sizes, ties, sink),
        }
    }
}

fn lanes<const PLANES: usize, L: Lane<PLANES>>(
    stream: &Stream,
    sizes: &[u32],
    lane: impl Fn(u32) -> L,
    sink: &mut impl Sink,
) {
    lanes_after((), stream, sizes, lane, sink);
}

/// Runs the first sizes in `first`, and the others in lanes.
fn lanes_after<const PLANES: usize, L: Lane<PLANES>>(
    mut first: impl First,
    stream: &Stream,
    sizes: &[u32],
    lane: impl Fn(u32) -> L,
    sink: &mut impl Sink,
) {
    let others = &sizes[first.lanes()..];
    let mut lanes: Vec<L> = others.iter().map(|frames| lane(*frames)).collect();
    pass(stream, &mut first, &mut lanes, sink);
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let (name, options) = text.split_once(':').unwrap_or((text, ""));
        let Some(summary) = SUMMARIES.iter().find(|summary| summary.name == name) else {
            let names: Vec<_> = SUMMARIES.iter().map(|summary| summary.name).collect();
            let names = names.join(", ");
            return Err(PolicyError(format!("{name:?} is no policy; legal: {names}")));
        };
        if name == RULE && !options.is_empty() {
            let rule =
                Rule::new(options).map_err(|error| PolicyError(format!("{RULE}: {error}")))?;
            return Ok(Self::Rule { rule: Some(rule) });
        }
        let mut policy = summary.policy.clone();
        for option in options.split(':').filter(|option| !option.is_empty()) {
            policy.set(option).map_err(|error| PolicyError(format!("{name}: {error}")))?;
        }
        Ok(policy)
    }
}

impl Display for Policy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = self.summary();
        formatter.write_str(summary.name)?;
        if let Self::Rule { rule: Some(rule) } = self {
            return write!(formatter, ":{rule}");
        }
        let mut usual = summary.options().into_iter();
        let mut own = String::new();
        let mut policy = self.clone();
        policy.each_option(&mut |name, value| {
            let value = value.show();
            if usual.next().is_some_and(|(_, _, usual)| usual != value) {
                own.push_str(&format!(":{name}={value}"));
            }
        });
        formatter.write_str(&own)
    }
}
