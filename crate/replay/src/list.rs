//! Lists of numbers below a bound, several in one array: each number is on one list at most, and moves in constant
//! time without an allocation.

/// The neighbours of a number on its list, or of a list's own end.
#[derive(Clone, Copy, Debug)]
struct Links {
    before: u32,
    after: u32,
}

/// Lists of the numbers below a bound.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    /// First an end for each list, which closes it to a ring, then the numbers.
    links: Vec<Links>,
    lists: u32,
}

impl Lists {
    /// Makes `lists` empty lists of numbers below `numbers`.
    pub(crate) fn new(lists: u32, numbers: usize) -> Self {
        let alone = |at| Links { before: at, after: at };
        Self { links: (0..lists + numbers as u32).map(alone).collect(), lists }
    }

    /// Returns the first of a list.
    pub(crate) fn first(&self, list: u32) -> Option<u32> {
        self.links[list as usize].after.checked_sub(self.lists)
    }

    /// Returns the last of a list.
    pub(crate) fn last(&self, list: u32) -> Option<u32> {
        self.links[list as usize].before.checked_sub(self.lists)
    }

    /// Returns what stands before a number on its list.
    pub(crate) fn before(&self, number: u32) -> Option<u32> {
        self.links[(number + self.lists) as usize].before.checked_sub(self.lists)
    }

    /// Returns what stands after a number on its list.
    pub(crate) fn after(&self, number: u32) -> Option<u32> {
        self.links[(number + self.lists) as usize].after.checked_sub(self.lists)
    }

    /// Puts a number that is on no list to the front of one.
    pub(crate) fn push_front(&mut self, list: u32, number: u32) {
        let after = self.links[list as usize].after;
        self.insert(number + self.lists, list, after);
    }

    /// Puts a number that is on no list to the end of one.
    pub(crate) fn push_back(&mut self, list: u32, number: u32) {
        let before = self.links[list as usize].before;
        self.insert(number + self.lists, before, list);
    }

    /// Takes a number off its list.
    pub(crate) fn remove(&mut self, number: u32) {
        let Links { before, after } = self.links[(number + self.lists) as usize];
        self.links[before as usize].after = after;
        self.links[after as usize].before = before;
    }

    fn insert(&mut self, at: u32, before: u32, after: u32) {
        self.links[at as usize] = Links { before, after };
        self.links[before as usize].after = at;
        self.links[after as usize].before = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_numbers_move_between_lists_and_keep_their_order() {
        let mut lists = Lists::new(2, 5);
        let of = |lists: &Lists, list| -> Vec<u32> {
            std::iter::successors(lists.first(list), |at| lists.after(*at)).collect()
        };
        (0..4).for_each(|number| lists.push_back(0, number));
        lists.push_front(1, 4);
        lists.remove(2);
        lists.push_front(1, 2);
        assert_eq!((of(&lists, 0), of(&lists, 1)), (vec![0, 1, 3], vec![2, 4]));
        assert_eq!((lists.last(0), lists.last(1), lists.before(2)), (Some(3), Some(4), None));
        (0..5).for_each(|number| lists.remove(number));
        assert_eq!((lists.first(0), lists.last(1)), (None, None));
    }
}
