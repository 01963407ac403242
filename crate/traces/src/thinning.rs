//! Leaves out references that say little: those to a page that was touched just before (stack deletion: Smith, "Two methods
//! for the efficient analysis of memory address trace data", 1977). What is left out does not make its page more recent, so LRU
//! in a larger memory faults nearly as often, and not exactly.

use crate::options::Options;
use crate::reference::Reference;

/// What is left out of a trace, and what the next reference is compared with.
pub(crate) struct Thinning {
    merge: bool,
    /// The reference that later ones may be merged with.
    open: Option<Reference>,
    /// How many pages are too recent.
    window: usize,
    /// The pages touched last, the latest first, and whether a write to each has been given on since it came here.
    recent: Vec<Reference>,
    /// References that were merged with the one before.
    pub(crate) merged: u64,
    /// References that were left out because their page was recent.
    pub(crate) repeated: u64,
}

impl Thinning {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            merge: options.merge,
            open: None,
            window: options.recent as usize,
            recent: Vec::new(),
            merged: 0,
            repeated: 0,
        }
    }

    /// Whether nothing is ever left out, which is so for most traces.
    #[inline]
    pub(crate) fn leaves_all(&self) -> bool {
        self.window == 0 && !self.merge
    }

    /// Takes a reference, and returns the one that is given on now, if there is one.
    pub(crate) fn take(&mut self, reference: Reference) -> Option<Reference> {
        if self.window > 0 && self.is_repeated(reference) {
            self.repeated += 1;
            return None;
        }
        if !self.merge {
            return Some(reference);
        }
        match &mut self.open {
            Some(open) if open.page == reference.page => {
                open.write |= reference.write;
                self.merged += 1;
                None
            }
            open => open.replace(reference),
        }
    }

    /// Returns what was kept to be merged.
    pub(crate) fn finish(&mut self) -> Option<Reference> {
        self.open.take()
    }

    /// Notes a reference, and tells whether it is left out: its page is recent, and a write to it is nothing new.
    fn is_repeated(&mut self, Reference { page, write }: Reference) -> bool {
        let known = self.recent.iter().position(|recent| recent.page == page);
        let was_written = known.is_some_and(|at| self.recent[at].write);
        match known {
            Some(at) => self.recent[..=at].rotate_right(1),
            None => {
                self.recent.truncate(self.window - 1);
                self.recent.insert(0, Reference { page, write });
            }
        }
        self.recent[0].write = was_written || write;
        known.is_some() && (was_written || !write)
    }
}
