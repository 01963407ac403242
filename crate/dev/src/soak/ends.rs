//! Lists what a soak holds fast with `--ends`: each switch of reclaim, of slots and of lists, at each of its ends.

/// Switches, and their ends: of numbers the least and the most, of choices each.
const SWITCHES: [(&str, &[&str]); 12] = [
    ("rmap", &["tree", "family", "owner"]),
    ("isolate", &["false", "true"]),
    ("finder", &["list", "tables"]),
    ("slot_finder", &["scan", "bitmap", "rows", "clusters", "fixed"]),
    ("drain_hands", &["false", "true"]),
    ("keep_slots", &["always", "half", "never"]),
    ("list_shards", &["1", "64"]),
    ("trimmers", &["1", "8"]),
    ("writers", &["1", "8"]),
    ("kill_batch", &["1", "512"]),
    ("read_ahead", &["0", "16"]),
    ("shootdown", &["batched", "single", "lazy"]),
];

/// Returns each switch with each end, as `--set` takes it.
pub(super) fn ends() -> impl Iterator<Item = String> {
    SWITCHES.into_iter().flat_map(|(key, ends)| ends.iter().map(move |end| format!("{key}={end}")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::given;
    use super::*;

    #[test]
    fn every_end_is_legal_and_none_is_listed_twice() {
        let all: Vec<_> = ends().collect();
        for end in &all {
            assert!(given(end).is_ok(), "{end}");
        }
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
