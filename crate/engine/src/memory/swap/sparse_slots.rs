//! Slots that keep only the cache lines of a page that are not all zero: what a machine in a browser has for
//! swap. Most pages of a scenario hold a few words, and a browser gives a page far less memory than an
//! operating system gives a program, where whole pages are copied faster (`memory/swap/whole_slots.rs`).

use std::sync::PoisonError;

use crate::memory::frames::Pages;
use crate::memory::word::{PAGE_WORDS, Pfn, Slot};
#[cfg(target_arch = "wasm32")]
use crate::parts::MemoryPart;
use crate::sync::Mutex;

/// Words in a cache line. A page has 64 lines, a bit of a word for each.
const LINE_WORDS: usize = PAGE_WORDS / u64::BITS as usize;

/// The lines of one page that are not all zero: a word with a bit for each of them, lowest line first, and then
/// their words. Empty if the page is zero.
type Lines = Box<[u64]>;

/// The bytes of slots. A slot's memory is taken when it is written, and given back when it is written again.
#[derive(Debug)]
pub struct SparseSlots {
    slots: Box<[Mutex<Lines>]>,
}

impl SparseSlots {
    /// Returns slots 0 to `slots`, all zero.
    pub fn new(slots: u32) -> Option<Self> {
        let mut all = Vec::new();
        all.try_reserve_exact(slots as usize + 1).ok()?;
        all.extend((0..=slots).map(|_| Mutex::default()));
        Some(Self { slots: all.into_boxed_slice() })
    }

    /// Returns its words, as parts of memory: none, because what is kept of a page moves.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn parts(&self) -> Vec<MemoryPart> {
        Vec::new()
    }

    /// Reads a slot into a frame that the caller owns.
    pub fn read(&self, slot: Slot, frames: &Pages, frame: Pfn) {
        frames.put(frame.0, &self.page(slot));
    }

    /// Writes a frame, to which a program may be storing, to a slot.
    pub fn write(&self, slot: Slot, frames: &Pages, frame: Pfn) {
        let lines = lines_of(&frames.page(frame.0));
        *self.slots[slot.0 as usize].lock().unwrap_or_else(PoisonError::into_inner) = lines;
    }

    /// Returns the words of a slot.
    pub fn page(&self, slot: Slot) -> [u64; PAGE_WORDS] {
        let mut page = [0; PAGE_WORDS];
        let lines = self.slots[slot.0 as usize].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((kept, words)) = lines.split_first() {
            let mut kept = *kept;
            for words in words.chunks_exact(LINE_WORDS) {
                let at = kept.trailing_zeros() as usize * LINE_WORDS;
                page[at..at + LINE_WORDS].copy_from_slice(words);
                kept &= kept - 1;
            }
        }
        page
    }

    /// Returns one word of a slot.
    pub fn word(&self, slot: Slot, index: usize) -> u64 {
        self.page(slot)[index]
    }
}

fn lines_of(page: &[u64; PAGE_WORDS]) -> Lines {
    let is_kept = |line: &[u64; LINE_WORDS]| line.iter().fold(0, |all, word| all | word) != 0;
    let lines = page.as_chunks::<LINE_WORDS>().0;
    let bits = lines.iter().zip(0..).map(|(line, bit)| u64::from(is_kept(line)) << bit);
    let kept: u64 = bits.sum();
    if kept == 0 {
        return Lines::default();
    }
    let mut words = Vec::with_capacity(1 + kept.count_ones() as usize * LINE_WORDS);
    words.push(kept);
    for line in lines.iter().filter(|line| is_kept(line)) {
        words.extend_from_slice(line);
    }
    words.into_boxed_slice()
}
