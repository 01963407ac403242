//! Collects the history of a frame, a page or a slot: why it is where it is. One sentence stands for what
//! belongs together: a fault with all that it did to the subject is one line, any other event is a line.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::listener::Listener;
use super::names::{Births, ProcessNames};
use super::reasons::Occupations;
use super::sentences::Speaker;
use crate::machine::Machine;
use crate::memory::{Entry, Pfn, ProcessId, Pte, PteFormat, Slot, Vpn};
use crate::observe::{Event, EventKind, Record};

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A frame, by its number.
    Frame(u32),
    /// A page of a process that the script names.
    Page {
        /// The process.
        process: String,
        /// The page.
        page: u32,
    },
    /// A slot of swap, by its number.
    Slot(u32),
}

/// One event in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// How many events there were with it.
    pub event: u64,
    /// What happened.
    pub text: String,
}

/// One sentence of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// How many events there were with the first of its events; 0 at boot.
    pub event: u64,
    /// When, in nanoseconds.
    pub time_ns: u64,
    /// The sentence.
    pub text: String,
    /// Why, where something was taken from the subject: half a sentence, without its full stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether it changed where the subject is, or what a page may do there: such lines answer why it is here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub decisive: bool,
    /// The events that it is about, where it is about several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

impl Line {
    fn new(event: u64, time_ns: u64, text: String) -> Self {
        Self { event, time_ns, text, reason: None, decisive: false, parts: Vec::new() }
    }
}

/// A fault under way on one CPU.
#[derive(Debug)]
struct OpenFault {
    begin: Event,
    time_ns: u64,
    events: Vec<Event>,
    parts: Vec<Told>,
}

/// An event that concerns the subject, as it was when it happened.
#[derive(Debug)]
struct Told {
    count: u64,
    record: Record,
    reason: Option<String>,
    decisive: bool,
}

/// The history of one subject, from boot on. It keeps what the subject's history needs, and the events of the
/// faults under way.
#[derive(Debug)]
pub struct History {
    subject: Subject,
    machine: Arc<Machine>,
    names: Arc<ProcessNames>,
    births: Births,
    /// Of a page: the process's number while it lives, and where the page is.
    process: Option<u32>,
    place: Option<Pte>,
    count: u64,
    last_event: u64,
    faults: Vec<Option<OpenFault>>,
    occupations: Occupations,
    lines: Vec<Line>,
    /// The event of the last line, if it is a frame's move and no more.
    last_move: Option<Record>,
}

impl History {
    /// Returns the history of a subject of a machine at boot; it stops after event `last_event`.
    pub fn new(
        subject: Subject,
        machine: Arc<Machine>,
        names: Arc<ProcessNames>,
        last_event: Option<u64>,
    ) -> Self {
        let text = match &subject {
            Subject::Frame(0) => Some("At boot frame 0 was made the zero page.".to_owned()),
            Subject::Frame(frame) => {
                let list = machine.lists.name(machine.lists.home(Pfn(*frame)));
                Some(format!("At boot frame {frame} was free, on the list {list}."))
            }
            Subject::Slot(slot) => Some(format!("At boot slot {slot} was free.")),
            Subject::Page { .. } => None,
        };
        let boot = |text| Line::new(0, 0, text);
        let rings = machine.trace.rings();
        Self {
            subject,
            machine,
            names,
            births: Births::default(),
            process: None,
            place: None,
            count: 0,
            last_event: last_event.unwrap_or(u64::MAX),
            faults: (0..rings).map(|_| None).collect(),
            occupations: Occupations::new(rings),
            lines: text.map(boot).into_iter().collect(),
            last_move: None,
        }
    }

    /// Marks the beginning as lost: the page's process lives already, under this number.
    #[must_use]
    pub fn without_beginning(mut self, process: Option<u32>) -> Self {
        self.process = process;
        self
    }

    /// Returns the lines so far; the last one says what the subject is now, where the run stands there.
    pub fn finish(mut self) -> Vec<Line> {
        for ring in 0..self.faults.len() {
            if let Some(fault) = self.faults[ring].take() {
                self.add_each(fault);
            }
        }
        self.lines.sort_by_key(|line| line.event);
        if self.count <= self.last_event
            && let Some(text) = self.now()
        {
            let time_ns = self.lines.last().map_or(0, |line| line.time_ns);
            self.lines.push(Line::new(self.count, time_ns, text));
        }
        self.lines
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker { machine: &self.machine, names: &self.names, births: &self.births }
    }

    fn now(&self) -> Option<String> {
        let machine = &self.machine;
        match &self.subject {
            Subject::Frame(frame) => {
                Some(self.speaker().frame_now(*frame, machine.pfns.peek(Pfn(*frame))))
            }
            Subject::Page { process, page } => {
                let record = machine.processes.get(ProcessId(self.process?));
                let pte = machine.pte(record, Vpn(*page)).map(|cell| machine.load(cell));
                Some(self.speaker().page_now(process, *page, pte))
            }
            Subject::Slot(slot) => Some(match machine.swap.count(Slot(*slot)) {
                0 => format!("Now slot {slot} is free."),
                1 => format!("Now slot {slot} is in use, with one reference."),
                count => format!("Now slot {slot} is in use, with {count} references."),
            }),
        }
    }

    /// Whether an event is about the subject.
    fn concerns(&self, event: Event) -> bool {
        match &self.subject {
            Subject::Frame(frame) => is_about_frame(event, *frame),
            Subject::Slot(slot) => is_about_slot(event, *slot),
            Subject::Page { page, .. } => {
                let Some(process) = self.process else { return false };
                let own = u32::from(event.process) == process;
                match event.kind {
                    EventKind::Pte | EventKind::Claim => own && event.number == *page,
                    EventKind::Spawn | EventKind::Fork | EventKind::Process => own,
                    // The event concerns the frame or slot that the page is in.
                    _ => self.place.is_some_and(|pte| match pte.format() {
                        PteFormat::Zero => false,
                        PteFormat::Valid | PteFormat::Transition => {
                            event.kind != EventKind::Pte && is_about_frame(event, pte.frame().0)
                        }
                        PteFormat::Swapped => {
                            event.kind != EventKind::Pte && is_about_slot(event, pte.slot().0)
                        }
                    }),
                }
            }
        }
    }

    /// Follows which processes live, and where the page is.
    fn follow(&mut self, event: Event) {
        if matches!(event.kind, EventKind::Spawn | EventKind::Fork) {
            self.births.born(event.process.into());
        }
        let Subject::Page { process, page } = &self.subject else { return };
        match event.kind {
            EventKind::Spawn | EventKind::Fork => {
                let number = u32::from(event.process);
                let births = self.births.of(number);
                if self.names.of(number, births) == *process {
                    (self.process, self.place) = (Some(number), Some(Pte::ZERO));
                } else if self.process == Some(number) {
                    // The number is another process's by now.
                    (self.process, self.place) = (None, None);
                }
            }
            EventKind::Pte
                if self.process == Some(event.process.into()) && event.number == *page =>
            {
                self.place = Some(Pte(event.b));
            }
            _ => {}
        }
    }

    /// Whether an event about the subject changes where it is, or what a page may do there.
    fn decides(&self, event: Event) -> bool {
        match (&self.subject, event.kind) {
            (Subject::Page { page, .. }, EventKind::Pte) => {
                let (old, new) = (Pte(event.a), Pte(event.b));
                let place = |pte: Pte| match pte.format() {
                    PteFormat::Zero => (0, pte.is_absent()),
                    PteFormat::Valid | PteFormat::Transition => (pte.frame().0, pte.is_writable()),
                    PteFormat::Swapped => (pte.slot().0, false),
                };
                let moved = (old.format(), place(old)) != (new.format(), place(new));
                self.process == Some(event.process.into()) && event.number == *page && moved
            }
            (Subject::Page { .. }, EventKind::Spawn | EventKind::Fork) => true,
            // What it needs to be dropped: its bytes are on swap.
            (Subject::Page { .. }, EventKind::SwapWriteEnd) => true,
            (Subject::Frame(_), EventKind::Pfn) => Entry(event.a).state() != Entry(event.b).state(),
            (Subject::Slot(_), EventKind::SlotTake | EventKind::SlotFree) => true,
            (Subject::Slot(_), EventKind::SwapWriteEnd) => true,
            _ => false,
        }
    }

    fn add(&mut self, Told { count, record, reason, decisive }: Told) {
        let event = record.event;
        // A frame's entry changes with the list it is on.
        if let Some(moved) = self.last_move.take()
            && event.kind == EventKind::Pfn
            && (moved.cpu, moved.event.number) == (record.cpu, event.number)
        {
            let speaker = self.speaker();
            let texts = [moved.event, event].map(|event| speaker.clause(event));
            let text = speaker.moved(moved.event, &record);
            if let Some(line) = self.lines.last_mut() {
                let events = [line.event, count];
                line.text = text;
                line.decisive |= decisive;
                line.parts = std::iter::zip(events, texts)
                    .map(|(event, text)| Part { event, text })
                    .collect();
            }
            return;
        }
        let moves = [EventKind::ListOn, EventKind::ListOff, EventKind::Arrive];
        self.last_move = moves.contains(&event.kind).then_some(record);
        let text = self.speaker().sentence(&record);
        self.lines.push(Line { reason, decisive, ..Line::new(count, record.time(), text) });
    }

    /// Adds one line for a fault that has ended, if it did anything to the subject.
    fn end_fault(&mut self, ring: u8, fault: OpenFault, end: Event) {
        let Some(Told { count: first, .. }) = fault.parts.first() else { return };
        let speaker = self.speaker();
        let text = speaker.fault(ring, fault.begin, end, &fault.events);
        let part =
            |told: &Told| Part { event: told.count, text: speaker.clause(told.record.event) };
        let parts = fault.parts.iter().map(part).collect();
        let reason = fault.parts.iter().find_map(|told| told.reason.clone());
        let decisive = fault.parts.iter().any(|told| told.decisive);
        let line = Line { reason, decisive, parts, ..Line::new(*first, fault.time_ns, text) };
        self.last_move = None;
        self.lines.push(line);
    }

    /// Adds the events of a fault that has not ended, one by one.
    fn add_each(&mut self, fault: OpenFault) {
        for told in fault.parts {
            self.add(told);
        }
    }
}

impl Listener for History {
    fn receive(&mut self, record: &Record) {
        self.count += 1;
        let (count, event) = (self.count, record.event);
        if count > self.last_event {
            return;
        }
        let before = self.concerns(event);
        let decisive = before && self.decides(event);
        self.follow(event);
        self.occupations.follow(record);
        let is_lock = matches!(
            event.kind,
            EventKind::LockTake
                | EventKind::LockRelease
                | EventKind::LockWait
                | EventKind::LockWaited
        );
        let concerned =
            !is_lock && event.kind != EventKind::Lines && (before || self.concerns(event));
        let told = concerned.then(|| Told {
            count,
            record: *record,
            reason: self.occupations.of(&self.speaker(), record),
            decisive: decisive || self.decides(event),
        });
        let ring = usize::from(record.cpu);
        match event.kind {
            EventKind::FaultBegin => {
                let fault = OpenFault {
                    begin: event,
                    time_ns: record.time(),
                    events: Vec::new(),
                    parts: Vec::new(),
                };
                self.faults[ring] = Some(fault);
            }
            EventKind::FaultEnd => {
                if let Some(fault) = self.faults[ring].take() {
                    self.end_fault(record.cpu, fault, event);
                }
            }
            _ => match &mut self.faults[ring] {
                Some(fault) => {
                    if matches!(
                        event.kind,
                        EventKind::Pte | EventKind::Pfn | EventKind::SwapReadEnd
                    ) {
                        fault.events.push(event);
                    }
                    fault.parts.extend(told);
                }
                None => {
                    if let Some(told) = told {
                        self.add(told);
                    }
                }
            },
        }
    }

    fn lost(&mut self, ring: usize, events: u64) {
        self.count += events;
        let name = self.machine.task(ring).ring_name();
        let text = format!("Here {events} events of {name} are missing.");
        self.lines.push(Line::new(self.count, 0, text));
    }
}

fn is_about_frame(event: Event, frame: u32) -> bool {
    match event.kind {
        EventKind::Pte | EventKind::Claim => {
            [event.a, event.b].into_iter().any(|word| Pte(word).refers_to(Pfn(frame)))
        }
        EventKind::SwapReadBegin
        | EventKind::SwapReadEnd
        | EventKind::SwapWriteBegin
        | EventKind::SwapWriteEnd => event.a == u64::from(frame),
        EventKind::Pfn
        | EventKind::ListOn
        | EventKind::ListOff
        | EventKind::Arrive
        | EventKind::Admit
        | EventKind::CacheOn
        | EventKind::CacheOff
        | EventKind::FrameWaitEnd => event.number == frame,
        _ => false,
    }
}

fn is_about_slot(event: Event, slot: u32) -> bool {
    let in_slot = |pte: Pte| pte.format() == PteFormat::Swapped && pte.slot() == Slot(slot);
    match event.kind {
        EventKind::Pte | EventKind::Claim => in_slot(Pte(event.a)) || in_slot(Pte(event.b)),
        EventKind::Pfn => {
            let slots = [Entry(event.a).slot(), Entry(event.b).slot()];
            slots[0] != slots[1] && slots.contains(&Some(Slot(slot)))
        }
        EventKind::SwapReadBegin
        | EventKind::SwapReadEnd
        | EventKind::SwapWriteBegin
        | EventKind::SwapWriteEnd
        | EventKind::SlotTake
        | EventKind::SlotFree => event.number == slot,
        _ => false,
    }
}
