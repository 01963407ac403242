//! One loop goes through a script, whatever is done with its ops.

use std::ops::ControlFlow;

use crate::scenario::document::Op;

/// Calls `per_op` for each op of a script in order, with the op's path, until it breaks.
pub(super) fn play_script<B>(
    script: &[Op],
    mut per_op: impl FnMut(&Op, &str) -> ControlFlow<B>,
) -> ControlFlow<B> {
    script.iter().enumerate().try_for_each(|(index, op)| per_op(op, &format!("/script/{index}")))
}
