//! What a script expects of pages and counters.

use super::actions::{ExpectCounter, ExpectPage};
use super::dispatcher::{Refusal, living};
use super::measures::counter;
use super::names::{FailureCode, PteState};
use super::report::{Failure, OpOutcome};
use super::session::Session;
use crate::memory::{NIL, Pte, PteFormat, Vpn};

pub(super) fn expect_page(
    session: &Session,
    expect: &ExpectPage,
    at: &str,
) -> Result<OpOutcome, Refusal> {
    let id = living(session, &expect.process)?;
    let memory = &session.memory;
    let process = memory.processes.get(id);
    if expect.page >= process.pages() {
        let message = format!("page {} of {}", expect.page, process.pages());
        return Err((FailureCode::OutOfRange, message));
    }
    if process.directory().0 == NIL {
        return Err((FailureCode::NotRunning, format!("{:?} is terminated", expect.process)));
    }
    let cell = memory.pte(process, Vpn(expect.page));
    let pte = cell.map_or(Pte::ABSENT, |cell| memory.load(cell));
    if pte.is_absent() {
        let message = format!("page {} of {:?} was unmapped", expect.page, expect.process);
        return Err((FailureCode::OutOfRange, message));
    }
    let (found, shared) = match pte.format() {
        PteFormat::Zero => (PteState::Zero, 0),
        PteFormat::Valid => (PteState::Valid, memory.pfns.peek(pte.frame()).share()),
        PteFormat::Transition => (PteState::Transition, memory.pfns.peek(pte.frame()).share()),
        PteFormat::Swapped => (PteState::Swapped, 0),
    };
    let mut outcome = OpOutcome::judge(at, None, Ok(None));
    if let Some(expected) = expect.pte
        && expected != found
    {
        outcome.fail(Failure::new(at, format!("pte {expected}"), format!("pte {found}")));
    }
    if let Some(expected) = expect.shared
        && expected != shared
    {
        outcome.fail(Failure::new(at, format!("shared {expected}"), format!("shared {shared}")));
    }
    Ok(outcome)
}

pub(super) fn expect_counter(session: &Session, expect: &ExpectCounter, at: &str) -> OpOutcome {
    let found = counter(session.memory(), expect.counter);
    let mut outcome = OpOutcome::judge(at, None, Ok(None));
    let name = expect.counter;
    let mut check = |holds: bool, words: String| {
        if !holds {
            outcome.fail(Failure::new(at, words, format!("{name} {found}")));
        }
    };
    if let Some(equals) = expect.equals {
        check(found == equals, format!("{name} {equals}"));
    }
    if let Some(least) = expect.at_least {
        check(found >= least, format!("{name} at least {least}"));
    }
    if let Some(most) = expect.at_most {
        check(found <= most, format!("{name} at most {most}"));
    }
    outcome
}
