//! Tests that each policy is its reference, reference by reference and victim by victim.

use proptest::prelude::*;

use super::naive::{Naive, Outcome};
use super::{policy, stream};
use crate::{Policy, steps, summaries};

/// Each policy as it is by default and with its other conventions.
const VARIANTS: [&str; 38] = [
    "fifo",
    "lru",
    "clock",
    "clock:fault=unused",
    "clock:hand=on",
    "clock:bits=2",
    "clock:bits=3:fault=unused:hand=on",
    "clock:bits=4",
    "clock:bits=5",
    "clock:bits=6",
    "clock:bits=7",
    "clock:bits=8",
    "sieve",
    "sieve:fault=used",
    "s3-fifo",
    "s3-fifo:small=0.5:ghosts=0.3:uses=1",
    "arc",
    "2q",
    "2q:in=0.5:out=0",
    "lirs",
    "lirs:hir=0.4",
    "lfu",
    "lfu:ties=first:counts=kept",
    "random",
    "random:seed=7",
    "aging",
    "aging:unit=references:every=5:fault=unused",
    "wsclock",
    "wsclock:window=6:fault=unused",
    "generations",
    "generations:fault=unused",
    "opt",
    "opt:ties=used",
    "rule",
    "rule:accessed ? keep : evict",
    "rule:note = accessed ? now : note; now - note > 12 && (!dirty || round > 1) ? evict : keep",
    "rule:note = note >> 1 | accessed << 3; note < 4",
    "rule:round < 3 ? again : keep",
];

fn outcomes(references: &[(u64, bool)], policy: Policy, frames: u32) -> Vec<Outcome> {
    let steps = steps(&stream(references), &policy, frames);
    steps.iter().map(|step| step.fault.then_some(step.victim)).collect()
}

/// References with some order in them: most are near the last, some anywhere, some repeat a loop.
fn references() -> impl Strategy<Value = Vec<(u64, bool)>> {
    let moves =
        prop::collection::vec((0..5_u8, any::<prop::sample::Index>(), any::<bool>()), 1..300);
    (1..24_usize, moves).prop_map(|(pages, moves)| {
        let mut at = 0;
        let reference = |(kind, index, write): (u8, prop::sample::Index, bool)| {
            at = match kind {
                0 => index.index(pages),
                1 => (at + 1) % pages,
                2 => index.index(1 + pages / 3),
                3 => (at + index.index(3)) % pages,
                _ => at,
            };
            (at as u64 * 1_000_003, write)
        };
        moves.into_iter().map(reference).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn s6_each_policy_is_its_reference(references in references(), frames in 1..16_u32) {
        for text in VARIANTS {
            let expected = Naive::new(policy(text), frames, &references).run();
            prop_assert_eq!(outcomes(&references, policy(text), frames), expected, "{}", text);
        }
    }

    /// The optimal policy faults least, and first references always fault.
    #[test]
    fn s6_no_policy_faults_less_than_the_optimal_one(references in references(), frames in 1..16_u32) {
        let count = |text: &str| {
            outcomes(&references, policy(text), frames).iter().filter(|outcome| outcome.is_some()).count()
        };
        let least = count("opt");
        let pages = stream(&references).pages();
        prop_assert!(least >= pages);
        for text in VARIANTS {
            prop_assert!(count(text) >= least, "{}", text);
            if frames as usize >= pages {
                prop_assert_eq!(count(text), pages, "{}", text);
            }
        }
    }
}

#[test]
fn s6_each_policy_is_read_as_it_is_written() {
    for text in VARIANTS {
        assert_eq!(policy(text).to_string(), text);
    }
    for summary in summaries() {
        assert_eq!(policy(summary.name), summary.policy);
        assert!(VARIANTS.contains(&summary.name), "{}", summary.name);
        for (name, legal, usual) in summary.options() {
            let own = format!("{}:{name}={usual}", summary.name);
            assert!(usual.is_empty() || policy(&own) == summary.policy, "{own}");
            let wrong = format!("{}:{name}=x", summary.name).parse::<Policy>().unwrap_err();
            assert_eq!(
                wrong.to_string(),
                format!("{}: {name} is \"x\"; legal: {legal}", summary.name)
            );
        }
    }
}

#[test]
fn r5_what_is_no_policy_is_refused_with_what_is_legal() {
    let refused = |text: &str| text.parse::<Policy>().unwrap_err().to_string();
    assert!(refused("mru").starts_with("\"mru\" is no policy; legal: fifo, lru, clock, sieve"));
    assert_eq!(refused("clock:bits=9"), "clock: bits is \"9\"; legal: a number from 1 to 8");
    assert_eq!(
        refused("clock:bit=1"),
        "clock: \"bit\" is no option of it; legal: bits, fault, hand"
    );
    assert_eq!(refused("lru:fault=used"), "lru: \"fault\" is no option of it; it has none");
    assert_eq!(
        refused("rule:accessed ? keep"),
        "rule: column 16: the rule ends; legal: an operator, or : and the other choice"
    );
    assert_eq!(refused("opt:ties"), "opt: ties is \"\"; legal: unused or used");
    for text in
        ["s3-fifo:small=1.5", "s3-fifo:small=NaN", "aging:every=0", "random:seed=-1", "Fifo", ""]
    {
        refused(text);
    }
}
