//! Expectations compare pages, processes, frames, slots and counters, and every word, with a machine that is
//! read in place and not changed.

use std::fmt::Display;

use super::refusal::Refusal;
use super::state::RunState;
use crate::audit::words_of;
use crate::machine::Machine;
use crate::memory::{FrameState, NIL, PAGE_WORDS, Pfn, ProcessState, Pte, PteFormat, Slot, Vpn};
use crate::scenario::document::{
    Bounds, Check, CounterName, ExpectCounter, ExpectFrames, ExpectList, ExpectPage, ExpectProcess,
    ExpectSlots, FailureCode, FrameUse, ListName, PagePlace, Parent, PteState, SlotUse, StateName,
};
use crate::scenario::report::measures::counter;
use crate::scenario::report::{Failure, OpOutcome};

/// Reads the PTE of a page that a living process has.
fn pte_of(state: &RunState, process: &str, page: u32) -> Result<Pte, Refusal> {
    let id = state.processes.living(process)?;
    let machine = &state.machine;
    let record = machine.processes.get(id);
    if page >= record.pages() {
        let message = format!("page {page} of {}", record.pages());
        return Err((FailureCode::OutOfRange, message));
    }
    if record.directory().0 == NIL {
        return Err((FailureCode::NotRunning, format!("{process:?} is terminated")));
    }
    let pte = machine.pte(record, Vpn(page)).map_or(Pte::ABSENT, |cell| machine.load(cell));
    if pte.is_absent() {
        let message = format!("page {page} of {process:?} was unmapped");
        return Err((FailureCode::OutOfRange, message));
    }
    Ok(pte)
}

/// Returns the frame that a page has, mapped or in transition.
fn frame_of(pte: Pte) -> Option<Pfn> {
    matches!(pte.format(), PteFormat::Valid | PteFormat::Transition).then(|| pte.frame())
}

/// The findings collect the expectations of an op that do not hold.
struct Findings<'a> {
    at: &'a str,
    outcome: OpOutcome,
}

impl<'a> Findings<'a> {
    fn new(at: &'a str) -> Self {
        Self { at, outcome: OpOutcome::judge(at, None, Ok(None)) }
    }

    /// Compares a value with the expected one, if one is expected.
    fn same<T: PartialEq + Display>(&mut self, what: &str, expected: Option<T>, found: T) {
        if let Some(expected) = expected
            && expected != found
        {
            let said = |value: T| format!("{what} {value}");
            self.outcome.fail(Failure::new(self.at, said(expected), said(found)));
        }
    }

    /// Compares a number with its bounds.
    fn within(mut self, what: &str, bounds: Bounds, found: u64) -> OpOutcome {
        let mut check = |holds: bool, words: String| {
            if !holds {
                self.outcome.fail(Failure::new(self.at, words, format!("{what} {found}")));
            }
        };
        if let Some(equals) = bounds.equals {
            check(found == equals, format!("{what} {equals}"));
        }
        if let Some(least) = bounds.at_least {
            check(found >= least, format!("{what} at least {least}"));
        }
        if let Some(most) = bounds.at_most {
            check(found <= most, format!("{what} at most {most}"));
        }
        self.outcome
    }
}

/// Tells whether a failure is a number of faults that an `expect` did not find.
pub(super) fn is_about_faults(failure: &Failure) -> bool {
    let mut words = failure.expected.split(' ');
    words.next() == Some(&CounterName::Faults.to_string())
}

/// Tells whether a failure is a state that the PTE of a page should have been in.
pub(super) fn is_about_a_pte(failure: &Failure) -> bool {
    failure.expected.starts_with("pte ")
}

pub(super) fn expect_page(
    state: &RunState,
    expect: &ExpectPage,
    at: &str,
) -> Result<OpOutcome, Refusal> {
    let pte = pte_of(state, &expect.process, expect.page)?;
    let frame = frame_of(pte);
    let entry = frame.map(|frame| state.machine.pfns.peek(frame));
    let pte_state = match pte.format() {
        PteFormat::Zero => PteState::Zero,
        PteFormat::Valid => PteState::Valid,
        PteFormat::Transition => PteState::Transition,
        PteFormat::Swapped => PteState::Swapped,
    };
    let is_valid = pte_state == PteState::Valid;
    let is_dirty = entry.is_some_and(|entry| pte.is_dirty() || entry.is_dirty());
    let mut findings = Findings::new(at);
    findings.same("pte", expect.pte, pte_state);
    findings.same("shared", expect.shared, entry.map_or(0, |entry| entry.share()));
    findings.same("dirty", expect.dirty, is_dirty);
    findings.same("accessed", expect.accessed, is_valid && pte.is_accessed());
    findings.same("writable", expect.writable, is_valid && pte.is_writable());
    let said = |frame: Option<Pfn>| match frame {
        Some(frame) => format!("frame {}", frame.0),
        None => "no frame".to_owned(),
    };
    let mut compare = |other: &PagePlace, same: bool| -> Result<(), Refusal> {
        let theirs = frame_of(pte_of(state, &other.process, other.page)?);
        let holds = frame.is_some() && theirs.is_some() && (frame == theirs) == same;
        if !holds {
            let which = if same { "the frame of" } else { "another frame than" };
            let expected =
                format!("{which} page {} of {:?}, {}", other.page, other.process, said(theirs));
            findings.outcome.fail(Failure::new(at, expected, said(frame)));
        }
        Ok(())
    };
    if let Some(other) = &expect.same_frame_as {
        compare(other, true)?;
    }
    if let Some(other) = &expect.other_frame_than {
        compare(other, false)?;
    }
    Ok(findings.outcome)
}

pub(super) fn expect_process(
    state: &RunState,
    expect: &ExpectProcess,
    at: &str,
) -> Result<OpOutcome, Refusal> {
    let mut findings = Findings::new(at);
    let is_terminated = state.processes.is_terminated(&expect.process);
    if is_terminated && expect.parent.is_none() && expect.pages.is_none() {
        findings.same("state", expect.state, StateName::Terminated);
        return Ok(findings.outcome);
    }
    let record = state.machine.processes.get(state.processes.living(&expect.process)?);
    let process_state = match record.state() {
        ProcessState::Running => StateName::Running,
        ProcessState::Sleeping => StateName::Sleeping,
        ProcessState::Terminated | ProcessState::Unused => StateName::Terminated,
    };
    findings.same("state", expect.state, process_state);
    if let Some(expected) = &expect.parent {
        let name_of =
            |id| state.processes.all_living().find(|(_, other)| *other == id).map(|(name, _)| name);
        let found = record.parent().and_then(name_of);
        let expected = match expected {
            Parent::Name(name) => Some(name.as_str()),
            Parent::Nobody => None,
        };
        let said = |name: Option<&str>| name.map_or("null".to_owned(), |name| format!("{name:?}"));
        findings.same("parent", Some(said(expected)), said(found));
    }
    let ptes = (0..record.pages()).filter_map(|page| state.machine.pte(record, Vpn(page)));
    let pages = ptes.filter(|cell| !state.machine.load(cell).is_absent()).count();
    findings.same("pages", expect.pages, pages as u32);
    Ok(findings.outcome)
}

/// Compares what a counter has counted, since boot or a mark, with its bounds.
pub(super) fn expect_counter(
    state: &RunState,
    expect: &ExpectCounter,
    at: &str,
) -> Result<OpOutcome, Refusal> {
    let now = counter(&state.machine, expect.counter);
    let (what, before) = match &expect.since {
        None => (expect.counter.to_string(), 0),
        Some(name) => {
            let mark = state
                .marks
                .get(name)
                .ok_or_else(|| (FailureCode::NoSuchMark, format!("no mark is called {name:?}")))?;
            (format!("{} since {name:?}", expect.counter), mark.get(expect.counter))
        }
    };
    Ok(Findings::new(at).within(&what, expect.bounds(), now - before))
}

pub(super) fn expect_frames(state: &RunState, expect: &ExpectFrames, at: &str) -> OpOutcome {
    let machine = &state.machine;
    let found = match expect.frames {
        FrameUse::Free => {
            let at_hand = machine.cpus.iter().map(|record| record.cached().count()).sum::<usize>();
            u64::from(machine.free_frames()) + at_hand as u64
        }
        FrameUse::Protected => machine.protected_frames().into(),
    };
    Findings::new(at).within(&format!("{} frames", expect.frames), expect.bounds(), found)
}

pub(super) fn expect_list(state: &RunState, expect: &ExpectList, at: &str) -> OpOutcome {
    let found = length(&state.machine, expect.list);
    Findings::new(at).within(&format!("frames on the {} list", expect.list), expect.bounds(), found)
}

fn length(machine: &Machine, list: ListName) -> u64 {
    let lists = &machine.lists;
    let count = |state| u64::from(lists.count_of(state));
    match list {
        ListName::Free => count(FrameState::Free),
        ListName::Zeroed => count(FrameState::Zeroed),
        ListName::Active => {
            let arriving: usize =
                (0..machine.cpus.len()).map(|cpu| lists.arrivals(cpu).count()).sum();
            count(FrameState::Active) + arriving as u64
        }
        ListName::Modified => count(FrameState::Modified),
        ListName::Standby => count(FrameState::Standby),
    }
}

pub(super) fn expect_slots(state: &RunState, expect: &ExpectSlots, at: &str) -> OpOutcome {
    let swap = &state.machine.swap;
    let free = (1..=swap.slots()).filter(|slot| swap.is_free(Slot(*slot))).count() as u64;
    let found = match expect.slots {
        SlotUse::Free => free,
        SlotUse::Used => u64::from(swap.slots()) - free,
    };
    Findings::new(at).within(&format!("{} slots", expect.slots), expect.bounds(), found)
}

/// Wrong words of one process beyond this many are only counted.
const MOST_WRONG: usize = 8;

/// Compares the words of a machine at rest with what the script stored.
pub(super) fn check_words(state: &RunState, check: &Check, at: &str, outcome: &mut OpOutcome) {
    let is_meant = |name: &str| check.process.as_deref().is_none_or(|wanted| wanted == name);
    for (name, id) in state.processes.all_living().filter(|(name, _)| is_meant(name)) {
        let record = state.machine.processes.get(id);
        let mut wrong = 0;
        for page in 0..record.pages() {
            let Some(cell) = state.machine.pte(record, Vpn(page)) else { continue };
            let pte = state.machine.load(cell);
            if pte.is_absent() {
                continue;
            }
            let found = match words_of(&state.machine, pte) {
                Ok(found) => found.unwrap_or([0; PAGE_WORDS]),
                Err(_) => {
                    let trouble = state.machine.swap.trouble();
                    outcome.fail(Failure::new(
                        at,
                        format!("page {page} of {name:?} read"),
                        trouble,
                    ));
                    continue;
                }
            };
            for (word, expected) in state.words.wrong(name, page, &found) {
                if wrong < MOST_WRONG {
                    let place = format!("in page {page} of {name:?}, offset {}", word * 8);
                    let said = |value: u64| format!("{value} {place}");
                    outcome.fail(Failure::new(at, said(expected), said(found[word])));
                }
                wrong += 1;
            }
        }
        if wrong > MOST_WRONG {
            let expected = format!("{name:?} as the script left it");
            let found = format!("{} more wrong words", wrong - MOST_WRONG);
            outcome.fail(Failure::new(at, expected, found));
        }
    }
}
