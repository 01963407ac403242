//! Writes one sentence for each event: with `changes.rs`, the only place in which events become words.
//!
//! [`clause`] says what happened, without the actor; [`fault`] says what a whole fault came to.

use super::changes::{pfn, process, pte, state};
use super::names::{Births, ProcessNames};
use crate::machine::Machine;
use crate::memory::{Entry, NIL, Pte, PteFormat};
use crate::observe::{Event, EventKind, FaultKind, FaultPhase, JobKind, NO_PROCESS, Record};
use crate::runtime::{DaemonId, LockClass, LockId};

/// What is needed to write about a machine.
pub(super) struct Speaker<'a> {
    pub(super) machine: &'a Machine,
    pub(super) names: &'a ProcessNames,
    pub(super) births: &'a Births,
}

impl Speaker<'_> {
    /// Returns the CPU, daemon or script that acted, to begin a sentence with.
    pub(super) fn actor(&self, ring: u8) -> String {
        let task = self.machine.task(ring.into()).to_string();
        task.strip_prefix("the ").map_or_else(|| task.clone(), |name| format!("The {name}"))
    }

    pub(super) fn process(&self, process: u32) -> String {
        self.names.of(process, self.births.of(process))
    }

    /// Whether a deliberate bug is on.
    fn has_bug(&self) -> bool {
        !self.machine.options.bugs.is_empty()
    }

    pub(super) fn page(&self, event: Event) -> String {
        format!("page {} of {}", event.number, self.process(event.process.into()))
    }

    fn list(&self, list: u64) -> String {
        let list = self.machine.lists.all().nth(list as usize);
        list.map_or_else(
            || "no list".to_owned(),
            |list| format!("the list {}", self.machine.lists.name(list)),
        )
    }

    /// Returns a sentence of its own for an event.
    pub(super) fn sentence(&self, record: &Record) -> String {
        format!("{}: {}.", self.actor(record.cpu), self.clause(record.event))
    }

    /// Returns a sentence for a move to a list or off it and the change of the frame that came with it.
    pub(super) fn moved(&self, moved: Event, record: &Record) -> String {
        let place = match moved.kind {
            EventKind::ListOn => "at the end of",
            EventKind::Arrive => "on its way to",
            _ => "off",
        };
        let (actor, list) = (self.actor(record.cpu), self.list(moved.a));
        format!("{actor}: {}, {place} {list}.", self.clause(record.event))
    }

    /// Returns what happened.
    pub(super) fn clause(&self, event: Event) -> String {
        let number = event.number;
        let failed = if event.b == 1 { "; that failed" } else { "" };
        match event.kind {
            EventKind::None => "nothing happened".to_owned(),
            EventKind::Pte => pte(&self.page(event), Pte(event.a), Pte(event.b)),
            EventKind::Claim if Pte(event.b).is_in_transit() => {
                format!("a fault is at work on {}", self.page(event))
            }
            EventKind::Claim => format!("the fault left {} as it was", self.page(event)),
            EventKind::Pfn => pfn(number, Entry(event.a), Entry(event.b)),
            EventKind::FaultBegin => {
                let access = if event.a == 1 { "write" } else { "read" };
                format!("a fault began, to {access} {}", self.page(event))
            }
            EventKind::FaultPhase => {
                let phase = FaultPhase::of_number(event.a).map_or("goes on", FaultPhase::verb);
                format!("the fault on {} {phase}", self.page(event))
            }
            EventKind::FaultEnd => {
                format!("the fault on {} ended: {}", self.page(event), kind(event.a))
            }
            EventKind::ShootdownBegin => {
                format!(
                    "shootdown {} of {number} pages began; {} CPUs have to acknowledge",
                    event.a, event.b
                )
            }
            EventKind::ShootdownAcknowledge => format!("acknowledged shootdown {}", event.a),
            EventKind::ShootdownEnd => {
                format!("shootdown {} ended: nobody uses the old translations", event.a)
            }
            EventKind::SwapReadBegin => {
                format!("slot {number} is being read into frame {}", event.a)
            }
            EventKind::SwapReadEnd => {
                format!("slot {number} was read into frame {}{failed}", event.a)
            }
            EventKind::SwapWriteBegin => {
                format!("frame {} is being written to slot {number}", event.a)
            }
            EventKind::SwapWriteEnd => {
                format!("frame {} was written to slot {number}{failed}", event.a)
            }
            EventKind::SlotTake => format!("slot {number} was taken"),
            EventKind::SlotFree => format!("slot {number} is free again"),
            EventKind::Spawn => {
                let name = self.process(event.process.into());
                format!("{name} was spawned, with {number} pages on the zero page")
            }
            EventKind::Fork => {
                let (child, parent) = (self.process(event.process.into()), self.process(number));
                format!("{parent} forked {child}, with {} pages", event.a)
            }
            EventKind::Process => process(&self.process(event.process.into()), event.a, event.b),
            EventKind::Adopt if number == NIL => {
                format!("{} has no parent any more", self.process(event.process.into()))
            }
            EventKind::Adopt => {
                format!(
                    "{} is a child of {} now",
                    self.process(event.process.into()),
                    self.process(number)
                )
            }
            EventKind::Heir => {
                let (heir, killed) =
                    (self.process(event.process.into()), self.process(event.a as u32));
                format!("{heir} inherits CPU {number} from {killed}")
            }
            EventKind::Switch if event.process == NO_PROCESS => {
                format!("nobody is on CPU {number} now")
            }
            EventKind::Switch => {
                format!("{} is on CPU {number} now", self.process(event.process.into()))
            }
            EventKind::Wakeup => format!("{} was woken", daemon(number)),
            EventKind::DaemonWake => format!("{} begins to work", daemon(number)),
            EventKind::DaemonRest => format!("{} has nothing more to do", daemon(number)),
            EventKind::FrameWaitBegin => "no frame is at hand: it makes room or waits".to_owned(),
            EventKind::FrameWaitEnd if number == NIL => "no frame could be had".to_owned(),
            EventKind::FrameWaitEnd => format!("frame {number} is in its hand now"),
            EventKind::LockWait => format!("waits for {}", lock(event)),
            EventKind::LockWaited => format!("got {} after {} ns", lock(event), event.b),
            EventKind::LockTake => format!("took {}", lock(event)),
            EventKind::LockRelease => format!("released {}", lock(event)),
            EventKind::Lines => {
                let (times, falsely) = (event.a & u64::from(u32::MAX), event.a >> 32);
                let class = self.machine.line_classes().into_iter().nth(number as usize);
                let falsely = if falsely == 0 { "" } else { " (false sharing)" };
                let what = class.unwrap_or_default();
                format!("waited {} ns for {times} cache lines of {what}{falsely}", event.b)
            }
            EventKind::JobBegin => format!("the script asks for: {}", self.job(event)),
            EventKind::JobEnd => format!("done: {}{failed}", self.job(event)),
            EventKind::ListOn => {
                format!("frame {number} went to the end of {}", self.list(event.a))
            }
            EventKind::ListOff => format!("frame {number} left {}", self.list(event.a)),
            EventKind::Arrive => format!("frame {number} is on its way to {}", self.list(event.a)),
            EventKind::Admit => {
                format!("frame {number}, held back until now, is on {}", self.list(event.a))
            }
            EventKind::CacheOn => format!("frame {number} is at hand with CPU {}", event.a),
            EventKind::CacheOff => {
                format!("frame {number} was taken from what CPU {} has at hand", event.a)
            }
        }
    }

    fn job(&self, event: Event) -> String {
        let Some((kind, name)) = JobKind::ALL.get(event.a as usize) else {
            return "a job".to_owned();
        };
        match kind {
            JobKind::Read | JobKind::Write | JobKind::Evict | JobKind::Unmap => {
                format!("{name} {}", self.page(event))
            }
            _ if event.process == NO_PROCESS => (*name).to_owned(),
            _ => format!("{name} {}", self.process(event.process.into())),
        }
    }

    /// Returns what a fault came to, from all its events: `fault` is how it began.
    pub(super) fn fault(&self, ring: u8, fault: Event, end: Event, events: &[Event]) -> String {
        let verb = if fault.a == 1 { "wrote" } else { "read" };
        let begin = format!("{} {verb} {}", self.actor(ring), self.page(fault));
        let own = |event: &&Event| {
            event.kind == EventKind::Pte
                && (event.process, event.number) == (fault.process, fault.number)
        };
        let published = events.iter().rev().find(own).map(|event| Pte(event.b));
        let frame = published.filter(|pte| pte.format() == PteFormat::Valid).map(Pte::frame);
        let frame =
            frame.map_or_else(|| "no frame".to_owned(), |frame| format!("frame {}", frame.0));
        let mapped = |pte: Pte| matches!(pte.format(), PteFormat::Valid | PteFormat::Transition);
        let source = events.iter().find(own).map(|event| Pte(event.a)).filter(|pte| mapped(*pte));
        match FaultKind::of_end(end.a).map(|(kind, _)| kind) {
            Some(FaultKind::DemandZero) => {
                // What follows from the engine's correctness is said only of an engine that is correct.
                let contents = if self.has_bug() { "" } else { ", all zero" };
                format!("{begin} for the first time: it got {frame}{contents}.")
            }
            Some(FaultKind::Soft) => {
                format!("{begin}: {frame} still held it, so it came back without I/O.")
            }
            Some(FaultKind::Hard) => {
                let read = events.iter().find(|event| event.kind == EventKind::SwapReadEnd);
                let slot = read.map_or(0, |event| event.number);
                format!("{begin}: it was read from slot {slot} into {frame}.")
            }
            Some(FaultKind::WriteProtect) => {
                let source = source.map(|pte| pte.frame().0);
                let copied = published.is_some_and(|pte| Some(pte.frame().0) != source);
                let shared = events.iter().rev().find_map(|event| {
                    let is_source = event.kind == EventKind::Pfn && Some(event.number) == source;
                    (is_source && Entry(event.a).share() > Entry(event.b).share())
                        .then(|| Entry(event.a).share())
                });
                match (copied, source, shared) {
                    (true, Some(source), Some(shared)) => format!(
                        "{begin}: its copy got {frame}, because frame {source} was shared by {shared}."
                    ),
                    (true, ..) => format!("{begin}: its copy got {frame}."),
                    _ if self.has_bug() => format!("{begin}: it keeps {frame} and may write it."),
                    _ => format!(
                        "{begin}: it keeps {frame} and may write it, because nobody shares it any more."
                    ),
                }
            }
            Some(FaultKind::Collided) => {
                format!("{begin}: another fault on the page did the work.")
            }
            None => format!("{begin}: that failed."),
        }
    }

    /// Returns what a frame is now.
    pub(super) fn frame_now(&self, frame: u32, entry: Entry) -> String {
        let state = state(entry);
        let share = match entry.share() {
            0 => String::new(),
            1 => ", with one mapping".to_owned(),
            share => format!(", shared by {share}"),
        };
        let slot =
            entry.slot().map_or(String::new(), |slot| format!(", with a copy in slot {}", slot.0));
        format!("Now frame {frame} is {state}{share}{slot}.")
    }

    /// Returns what a page is now.
    pub(super) fn page_now(&self, name: &str, page: u32, pte: Option<Pte>) -> String {
        let Some(pte) = pte else { return format!("Now there is no page {page} of {name}.") };
        let what = match pte.format() {
            PteFormat::Zero if pte.is_absent() => "taken away".to_owned(),
            PteFormat::Zero => "on the zero page".to_owned(),
            PteFormat::Valid if pte.is_writable() => {
                format!("mapped to frame {}, writable", pte.frame().0)
            }
            PteFormat::Valid => format!("mapped to frame {}, read-only", pte.frame().0),
            PteFormat::Transition => format!("unmapped, still in frame {}", pte.frame().0),
            PteFormat::Swapped => format!("in slot {}", pte.slot().0),
        };
        format!("Now page {page} of {name} is {what}.")
    }
}

fn kind(a: u64) -> &'static str {
    match FaultKind::of_end(a).map(|(kind, _)| kind) {
        None => "it failed",
        Some(FaultKind::DemandZero) => "a first use",
        Some(FaultKind::Soft) => "a rescue",
        Some(FaultKind::Hard) => "a read from swap",
        Some(FaultKind::WriteProtect) => "a write to a read-only page",
        Some(FaultKind::Collided) => "another fault did the work",
    }
}

fn lock(event: Event) -> String {
    let class = LockClass::ALL.get(event.number as usize);
    class.map_or_else(
        || "a lock".to_owned(),
        |class| format!("the lock of {}", LockId::new(*class, event.a)),
    )
}

fn daemon(code: u32) -> String {
    DaemonId::of_code(code).map_or_else(|| "a daemon".to_owned(), |daemon| daemon.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::bugs::Bug;
    use crate::observe::Recording;
    use crate::options::MachineOptions;

    #[test]
    fn w3_every_kind_of_event_has_a_sentence_of_its_own() {
        let machine = Machine::new(MachineOptions::default(), 1, Recording::Everything).unwrap();
        let (names, mut births) = (ProcessNames::default(), Births::default());
        births.born(1);
        names.name_latest(1, "init");
        let speaker = Speaker { machine: &machine, names: &names, births: &births };
        let sentences: BTreeSet<String> = EventKind::ALL
            .iter()
            .map(|kind| speaker.clause(Event::of(*kind, 3).in_process(1).with(1, 0)))
            .collect();
        assert_eq!(sentences.len(), EventKind::ALL.len(), "{sentences:#?}");
        assert!(sentences.iter().all(|sentence| sentence != "nothing happened"));
        let phases: BTreeSet<String> = FaultPhase::ALL
            .iter()
            .map(|phase| {
                let event = Event::of(EventKind::FaultPhase, 3).in_process(1);
                speaker.clause(event.with(*phase as u64, 0))
            })
            .collect();
        assert_eq!(phases.len(), FaultPhase::ALL.len());
    }

    #[test]
    fn w3_with_a_bug_on_a_fault_is_told_without_what_would_follow_from_correctness() {
        let told = |bugs: Vec<Bug>| {
            let options = MachineOptions { bugs, ..MachineOptions::default() };
            let machine = Machine::new(options, 1, Recording::Everything).unwrap();
            let (names, births) = (ProcessNames::default(), Births::default());
            let speaker = Speaker { machine: &machine, names: &names, births: &births };
            let begin = Event::of(EventKind::FaultBegin, 3).in_process(1).with(1, 0);
            let end = |kind: FaultKind| Event::of(EventKind::FaultEnd, 3).with(1 + kind as u64, 0);
            [FaultKind::DemandZero, FaultKind::WriteProtect]
                .map(|kind| speaker.fault(0, begin, end(kind), &[]))
        };
        let [zeroed, reused] = told(Vec::new());
        assert!(
            zeroed.contains("all zero") && reused.contains("nobody shares it"),
            "{zeroed} {reused}"
        );
        let [zeroed, reused] = told(vec![Bug::NotZeroed]);
        assert!(!zeroed.contains("zero") && !reused.contains("nobody"), "{zeroed} {reused}");
    }

    #[test]
    fn w3_a_name_belongs_to_a_birth() {
        let names = ProcessNames::default();
        names.name_latest(1, "first");
        names.name_latest(1, "second");
        let found = [0, 1, 2, 3].map(|birth| names.of(1, birth));
        assert_eq!(found, ["second", "first", "second", "process 1"]);
    }
}
