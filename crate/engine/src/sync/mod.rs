//! Provides atomics, mutexes and yields for each build: those of the standard library; or loom's, which tries
//! every interleaving and every value that the memory model allows (`tests/loom`); or, with the feature
//! `footprints`, the standard library's, recording what passes through them ([`footprints`]), by which the
//! explorer recognizes a state of the machine; or, in WebAssembly without threads, plain words
//! (`sync/one_thread.rs`). With the feature `coherence` they also tell virtual CPUs of each access ([`lines`]).
//!
//! This is the one folder that knows of `cfg(loom)` and of those builds. Everything that threads share is
//! built on what is defined here, so the models and the explorer run the engine's own code.

pub(crate) mod aside;
#[cfg(feature = "footprints")]
pub(crate) mod footprints;
pub(crate) mod lines;
#[cfg(all(target_family = "wasm", not(feature = "threads")))]
mod one_thread;
mod primitive;
#[cfg(all(not(loom), any(feature = "footprints", feature = "coherence")))]
pub(crate) mod told;
#[cfg(not(feature = "footprints"))]
mod unseen;
#[cfg(feature = "footprints")]
pub(crate) mod unsteady;

#[cfg(feature = "footprints")]
use footprints as recorder;
pub(crate) use primitive::*;
pub(crate) use recorder::{forget, note, queue, turn};
#[cfg(not(feature = "footprints"))]
use unseen as recorder;

/// Runs `body` unrecorded and unheard.
pub(crate) fn unseen<T>(body: impl FnOnce() -> T) -> T {
    lines::unheard(|| recorder::unseen(body))
}

/// Loads a word of a page that is copied; the caller has told of the copy as a whole ([`write_page`]).
#[inline(always)]
pub(crate) fn load_untold(word: &atomic::AtomicU64) -> u64 {
    #[cfg(any(feature = "footprints", feature = "coherence"))]
    return word.load_untold();
    #[cfg(not(any(feature = "footprints", feature = "coherence")))]
    word.load(atomic::Ordering::Relaxed)
}

/// Stores a word of such a page.
#[inline(always)]
pub(crate) fn store_untold(word: &atomic::AtomicU64, value: u64) {
    #[cfg(any(feature = "footprints", feature = "coherence"))]
    word.store_untold(value);
    #[cfg(not(any(feature = "footprints", feature = "coherence")))]
    word.store(value, atomic::Ordering::Relaxed);
}

/// Tells that a word of [`aside`] is changed: no task's progress depends on it, but its line travels.
#[inline(always)]
pub(crate) fn changes<T>(word: &T) {
    lines::touch(std::ptr::from_ref(word).addr(), size_of::<T>(), lines::Access::Write);
}

/// Tells that each word of a page becomes what `new` returns for its index.
#[inline(always)]
pub(crate) fn write_page(words: &[atomic::AtomicU64], new: impl Fn(usize) -> u64) {
    lines::page_written(words.as_ptr().addr());
    let old = |word: &atomic::AtomicU64| word.load(atomic::Ordering::Relaxed);
    lines::unheard(|| recorder::write_page(words, old, new));
}
