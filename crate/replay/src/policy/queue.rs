//! FIFO queues of pages, out of whose middle a page can be taken.

use std::collections::VecDeque;

/// The entries that pages have in queues: a page has one at most.
pub(super) struct Entries {
    /// The number of each page's entry, or 0.
    of: Vec<u32>,
    last: u32,
}

impl Entries {
    pub(super) fn new(pages: usize) -> Self {
        Self { of: vec![0; pages], last: 0 }
    }

    /// Whether a page is in a queue.
    pub(super) fn has(&self, page: u32) -> bool {
        self.of[page as usize] != 0
    }
}

/// A queue.
#[derive(Default)]
pub(super) struct Queue {
    len: usize,
    /// Pages with the numbers of their entries. An entry whose page has another number by now is void.
    entries: VecDeque<(u32, u32)>,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Appends a page that is in no queue.
    pub(super) fn push(&mut self, page: u32, entries: &mut Entries) {
        if self.entries.len() > 2 * self.len + 64 {
            self.entries.retain(|(page, entry)| entries.of[*page as usize] == *entry);
        }
        entries.last += 1;
        entries.of[page as usize] = entries.last;
        self.entries.push_back((page, entries.last));
        self.len += 1;
    }

    /// Takes the oldest page.
    pub(super) fn pop(&mut self, entries: &mut Entries) -> Option<u32> {
        while let Some((page, entry)) = self.entries.pop_front() {
            if entries.of[page as usize] == entry {
                self.remove(page, entries);
                return Some(page);
            }
        }
        None
    }

    /// Takes a page that is in this queue.
    pub(super) fn remove(&mut self, page: u32, entries: &mut Entries) {
        entries.of[page as usize] = 0;
        self.len -= 1;
    }
}

/// Pages that were evicted lately, the oldest forgotten first.
pub(super) struct Ghosts {
    most: usize,
    queue: Queue,
    entries: Entries,
}

impl Ghosts {
    /// Makes a memory of `most` of so many pages.
    pub(super) fn new(most: usize, pages: usize) -> Self {
        Self { most, queue: Queue::default(), entries: Entries::new(pages) }
    }

    /// Remembers a page that it does not remember.
    pub(super) fn push(&mut self, page: u32) {
        self.queue.push(page, &mut self.entries);
        if self.queue.len() > self.most {
            self.queue.pop(&mut self.entries);
        }
    }

    /// Forgets a page. Returns whether it was remembered.
    pub(super) fn take(&mut self, page: u32) -> bool {
        let was_there = self.entries.has(page);
        if was_there {
            self.queue.remove(page, &mut self.entries);
        }
        was_there
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
        assert!(ghosts.queue.entries.len() < 100);
        let mut none = Ghosts::new(0, 3);
        none.push(1);
        assert!(!none.take(1));
    }
}
