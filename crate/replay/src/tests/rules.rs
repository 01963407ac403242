//! Tests the language of rules (`crate/rule`): what rules say of pages, and where texts are none.

use faultline_rule::{MOST_BYTES, MOST_DEPTH, MOST_STEPS, Rule, Seen, Verdict};
use proptest::prelude::*;

fn judge(text: &str, seen: Seen) -> (Verdict, u64) {
    Rule::new(text).unwrap_or_else(|error| panic!("{text}: {error}")).judge(seen)
}

/// Evaluates an expression of numbers: its value is set as the note.
fn value(text: &str) -> u64 {
    judge(&format!("note = {text}; evict"), Seen::default()).1
}

#[test]
fn s6_a_rule_says_what_becomes_of_a_page() {
    let unused = Seen::default();
    let used = Seen { accessed: true, ..unused };
    for clock in ["accessed ? again : evict", "!accessed", "accessed == 0", "(!(accessed))"] {
        assert_eq!(judge(clock, used).0, Verdict::Again, "{clock}");
        assert_eq!(judge(clock, unused).0, Verdict::Evict, "{clock}");
    }
    let sieve = Rule::new("accessed ? keep : evict").unwrap();
    assert!(sieve.keeps() && !sieve.knows_time());
    assert_eq!(sieve.judge(used), (Verdict::Keep, 0));
    let window =
        "note = accessed || note == 0 ? now : note; now - note > 500 && (!dirty || round > 0)";
    let window = Rule::new(window).unwrap();
    assert!(!window.keeps() && window.knows_time());
    let seen = Seen { now: 1000, note: 499, dirty: true, ..unused };
    assert_eq!(window.judge(seen), (Verdict::Again, 499));
    assert_eq!(window.judge(Seen { round: 1, ..seen }), (Verdict::Evict, 499));
    assert_eq!(window.judge(Seen { dirty: false, ..seen }), (Verdict::Evict, 499));
    assert_eq!(window.judge(Seen { accessed: true, dirty: false, ..seen }), (Verdict::Again, 1000));
    let aging = "note = note >> 1 | accessed << 7; note = note & 255; note < 16";
    assert_eq!(judge(aging, Seen { note: 255, ..used }), (Verdict::Again, 255));
    assert_eq!(judge(aging, Seen { note: 31, ..unused }), (Verdict::Evict, 15));
    assert_eq!(judge("shared ? again : evict", Seen { shared: true, ..unused }).0, Verdict::Again);
    // A rule that never evicts is overruled, and its note is set all the same.
    for round in 0..=20 {
        let verdict = if round < 9 { Verdict::Keep } else { Verdict::Evict };
        assert_eq!(judge("note = 7; keep", Seen { round, ..unused }), (verdict, 7));
    }
    // 2 is a number, and no verdict.
    assert_eq!(judge("2", unused).0, Verdict::Evict);
    assert_eq!(judge("accessed ? dirty ? again : keep : evict", used).0, Verdict::Keep);
}

#[test]
fn s6_operators_bind_as_in_rust_and_never_overflow() {
    for (text, expected) in [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 - 2 - 1", 4),
        ("2 - 7", 0),
        ("18446744073709551615 + 1", u64::MAX),
        ("18446744073709551615 * 2", u64::MAX),
        ("100 / 7 % 4", 2),
        ("1 / 0 + 1 % 0", 0),
        ("1 << 63 >> 62", 2),
        ("1 << 64", 0),
        ("1 >> 18446744073709551615", 0),
        ("6 & 3 | 8", 10),
        ("1 | 6 & 3", 3),
        ("1 + 1 << 2", 8),
        ("3 & 1 == 1", 1),
        ("0 || 2 && 0 || 1", 1),
        ("0 && 1 || 1", 1),
        ("!5", 0),
        ("!!5", 1),
        ("1 < 2", 1),
        ("2 <= 1", 0),
        ("2 > 1", 1),
        ("1 >= 2", 0),
        ("1 != 1", 0),
        ("0 ? 1 : 0 ? 2 : 3", 3),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn r5_a_text_that_is_no_rule_is_refused_where_it_is_wrong() {
    let names = "accessed, dirty, shared, round, now, note, evict, again, keep";
    let first = format!("a number, !, (, {names}");
    let cases = [
        ("", "column 1: the rule ends; legal: ".to_owned() + &first),
        ("accessed ?", "column 11: the rule ends; legal: ".to_owned() + &first),
        ("acessed", format!("column 1: found \"acessed\"; legal: {names}")),
        (
            "accessed ? again",
            "column 17: the rule ends; legal: an operator, or : and the other choice".into(),
        ),
        ("accessed ? again : 1", "column 20: this is a number; legal: a verdict".into()),
        ("1 + keep", "column 5: this is a verdict; legal: a number".into()),
        ("!evict", "column 2: this is a verdict; legal: a number".into()),
        ("keep ? 1 : 0", "column 1: this is a verdict; legal: a number".into()),
        ("note = keep; 1", "column 8: this is a verdict; legal: a number".into()),
        (
            "note = 1",
            "column 9: the rule ends; legal: an operator, or ; and what becomes of the page".into(),
        ),
        ("now = 1; 1", "column 5: found \"=\"; legal: an operator, or the end".into()),
        ("1 < 2 < 3", "column 7: found \"<\"; legal: &&, || or ?".into()),
        ("(1", "column 3: the rule ends; legal: an operator, or )".into()),
        ("1)", "column 2: found \")\"; legal: an operator, or the end".into()),
        ("é", "column 1: found \"é\"; legal: ".to_owned() + &first),
        ("1 + é", "column 5: found \"é\"; legal: ".to_owned() + &first),
        (
            "99999999999999999999",
            "column 1: found \"99999999999999999999\"; legal: ".to_owned() + &first,
        ),
        ("1x", "column 1: found \"1x\"; legal: ".to_owned() + &first),
    ];
    for (text, expected) in cases {
        assert_eq!(Rule::new(text).unwrap_err().to_string(), expected, "{text}");
    }
    let long = "1+".repeat(MOST_BYTES);
    assert_eq!(
        Rule::new(&long).unwrap_err().to_string(),
        "column 1: the rule has 1000 bytes; legal: at most 500"
    );
    let many = "1+".repeat(MOST_STEPS / 2) + "1";
    assert!(Rule::new(&many).unwrap_err().to_string().starts_with("column 102: the rule goes on"));
    for nested in ["(".repeat(300), "1?1:".repeat(50), "1?".repeat(100), "!".repeat(200) + "1"] {
        Rule::new(&nested).unwrap_err();
    }
    let most = "(".repeat(MOST_DEPTH - 1) + "1" + &")".repeat(MOST_DEPTH - 1);
    Rule::new(&most).unwrap();
}

proptest! {
    /// Whatever a text is, it is a rule that judges or is refused where it is wrong.
    #[test]
    fn r5_no_text_panics(text in "[-+*/%!=<>?:;()&| a-z0-9é]{0,60}", seen: [u64; 3]) {
        match Rule::new(&text) {
            Ok(rule) => {
                let [round, now, note] = seen;
                let _ = rule.judge(Seen { round, now, note, ..Seen::default() });
            }
            Err(error) => prop_assert!(error.column <= text.chars().count() + 1),
        }
    }

    /// Rules out of the grammar are compiled, and what fits on the stack gives what they say.
    #[test]
    fn s6_a_sum_of_choices_is_what_it_says(numbers in prop::collection::vec((0_u64..2, 0_u64..99, 0_u64..99), 1..12)) {
        let text: Vec<_> = numbers.iter().map(|(c, one, other)| format!("({c} ? {one} : {other})")).collect();
        let expected: u64 = numbers.iter().map(|(c, one, other)| if *c == 1 { one } else { other }).sum();
        prop_assert_eq!(value(&text.join(" + ")), expected);
    }
}
