//! Numbers pages in the order of their first use, and notes how each was used.

use std::collections::HashMap;

use crate::error::TraceError;
use crate::line::Kind;

/// The places of the table of pages used lately, by the low bits of a page.
const LATELY: usize = 1024;

/// No number: the last one that a limit allows is below it.
const NONE: u32 = u32::MAX;

/// The pages of a trace.
pub(crate) struct Pages {
    numbers: HashMap<u64, u32>,
    /// What is in `numbers` for the page that each place had last.
    lately: Vec<(u64, u32)>,
    /// The pages by their numbers.
    pages: Vec<u64>,
    /// How each was used, a bit for each kind of access.
    uses: Vec<u8>,
    limit: u32,
}

impl Pages {
    /// Begins without a page; there may be `limit` of them.
    pub(crate) fn new(limit: u32) -> Self {
        Self {
            numbers: HashMap::new(),
            lately: vec![(0, NONE); LATELY],
            pages: Vec::new(),
            uses: Vec::new(),
            limit: limit.min(NONE - 1),
        }
    }

    /// Notes a use of a page, and returns its number.
    #[inline]
    pub(crate) fn number(&mut self, page: u64, kind: Kind) -> Result<u32, TraceError> {
        let place = page as usize % LATELY;
        let (last, mut number) = self.lately[place];
        if number == NONE || last != page {
            number = self.find(page)?;
            self.lately[place] = (page, number);
        }
        self.uses[number as usize] |= bit(kind);
        Ok(number)
    }

    #[inline(never)]
    fn find(&mut self, page: u64) -> Result<u32, TraceError> {
        if let Some(number) = self.numbers.get(&page) {
            return Ok(*number);
        }
        let number = self.pages.len() as u32;
        if number >= self.limit {
            return Err(TraceError::Pages(self.limit));
        }
        self.numbers
            .try_reserve(1)
            .and_then(|()| self.pages.try_reserve(1))
            .and_then(|()| self.uses.try_reserve(1))
            .map_err(|_| TraceError::Memory)?;
        self.numbers.insert(page, number);
        self.pages.push(page);
        self.uses.push(0);
        Ok(number)
    }

    /// Returns how many pages there are.
    pub(crate) fn count(&self) -> u32 {
        self.pages.len() as u32
    }

    /// Returns the pages in the order of their numbers.
    pub(crate) fn pages(&self) -> &[u64] {
        &self.pages
    }

    /// Whether the page of a number was used so.
    pub(crate) fn was(&self, number: u32, kind: Kind) -> bool {
        self.uses[number as usize] & bit(kind) != 0
    }

    /// Returns how many pages were used so.
    pub(crate) fn used(&self, kind: Kind) -> u32 {
        self.uses.iter().filter(|uses| *uses & bit(kind) != 0).count() as u32
    }
}

fn bit(kind: Kind) -> u8 {
    1 << kind as u8
}
