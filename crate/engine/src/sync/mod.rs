//! Provides atomics, mutexes and yields for each build: those of the standard library; or loom's, which tries
//! every interleaving and every value that the memory model allows (`tests/loom`); or, with the feature
//! `footprints`, the standard library's, recording what passes through them ([`footprints`]), by which the
//! explorer recognizes a state of the machine; or, in WebAssembly without threads, plain words
//! (`sync/one_thread.rs`). With the feature `coherence` they also tell virtual CPUs of each access
//! (`sync/lines.rs`).
//!
//! This is the one folder that knows of `cfg(loom)` and of those builds. Everything that threads share is
//! built on what is defined here, so the models and the explorer run the engine's own code.

pub(crate) mod aside;
#[cfg(feature = "footprints")]
pub(crate) mod footprints;
#[cfg(feature = "coherence")]
pub(crate) mod lines;
#[cfg(all(target_family = "wasm", not(feature = "threads")))]
mod one_thread;
mod padded;
mod primitive;
#[cfg(all(not(loom), any(feature = "footprints", feature = "coherence")))]
pub(crate) mod told;
#[cfg(not(feature = "coherence"))]
mod unheard;
#[cfg(not(feature = "footprints"))]
mod unseen;
#[cfg(feature = "footprints")]
pub(crate) mod unsteady;

#[cfg(feature = "footprints")]
use footprints as recorder;
#[cfg(feature = "coherence")]
use lines as listener;
pub(crate) use padded::Padded;
pub(crate) use primitive::*;
pub(crate) use recorder::{forget, note, queue, turn};
#[cfg(not(feature = "coherence"))]
use unheard as listener;
#[cfg(not(feature = "footprints"))]
use unseen as recorder;

/// Runs a check that not every build has, with nobody listening: a run is the same with it and without.
#[inline(always)]
pub(crate) fn unheard<T>(check: impl FnOnce() -> T) -> T {
    listener::unheard(check)
}

/// Runs `body` unrecorded and unheard.
pub(crate) fn unseen<T>(body: impl FnOnce() -> T) -> T {
    listener::unheard(|| recorder::unseen(body))
}

/// A word that can be loaded without telling anybody.
pub(crate) trait Untold {
    /// What it holds.
    type Value: Copy;

    /// Loads it and tells.
    fn told(&self, order: atomic::Ordering) -> Self::Value;

    /// Loads it and tells nobody: somebody has told of it, or nobody listens.
    fn untold(&self, order: atomic::Ordering) -> Self::Value;
}

/// Whether accesses are told of at this moment, to anybody.
#[inline(always)]
fn are_told() -> bool {
    #[cfg(all(not(loom), any(feature = "footprints", feature = "coherence")))]
    return told::are_told();
    #[cfg(any(loom, not(any(feature = "footprints", feature = "coherence"))))]
    false
}

macro_rules! untold {
    ($($word:ident: $value:ty),*) => {$(
        impl Untold for atomic::$word {
            type Value = $value;

            #[inline(always)]
            fn told(&self, order: atomic::Ordering) -> $value {
                self.load(order)
            }

            #[inline(always)]
            fn untold(&self, order: atomic::Ordering) -> $value {
                #[cfg(all(not(loom), any(feature = "footprints", feature = "coherence")))]
                return self.0.load(order);
                #[cfg(any(loom, not(any(feature = "footprints", feature = "coherence"))))]
                self.load(order)
            }
        }
    )*};
}
untold!(AtomicU32: u32, AtomicU64: u64);

/// Finds the first record with a word whose value is wanted: its index, and the value. Whether anybody listens is
/// asked once; nobody is told of looks that found nothing then, so eight words are asked for at a time.
#[inline]
pub(crate) fn find<R, W: Untold>(
    records: &[R],
    word: impl Fn(&R) -> &W,
    order: atomic::Ordering,
    is_wanted: impl Fn(W::Value) -> bool,
) -> Option<(usize, W::Value)> {
    let in_turn = |(index, record)| {
        let value = word(record).told(order);
        is_wanted(value).then_some((index, value))
    };
    if are_told() {
        return records.iter().enumerate().find_map(in_turn);
    }
    let (groups, rest) = records.as_chunks::<8>();
    for (group, first) in groups.iter().zip((0..).step_by(8)) {
        let has_one = |has, record| has | is_wanted(word(record).untold(order));
        if group.iter().fold(false, has_one)
            && let Some(found) = (first..).zip(group).find_map(in_turn)
        {
            return Some(found);
        }
    }
    (records.len() - rest.len()..).zip(rest).find_map(in_turn)
}

/// Sums some words. Whether anybody listens is asked once.
#[inline]
pub(crate) fn sum<'a>(words: impl Iterator<Item = &'a atomic::AtomicU32>) -> u32 {
    let order = atomic::Ordering::Relaxed;
    if are_told() {
        return words.map(|word| word.told(order)).sum();
    }
    words.map(|word| word.untold(order)).sum()
}

/// Loads a word of a page that is copied; the caller has told of the copy as a whole ([`write_page`]).
#[inline(always)]
pub(crate) fn load_untold(word: &atomic::AtomicU64) -> u64 {
    word.untold(atomic::Ordering::Relaxed)
}

/// Stores a word of such a page.
#[inline(always)]
pub(crate) fn store_untold(word: &atomic::AtomicU64, value: u64) {
    #[cfg(all(not(loom), any(feature = "footprints", feature = "coherence")))]
    word.store_untold(value);
    #[cfg(any(loom, not(any(feature = "footprints", feature = "coherence"))))]
    word.store(value, atomic::Ordering::Relaxed);
}

/// Tells that a word of [`aside`] is changed: no task's progress depends on it, but its line travels.
#[inline(always)]
pub(crate) fn changes<T>(word: &T) {
    listener::writes(word);
}

/// Tells that each word of a page becomes what `new` returns for its index.
#[inline(always)]
pub(crate) fn write_page(words: &[atomic::AtomicU64], new: impl Fn(usize) -> u64) {
    listener::page_written(words.as_ptr().addr());
    let old = |word: &atomic::AtomicU64| word.load(atomic::Ordering::Relaxed);
    listener::unheard(|| recorder::write_page(words, old, new));
}
