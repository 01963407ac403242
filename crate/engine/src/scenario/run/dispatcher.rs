//! The dispatcher picks the CPU for each job.
//!
//! With automatic dispatch it picks the CPU where the process last ran, if that is free, else the one
//! that was used least recently; with manual dispatch the one that the process holds (P2).

use super::refusal::Refusal;
use crate::machine::Machine;
use crate::memory::ProcessId;
use crate::options::Dispatch;
use crate::scenario::document::FailureCode;

/// The dispatcher knows which CPUs have a job, and picks one for the next.
#[derive(Debug)]
pub(super) struct Dispatcher {
    rule: Dispatch,
    cpus: Vec<CpuUse>,
    /// Jobs given out so far.
    dispatched: u64,
}

/// The use of one CPU.
#[derive(Clone, Debug, Default)]
struct CpuUse {
    /// Whether it has a job.
    is_busy: bool,
    /// The process that its job names.
    process: Option<ProcessId>,
    /// The number of its last job, counted from 1.
    last_used: u64,
}

impl Dispatcher {
    /// Makes a dispatcher of CPUs that are all free.
    pub(super) fn new(cpus: usize, rule: Dispatch) -> Self {
        Self { rule, cpus: vec![CpuUse::default(); cpus], dispatched: 0 }
    }

    /// Whether a process runs as soon as it exists (P2).
    pub(super) fn is_automatic(&self) -> bool {
        self.rule == Dispatch::Auto
    }

    /// Whether the CPU has a job.
    pub(super) fn is_busy(&self, cpu: usize) -> bool {
        self.cpus[cpu].is_busy
    }

    /// Whether any CPU has a job.
    pub(super) fn is_any_busy(&self) -> bool {
        self.cpus.iter().any(|cpu| cpu.is_busy)
    }

    /// Whether a job names the process.
    pub(super) fn is_working_in(&self, process: ProcessId) -> bool {
        self.cpus.iter().any(|cpu| cpu.process == Some(process))
    }

    /// Notes that the CPU has got a job, which may name a process.
    pub(super) fn begin(&mut self, cpu: usize, process: Option<ProcessId>) {
        self.dispatched += 1;
        self.cpus[cpu] = CpuUse { is_busy: true, process, last_used: self.dispatched };
    }

    /// Notes that the CPU's job is over. Daemons, whose numbers follow the CPUs', have none.
    pub(super) fn end(&mut self, cpu: usize) {
        if let Some(cpu) = self.cpus.get_mut(cpu) {
            cpu.is_busy = false;
            cpu.process = None;
        }
    }

    fn free_cpus(&self) -> impl Iterator<Item = usize> {
        (0..self.cpus.len()).filter(|cpu| !self.cpus[*cpu].is_busy)
    }

    /// Picks CPUs for `want` jobs of a process; none when too few are free now.
    pub(super) fn cpus_for(
        &self,
        machine: &Machine,
        process: ProcessId,
        want: usize,
    ) -> Result<Option<Vec<usize>>, Refusal> {
        let current = |cpu: &usize| machine.cpus[*cpu].current();
        if self.is_automatic() {
            let mut free: Vec<_> = self.free_cpus().collect();
            free.sort_by_key(|cpu| {
                let rank = match current(cpu) {
                    Some(here) if here == process => 0,
                    None => 1,
                    Some(_) => 2,
                };
                (rank, self.cpus[*cpu].last_used, *cpu)
            });
            return Ok((free.len() >= want).then(|| free[..want].to_vec()));
        }
        let Some(home) = holder(machine, process) else {
            return Err((FailureCode::NotRunning, "the process holds no CPU".to_owned()));
        };
        // A workload on several CPUs takes those that no process holds besides its own.
        let idle = (0..self.cpus.len()).filter(|cpu| *cpu != home && current(cpu).is_none());
        let cpus: Vec<_> = std::iter::once(home).chain(idle).take(want).collect();
        if cpus.len() < want {
            let message =
                format!("{want} CPUs are wanted, and {} are the process's or idle", cpus.len());
            return Err((FailureCode::NotRunning, message));
        }
        Ok(cpus.iter().all(|cpu| !self.cpus[*cpu].is_busy).then_some(cpus))
    }

    /// Picks any free CPU: the least recently used of those that no process holds, else of the others.
    pub(super) fn any_cpu(&self, machine: &Machine) -> Option<usize> {
        self.free_cpus().min_by_key(|cpu| {
            let is_held = machine.cpus[*cpu].current().is_some();
            (is_held, self.cpus[*cpu].last_used, *cpu)
        })
    }

    /// Picks the least recently used of the free CPUs that no process holds.
    pub(super) fn idle_cpu(&self, machine: &Machine) -> Option<usize> {
        self.any_cpu(machine).filter(|cpu| machine.cpus[*cpu].current().is_none())
    }
}

/// Returns the CPU that a process is on.
pub(super) fn holder(machine: &Machine, process: ProcessId) -> Option<usize> {
    machine.cpus.iter().position(|record| record.current() == Some(process))
}
