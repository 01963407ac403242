//! Turns a panic of the subject into a finding: it is not printed, and its location is kept.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static CATCHES: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Returns what `body` returns, or its message when it panicked.
pub(super) fn caught<T>(body: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |panic| {
            if CATCHES.get() {
                PLACE.set(panic.location().map(ToString::to_string).unwrap_or_default());
            } else {
                others(panic);
            }
        }));
    });
    CATCHES.set(true);
    let result = catch_unwind(AssertUnwindSafe(body));
    CATCHES.set(false);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default().to_owned()
    })
}

/// Returns the location of this thread's last panic.
pub(super) fn last_place() -> String {
    PLACE.with_borrow(String::clone)
}
