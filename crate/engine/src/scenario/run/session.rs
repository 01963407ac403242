//! A session is a machine that runs a script op by op; its host steps, watches and inspects it here.

use std::ops::ControlFlow;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::drain::Drain;
use super::executor::Executor;
use super::expectations::{is_about_a_pte, is_about_faults};
use super::interpreter::Interpreter;
use super::mailboxes::Mailboxes;
use super::script::play_script;
use super::state::RunState;
use super::until::Until;
use super::workers::Workers;
use crate::audit::contents_hash;
use crate::machine::{Layout, Machine};
#[cfg(any(not(target_arch = "wasm32"), feature = "threads"))]
use crate::memory::SwapDevice;
use crate::memory::{Device, Pfn};
use crate::narration::{History, Line, ProcessNames, Subject};
use crate::observe::{Detail, Recording, Watch};
use crate::options::MachineOptions;
use crate::parts::{LineKind, LinePart};
use crate::runtime::{Chooser, Costs, Halt, Lines, Replay, VirtualRuntime, now_ns};
use crate::scenario::document::{
    Action, Op, RuntimeOptions, Scenario, ScenarioError, Settle, textbook_differences,
};
use crate::scenario::report::{Failure, OpOutcome, Report, hash_text, measures};
use crate::scenario::workload::Traces;

/// A living process by its name in the script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProcessInfo {
    /// The name.
    pub name: String,
    /// Its place in the process table.
    pub index: u32,
}

/// A place in a run: how many events it has had, and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// How many events there were.
    pub events: u64,
    /// How many there were at the place before it where the run could have stopped.
    pub before: u64,
    /// Nanoseconds since the start: virtual, or by the clock.
    pub time_ns: u64,
    /// Whether it stands within an op that was begun.
    pub under_way: bool,
}

/// A machine that runs a script, op by op.
#[derive(Debug)]
pub struct Session {
    pub(super) state: RunState,
    /// The op under way, between a stop of the run and its end.
    interpreter: Option<Interpreter>,
    pub(super) failures: Vec<Failure>,
    workers: Option<Arc<Workers>>,
    /// When the first op began, by the clock: its threads are there by then.
    started: Option<u64>,
}

impl Session {
    /// Builds the machine of a scenario at boot. On threads, its host has to start them next:
    /// [`Session::start_threads`], or the page with [`Session::workers`].
    ///
    /// # Errors
    /// A [`ScenarioError`] when the host has not enough memory for the machine.
    pub fn open(scenario: &Scenario, traces: Traces) -> Result<Self, ScenarioError> {
        let device = Device::memory(scenario.machine.slots);
        let device = device.ok_or_else(|| too_big(&scenario.machine))?;
        Self::with_device(scenario, traces, device)
    }

    /// Builds the machine like [`Session::open`], with its slots on a device that has room for them and can fail.
    ///
    /// # Errors
    /// A [`ScenarioError`] when the host has not enough memory for the machine.
    #[cfg(any(not(target_arch = "wasm32"), feature = "threads"))]
    pub fn open_on(
        scenario: &Scenario,
        traces: Traces,
        device: Box<dyn SwapDevice>,
    ) -> Result<Self, ScenarioError> {
        let device = Device::checked(device, scenario.machine.slots);
        Self::with_device(scenario, traces, device)
    }

    fn with_device(
        scenario: &Scenario,
        traces: Traces,
        device: Device,
    ) -> Result<Self, ScenarioError> {
        check_runtime(&scenario.runtime)?;
        let options = scenario.machine.clone();
        let (seed, recording) = match &scenario.runtime {
            RuntimeOptions::Virtual { seed, .. } => (*seed, Recording::Everything),
            RuntimeOptions::Threads {} => (0, Recording::OnDemand),
        };
        let machine = Machine::on_device(options, seed, recording, device)
            .map_err(|_| too_big(&scenario.machine))?;
        let chooser = match &scenario.runtime {
            RuntimeOptions::Virtual { schedule: Some(schedule), .. } => {
                let deviations = schedule.iter().map(|[step, task]| (*step, *task as usize));
                let replay = Replay::new(deviations.collect(), machine.tasks());
                Some(Box::new(replay) as Box<dyn Chooser>)
            }
            _ => None,
        };
        Ok(Self::on(machine, scenario, traces, chooser))
    }

    /// Makes a session on a machine at boot, in virtual time or, where there is a chooser, in the chooser's order.
    pub(super) fn on(
        machine: Machine,
        scenario: &Scenario,
        traces: Traces,
        chooser: Option<Box<dyn Chooser>>,
    ) -> Self {
        let machine = Arc::new(machine);
        let mailboxes = Arc::new(Mailboxes::new(machine.cpus.len()));
        let (executor, workers) = match &scenario.runtime {
            RuntimeOptions::Threads {} => {
                let (executor, workers) = Executor::threads(&machine, &mailboxes);
                (executor, Some(workers))
            }
            RuntimeOptions::Virtual { seed, costs, coherence, lock_kind, .. } => {
                let is_chosen = chooser.is_some();
                let brake = machine.trace.watch.brake();
                let mut runtime = match chooser {
                    Some(chooser) => VirtualRuntime::chosen_by(chooser, costs.clone(), brake),
                    None => VirtualRuntime::new(*seed, costs.clone(), brake),
                };
                runtime.hand_over_by(*lock_kind, *seed);
                if *coherence {
                    runtime.know_lines(lines_of(&machine, &mailboxes, costs));
                }
                let mut executor = Executor::virtual_cpus(runtime, &machine, &mailboxes);
                if is_chosen {
                    executor.come_to_rest();
                }
                (executor, None)
            }
        };
        let state = RunState::new(machine, mailboxes, executor, traces);
        Self { state, interpreter: None, failures: Vec::new(), workers, started: None }
    }

    /// Starts the machine's threads, if it runs on threads.
    ///
    /// # Errors
    /// The system's error when it gives no more threads.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn start_threads(&mut self) -> std::io::Result<()> {
        match &self.workers {
            Some(workers) => self.state.executor.start(workers),
            None => Ok(()),
        }
    }

    /// Returns the workers of the machine's threads, for a host that starts the threads itself; none when the
    /// machine runs on virtual CPUs.
    pub fn workers(&self) -> Option<Arc<Workers>> {
        self.workers.clone()
    }

    /// Sets the number of looks, one a second, for which threads without progress are waited for: fewer
    /// where a test knows that there will be none, more where a slow machine must not be taken for one that
    /// stands still.
    #[doc(hidden)]
    pub fn wait_for_progress(&mut self, looks: u32) {
        self.state.patience.looks = looks;
    }

    /// Records events in the rings from here on, in the given detail. A virtual run records all but the locks
    /// from the start.
    pub fn observe(&self, detail: Detail) {
        self.state.machine.trace.keep(detail);
    }

    /// Returns where the machine's parts stand in this program's memory.
    pub fn layout(&self) -> Layout {
        self.state.machine.layout()
    }

    /// Returns the place of the run.
    pub fn place(&self) -> Place {
        Place {
            events: self.state.machine.trace.count(),
            before: self.state.machine.trace.watch.before(),
            time_ns: self.elapsed(),
            under_way: self.interpreter.is_some(),
        }
    }

    /// Returns the watch that stops a virtual run.
    pub fn watch(&self) -> &Watch {
        &self.state.machine.trace.watch
    }

    /// Returns the machine, for audits and tests.
    pub fn machine(&self) -> &Machine {
        &self.state.machine
    }

    /// Returns the machine, shared with the session.
    pub fn shared_machine(&self) -> Arc<Machine> {
        Arc::clone(&self.state.machine)
    }

    /// Returns the names that the script gives its processes, which grow as it goes on.
    pub fn process_names(&self) -> Arc<ProcessNames> {
        self.state.processes.narrated()
    }

    /// Narrates the history of a subject, as far as the rings still have it.
    pub fn why(&self, subject: Subject) -> Vec<Line> {
        let lost = (0..self.state.machine.trace.rings())
            .any(|ring| self.state.machine.trace.seen(ring).1 > 0);
        let process = match &subject {
            Subject::Page { process, .. } if lost => {
                self.state.processes.living(process).ok().map(|id| id.0)
            }
            _ => None,
        };
        let history = History::new(subject, self.shared_machine(), self.process_names(), None);
        let mut history = history.without_beginning(process);
        Drain::new(&self.state.machine).notify(&self.state.machine, &mut history);
        history.finish()
    }

    /// Counts the steps that virtual CPUs have taken so far; none on threads.
    pub fn steps(&self) -> Option<u64> {
        self.state.executor.steps()
    }

    /// Returns how many accesses there were to words that are in no part whose lines are known; none when lines
    /// do not count.
    #[doc(hidden)]
    pub fn line_strangers(&self) -> Option<u64> {
        self.state.executor.line_strangers()
    }

    /// Returns the living processes by name.
    pub fn processes(&self) -> Vec<ProcessInfo> {
        let living = self.state.processes.all_living();
        living.map(|(name, id)| ProcessInfo { name: name.to_owned(), index: id.0 }).collect()
    }

    /// Runs one op to its end. `at` is its path, for messages.
    pub fn apply(&mut self, op: &Op, at: &str) -> OpOutcome {
        self.begin(op, at);
        let outcome = self.advance(Until::DONE);
        outcome.unwrap_or_else(|| OpOutcome::judge(at, None, Ok(None)))
    }

    /// Runs the ops of a script one after the other. Failures are in the report.
    pub fn apply_all(&mut self, script: &[Op]) {
        let _: ControlFlow<()> = play_script(script, |op, at| {
            self.apply(op, at);
            ControlFlow::Continue(())
        });
    }

    /// Begins an op, which [`Session::advance`] goes on with. One that is under way is finished first.
    pub fn begin(&mut self, op: &Op, at: &str) {
        self.advance(Until::DONE);
        self.started.get_or_insert_with(now_ns);
        self.interpreter = Some(Interpreter::new(op, at));
    }

    /// Goes on with the op that was begun, and returns its outcome when it is done; none when the run stopped
    /// before, or when no op was begun. Threads never stop before.
    pub fn advance(&mut self, until: Until<'_>) -> Option<OpOutcome> {
        if until.events.is_some_and(|events| self.state.machine.trace.count() >= events) {
            return None;
        }
        let mut interpreter = self.interpreter.take()?;
        until.arm(&self.state.machine.trace.watch);
        let outcome = interpreter.go_on(&mut self.state, until);
        match &outcome {
            Some(outcome) => self.failures.extend(outcome.failures.iter().cloned()),
            None => self.interpreter = Some(interpreter),
        }
        outcome
    }

    /// Settles, audits, and reports. The machine stays usable.
    pub fn finish(&mut self) -> Report {
        self.advance(Until::DONE);
        let end = self.elapsed();
        for finding in self.settled_audit() {
            self.failures.push(Failure::new("/audit", "a clean audit", finding));
        }
        if let Some(why) = &self.state.broken {
            self.failures.push(Failure::new("/runtime", "a machine that runs", why));
        } else if let Some(why) = self.state.executor.complaint() {
            self.failures.push(Failure::new("/runtime/schedule", "a schedule that fits", why));
        }
        let state_hash = match self.state.halted {
            // Its device may never answer.
            Some(Halt::Stalled) => Ok(0),
            _ => contents_hash(&self.state.machine, self.state.processes.all_living()),
        };
        if state_hash.is_err() {
            let trouble = self.state.machine.swap.trouble();
            self.failures.push(Failure::new("/state_hash", "every page read", trouble));
        }
        Report {
            ok: self.failures.is_empty(),
            failures: self.failures.clone(),
            notes: self.notes(),
            counters: measures::counters(&self.state.machine),
            latency: measures::latencies(&self.state.machine),
            locks: measures::locks(&self.state.machine),
            regions: measures::regions(&self.state.machine),
            lines: measures::lines(&self.state.machine),
            false_sharing: measures::false_sharing(
                &self.state.machine,
                self.state.executor.false_sharing(),
            ),
            events: measures::events(&self.state.machine),
            fault_ns: measures::fault_time(&self.state.machine),
            time_ns: end,
            state_hash: hash_text(state_hash.unwrap_or(0)),
            trace_hash: self.state.machine.trace.hash().map(hash_text),
        }
    }

    /// Says what a reader should know of the failures: of a number of faults that did not come, how the machine
    /// differs from a textbook's; and where clock ticks decide which page goes, of a page that did not.
    fn notes(&self) -> Vec<String> {
        let machine = &self.state.machine;
        let ticks = machine.options.policy.ticks();
        let is_of_books = |failure| is_about_faults(failure) || (ticks && is_about_a_pte(failure));
        if !self.failures.iter().any(is_of_books) {
            return Vec::new();
        }
        textbook_differences(&machine.options, machine.protected_frames()).into_iter().collect()
    }

    /// Lets the daemons come to rest and audits.
    pub(super) fn settled_audit(&mut self) -> Vec<String> {
        if self.state.broken.is_none() {
            let settle = Op::from(Action::Settle(Settle {}));
            Until::DONE.arm(&self.state.machine.trace.watch);
            Interpreter::new(&settle, "/audit").go_on(&mut self.state, Until::DONE);
        }
        self.state.audit()
    }

    /// Returns the nanoseconds since the start: virtual, or by the clock.
    fn elapsed(&self) -> u64 {
        self.state
            .executor
            .virtual_now()
            .unwrap_or_else(|| self.started.map_or(0, |started| now_ns().saturating_sub(started)))
    }
}

/// Refuses a runtime that this build does not have: any build can read both, but not run both.
fn check_runtime(runtime: &RuntimeOptions) -> Result<(), ScenarioError> {
    let (is_here, found, other) = match runtime {
        RuntimeOptions::Threads {} => (cfg!(feature = "threads"), "threads", "virtual"),
        RuntimeOptions::Virtual { .. } => (cfg!(feature = "virtual-cpus"), "virtual", "threads"),
    };
    if !is_here {
        let (message, other) = (format!("this build has no {found:?}"), format!("{other:?}"));
        return Err(ScenarioError::new("/runtime/kind", format!("{found:?}"), other, message));
    }
    if matches!(runtime, RuntimeOptions::Virtual { coherence: true, .. })
        && !cfg!(feature = "coherence")
    {
        let message = "this build does not know cache lines; one with the feature coherence does";
        return Err(ScenarioError::new("/runtime/coherence", "true", "false", message));
    }
    Ok(())
}

/// Returns the cache lines of a machine, which no CPU has yet.
fn lines_of(machine: &Arc<Machine>, mailboxes: &Mailboxes, costs: &Costs) -> Lines {
    let mut parts = machine.line_parts();
    parts.push(LinePart::new("script", mailboxes.part(), &[]).with_lines(LineKind::Unasked));
    let tables = Arc::clone(machine);
    let is_table = move |frame| tables.is_table(Pfn(frame as u32));
    Lines::new(parts, is_table, costs.line_transfer, Arc::clone(&machine.line_costs))
}

fn too_big(options: &MachineOptions) -> ScenarioError {
    let found = format!("{} frames and {} slots", options.frames, options.slots);
    let message = format!("{found} do not fit this computer's memory");
    ScenarioError::new("/machine", found, "a machine that fits this computer's memory", message)
}
