//! The state of a run has a machine, its executor, and what the script has done so far.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dispatcher::Dispatcher;
use super::executor::Executor;
use super::job::Job;
use super::mailboxes::{Mailboxes, Outcome, Patience};
use super::named_processes::NamedProcesses;
use super::refusal::Refusal;
use super::words::Words;
use crate::audit::audit;
use crate::machine::Machine;
use crate::memory::ProcessId;
use crate::observe::Event;
use crate::runtime::{Halt, now_ns};
use crate::scenario::report::Counters;
use crate::scenario::workload::Traces;

/// The state on which ops are interpreted.
#[derive(Debug)]
pub(super) struct RunState {
    pub(super) machine: Arc<Machine>,
    pub(super) mailboxes: Arc<Mailboxes>,
    pub(super) executor: Executor,
    pub(super) dispatcher: Dispatcher,
    pub(super) traces: Traces,
    pub(super) processes: NamedProcesses,
    /// What each process's words should hold.
    pub(super) words: Words,
    /// How many ops are done, those in others too.
    pub(super) ops_done: u64,
    /// The counters as they were at each mark of the script.
    pub(super) marks: BTreeMap<String, Counters>,
    /// Killed processes whose records some job may still name.
    pub(super) killed: Vec<ProcessId>,
    /// How long the script waits for threads that stand still.
    pub(super) patience: Patience,
    /// Why the machine cannot go on.
    pub(super) broken: Option<String>,
    /// Why virtual CPUs or threads cannot go on, if that is why.
    pub(super) halted: Option<Halt>,
}

impl RunState {
    /// Makes the state at boot.
    pub(super) fn new(
        machine: Arc<Machine>,
        mailboxes: Arc<Mailboxes>,
        executor: Executor,
        traces: Traces,
    ) -> Self {
        let dispatcher = Dispatcher::new(machine.cpus.len(), machine.options.dispatch);
        Self {
            machine,
            mailboxes,
            executor,
            dispatcher,
            traces,
            processes: NamedProcesses::default(),
            words: Words::default(),
            ops_done: 0,
            marks: BTreeMap::new(),
            killed: Vec::new(),
            patience: Patience::MINUTE,
            broken: None,
            halted: None,
        }
    }

    /// Records an event of the script itself, in the script's own ring.
    pub(super) fn emit(&self, event: Event) {
        let trace = &self.machine.trace;
        if trace.wants(event.kind) {
            let ring = &trace.ring(trace.rings() - 1);
            match self.executor.virtual_now() {
                Some(time) => trace.record_virtual(ring, event.words(), time),
                None => trace.record(ring, event.words(), true, now_ns),
            }
        }
    }

    /// Finds the living process of a name, as [`NamedProcesses::running`].
    pub(super) fn running(&self, name: &str) -> Result<ProcessId, Refusal> {
        self.processes.running(&self.machine, name)
    }

    /// Picks CPUs for jobs, as [`Dispatcher::cpus_for`].
    pub(super) fn cpus_for(
        &self,
        process: ProcessId,
        want: usize,
    ) -> Result<Option<Vec<usize>>, Refusal> {
        self.dispatcher.cpus_for(&self.machine, process, want)
    }

    /// Picks any free CPU, as [`Dispatcher::any_cpu`].
    pub(super) fn any_cpu(&self) -> Option<usize> {
        self.dispatcher.any_cpu(&self.machine)
    }

    /// Picks an idle CPU, as [`Dispatcher::idle_cpu`].
    pub(super) fn idle_cpu(&self) -> Option<usize> {
        self.dispatcher.idle_cpu(&self.machine)
    }

    /// Posts a job to a CPU, and notes that the CPU is busy.
    pub(super) fn post(&mut self, cpu: usize, job: Job) {
        self.dispatcher.begin(cpu, job.process());
        self.executor.post(&self.mailboxes, cpu, job);
    }

    /// Waits for the next outcome of a job; none if a virtual run stops before it, by its brake or
    /// because its next step would end after `until`, in nanoseconds.
    pub(super) fn wait(&mut self, until: u64) -> Result<Option<(usize, Outcome)>, Halt> {
        self.executor.wait(&self.mailboxes, &self.machine, self.patience, until)
    }

    /// Frees the records of killed processes that no job names any more.
    pub(super) fn retire(&mut self) {
        let Self { killed, dispatcher, machine, .. } = self;
        killed.retain(|id| {
            let is_named = dispatcher.is_working_in(*id);
            if !is_named {
                machine.processes.retire(*id);
            }
            is_named
        });
    }

    /// Audits a machine at rest, and returns the findings in sentences.
    pub(super) fn audit(&self) -> Vec<String> {
        if self.broken.is_some() {
            // A broken machine has threads in unknown places.
            return Vec::new();
        }
        let mut findings = audit(&self.machine);
        findings.extend(self.machine.violations());
        findings
    }

    /// Notes that no CPU can go on: the machine is broken, and the waits of its CPUs and daemons say why.
    pub(super) fn stand_still(&mut self, halt: Halt) {
        let waits = self.executor.waits(&self.machine, &halt);
        let sentences = std::iter::once(halt.to_string()).chain(waits);
        self.broken = Some(sentences.collect::<Vec<_>>().join("; "));
        self.halted = Some(halt);
    }
}

impl Drop for RunState {
    fn drop(&mut self) {
        self.executor.close(&self.machine, &self.mailboxes, self.broken.is_some());
    }
}
