//! A run whose events are told as they come, in their order: a virtual run stops again and again for
//! a look, which changes nothing of it; beside threads a thread of its own reads the rings.

#[cfg(not(target_arch = "wasm32"))]
use super::session::{Session, play_by};
#[cfg(not(target_arch = "wasm32"))]
use super::until::Until;
use crate::machine::Machine;
use crate::narration::Listener;
use crate::observe::{Place, Record};
#[cfg(not(target_arch = "wasm32"))]
use crate::scenario::document::{Scenario, ScenarioError};
#[cfg(not(target_arch = "wasm32"))]
use crate::scenario::report::Report;

/// Reads on in all rings of a machine.
#[derive(Debug)]
pub struct Drain {
    places: Vec<Place>,
    records: Vec<Record>,
}

impl Drain {
    /// From the beginning.
    pub fn new(machine: &Machine) -> Self {
        Self { places: vec![Place::default(); machine.trace.rings()], records: Vec::new() }
    }

    /// Tells what is new in the rings, and how much was overwritten before it was read.
    pub fn tell(&mut self, machine: &Machine, listener: &mut dyn Listener) {
        self.records.clear();
        for (ring, place) in self.places.iter_mut().enumerate() {
            let lost = machine.trace.read(ring, place, &mut self.records);
            if lost > 0 {
                listener.lost(ring, lost);
            }
        }
        self.records.sort_by_key(|record| record.stamp);
        self.records.iter().for_each(|record| listener.tell(record));
    }
}

/// Does the op that was begun, and tells of its events on the way; see [`Session::advance`].
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn advance_told(
    session: &mut Session,
    drain: &mut Drain,
    listener: &mut dyn Listener,
) -> bool {
    // So few at a time that no ring overflows.
    let (_, _, capacity) = session.machine().trace.layout();
    let events = session.machine().trace.count() + capacity as u64 / 2;
    let is_done = session.advance(Until::events(events).or_turn()).is_some();
    drain.tell(session.machine(), listener);
    is_done
}

/// Runs a whole scenario on a session at boot, and tells of its events. `progress` is told how many
/// ops of the script are done, and of how many.
///
/// # Errors
/// A [`ScenarioError`] when the system gives no threads.
#[cfg(not(target_arch = "wasm32"))]
pub fn run_told(
    mut session: Session,
    scenario: &Scenario,
    progress: &mut dyn FnMut(u64, u64),
    listener: &mut (dyn Listener + Send),
) -> Result<Report, ScenarioError> {
    let mut drain = Drain::new(session.machine());
    if session.crew().is_none() {
        let report = play_by(&mut session, scenario, progress, &mut |session| {
            advance_told(session, &mut drain, listener)
        });
        drain.tell(session.machine(), listener);
        return report;
    }
    let machine = session.shared_machine();
    let is_over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        #[expect(
            clippy::disallowed_methods,
            reason = "reads the rings beside the machine's threads"
        )]
        scope.spawn(|| {
            loop {
                let last = is_over.load(std::sync::atomic::Ordering::Acquire);
                drain.tell(&machine, listener);
                if last {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_micros(200));
            }
        });
        let report = play_by(&mut session, scenario, progress, &mut |session| {
            session.advance(Until::DONE.or_turn()).is_some()
        });
        is_over.store(true, std::sync::atomic::Ordering::Release);
        report
    })
}
