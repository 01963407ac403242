//! Tells the lines of virtual CPUs which words are read and written ([`Listener`]).
//!
//! A thread is listened to only while it runs a task of virtual CPUs that know cache lines. All that an access
//! outside costs is the question whether it is. `sync/unheard.rs` stands in for this file without the feature
//! `coherence`: nothing is told there, and that costs nothing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What an access does with its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Reads it.
    Read,
    /// Changes it, or would: an atomic step that fails takes the line as one that succeeds does.
    Write,
}

/// Hears of accesses to shared words.
pub(crate) trait Listener {
    /// Hears of an access to so many bytes at an address.
    fn touched(&self, address: usize, bytes: usize, access: Access);

    /// Hears that a whole page at an address was zeroed or copied to.
    fn page_written(&self, address: usize);
}

thread_local! {
    static LISTENS: Cell<bool> = const { Cell::new(false) };
    static LISTENER: RefCell<Option<Rc<dyn Listener>>> = const { RefCell::new(None) };
}

/// Whether this thread is listened to.
#[inline(always)]
pub(super) fn is_heard() -> bool {
    LISTENS.get()
}

/// Tells that a word is read, if this thread is listened to.
#[inline(always)]
pub(super) fn reads<T>(word: &T) {
    touch(word, Access::Read);
}

/// Tells that a word is changed, if this thread is listened to.
#[inline(always)]
pub(super) fn writes<T>(word: &T) {
    touch(word, Access::Write);
}

#[inline(always)]
fn touch<T>(word: &T, access: Access) {
    if is_heard() {
        tell_of_word(std::ptr::from_ref(word).addr(), size_of::<T>(), access);
    }
}

/// Tells that a whole page was written, if this thread is listened to.
#[inline(always)]
pub(super) fn page_written(address: usize) {
    if is_heard() {
        tell_of_page(address);
    }
}

// Out of line, and with what fits registers, or callers that tell nobody would pay for them.
#[cold]
#[inline(never)]
fn tell_of_word(address: usize, bytes: usize, access: Access) {
    tell(|listener| listener.touched(address, bytes, access));
}

#[cold]
#[inline(never)]
fn tell_of_page(address: usize) {
    tell(|listener| listener.page_written(address));
}

/// Tells the listener, to whose own accesses nobody listens.
#[inline(always)]
fn tell(what: impl FnOnce(&dyn Listener)) {
    unheard(|| LISTENER.with_borrow(|listener| listener.as_deref().map(what)));
}

/// Runs `body` with nobody listening.
pub(super) fn unheard<T>(body: impl FnOnce() -> T) -> T {
    let before = LISTENS.replace(false);
    let result = body();
    LISTENS.set(before);
    result
}

/// Ends the listening when it is dropped, after a panic too.
struct Deaf;

impl Drop for Deaf {
    fn drop(&mut self) {
        LISTENS.set(false);
        LISTENER.set(None);
    }
}

/// Runs `body` while a listener hears what this thread reads and writes.
pub(crate) fn heard_by<T>(listener: Rc<dyn Listener>, body: impl FnOnce() -> T) -> T {
    LISTENER.set(Some(listener));
    let _deaf = Deaf;
    LISTENS.set(true);
    body()
}
