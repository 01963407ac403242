//! Gives reasons: why a page was taken from its process, and its frame from the page.
//!
//! A reason says nothing that the events do not show: who acted, what it was about, and the bits that it found. The
//! rule of the replacement policy and the watermarks are the machine's options.

use super::sentences::Speaker;
use crate::memory::{Pte, PteFormat};
use crate::observe::{Event, EventKind, JobKind, Record};
use crate::options::{Policy, Trigger};
use crate::runtime::{DaemonId, DaemonKind, Task};

/// What each ring is about: the job of the script, and the fault.
#[derive(Debug)]
pub(super) struct Occupations {
    jobs: Vec<Option<Event>>,
    faults: Vec<Option<Event>>,
}

impl Occupations {
    pub(super) fn new(rings: usize) -> Self {
        Self { jobs: vec![None; rings], faults: vec![None; rings] }
    }

    /// Follows what each ring begins and ends.
    pub(super) fn follow(&mut self, record: &Record) {
        let (ring, event) = (usize::from(record.cpu), record.event);
        match event.kind {
            EventKind::JobBegin => self.jobs[ring] = Some(event),
            EventKind::JobEnd => self.jobs[ring] = None,
            EventKind::FaultBegin => self.faults[ring] = Some(event),
            EventKind::FaultEnd => self.faults[ring] = None,
            _ => {}
        }
    }

    fn is_at(&self, job: JobKind) -> impl Fn(&Option<Event>) -> bool {
        move |begun| begun.is_some_and(|event| event.a == job as u64)
    }

    /// Returns why a PTE was changed so, where it lost its mapping or its frame.
    pub(super) fn of(&self, speaker: &Speaker<'_>, record: &Record) -> Option<String> {
        let event = record.event;
        if event.kind != EventKind::Pte {
            return None;
        }
        let (old, new) = (Pte(event.a), Pte(event.b));
        let ring = usize::from(record.cpu);
        match (old.format(), new.format()) {
            (PteFormat::Valid, PteFormat::Transition) => Some(self.unmapped(speaker, ring, old)),
            (PteFormat::Transition, PteFormat::Swapped | PteFormat::Zero) if !new.is_absent() => {
                let fault = self.faults[ring].map(|fault| self.needed(speaker, fault));
                fault.map(|fault| format!("{fault}, and took the frame from the list standby"))
            }
            _ => None,
        }
    }

    fn needed(&self, speaker: &Speaker<'_>, fault: Event) -> String {
        format!("the fault on {} needed a frame", speaker.page(fault))
    }

    fn unmapped(&self, speaker: &Speaker<'_>, ring: usize, old: Pte) -> String {
        if self.is_at(JobKind::Evict)(&self.jobs[ring]) {
            return "the script asked for it".to_owned();
        }
        let options = &speaker.machine.options;
        let cause = match (speaker.machine.task(ring), self.faults[ring]) {
            (Task::Daemon(DaemonId { kind: DaemonKind::Trimmer, .. }), _) => {
                let (low, high) = (options.trim.low, options.trim.high);
                if self.jobs.iter().any(self.is_at(JobKind::Settle)) {
                    format!(
                        "the script let the daemons finish: the trimmer evicts until {high} frames are available"
                    )
                } else {
                    match options.trim.trigger {
                        Trigger::Watermark => format!(
                            "the trimmer evicts from below {low} available frames until there are {high}"
                        ),
                        Trigger::EveryFault => {
                            format!(
                                "the trimmer evicts at each fault until {high} frames are available"
                            )
                        }
                        Trigger::Predictive => format!(
                            "the trimmer evicts when its forecast is that frames run out, until {high} are available"
                        ),
                    }
                }
            }
            (_, Some(fault)) => self.needed(speaker, fault),
            _ => "a frame was needed".to_owned(),
        };
        format!("{cause}; {}", choice(&options.policy, old))
    }
}

/// Returns why a policy chose the page whose PTE was this.
fn choice(policy: &Policy, old: Pte) -> &'static str {
    match policy {
        Policy::Fifo => "of the frames in use it was mapped first",
        Policy::Random => "it was drawn at random",
        Policy::Lru => "of the frames in use it was used least recently",
        Policy::Aging => "of the aging counters in use its was the lowest",
        Policy::Clock if !old.is_accessed() => "the clock's hand found its accessed bit clear",
        Policy::Clock => "the clock's hand had come round to it",
        Policy::ClockDirty => {
            "the clock's hand found no page of a lower class of accessed and dirty bits"
        }
        Policy::Nru => "no page was of a lower class of accessed and dirty bits",
        Policy::Wsclock => {
            "the clock's hand chose it by the time of its last use and its dirty bit"
        }
        Policy::Sieve if !old.is_accessed() => "the hand found it unvisited",
        Policy::Sieve => "the hand had come to it",
        Policy::Rule(_) => "the machine's own rule chose it",
    }
}
