//! A refusal says why an op cannot be done, as a code of the format and a sentence.

use crate::machine::Machine;
use crate::paging::Failure;
use crate::scenario::document::{FailureCode, grouped};

/// A refusal: the failure code and the sentence of an op that cannot be done.
pub(super) type Refusal = (FailureCode, String);

/// Translates a failure of the engine into a refusal.
pub(super) fn refusal(machine: &Machine, failure: Failure) -> Refusal {
    let code = match failure {
        Failure::NotRunning => FailureCode::NotRunning,
        Failure::OutOfRange => FailureCode::OutOfRange,
        Failure::ReadOnly => FailureCode::ReadOnly,
        Failure::OutOfMemory => FailureCode::OutOfMemory,
        Failure::OutOfSwap => FailureCode::OutOfSwap,
        Failure::SwapFailed => {
            return (FailureCode::SwapFailed, format!("{failure}: {}", machine.swap.trouble()));
        }
        Failure::TooManyProcesses => {
            let most = grouped(machine.processes.capacity() as u64);
            let message = format!("the machine has room for {most} processes");
            return (FailureCode::TooManyProcesses, message);
        }
    };
    (code, failure.to_string())
}
