//! Tests the reader of scenarios by documents that are changed at random (R5).

use faultline::scenario::parse;
use proptest::prelude::*;
use serde_json::Value;

use super::documents::{everything, read};

/// Every place in a document.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.into());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| pointers(value, &format!("{at}/{key}"), all))
        }
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(index, value)| pointers(value, &format!("{at}/{index}"), all));
        }
        _ => {}
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-3_i64..600).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z~/\u{0}\u{e9}]{0,70}".prop_map(Value::from),
        prop_oneof![Just("lru"), Just("op"), Just("uniform"), Just("together"), Just("init")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("(op|pages|stride|zipf|phases|[a-z]{0,5})", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// No document makes the reader panic; what it refuses, it explains; what it accepts, it can
    /// write and read again.
    #[test]
    fn r5_mutated_documents_never_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any_value()), 1..4),
        cut in any::<prop::sample::Index>(),
        flip in any::<u8>(),
    ) {
        let mut document = everything();
        for (place, value) in edits {
            let mut all = Vec::new();
            pointers(&document, "", &mut all);
            *document.pointer_mut(place.get::<String>(&all)).unwrap() = value;
        }
        match read(&document) {
            Ok(scenario) => {
                let text = serde_json::to_string(&scenario).unwrap();
                prop_assert_eq!(parse(&text).unwrap(), scenario);
            }
            Err(error) => {
                prop_assert!(!error.message.is_empty() && !error.legal.is_empty() && !error.found.is_empty());
                prop_assert_ne!(error.legal, "what the schema says", "the rules let a document through: {}", error.message);
            }
        }
        let mut bytes = document.to_string().into_bytes();
        let at = cut.index(bytes.len());
        bytes[at] = flip;
        let _ = parse(&String::from_utf8_lossy(&bytes));
        let _ = parse(&String::from_utf8_lossy(&bytes[..at]));
    }
}
