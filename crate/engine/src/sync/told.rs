//! The atomics of [`super::aside`], as far as the engine uses them, which tell of each access: the recorder of
//! footprints, with the feature `footprints`, and the lines of virtual CPUs, with the feature `coherence`.
#![allow(unreachable_pub, reason = "one of them has another name outside")]

pub(crate) use super::aside::{Ordering, fence};

use super::aside;
#[cfg(feature = "footprints")]
use super::footprints;
#[cfg(feature = "coherence")]
use super::lines as listener;
#[cfg(not(feature = "coherence"))]
use super::unheard as listener;
#[cfg(feature = "footprints")]
use super::unsteady;

#[cfg(feature = "footprints")]
#[inline(always)]
fn address<T>(word: &T) -> usize {
    std::ptr::from_ref(word).addr()
}

/// Tells that a word was read.
#[inline(always)]
fn loaded<T>(word: &T, value: u64) {
    listener::reads(word);
    #[cfg(feature = "footprints")]
    if footprints::are_recorded() {
        footprints::read(address(word), value);
    }
    #[cfg(not(feature = "footprints"))]
    let _ = value;
}

/// Tells that a word is about to be overwritten unread.
#[inline(always)]
fn stores<T>(word: &T, old: impl FnOnce() -> u64, new: u64) {
    listener::writes(word);
    #[cfg(feature = "footprints")]
    if footprints::are_recorded() {
        footprints::written(address(word), old(), new);
    }
    #[cfg(not(feature = "footprints"))]
    let _ = (old, new);
}

/// Tells that a word was read and, in the same step, changed, or left as it was because it had not the value
/// that it had to have.
#[inline(always)]
fn exchanged<T>(word: &T, old: u64, new: Option<u64>) {
    listener::writes(word);
    #[cfg(feature = "footprints")]
    if footprints::are_recorded() {
        footprints::read(address(word), old);
        if let Some(new) = new {
            footprints::written(address(word), old, new);
        }
    }
    #[cfg(not(feature = "footprints"))]
    let _ = (old, new);
}

/// Whether anybody hears of accesses now.
#[inline(always)]
pub(super) fn are_told() -> bool {
    #[cfg(feature = "footprints")]
    let is_recorded = footprints::are_recorded();
    #[cfg(not(feature = "footprints"))]
    let is_recorded = false;
    is_recorded || listener::is_heard()
}

/// Hesitates now and then, where a test has asked for it.
#[inline(always)]
fn has_written() {
    #[cfg(feature = "footprints")]
    unsteady::written();
}

macro_rules! telling {
    ($name:ident of $value:ty $(, $fetch:ident: $new:expr)*) => {
        /// An atomic that tells of its accesses.
        #[derive(Debug, Default)]
        #[repr(transparent)]
        pub struct $name(pub(super) aside::$name);

        #[allow(missing_docs, reason = "as in the standard library")]
        impl $name {
            pub const fn new(value: $value) -> Self {
                Self(aside::$name::new(value))
            }

            #[inline]
            pub fn load(&self, order: Ordering) -> $value {
                let value = self.0.load(order);
                loaded(self, value.into());
                value
            }

            #[inline]
            pub fn store(&self, value: $value, order: Ordering) {
                stores(self, || self.0.load(Ordering::Relaxed).into(), value.into());
                self.0.store(value, order);
                has_written();
            }

            #[inline]
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                let old = self.0.swap(value, order);
                exchanged(self, old.into(), Some(value.into()));
                has_written();
                old
            }

            #[inline]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let result = self.0.compare_exchange(current, new, success, failure);
                let (Ok(old) | Err(old)) = result;
                exchanged(self, old.into(), result.is_ok().then(|| new.into()));
                has_written();
                result
            }

            $(
                #[inline]
                pub fn $fetch(&self, value: $value, order: Ordering) -> $value {
                    let old = self.0.$fetch(value, order);
                    let new: fn($value, $value) -> $value = $new;
                    exchanged(self, old.into(), Some(new(old, value).into()));
                    has_written();
                    old
                }
            )*
        }
    };
}

telling!(AtomicBool of bool);
telling!(
    AtomicU32 of u32,
    fetch_add: u32::wrapping_add,
    fetch_sub: u32::wrapping_sub
);
telling!(
    AtomicU64 of u64,
    fetch_add: u64::wrapping_add,
    fetch_sub: u64::wrapping_sub,
    fetch_or: |old, bits| old | bits,
    fetch_and: |old, bits| old & bits
);

impl AtomicU64 {
    /// Stores the word and tells nobody.
    #[inline(always)]
    pub(in crate::sync) fn store_untold(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
        has_written();
    }

    /// As in the standard library. Where executions are to be repeated it never fails spuriously.
    #[inline]
    pub fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        self.compare_exchange(current, new, success, failure)
    }
}
