//! Remembers pages that were evicted lately, the oldest forgotten first.

use std::collections::VecDeque;

pub(super) struct Ghosts {
    most: usize,
    count: usize,
    /// Pages with the numbers of their entries. An entry whose page has another number by now is void.
    queue: VecDeque<(u32, u32)>,
    /// The number of each page's entry, or 0.
    entry_of: Vec<u32>,
    entries: u32,
}

impl Ghosts {
    /// Makes a memory of `most` of so many pages.
    pub(super) fn new(most: usize, pages: usize) -> Self {
        let entry_of = vec![0; if most > 0 { pages } else { 0 }];
        Self { most, count: 0, queue: VecDeque::new(), entry_of, entries: 0 }
    }

    /// Remembers a page that it does not remember.
    pub(super) fn push(&mut self, page: u32) {
        if self.most == 0 {
            return;
        }
        if self.count == self.most {
            self.forget_oldest();
        }
        if self.queue.len() > 2 * self.most + 64 {
            let entry_of = &self.entry_of;
            self.queue.retain(|(page, entry)| entry_of[*page as usize] == *entry);
        }
        self.entries += 1;
        self.entry_of[page as usize] = self.entries;
        self.queue.push_back((page, self.entries));
        self.count += 1;
    }

    /// Forgets a page. Returns whether it was remembered.
    pub(super) fn take(&mut self, page: u32) -> bool {
        let Some(entry) = self.entry_of.get_mut(page as usize) else { return false };
        let was_there = std::mem::take(entry) != 0;
        self.count -= usize::from(was_there);
        was_there
    }

    fn forget_oldest(&mut self) {
        while let Some((page, entry)) = self.queue.pop_front() {
            if self.entry_of[page as usize] == entry {
                self.entry_of[page as usize] = 0;
                self.count -= 1;
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_the_oldest_ghost_is_forgotten_and_void_entries_count_for_nothing() {
        let mut ghosts = Ghosts::new(2, 3);
        ghosts.push(0);
        ghosts.push(1);
        assert!(ghosts.take(0) && !ghosts.take(0));
        ghosts.push(0);
        // The void entry of page 0 is older, and page 1 goes.
        ghosts.push(2);
        assert_eq!([0, 1, 2].map(|page| ghosts.take(page)), [true, false, true]);
        for _ in 0..1000 {
            ghosts.push(1);
            assert!(ghosts.take(1));
        }
        assert!(ghosts.queue.len() < 100);
        let mut none = Ghosts::new(0, 3);
        none.push(1);
        assert!(!none.take(1));
    }
}
