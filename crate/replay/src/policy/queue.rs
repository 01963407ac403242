//! FIFO queues that a page leaves when it is used, wherever it stands: its entry is void from then on.

use std::collections::VecDeque;

use crate::lanes::Pages;

/// A queue of pages that are not used while they are there.
#[derive(Default)]
pub(super) struct Queue {
    len: usize,
    /// Pages with the times of their last uses. A page that has been used since then is no longer there.
    entries: VecDeque<(u32, u32)>,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Appends a page that is not there. `last_use` tells when a page was used last.
    #[inline(always)]
    pub(super) fn push(&mut self, page: u32, last_use: impl Fn(u32) -> u32) {
        if self.entries.len() > 2 * self.len + 64 {
            self.entries.retain(|(page, used)| last_use(*page) == *used);
        }
        self.entries.push_back((page, last_use(page)));
        self.len += 1;
    }

    /// Takes the page that was appended first. There is one.
    #[inline(always)]
    pub(super) fn pop(&mut self, last_use: impl Fn(u32) -> u32) -> u32 {
        self.len -= 1;
        loop {
            let (page, used) = self.entries.pop_front().expect("the queue has a page");
            if last_use(page) == used {
                return page;
            }
        }
    }

    /// Takes a page that is there and is used now.
    #[inline(always)]
    pub(super) fn take_used(&mut self) {
        self.len -= 1;
    }
}

/// Pages that were evicted lately, the oldest forgotten first. The word `LAST_USE` of a page is the time of its last use,
/// and `REMEMBERED` has the lanes in which it is remembered.
pub(super) struct Ghosts<const LAST_USE: usize, const REMEMBERED: usize> {
    most: usize,
    queue: Queue,
}

impl<const LAST_USE: usize, const REMEMBERED: usize> Ghosts<LAST_USE, REMEMBERED> {
    /// Makes a memory of `most` pages.
    pub(super) fn new(most: usize) -> Self {
        Self { most, queue: Queue::default() }
    }

    /// Remembers a page that it does not remember.
    #[inline(always)]
    pub(super) fn push<const WORDS: usize>(&mut self, page: u32, pages: &mut Pages<'_, WORDS>) {
        self.queue.push(page, |page| pages.word(page, LAST_USE));
        pages.set_bit(page, REMEMBERED);
        if self.queue.len() > self.most {
            let oldest = self.queue.pop(|page| pages.word(page, LAST_USE));
            pages.take_bit(oldest, REMEMBERED);
        }
    }

    /// Forgets a page that is used now. Returns whether it was remembered.
    #[inline(always)]
    pub(super) fn take<const WORDS: usize>(
        &mut self,
        page: u32,
        pages: &mut Pages<'_, WORDS>,
    ) -> bool {
        let was_there = pages.take_bit(page, REMEMBERED);
        if was_there {
            self.queue.take_used();
        }
        was_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Marks;

    #[test]
    fn s6_the_oldest_ghost_is_forgotten_and_void_entries_count_for_nothing() {
        let mut marks = vec![Marks::<2>::ABSENT; 3];
        let mut now = 0;
        let (mut ghosts, mut none) = (Ghosts::<0, 1>::new(2), Ghosts::<0, 1>::new(0));
        let mut take = |page: u32, ghosts: &mut Ghosts<0, 1>, marks: &mut [Marks<2>]| {
            now += 1;
            marks[page as usize].planes[0] = now;
            ghosts.take(page, &mut Pages::of(marks, 5))
        };
        let push = |page, ghosts: &mut Ghosts<0, 1>, marks: &mut [Marks<2>]| {
            ghosts.push(page, &mut Pages::of(marks, 5));
        };
        for page in [0, 1] {
            assert!(!take(page, &mut ghosts, &mut marks));
            push(page, &mut ghosts, &mut marks);
        }
        assert!(take(0, &mut ghosts, &mut marks) && !take(0, &mut ghosts, &mut marks));
        push(0, &mut ghosts, &mut marks);
        // The void entry of page 0 is older, and page 1 goes.
        push(2, &mut ghosts, &mut marks);
        let found = [0, 1, 2].map(|page| take(page, &mut ghosts, &mut marks));
        assert_eq!((found, ghosts.queue.len()), ([true, false, true], 0));
        for _ in 0..1000 {
            push(1, &mut ghosts, &mut marks);
            assert!(take(1, &mut ghosts, &mut marks));
        }
        assert!(ghosts.queue.entries.len() < 100);
        push(1, &mut none, &mut marks);
        assert!(!take(1, &mut none, &mut marks));
    }
}
