//! The executor runs a machine's CPUs and daemons: on threads of the host, or as virtual CPUs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::job::Job;
use super::mailboxes::{Mailboxes, Outcome, Patience};
use super::workers::{Workers, said, serve};
use crate::audit::{standing_hash, waits};
use crate::machine::Machine;
use crate::observe::Counter;
use crate::runtime::{
    FalseSharing, Halt, Lines, ThreadCpu, ThreadRuntime, VirtualRuntime, wait_for,
};
use crate::sync::atomic::Ordering;

/// Counts the progress of a machine of threads: what gets a program on, or makes room for it. A machine
/// that reads pages in and evicts them again in a circle counts none of these.
fn moves(machine: &Machine) -> u64 {
    let counters = [Counter::Accesses, Counter::DemandZero, Counter::Copies, Counter::SwapWrites];
    counters.iter().map(|counter| machine.stats.total(*counter)).sum()
}

/// The threads or virtual CPUs that perform a machine's jobs.
#[derive(Debug)]
pub(super) enum Executor {
    Threads {
        runtime: Arc<ThreadRuntime>,
        #[cfg(not(target_arch = "wasm32"))]
        handles: Vec<std::thread::JoinHandle<()>>,
    },
    Virtual(Box<VirtualRuntime>),
}

impl Executor {
    /// Makes an executor of threads, each of which is going to call [`Workers::work`].
    pub(super) fn threads(
        machine: &Arc<Machine>,
        mailboxes: &Arc<Mailboxes>,
    ) -> (Self, Arc<Workers>) {
        let runtime = Arc::<ThreadRuntime>::default();
        let workers = Workers {
            machine: Arc::clone(machine),
            mailboxes: Arc::clone(mailboxes),
            runtime: Arc::clone(&runtime),
        };
        let host = Self::Threads {
            runtime,
            #[cfg(not(target_arch = "wasm32"))]
            handles: Vec::new(),
        };
        (host, Arc::new(workers))
    }

    /// Makes an executor of virtual CPUs, ready to run.
    pub(super) fn virtual_cpus(
        mut runtime: VirtualRuntime,
        machine: &Arc<Machine>,
        mailboxes: &Arc<Mailboxes>,
    ) -> Self {
        for index in 0..machine.tasks().count() {
            let cpu = runtime.cpu(machine.local(index));
            let (machine, mailboxes) = (Arc::clone(machine), Arc::clone(mailboxes));
            if cfg!(feature = "virtual-cpus") {
                runtime.add(async move { serve(&cpu, &machine, &mailboxes).await });
            }
        }
        let machine = Arc::clone(machine);
        let words = u64::from(machine.pfns.count()) + u64::from(machine.swap.slots());
        runtime.watch_for_livelock(words, move || standing_hash(&machine));
        Self::Virtual(Box::new(runtime))
    }

    /// Starts the machine's threads here. A browser's page starts them itself.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn start(&mut self, workers: &Arc<Workers>) -> std::io::Result<()> {
        let Self::Threads { handles, .. } = self else { return Ok(()) };
        for index in 0..workers.threads() {
            let workers = Arc::clone(workers);
            #[expect(clippy::disallowed_methods, reason = "where the threads runtime starts them")]
            let handle = std::thread::Builder::new()
                .name(workers.machine.task(index).ring_name())
                .spawn(move || workers.work(index))?;
            handles.push(handle);
        }
        Ok(())
    }

    /// Gives a CPU a job.
    pub(super) fn post(&self, mailboxes: &Mailboxes, cpu: usize, job: Job) {
        match self {
            Self::Threads { runtime, .. } => {
                mailboxes.post(cpu, job, |word, _| runtime.wake_from_outside(word));
            }
            Self::Virtual(runtime) => {
                mailboxes.post(cpu, job, |word, bit| runtime.wake_from_outside(word, bit));
            }
        }
    }

    /// Waits for the next outcome; none if a virtual run stops before it, by its brake or because the
    /// time `until` has come.
    pub(super) fn wait(
        &mut self,
        mailboxes: &Mailboxes,
        machine: &Machine,
        patience: Patience,
        until: u64,
    ) -> Result<Option<(usize, Outcome)>, Halt> {
        match self {
            Self::Threads { .. } => {
                let outcome = mailboxes.wait_for_outcome(patience, || moves(machine));
                outcome.map(Some).ok_or(Halt::Stalled)
            }
            Self::Virtual(runtime) => {
                // What a panic leaves half done is never run again.
                let run = AssertUnwindSafe(|| runtime.run(until, || mailboxes.has_outcome()));
                catch_unwind(run).unwrap_or_else(|panic| Err(Halt::Panicked(said(&*panic))))?;
                Ok(mailboxes.take_outcome())
            }
        }
    }

    /// Returns the virtual time, if the runtime is virtual.
    pub(super) fn virtual_now(&self) -> Option<u64> {
        match self {
            Self::Threads { .. } => None,
            Self::Virtual(runtime) => Some(runtime.now()),
        }
    }

    /// Lets virtual CPUs and daemons go on until all sleep, so that there is nothing to choose from
    /// before the script gives them something to do.
    pub(super) fn come_to_rest(&mut self) {
        if let Self::Virtual(runtime) = self {
            // All sleep, or, by a schedule that does not fit, one of them cannot go on; the
            // first op finds that too.
            let _ = runtime.run(u64::MAX, || false);
        }
    }

    /// Returns what is wrong with a virtual run at its end, if the scheduler that chose the tasks knows of anything.
    pub(super) fn complaint(&self) -> Option<String> {
        match self {
            Self::Threads { .. } => None,
            Self::Virtual(runtime) => runtime.complaint(),
        }
    }

    /// Takes what the lock checker of each virtual CPU has found since it was asked last.
    #[cfg(feature = "footprints")]
    pub(super) fn take_violations(&self) -> Vec<String> {
        match self {
            Self::Threads { .. } => Vec::new(),
            Self::Virtual(runtime) => runtime.take_violations(),
        }
    }

    /// Describes a machine that has halted, in sentences: the circle of CPUs that wait for each other after a
    /// deadlock, where each CPU and daemon is after a livelock or a stall.
    pub(super) fn waits(&self, machine: &Machine, halt: &Halt) -> Vec<String> {
        match (self, halt) {
            (Self::Virtual(runtime), Halt::Deadlock) => {
                wait_for(&runtime.sleepers(), machine.tasks())
            }
            (Self::Virtual(runtime), Halt::Livelock(_)) => {
                let asleep = runtime.sleepers();
                let asleep: Vec<_> = asleep.iter().map(|it| (it.task, it.address)).collect();
                waits(machine, &asleep)
            }
            (Self::Threads { runtime, .. }, Halt::Stalled) => waits(machine, &runtime.sleepers()),
            _ => Vec::new(),
        }
    }

    /// Returns the cache lines that virtual CPUs fought over though they used different words of them.
    pub(super) fn false_sharing(&self) -> Vec<FalseSharing> {
        const MOST: usize = 16;
        match self {
            Self::Threads { .. } => Vec::new(),
            Self::Virtual(runtime) => {
                runtime.lines().map(|lines| lines.false_sharing(MOST)).unwrap_or_default()
            }
        }
    }

    /// Returns how many accesses there were to words of no known part, where cache lines count.
    pub(super) fn line_strangers(&self) -> Option<u64> {
        match self {
            Self::Threads { .. } => None,
            Self::Virtual(runtime) => runtime.lines().map(Lines::strangers),
        }
    }

    /// Counts the steps of virtual CPUs so far.
    pub(super) fn steps(&self) -> Option<u64> {
        match self {
            Self::Threads { .. } => None,
            Self::Virtual(runtime) => Some(runtime.steps()),
        }
    }

    /// Ends all threads; those of a machine that broke are left behind.
    pub(super) fn close(&mut self, machine: &Machine, mailboxes: &Mailboxes, broken: bool) {
        machine.stop.store(true, Ordering::SeqCst);
        let Self::Threads { runtime, .. } = self else { return };
        let waker = ThreadCpu::new(Arc::clone(runtime), machine.local(0));
        for cpu in 0..machine.cpus.len() {
            mailboxes.close(cpu, |word, _| runtime.wake_from_outside(word));
        }
        for bell in machine.doorbells() {
            bell.wake(&waker);
        }
        #[cfg(not(target_arch = "wasm32"))]
        if let Self::Threads { handles, .. } = self
            && !broken
        {
            for handle in handles.drain(..) {
                // The thread itself has delivered its panic.
                let _ = handle.join();
            }
        }
        #[cfg(target_arch = "wasm32")]
        let _ = broken;
    }
}
