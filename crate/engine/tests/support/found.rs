//! What the explorer has found, for who expects it to.

use faultline::runtime::explorer::{End, Failing};

pub(crate) fn found(end: End) -> Failing {
    match end {
        End::Found(failing) => failing,
        other => panic!("nothing was found: {other:?}"),
    }
}
