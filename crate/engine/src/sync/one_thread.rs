//! Plain words with the interface of atomics, for a build that has no second thread.
//!
//! WebAssembly has one memory order, the strictest, so that even a relaxed store becomes an exchange that
//! waits for all stores before it. The module for virtual CPUs is never run by two workers, and needs none of
//! that. The page reads words of it in place, as it does those of threads, and relies on no order between two
//! of them.

#![expect(unsafe_code, reason = "words that are shared in name only")]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "with the feature `coherence` few are used, and none is public"
)]

use std::cell::Cell;
use std::fmt;

pub(crate) use std::sync::atomic::Ordering;

/// A word that has the interface of an atomic.
#[derive(Default)]
#[repr(transparent)]
pub struct Plain<T>(Cell<T>);

// SAFETY: this is compiled only for WebAssembly without the feature `threads`. Such a module has no way
// to start a thread: an instance of it is used by the one worker that made it.
unsafe impl<T: Send> Sync for Plain<T> {}

/// See [`std::sync::atomic::AtomicBool`].
pub(crate) type AtomicBool = Plain<bool>;
/// See [`std::sync::atomic::AtomicU32`].
pub(crate) type AtomicU32 = Plain<u32>;
/// See [`std::sync::atomic::AtomicU64`].
pub type AtomicU64 = Plain<u64>;

/// Orders nothing: there is no other thread to see an order.
#[inline(always)]
pub(crate) fn fence(_: Ordering) {}

#[allow(missing_docs, reason = "as in std::sync::atomic")]
impl<T: Copy + PartialEq> Plain<T> {
    pub const fn new(value: T) -> Self {
        Self(Cell::new(value))
    }

    #[inline(always)]
    pub fn load(&self, _: Ordering) -> T {
        self.0.get()
    }

    #[inline(always)]
    pub fn store(&self, value: T, _: Ordering) {
        self.0.set(value);
    }

    #[inline(always)]
    pub fn swap(&self, value: T, _: Ordering) -> T {
        self.0.replace(value)
    }

    #[inline(always)]
    pub fn compare_exchange(&self, old: T, new: T, _: Ordering, _: Ordering) -> Result<T, T> {
        let found = self.0.get();
        if found != old {
            return Err(found);
        }
        self.0.set(new);
        Ok(found)
    }

    #[inline(always)]
    pub fn compare_exchange_weak(
        &self,
        old: T,
        new: T,
        success: Ordering,
        failure: Ordering,
    ) -> Result<T, T> {
        self.compare_exchange(old, new, success, failure)
    }
}

macro_rules! arithmetic {
    ($($number:ty)*) => {$(
        #[allow(missing_docs, reason = "as in std::sync::atomic")]
        impl Plain<$number> {
            #[inline(always)]
            pub fn fetch_add(&self, value: $number, _: Ordering) -> $number {
                self.0.replace(self.0.get().wrapping_add(value))
            }

            #[inline(always)]
            pub fn fetch_sub(&self, value: $number, _: Ordering) -> $number {
                self.0.replace(self.0.get().wrapping_sub(value))
            }

            #[inline(always)]
            pub fn fetch_or(&self, value: $number, _: Ordering) -> $number {
                self.0.replace(self.0.get() | value)
            }

            #[inline(always)]
            pub fn fetch_and(&self, value: $number, _: Ordering) -> $number {
                self.0.replace(self.0.get() & value)
            }
        }
    )*};
}
arithmetic!(u32 u64);

impl<T: Copy + fmt::Debug> fmt::Debug for Plain<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.get().fmt(out)
    }
}
