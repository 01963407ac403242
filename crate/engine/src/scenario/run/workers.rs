//! A worker is the loop that each thread, or each virtual CPU, of a machine runs: it performs jobs, or a
//! daemon's work, until the machine is closed.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::job::perform;
use super::mailboxes::{Mailboxes, Outcome};
use crate::machine::Machine;
use crate::paging::{admit_arrivals, trimmer, writer, zeroer};
use crate::runtime::{Cpu, DaemonKind, Task, ThreadCpu, ThreadRuntime, block_on};

/// The workers of a machine, for the threads that run them.
#[derive(Debug)]
pub struct Workers {
    pub(super) machine: Arc<Machine>,
    pub(super) mailboxes: Arc<Mailboxes>,
    pub(super) runtime: Arc<ThreadRuntime>,
}

impl Workers {
    /// Returns how many threads the machine needs: its CPUs, then its daemons.
    pub fn threads(&self) -> usize {
        self.machine.tasks().count()
    }

    /// Returns the machine, for a reader outside its threads.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Returns the numbers of the threads that sleep, each with the address of its word.
    pub fn sleepers(&self) -> Vec<(usize, usize)> {
        self.runtime.sleepers()
    }

    /// Runs thread `index`; returns when the machine is closed.
    pub fn work(&self, index: usize) {
        if !cfg!(feature = "threads") {
            return;
        }
        let cpu = ThreadCpu::new(Arc::clone(&self.runtime), self.machine.local(index));
        // A future that has panicked is never polled again, and no thread waits for this one.
        let work = AssertUnwindSafe(|| block_on(serve(&cpu, &self.machine, &self.mailboxes)));
        if let Err(panic) = catch_unwind(work) {
            self.mailboxes.deliver(index, Outcome::Panicked(said(&*panic)));
        }
    }
}

/// Serves as a CPU or a daemon until the machine is closed.
pub(super) async fn serve<C: Cpu>(cpu: &C, machine: &Machine, mailboxes: &Mailboxes) {
    let index = cpu.local().index;
    match machine.task(index) {
        Task::Cpu(_) => {
            loop {
                cpu.local().rest();
                let Some(job) = mailboxes.next_job(cpu).await else { break };
                let result = perform(cpu, machine, job).await;
                // Between jobs every frame is where its state says.
                admit_arrivals(cpu, machine).await;
                report_violations(cpu, machine);
                mailboxes.deliver(index, Outcome::Ended(result));
            }
        }
        Task::Daemon(daemon) => match daemon.kind {
            DaemonKind::Trimmer => trimmer(cpu, machine, daemon).await,
            DaemonKind::Writer => writer(cpu, machine, daemon).await,
            DaemonKind::Zeroer => zeroer(cpu, machine).await,
        },
        Task::Script => {}
    }
    report_violations(cpu, machine);
}

fn report_violations<C: Cpu>(cpu: &C, machine: &Machine) {
    if C::CHECKED {
        machine.report_violations(cpu.local().held.borrow_mut().take_violations());
    }
}

/// Returns the message of a panic.
pub(super) fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default().to_owned()
}
