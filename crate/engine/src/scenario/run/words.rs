//! The words are what every word of each process should hold by what the script stored, recorded for `check`.
//!
//! A word is zero until something is stored there. Ops are ordered where one was done before the other
//! began; where two stores to one word overlap, either may be the last, and the word is not known until it
//! is stored to again. A child has its parent's words as they were at some moment of the fork, so what was
//! stored to in the parent during it is not known in the child. An op that fails changes nothing, and a
//! workload that fails reports what it stored before.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::memory::PAGE_WORDS;
use crate::scenario::document::{Action, Pattern, Run};

/// A moment between two events of the script: an op that begins or ends.
pub(super) type Moment = u64;

/// The expected words of all processes.
#[derive(Debug, Default)]
pub(super) struct Words {
    now: Moment,
    /// What ops that are under way may change, by when they began.
    under_way: BTreeMap<Moment, Area>,
    processes: BTreeMap<String, ProcessWords>,
}

/// An area is a set of words of a process.
#[derive(Clone, Debug)]
struct Area {
    process: String,
    pages: Range<u32>,
    words: Range<usize>,
}

/// The expected words of a process.
#[derive(Clone, Debug, Default)]
struct ProcessWords {
    pages: BTreeMap<u32, Arc<PageWords>>,
    /// When the last of them changed.
    changed: Moment,
    /// What is not known unless it was stored to after the moment.
    unknown: Vec<(Range<u32>, Range<usize>, Moment)>,
}

/// The expected words of a page.
#[derive(Clone, Debug, Default)]
struct PageWords {
    /// When the page was last unmapped: what was stored before is gone.
    unmapped: Moment,
    /// By number.
    words: Vec<(u16, Word)>,
}

/// The expected value of a word that was stored to.
#[derive(Clone, Copy, Debug)]
struct Word {
    /// What it holds, if that is known.
    value: Option<u64>,
    /// When the last store to it was done.
    done: Moment,
}

impl PageWords {
    fn get(&self, word: u16) -> Option<Word> {
        let place = self.words.binary_search_by_key(&word, |(word, _)| *word).ok()?;
        Some(self.words[place].1)
    }

    fn set(&mut self, word: u16, new: Word) {
        match self.words.binary_search_by_key(&word, |(word, _)| *word) {
            Ok(place) => self.words[place].1 = new,
            Err(place) => self.words.insert(place, (word, new)),
        }
    }
}

/// Returns the number of the word in each page that a lane of a workload stores to.
pub(super) fn word_of_lane(lane: u32) -> usize {
    PAGE_WORDS - 1 - lane as usize
}

impl Words {
    /// Notes that an op begins, a workload in lanes from `lane` on.
    pub(super) fn begin(&mut self, action: &Action, lane: u32) -> Moment {
        self.now += 1;
        let all = 0..PAGE_WORDS;
        let area = |process: &str, pages, words| Area { process: process.to_owned(), pages, words };
        let area = match action {
            Action::Write(write) => {
                let word = write.offset as usize / 8;
                Some(area(&write.process, write.page..write.page + 1, word..word + 1))
            }
            // A workload on more CPUs than a page has words is going to be refused.
            Action::Run(run) if lane + run.cpus <= PAGE_WORDS as u32 => {
                let words = word_of_lane(lane + run.cpus - 1)..word_of_lane(lane) + 1;
                Some(area(&run.process, pages_of(run), words))
            }
            Action::UnmapPages(unmap) => {
                let end = unmap.page.saturating_add(unmap.pages);
                Some(area(&unmap.process, unmap.page..end, all))
            }
            _ => None,
        };
        if let Some(area) = area {
            self.under_way.insert(self.now, area);
        }
        self.now
    }

    /// Notes that the op that began at `began` is over; what it did is recorded next.
    pub(super) fn end(&mut self, began: Moment) {
        self.now += 1;
        self.under_way.remove(&began);
    }

    /// Notes that a process was spawned.
    pub(super) fn spawned(&mut self, process: &str) {
        self.processes.insert(process.to_owned(), ProcessWords::default());
    }

    /// Notes that a process was killed.
    pub(super) fn killed(&mut self, process: &str) {
        self.processes.remove(process);
    }

    /// Notes that an op that began at `began` has stored a word.
    pub(super) fn stored(
        &mut self,
        process: &str,
        page: u32,
        word: usize,
        value: u64,
        began: Moment,
    ) {
        let Some(process) = self.processes.get_mut(process) else { return };
        process.changed = self.now;
        let page = Arc::make_mut(process.pages.entry(page).or_default());
        let word = word as u16;
        let last = page.get(word).map_or(page.unmapped, |last| last.done.max(page.unmapped));
        let value = (last < began).then_some(value);
        page.set(word, Word { value, done: self.now });
    }

    /// Notes that pages were unmapped.
    pub(super) fn unmapped(&mut self, process: &str, pages: Range<u32>) {
        let Some(process) = self.processes.get_mut(process) else { return };
        process.changed = self.now;
        for page in pages {
            let gone = PageWords { unmapped: self.now, words: Vec::new() };
            process.pages.insert(page, Arc::new(gone));
        }
    }

    /// Notes that a fork that began at `began` is over.
    pub(super) fn forked(&mut self, parent: &str, child: &str, began: Moment) {
        let Some(from) = self.processes.get(parent) else { return };
        let mut words = from.clone();
        if from.changed > began {
            for (number, page) in &mut words.pages {
                if page.unmapped > began {
                    words.unknown.push((*number..number + 1, 0..PAGE_WORDS, self.now));
                }
                if page.words.iter().any(|(_, word)| word.done > began) {
                    let stored = Arc::make_mut(page).words.iter_mut().map(|(_, word)| word);
                    stored.filter(|word| word.done > began).for_each(|word| word.value = None);
                }
            }
        }
        let under_way = self.under_way.values().filter(|area| area.process == parent);
        words
            .unknown
            .extend(under_way.map(|area| (area.pages.clone(), area.words.clone(), self.now)));
        self.processes.insert(child.to_owned(), words);
    }

    /// Finds the words of a page that are not as they should be, each with what it should hold.
    pub(super) fn wrong(
        &self,
        process: &str,
        page: u32,
        found: &[u64; PAGE_WORDS],
    ) -> Vec<(usize, u64)> {
        let Some(process) = self.processes.get(process) else { return Vec::new() };
        let none = PageWords::default();
        let stored = process.pages.get(&page).map_or(&none, |page| page);
        let unknown: Vec<_> =
            process.unknown.iter().filter(|(pages, ..)| pages.contains(&page)).collect();
        let mut words = stored.words.iter().peekable();
        let mut wrong = Vec::new();
        for (index, found) in found.iter().enumerate() {
            let word =
                words.next_if(|(word, _)| usize::from(*word) == index).map(|(_, word)| *word);
            let word = word.unwrap_or(Word { value: Some(0), done: stored.unmapped });
            let is_lost = |(_, words, at): &&&(_, Range<usize>, Moment)| {
                words.contains(&index) && word.done <= *at
            };
            if let Some(value) = word.value
                && value != *found
                && !unknown.iter().any(|lost| is_lost(&lost))
            {
                wrong.push((index, value));
            }
        }
        wrong
    }
}

/// Returns the pages that a workload can store to, as far as its keys say.
fn pages_of(run: &Run) -> Range<u32> {
    match (&run.pattern, run.pages) {
        (Pattern::Phases(_), _) | (_, None) => 0..u32::MAX,
        (_, Some([first, end])) => first..end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::document::Op;

    fn action(text: &str) -> Action {
        serde_json::from_str::<Op>(text).unwrap().action
    }

    fn write(word: usize) -> Action {
        let offset = 8 * word;
        action(&format!(
            r#"{{"op": "write", "process": "a", "page": 3, "offset": {offset}, "value": 0}}"#
        ))
    }

    fn fork() -> Action {
        action(r#"{"op": "fork", "process": "a", "as": "b"}"#)
    }

    fn unmap() -> Action {
        action(r#"{"op": "unmap", "process": "a", "page": 3, "pages": 1}"#)
    }

    struct Story(Words);

    impl Story {
        fn new() -> Self {
            let mut words = Words::default();
            words.spawned("a");
            Self(words)
        }

        fn begin(&mut self, action: &Action) -> Moment {
            self.0.begin(action, 0)
        }

        /// Ends a store to the word.
        fn store(&mut self, word: usize, value: u64, began: Moment) {
            self.0.end(began);
            self.0.stored("a", 3, word, value, began);
        }

        fn write(&mut self, word: usize, value: u64) {
            let began = self.begin(&write(word));
            self.store(word, value, began);
        }

        fn fork(&mut self, began: Moment) {
            self.0.end(began);
            self.0.forked("a", "b", began);
        }

        /// What a word of page 3 should hold; none if that is not known.
        fn word(&self, process: &str, word: usize) -> Option<u64> {
            let mut found = [0; PAGE_WORDS];
            found[word] = u64::MAX;
            let wrong = self.0.wrong(process, 3, &found);
            wrong.iter().find(|(index, _)| *index == word).map(|(_, value)| *value)
        }
    }

    #[test]
    fn r5_a_word_holds_what_was_last_stored() {
        let mut story = Story::new();
        assert_eq!(story.word("a", 5), Some(0));
        story.write(5, 7);
        story.write(5, 8);
        assert_eq!((story.word("a", 5), story.word("a", 4)), (Some(8), Some(0)));
        let mut page = [0; PAGE_WORDS];
        page[5] = 8;
        assert_eq!(story.0.wrong("a", 3, &page), []);
        page[511] = 1;
        page[5] = 7;
        assert_eq!(story.0.wrong("a", 3, &page), [(5, 8), (511, 0)]);
        assert_eq!(story.0.wrong("a", 2, &page), [(5, 0), (511, 0)]);
    }

    #[test]
    fn r5_a_word_that_two_store_to_at_once_is_not_known_until_the_next_store() {
        let mut story = Story::new();
        let (one, other) = (story.begin(&write(5)), story.begin(&write(5)));
        let third = story.begin(&write(6));
        story.store(5, 7, one);
        assert_eq!(story.word("a", 5), Some(7), "as long as the other is not done");
        story.store(5, 8, other);
        story.store(6, 9, third);
        assert_eq!((story.word("a", 5), story.word("a", 6)), (None, Some(9)));
        story.write(5, 1);
        assert_eq!(story.word("a", 5), Some(1));
        // One that begins before the other is done, and one that fails.
        let long = story.begin(&write(5));
        story.write(5, 2);
        story.0.end(long);
        assert_eq!(story.word("a", 5), Some(2));
    }

    #[test]
    fn r5_a_child_has_its_parents_words_but_those_stored_to_meanwhile() {
        let mut story = Story::new();
        for word in 1..=4 {
            story.write(word, 10 + word as u64);
        }
        let before = story.begin(&write(1));
        let during = story.begin(&fork());
        story.store(1, 21, before);
        story.write(2, 22);
        let after = story.begin(&write(3));
        story.fork(during);
        story.store(3, 23, after);
        let parent = [1, 2, 3, 4].map(|word| story.word("a", word));
        assert_eq!(parent, [Some(21), Some(22), Some(23), Some(14)]);
        assert_eq!([1, 2, 3, 4].map(|word| story.word("b", word)), [None, None, None, Some(14)]);
        assert_eq!(story.word("b", 5), Some(0));
        // A store in the child makes it known there, also where it was never in the parent.
        for word in [2, 3] {
            let began = story.0.begin(&write(word), 0);
            story.0.end(began);
            story.0.stored("b", 3, word, 30, began);
        }
        assert_eq!([1, 2, 3].map(|word| story.word("b", word)), [None, Some(30), Some(30)]);
        // The grandchild knows no more than the child.
        let began = story.0.begin(&fork(), 0);
        story.0.end(began);
        story.0.forked("b", "c", began);
        assert_eq!(
            [1, 2, 3, 4].map(|word| story.word("c", word)),
            [None, Some(30), Some(30), Some(14)]
        );
    }

    #[test]
    fn r5_a_workload_under_way_makes_its_lanes_unknown_in_a_child() {
        let mut story = Story::new();
        let run = action(
            r#"{"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "pages": [3, 4]}"#,
        );
        let began = story.0.begin(&run, 1);
        let during = story.begin(&fork());
        story.fork(during);
        assert_eq!(
            [511, 510, 509, 508].map(|word| story.word("b", word)),
            [Some(0), None, None, Some(0)]
        );
        story.0.end(began);
        story.0.stored("a", 3, word_of_lane(1), 77, began);
        assert_eq!([510, 509].map(|word| story.word("a", word)), [Some(77), Some(0)]);
        let mut found = [0; PAGE_WORDS];
        found[510] = 1;
        assert_eq!(story.0.wrong("b", 2, &found), [(510, 0)], "a page that it does not touch");
    }

    #[test]
    fn r5_what_was_unmapped_is_zero_where_it_is_mapped_again() {
        let mut story = Story::new();
        story.write(5, 7);
        let (late, took) = (story.begin(&write(6)), story.begin(&unmap()));
        story.0.end(took);
        story.0.unmapped("a", 3..4);
        assert_eq!(story.word("a", 5), Some(0));
        story.store(6, 9, late);
        assert_eq!(story.word("a", 6), None, "stored before or after: nobody knows");
        story.write(6, 1);
        assert_eq!(story.word("a", 6), Some(1));
        let (took, during) = (story.begin(&unmap()), story.begin(&fork()));
        story.0.end(took);
        story.0.unmapped("a", 3..4);
        story.fork(during);
        assert_eq!((story.word("a", 6), story.word("b", 6)), (Some(0), None));
        story.0.killed("a");
        assert_eq!(story.word("a", 6), None);
    }
}
