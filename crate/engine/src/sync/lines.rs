//! Tells the lines of virtual CPUs which words are read and written ([`Listener`]), in builds with the feature
//! `coherence`. Elsewhere nothing is told, and that costs nothing.
//!
//! A thread is listened to only while it runs a task of virtual CPUs that know cache lines. All that an access
//! outside costs is the question whether it is.
#![cfg_attr(not(feature = "coherence"), allow(dead_code, reason = "nobody tells of accesses"))]

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

#[cfg(feature = "coherence")]
mod ear {
    use std::cell::{Cell, RefCell};

    use super::*;

    thread_local! {
        static LISTENS: Cell<bool> = const { Cell::new(false) };
        static LISTENER: RefCell<Option<Rc<dyn Listener>>> = const { RefCell::new(None) };
    }

    /// Whether this thread is listened to.
    #[inline(always)]
    pub(in crate::sync) fn is_heard() -> bool {
        LISTENS.get()
    }

    /// Tells of an access, if this thread is listened to.
    #[inline(always)]
    pub(in crate::sync) fn touch(address: usize, bytes: usize, access: Access) {
        if is_heard() {
            tell_of_word(address, bytes, access);
        }
    }

    /// Tells that a whole page was written, if this thread is listened to.
    #[inline(always)]
    pub(in crate::sync) fn page_written(address: usize) {
        if is_heard() {
            tell_of_page(address);
        }
    }

    // Out of line, and with what fits registers, or callers would pay for them who tell nobody.
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
    pub(in crate::sync) fn unheard<T>(body: impl FnOnce() -> T) -> T {
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
    pub(crate) fn heard_by<T>(listener: &Rc<dyn Listener>, body: impl FnOnce() -> T) -> T {
        LISTENER.set(Some(Rc::clone(listener)));
        let _deaf = Deaf;
        LISTENS.set(true);
        body()
    }
}

#[cfg(not(feature = "coherence"))]
mod ear {
    use super::*;

    #[inline(always)]
    pub(in crate::sync) fn is_heard() -> bool {
        false
    }

    #[inline(always)]
    pub(in crate::sync) fn touch(_: usize, _: usize, _: Access) {}

    #[inline(always)]
    pub(in crate::sync) fn page_written(_: usize) {}

    #[inline(always)]
    pub(in crate::sync) fn unheard<T>(body: impl FnOnce() -> T) -> T {
        body()
    }

    pub(crate) fn heard_by<T>(_: &Rc<dyn Listener>, body: impl FnOnce() -> T) -> T {
        body()
    }
}

pub(crate) use ear::heard_by;
pub(super) use ear::*;
