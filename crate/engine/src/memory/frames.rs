//! Memory that holds pages: the frames, and natively the slots of a memory swap device. The only `unsafe` of the
//! engine is here, in `memory/fresh_memory.rs` and, in a module for one thread, in `sync/one_thread.rs`.
//!
//! Every word is an atomic, so programs may race on their own data without undefined behaviour.
//! Whole-page operations are plain `memset` and `memcpy`: their callers own the page, because it
//! is off every list and in no valid PTE, or because it is mapped read-only everywhere.
#![expect(unsafe_code, reason = "page-aligned words and whole-page memset and memcpy")]

#[cfg(target_arch = "x86_64")]
use std::arch::asm;
use std::ptr::NonNull;

use super::fresh_memory::Fresh;
use super::word::{PAGE_SIZE, PAGE_WORDS};
use crate::parts::MemoryPart;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{ATOMICS_ARE_PLAIN, load_untold, store_untold, unseen, write_page};

/// Words in a cache line.
const LINE_WORDS: usize = 8;

/// An array of pages, zero at first.
#[derive(Debug)]
pub struct Pages {
    base: NonNull<AtomicU64>,
    count: usize,
    /// What the pages are in.
    _memory: Fresh,
}

// SAFETY: the memory is owned by this value and every shared access goes through atomics or
// through the whole-page operations, whose callers own the page they change.
unsafe impl Send for Pages {}
// SAFETY: as for `Send`.
unsafe impl Sync for Pages {}

impl Pages {
    /// Returns zero pages, or none when there is not that much memory, or no memory that can be cast to
    /// atomics.
    pub fn new(count: usize) -> Option<Self> {
        if !ATOMICS_ARE_PLAIN {
            return None;
        }
        let memory = Fresh::pages(count)?;
        Some(Self { base: memory.first_page().cast(), count, _memory: memory })
    }

    /// Returns how many pages there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Returns the pages, as a part of memory.
    pub fn part(&self) -> MemoryPart {
        MemoryPart { address: self.base.as_ptr().addr(), stride: PAGE_SIZE, count: self.count }
    }

    /// Returns the words of a page.
    #[inline]
    pub fn words(&self, page: u32) -> &[AtomicU64] {
        if page as usize >= self.count {
            no_such_page(page, self.count);
        }
        // SAFETY: the page is within the allocation, which lives as long as `self`, is aligned
        // for u64 and was zeroed; AtomicU64 has the layout of u64 (see `new`).
        unsafe {
            std::slice::from_raw_parts(
                self.base.add(page as usize * PAGE_WORDS).as_ptr(),
                PAGE_WORDS,
            )
        }
    }

    /// Returns one word of a page.
    #[inline]
    pub fn word(&self, page: u32, index: usize) -> &AtomicU64 {
        &self.words(page)[index]
    }

    /// Zeroes a page that the caller owns.
    pub fn zero(&self, page: u32) {
        write_page(self.words(page), |_| 0);
        let words = self.words(page).as_ptr().cast_mut();
        // SAFETY: the slice is PAGE_WORDS words long, and interior mutability of atomics allows the write;
        // the caller owns the page, so no other CPU reads or writes it.
        unsafe { words.write_bytes(0, PAGE_WORDS) }
    }

    /// Puts words into a page that the caller owns.
    pub fn put(&self, page: u32, from: &[u64; PAGE_WORDS]) {
        write_page(self.words(page), |index| from[index]);
        let words = self.words(page).as_ptr().cast_mut().cast();
        // SAFETY: as in `zero`; `from` is as long.
        unsafe { from.as_ptr().copy_to_nonoverlapping(words, PAGE_WORDS) }
    }

    /// Copies page `from` of `source`, which no CPU writes, to page `to`, which the caller owns.
    pub fn copy(&self, to: u32, source: &Self, from: u32) {
        let (words, from) = (source.words(from), source.words(from).as_ptr());
        write_page(self.words(to), |index| words[index].load(Ordering::Relaxed));
        let to = self.words(to).as_ptr().cast_mut();
        debug_assert!(!std::ptr::eq(to, from));
        // SAFETY: both slices are PAGE_WORDS words long and are different pages; the callers own what they
        // write, and no CPU writes what they read.
        unsafe { from.copy_to_nonoverlapping(to, PAGE_WORDS) }
    }

    /// Copies page `from` of `source`, which a program may be storing to, word by word, in any order; what it
    /// stores meanwhile may or may not arrive.
    pub fn copy_racing(&self, to: u32, source: &Self, from: u32) {
        let (to, from) = (self.words(to), source.words(from));
        write_page(to, |index| from[index].load(Ordering::Relaxed));
        #[cfg(target_arch = "x86_64")]
        if cfg!(not(any(loom, miri, tsan, feature = "footprints"))) {
            return unseen(|| Self::copy_by_one_instruction(to, from));
        }
        unseen(|| Self::copy_words(to, from));
    }

    /// Copies the words of a page by an instruction of the processor, which the compiler does not take for a plain copy
    /// and no tool that follows each access can see.
    #[cfg(target_arch = "x86_64")]
    fn copy_by_one_instruction(to: &[AtomicU64], from: &[AtomicU64]) {
        assert!(to.len() == PAGE_WORDS && from.len() == PAGE_WORDS);
        // SAFETY: both are PAGE_WORDS aligned words, and interior mutability of atomics allows the writes. The
        // instruction loads and stores each word whole and once, in some order, as relaxed loads and stores of all
        // of them would; so it may race as they may.
        unsafe {
            asm!(
                "rep movsq",
                inout("rcx") PAGE_WORDS => _,
                inout("rsi") from.as_ptr() => _,
                inout("rdi") to.as_ptr() => _,
                options(nostack, preserves_flags),
            );
        }
    }

    fn copy_words(to: &[AtomicU64], from: &[AtomicU64]) {
        // All cache lines first, or the word-wise copy would wait for one after the other.
        for line in (0..PAGE_WORDS).step_by(LINE_WORDS) {
            std::hint::black_box(load_untold(&from[line]));
            std::hint::black_box(load_untold(&to[line]));
        }
        // A line at a time, or each word would cost the loop as much as the copy.
        let lines = to.as_chunks::<LINE_WORDS>().0.iter().zip(from.as_chunks::<LINE_WORDS>().0);
        for (to, from) in lines {
            let words = from.each_ref().map(load_untold);
            for (to, word) in to.iter().zip(words) {
                store_untold(to, word);
            }
        }
    }

    /// Copies a page, which a program may be storing to, into bytes, word by word.
    pub fn read_bytes(&self, page: u32, bytes: &mut [u8; PAGE_SIZE]) {
        for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(self.snapshot(page)) {
            *bytes = word.to_le_bytes();
        }
    }

    /// Copies bytes into a page, word by word.
    pub fn write_bytes(&self, page: u32, bytes: &[u8; PAGE_SIZE]) {
        for (word, bytes) in self.words(page).iter().zip(bytes.as_chunks().0) {
            word.store(u64::from_le_bytes(*bytes), Ordering::Relaxed);
        }
    }

    /// Returns a copy of a page's words, read one by one.
    pub fn page(&self, page: u32) -> [u64; PAGE_WORDS] {
        let words = self.words(page);
        std::array::from_fn(|index| words[index].load(Ordering::Relaxed))
    }

    /// Returns the words of a page as plain words, read one by one.
    pub fn snapshot(&self, page: u32) -> impl Iterator<Item = u64> + '_ {
        self.words(page).iter().map(|word| word.load(Ordering::Relaxed))
    }
}

/// Panics out of line, to keep accesses short.
#[cold]
#[inline(never)]
fn no_such_page(page: u32, count: usize) -> ! {
    panic!("page {page} of {count}")
}
