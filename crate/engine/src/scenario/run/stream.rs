//! A streaming run notifies a listener of its events, in their order: a virtual run stops again and again so
//! that the rings can be read, which changes nothing of it; beside threads a thread of its own reads them.

use super::drain::Drain;
use super::play::play_by;
use super::session::Session;
use super::until::Until;
use crate::narration::Listener;
use crate::scenario::document::{Scenario, ScenarioError};
use crate::scenario::report::Report;

/// Goes on with the op that was begun, and streams its events on the way; see [`Session::advance`].
fn advance_streaming(
    session: &mut Session,
    drain: &mut Drain,
    listener: &mut dyn Listener,
) -> bool {
    // So few at a time that no ring overflows.
    let capacity = session.machine().trace.capacity();
    let events = session.machine().trace.count() + capacity as u64 / 2;
    let is_done = session.advance(Until::events(events).or_turn()).is_some();
    drain.notify(session.machine(), listener);
    is_done
}

/// Runs a whole scenario on a session at boot, and streams its events. `progress` gets how many
/// ops of the script are done, and of how many.
///
/// # Errors
/// A [`ScenarioError`] when the system gives no threads.
pub fn play_streaming(
    mut session: Session,
    scenario: &Scenario,
    progress: &mut dyn FnMut(u64, u64),
    listener: &mut (dyn Listener + Send),
) -> Result<Report, ScenarioError> {
    let mut drain = Drain::new(session.machine());
    if session.workers().is_none() {
        let report = play_by(&mut session, scenario, progress, &mut |session| {
            advance_streaming(session, &mut drain, listener)
        });
        drain.notify(session.machine(), listener);
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
                drain.notify(&machine, listener);
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
