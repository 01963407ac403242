//! A value that only the thread that owns it by the protocol under test may touch.
#![expect(unsafe_code, reason = "the models share what the protocols under test guard")]

use loom::cell::Cell;

/// A cell without any synchronisation of its own.
#[derive(Debug)]
pub(super) struct Owned<T>(Cell<T>);

// SAFETY: only in a model, where loom stops at the first access that is not ordered after the one
// before.
unsafe impl<T: Send> Sync for Owned<T> {}

impl<T: Copy> Owned<T> {
    pub(super) fn new(value: T) -> Self {
        Self(Cell::new(value))
    }

    pub(super) fn get(&self) -> T {
        self.0.get()
    }

    pub(super) fn set(&self, value: T) {
        self.0.set(value);
    }
}
