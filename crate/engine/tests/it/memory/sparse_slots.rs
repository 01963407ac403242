//! Tests the slots of a machine in a browser (P18): a page comes back as it was written, whatever it holds.

use std::collections::BTreeMap;

use faultline::memory::{PAGE_WORDS, Pages, Pfn, Slot, SparseSlots};
use proptest::prelude::*;

const SLOTS: u32 = 3;

proptest! {
    #[test]
    fn p18_a_page_comes_back_from_sparse_slots_as_it_was_written(
        writes in prop::collection::vec(
            (0..=SLOTS, prop::collection::btree_map(0..PAGE_WORDS, any::<u64>(), 0..24), any::<bool>()),
            1..12,
        )
    ) {
        let (slots, frames) = (SparseSlots::new(SLOTS).unwrap(), Pages::new(2).unwrap());
        let mut held = BTreeMap::new();
        for (slot, words, is_full) in writes {
            let mut page = [u64::from(is_full); PAGE_WORDS];
            for (index, word) in words {
                page[index] = word;
            }
            frames.put(0, &page);
            slots.write(Slot(slot), &frames, Pfn(0));
            held.insert(slot, page);
            for slot in 0..=SLOTS {
                let expected = held.get(&slot).copied().unwrap_or([0; PAGE_WORDS]);
                // A frame has held another page before.
                frames.put(1, &[u64::MAX; PAGE_WORDS]);
                slots.read(Slot(slot), &frames, Pfn(1));
                prop_assert_eq!(frames.page(1), expected);
                prop_assert_eq!(slots.word(Slot(slot), 511), expected[511]);
            }
        }
    }
}
