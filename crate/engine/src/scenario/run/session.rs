//! A session: a machine, who runs it, and the script's processes by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::crew::{Crew, Host};
use super::desk::{Desk, Patience};
use super::dispatcher::Refusal;
use super::interpreter::Work;
use super::stream::Drain;
use super::until::Until;
use super::words::Words;
use crate::audit::{audit, contents_hash};
use crate::machine::{Layout, Machine};
#[cfg(not(target_arch = "wasm32"))]
use crate::memory::SwapDevice;
use crate::memory::{Device, ProcessId};
use crate::narration::{History, Line, ProcessNames, Subject};
use crate::observe::{Detail, Event, Watch};
use crate::options::{Dispatch, MachineOptions};
use crate::runtime::{Chooser, Halt, Replay, VirtualRuntime, now_ns};
use crate::scenario::document::{
    Action, FailureCode, Op, RuntimeOptions, Scenario, ScenarioError, Settle, grouped,
};
use crate::scenario::report::measures;
use crate::scenario::report::{Counters, Failure, OpOutcome, Report, hash_text};
use crate::scenario::workload::Traces;

/// A process that the script has named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NamedProcess {
    /// A spawn or fork under this name is under way.
    Starting,
    /// It lives.
    Living(ProcessId),
    /// It was killed; the name stays taken.
    Terminated,
}

/// A living process by its name in the script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProcessInfo {
    /// The name.
    pub name: String,
    /// Its place in the process table.
    pub index: u32,
}

/// Where a run stands.
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
    pub(super) machine: Arc<Machine>,
    pub(super) desk: Arc<Desk>,
    pub(super) host: Host,
    pub(super) traces: Traces,
    pub(super) names: BTreeMap<String, NamedProcess>,
    /// The same for who tells of the run, ended processes too.
    pub(super) process_names: Arc<ProcessNames>,
    /// What each process's words should hold.
    pub(super) words: Words,
    /// How many ops are done, those in others too.
    pub(super) ops_done: u64,
    /// The counters as they were at each mark of the script.
    pub(super) marks: BTreeMap<String, Counters>,
    /// Which CPUs have a job, the process that it names, and when each last got one.
    pub(super) busy: Vec<bool>,
    pub(super) working_in: Vec<Option<ProcessId>>,
    pub(super) last_used: Vec<u64>,
    pub(super) dispatched: u64,
    /// Killed processes whose records some job may still name.
    pub(super) killed: Vec<ProcessId>,
    /// Why the machine cannot go on.
    pub(super) broken: Option<String>,
    /// How long the script waits for threads that stand still.
    pub(super) patience: Patience,
    /// Why virtual CPUs cannot, if that is why.
    pub(super) halted: Option<Halt>,
    pub(super) failures: Vec<Failure>,
    /// The op under way, between a stop of the run and its end.
    work: Option<Work>,
    crew: Option<Arc<Crew>>,
    /// When the first op began, by the clock: its threads are there by then.
    started: Option<u64>,
}

impl Session {
    /// Builds the machine of a scenario at boot. On threads, somebody has to start them next:
    /// [`Session::start_threads`], or the page with [`Session::crew`].
    ///
    /// # Errors
    /// A [`ScenarioError`] when the host has not enough memory for the machine.
    pub fn open(scenario: &Scenario, traces: Traces) -> Result<Self, ScenarioError> {
        let device = Device::memory(scenario.machine.slots);
        let device = device.ok_or_else(|| too_big(&scenario.machine))?;
        Self::with_device(scenario, traces, device)
    }

    /// The same with its slots on a device that has room for them and can fail.
    ///
    /// # Errors
    /// A [`ScenarioError`] when the host has not enough memory for the machine.
    #[cfg(not(target_arch = "wasm32"))]
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
        let (seed, traced) = match &scenario.runtime {
            RuntimeOptions::Virtual { seed, .. } => (*seed, true),
            RuntimeOptions::Threads {} => (0, false),
        };
        let machine = Machine::on_device(options, seed, traced, device)
            .map_err(|_| too_big(&scenario.machine))?;
        let cpus = machine.cpus.len();
        let chooser = match &scenario.runtime {
            RuntimeOptions::Virtual { schedule: Some(schedule), .. } => {
                let deviations = schedule.iter().map(|[step, task]| (*step, *task as usize));
                let replay = Replay::new(deviations.collect(), cpus);
                Some(Box::new(replay) as Box<dyn Chooser>)
            }
            _ => None,
        };
        Ok(Self::on(machine, scenario, traces, chooser))
    }

    /// A session on a machine at boot, in virtual time or, where somebody chooses, in its order.
    pub(super) fn on(
        machine: Machine,
        scenario: &Scenario,
        traces: Traces,
        chooser: Option<Box<dyn Chooser>>,
    ) -> Self {
        let machine = Arc::new(machine);
        let cpus = machine.cpus.len();
        let desk = Arc::new(Desk::new(cpus));
        let (host, crew) = match &scenario.runtime {
            RuntimeOptions::Threads {} => {
                let (host, crew) = Host::threads(&machine, &desk);
                (host, Some(crew))
            }
            RuntimeOptions::Virtual { seed, costs, .. } => {
                let is_chosen = chooser.is_some();
                let brake = machine.trace.watch.brake();
                let runtime = match chooser {
                    Some(chooser) => VirtualRuntime::chosen_by(chooser, costs.clone(), brake),
                    None => VirtualRuntime::new(*seed, costs.clone(), brake),
                };
                let mut host = Host::virtual_cpus(runtime, &machine, &desk);
                if is_chosen {
                    host.come_to_rest();
                }
                (host, None)
            }
        };
        Self {
            machine,
            desk,
            host,
            traces,
            names: BTreeMap::new(),
            words: Words::default(),
            ops_done: 0,
            marks: BTreeMap::new(),
            process_names: Arc::default(),
            busy: vec![false; cpus],
            working_in: vec![None; cpus],
            killed: Vec::new(),
            last_used: vec![0; cpus],
            dispatched: 0,
            broken: None,
            patience: Patience::MINUTE,
            halted: None,
            failures: Vec::new(),
            work: None,
            crew,
            started: None,
        }
    }

    /// Starts the machine's threads, if it runs on threads.
    ///
    /// # Errors
    /// The system's error when it gives no more threads.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn start_threads(&mut self) -> std::io::Result<()> {
        match &self.crew {
            Some(crew) => self.host.start(crew),
            None => Ok(()),
        }
    }

    /// The work of the machine's threads, for a host that starts them itself; none when the
    /// machine runs on virtual CPUs.
    pub fn crew(&self) -> Option<Arc<Crew>> {
        self.crew.clone()
    }

    /// Waits for threads that stand still no longer than so many looks, so that a test need not wait for
    /// a minute.
    #[doc(hidden)]
    pub fn be_impatient(&mut self, looks: u32) {
        self.patience.looks = looks;
    }

    /// Keeps events in the rings from here on, in some detail. A virtual run keeps all but the locks
    /// from the start.
    pub fn observe(&self, detail: Detail) {
        self.machine.trace.keep(detail);
    }

    /// Records an event of the script's own, which no CPU does.
    pub(super) fn tell(&self, event: Event) {
        let trace = &self.machine.trace;
        if trace.wants(event.kind) {
            let ring = &trace.ring(trace.rings() - 1);
            match self.host.virtual_now() {
                Some(time) => trace.record_virtual(ring, event.words(), time),
                None => trace.record(ring, event.words(), true, now_ns),
            }
        }
    }

    /// Where the machine's parts stand in this program's memory.
    pub fn layout(&self) -> Layout {
        self.machine.layout()
    }

    /// Where the run stands.
    pub fn place(&self) -> Place {
        Place {
            events: self.machine.trace.count(),
            before: self.machine.trace.watch.before(),
            time_ns: self.elapsed(),
            under_way: self.work.is_some(),
        }
    }

    /// What a virtual run is stopped by.
    pub fn watch(&self) -> &Watch {
        &self.machine.trace.watch
    }

    /// The machine's state, for audits and tests.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The same, to be kept.
    pub fn shared_machine(&self) -> Arc<Machine> {
        Arc::clone(&self.machine)
    }

    /// What the script calls its processes, as it goes on.
    pub fn process_names(&self) -> Arc<ProcessNames> {
        Arc::clone(&self.process_names)
    }

    /// The history of a subject, as far as the rings still have it.
    pub fn why(&self, subject: Subject) -> Vec<Line> {
        let lost = (0..self.machine.trace.rings()).any(|ring| self.machine.trace.seen(ring).1 > 0);
        let process = match &subject {
            Subject::Page { process, .. } if lost => match self.names.get(process) {
                Some(NamedProcess::Living(id)) => Some(id.0),
                _ => None,
            },
            _ => None,
        };
        let history = History::new(subject, self.shared_machine(), self.process_names(), None);
        let mut history = history.without_beginning(process);
        Drain::new(&self.machine).tell(&self.machine, &mut history);
        history.finish()
    }

    /// How many steps virtual CPUs have taken so far; none on threads.
    pub fn steps(&self) -> Option<u64> {
        self.host.steps()
    }

    /// The living processes by name.
    pub fn processes(&self) -> Vec<ProcessInfo> {
        self.living().map(|(name, id)| ProcessInfo { name: name.to_owned(), index: id.0 }).collect()
    }

    pub(super) fn living(&self) -> impl Iterator<Item = (&str, ProcessId)> {
        self.names.iter().filter_map(|(name, process)| match process {
            NamedProcess::Living(id) => Some((name.as_str(), *id)),
            _ => None,
        })
    }

    /// Does one op and waits until it is done. `at` is its path, for messages.
    pub fn apply(&mut self, op: &Op, at: &str) -> OpOutcome {
        self.begin(op, at);
        let outcome = self.advance(Until::DONE);
        outcome.unwrap_or_else(|| OpOutcome::judge(at, None, Ok(None)))
    }

    /// Begins an op; [`Session::advance`] does it. One that is under way is finished first.
    pub fn begin(&mut self, op: &Op, at: &str) {
        self.advance(Until::DONE);
        self.started.get_or_insert_with(now_ns);
        self.work = Some(Work::new(op, at));
    }

    /// Goes on with the op that was begun. Its outcome when it is done; none when the run stopped
    /// before, or when no op was begun. Threads never stop before.
    pub fn advance(&mut self, until: Until<'_>) -> Option<OpOutcome> {
        if until.events.is_some_and(|events| self.machine.trace.count() >= events) {
            return None;
        }
        let mut work = self.work.take()?;
        until.tell(&self.machine.trace.watch);
        let outcome = work.go_on(self, until);
        match &outcome {
            Some(outcome) => self.failures.extend(outcome.failures.iter().cloned()),
            None => self.work = Some(work),
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
        if let Some(why) = &self.broken {
            self.failures.push(Failure::new("/runtime", "a machine that runs", why));
        } else if let Some(why) = self.host.complaint() {
            self.failures.push(Failure::new("/runtime/schedule", "a schedule that fits", why));
        }
        let state_hash = match self.halted {
            // Its device may never answer.
            Some(Halt::Stalled) => Ok(0),
            _ => contents_hash(&self.machine, self.living()),
        };
        if state_hash.is_err() {
            let trouble = self.machine.swap.trouble();
            self.failures.push(Failure::new("/state_hash", "every page read", trouble));
        }
        Report {
            ok: self.failures.is_empty(),
            failures: self.failures.clone(),
            counters: measures::counters(&self.machine),
            latency: measures::latencies(&self.machine),
            locks: measures::locks(&self.machine),
            regions: measures::regions(&self.machine),
            events: measures::events(&self.machine),
            fault_ns: measures::fault_time(&self.machine),
            time_ns: end,
            state_hash: hash_text(state_hash.unwrap_or(0)),
            trace_hash: self.machine.trace.hash().map(hash_text),
        }
    }

    /// Lets the daemons come to rest and audits.
    pub(super) fn settled_audit(&mut self) -> Vec<String> {
        if self.broken.is_none() {
            let settle = Op::from(Action::Settle(Settle {}));
            Until::DONE.tell(&self.machine.trace.watch);
            Work::new(&settle, "/audit").go_on(self, Until::DONE);
        }
        self.audit()
    }

    /// Audits a machine at rest; findings in sentences.
    pub(super) fn audit(&self) -> Vec<String> {
        if self.broken.is_some() {
            // Nobody knows what its threads were doing.
            return Vec::new();
        }
        let mut findings = audit(&self.machine);
        findings.extend(self.machine.violations());
        findings
    }

    /// Nobody can go on: the machine is broken, and who waits for whom says why.
    pub(super) fn stand_still(&mut self, halt: Halt) {
        let waits = self.host.waits(&self.machine, &halt);
        let sentences = std::iter::once(halt.to_string()).chain(waits);
        self.broken = Some(sentences.collect::<Vec<_>>().join("; "));
        self.halted = Some(halt);
    }

    /// Nanoseconds since the start: virtual, or by the clock.
    fn elapsed(&self) -> u64 {
        self.host
            .virtual_now()
            .unwrap_or_else(|| self.started.map_or(0, |started| now_ns().saturating_sub(started)))
    }

    /// Whether a process runs as soon as it is there (P2).
    pub(super) fn dispatches_itself(&self) -> bool {
        self.machine.options.dispatch == Dispatch::Auto
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.host.close(&self.machine, &self.desk, self.broken.is_some());
    }
}

/// A scenario of either kind can be read by any build, but not run.
fn check_runtime(runtime: &RuntimeOptions) -> Result<(), ScenarioError> {
    let (is_here, found, other) = match runtime {
        RuntimeOptions::Threads {} => (cfg!(feature = "threads"), "threads", "virtual"),
        RuntimeOptions::Virtual { .. } => (cfg!(feature = "virtual-cpus"), "virtual", "threads"),
    };
    if is_here {
        return Ok(());
    }
    let message = format!("this build has no {found:?}");
    Err(ScenarioError::new("/runtime/kind", format!("{found:?}"), format!("{other:?}"), message))
}

fn too_big(options: &MachineOptions) -> ScenarioError {
    let found = format!("{} frames and {} slots", options.frames, options.slots);
    let message = format!("{found} do not fit this computer's memory");
    ScenarioError::new("/machine", found, "a machine that fits this computer's memory", message)
}

/// A failure of the engine as its code and a sentence.
pub(super) fn refusal(machine: &Machine, failure: crate::paging::Failure) -> Refusal {
    use crate::paging::Failure;
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

/// Runs a whole scenario on threads or virtual CPUs of this process. `progress` is told how many
/// ops of the script are done, and of how many, those in other ops too.
///
/// # Errors
/// A [`ScenarioError`] when the machine cannot be built here.
#[cfg(not(target_arch = "wasm32"))]
pub fn run(
    scenario: &Scenario,
    traces: Traces,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, ScenarioError> {
    play(Session::open(scenario, traces)?, scenario, progress)
}

/// The same with the slots on a device that has room for them and can fail.
///
/// # Errors
/// A [`ScenarioError`] when the machine cannot be built here.
#[cfg(not(target_arch = "wasm32"))]
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
#[cfg(not(target_arch = "wasm32"))]
pub fn play(
    mut session: Session,
    scenario: &Scenario,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, ScenarioError> {
    play_by(&mut session, scenario, progress, &mut |session| {
        session.advance(Until::DONE.or_turn()).is_some()
    })
}

/// Plays a scenario, each op by `go_on`, which is called until it says that the op is done.
#[cfg(not(target_arch = "wasm32"))]
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
    for (index, op) in scenario.script.iter().enumerate() {
        session.begin(op, &format!("/script/{index}"));
        progress(session.ops_done, total);
        while !go_on(session) {
            progress(session.ops_done, total);
        }
    }
    progress(total, total);
    Ok(session.finish())
}
