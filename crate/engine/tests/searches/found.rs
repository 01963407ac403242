//! Unwraps the finding of a search, for tests that expect one.

use faultline::runtime::explorer::{End, Failing};

pub(crate) fn found(end: End) -> Failing {
    match end {
        End::Found(failing) => failing,
        other => panic!("nothing was found: {other:?}"),
    }
}
