//! The player runs a whole scenario: the script's ops one after the other, to the report.

use std::ops::ControlFlow;

use super::script::play_script;
use super::session::Session;
use super::until::Until;
use crate::memory::SwapDevice;
use crate::scenario::document::{Op, Scenario, ScenarioError};
use crate::scenario::report::Report;
use crate::scenario::workload::Traces;

/// Runs a whole scenario on threads or virtual CPUs of this process. `progress` gets how many
/// ops of the script are done, and of how many, those in other ops too.
///
/// # Errors
/// A [`ScenarioError`] when the machine cannot be built here.
pub fn run(
    scenario: &Scenario,
    traces: Traces,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, ScenarioError> {
    play(Session::open(scenario, traces)?, scenario, progress)
}

/// Runs a whole scenario like [`run`], with the slots on a device that has room for them and can fail.
///
/// # Errors
/// A [`ScenarioError`] when the machine cannot be built here.
pub fn run_on(
    scenario: &Scenario,
    traces: Traces,
    device: Box<dyn SwapDevice>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, ScenarioError> {
    play(Session::open_on(scenario, traces, device)?, scenario, progress)
}

/// Runs a whole scenario on a session at boot.
///
/// # Errors
/// A [`ScenarioError`] when the system gives no threads.
pub fn play(
    mut session: Session,
    scenario: &Scenario,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, ScenarioError> {
    play_by(&mut session, scenario, progress, &mut |session| {
        session.advance(Until::DONE.or_turn()).is_some()
    })
}

/// Runs a whole scenario, each op by `go_on`, which is called until it returns that the op is done.
pub(super) fn play_by(
    session: &mut Session,
    scenario: &Scenario,
    progress: &mut dyn FnMut(u64, u64),
    go_on: &mut dyn FnMut(&mut Session) -> bool,
) -> Result<Report, ScenarioError> {
    session.start_threads().map_err(|error| {
        let found = format!("{} CPUs", scenario.machine.cpus);
        let message = format!("the system starts no threads for {found}: {error}");
        ScenarioError::new("/machine/cpus", found, "as many as the system gives", message)
    })?;
    let total = scenario.script.iter().map(Op::count).sum();
    let _: ControlFlow<()> = play_script(&scenario.script, |op, at| {
        session.begin(op, at);
        progress(session.state.ops_done, total);
        while !go_on(session) {
            progress(session.state.ops_done, total);
        }
        ControlFlow::Continue(())
    });
    progress(total, total);
    Ok(session.finish())
}
