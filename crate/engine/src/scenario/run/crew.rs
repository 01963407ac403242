//! Who does the work: threads of the host, or virtual CPUs.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::desk::{Desk, Outcome, Patience};
use super::job::{Job, perform};
use crate::audit::{standing_hash, waits};
use crate::machine::Machine;
use crate::observe::Counter;
use crate::paging::{admit_arrivals, trimmer, writer, zeroer};
use crate::runtime::{
    Cpu, DAEMONS, Halt, ThreadCpu, ThreadRuntime, VirtualRuntime, block_on, wait_for,
};
use crate::sync::atomic::Ordering;

/// The threads' side of a machine: what each of them runs.
#[derive(Debug)]
pub struct Crew {
    machine: Arc<Machine>,
    desk: Arc<Desk>,
    runtime: Arc<ThreadRuntime>,
}

impl Crew {
    /// How many threads the machine needs: its CPUs, then its daemons.
    pub fn threads(&self) -> usize {
        self.machine.cpus.len() + DAEMONS
    }

    /// The machine's state, for who watches from outside.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The numbers of the threads that sleep, each with the address of its word.
    pub fn sleepers(&self) -> Vec<(usize, usize)> {
        self.runtime.sleepers()
    }

    /// The body of thread `index`; returns when the machine is closed.
    pub fn work(&self, index: usize) {
        if !cfg!(feature = "threads") {
            return;
        }
        let cpu = ThreadCpu::new(Arc::clone(&self.runtime), self.machine.local(index));
        // What a panic leaves half done is never run again, and nobody waits for this thread.
        let work = AssertUnwindSafe(|| block_on(serve(&cpu, &self.machine, &self.desk)));
        if let Err(panic) = catch_unwind(work) {
            self.desk.hand_in(index, Outcome::Panicked(said(&*panic)));
        }
    }
}

/// What a CPU or a daemon does from start to end.
async fn serve<C: Cpu>(cpu: &C, machine: &Machine, desk: &Desk) {
    let index = cpu.local().index;
    match index.checked_sub(machine.cpus.len()) {
        None => {
            loop {
                cpu.local().rest();
                let Some(job) = desk.next_job(cpu).await else { break };
                let result = perform(cpu, machine, job).await;
                // Between jobs every frame is where its state says.
                admit_arrivals(cpu, machine).await;
                report_violations(cpu, machine);
                desk.hand_in(index, Outcome::Ended(result));
            }
        }
        Some(0) => trimmer(cpu, machine).await,
        Some(1) => writer(cpu, machine).await,
        Some(_) => zeroer(cpu, machine).await,
    }
    report_violations(cpu, machine);
}

fn report_violations<C: Cpu>(cpu: &C, machine: &Machine) {
    if C::CHECKED {
        machine.report_violations(cpu.local().held.borrow_mut().take_violations());
    }
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default().to_owned()
}

/// What a machine of threads has done of all that gets a program on, or makes room for it. A machine
/// that reads pages in and evicts them again in a circle counts none of these.
fn moves(machine: &Machine) -> u64 {
    let counters = [Counter::Accesses, Counter::DemandZero, Counter::Copies, Counter::SwapWrites];
    counters.iter().map(|counter| machine.stats.total(*counter)).sum()
}

/// The side of the interpreter.
#[derive(Debug)]
pub(super) enum Host {
    Threads {
        runtime: Arc<ThreadRuntime>,
        #[cfg(not(target_arch = "wasm32"))]
        handles: Vec<std::thread::JoinHandle<()>>,
    },
    Virtual(Box<VirtualRuntime>),
}

impl Host {
    /// Threads that come and [`Crew::work`].
    pub(super) fn threads(machine: &Arc<Machine>, desk: &Arc<Desk>) -> (Self, Arc<Crew>) {
        let runtime = Arc::<ThreadRuntime>::default();
        let crew = Crew {
            machine: Arc::clone(machine),
            desk: Arc::clone(desk),
            runtime: Arc::clone(&runtime),
        };
        let host = Self::Threads {
            runtime,
            #[cfg(not(target_arch = "wasm32"))]
            handles: Vec::new(),
        };
        (host, Arc::new(crew))
    }

    /// Virtual CPUs, ready to run.
    pub(super) fn virtual_cpus(
        mut runtime: VirtualRuntime,
        machine: &Arc<Machine>,
        desk: &Arc<Desk>,
    ) -> Self {
        for index in 0..machine.cpus.len() + DAEMONS {
            let cpu = runtime.cpu(machine.local(index));
            let (machine, desk) = (Arc::clone(machine), Arc::clone(desk));
            if cfg!(feature = "virtual-cpus") {
                runtime.add(async move { serve(&cpu, &machine, &desk).await });
            }
        }
        let machine = Arc::clone(machine);
        runtime.watch_for_livelock(move || standing_hash(&machine));
        Self::Virtual(Box::new(runtime))
    }

    /// Starts the machine's threads here. A browser's page starts them itself.
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn start(&mut self, crew: &Arc<Crew>) -> std::io::Result<()> {
        let Self::Threads { handles, .. } = self else { return Ok(()) };
        for index in 0..crew.threads() {
            let crew = Arc::clone(crew);
            #[expect(clippy::disallowed_methods, reason = "where the threads runtime starts them")]
            let handle = std::thread::Builder::new()
                .name(format!("cpu {index}"))
                .spawn(move || crew.work(index))?;
            handles.push(handle);
        }
        Ok(())
    }

    /// Gives a CPU a job.
    pub(super) fn post(&self, desk: &Desk, cpu: usize, job: Job) {
        match self {
            Self::Threads { runtime, .. } => {
                desk.post(cpu, job, |word, _| runtime.wake_from_outside(word));
            }
            Self::Virtual(runtime) => {
                desk.post(cpu, job, |word, bit| runtime.wake_from_outside(word, bit));
            }
        }
    }

    /// Waits for the next outcome; none if a virtual run stops before it, by its brake or because the
    /// time `until` has come.
    pub(super) fn wait(
        &mut self,
        desk: &Desk,
        machine: &Machine,
        patience: Patience,
        until: u64,
    ) -> Result<Option<(usize, Outcome)>, Halt> {
        match self {
            Self::Threads { .. } => {
                let outcome = desk.wait_for_outcome(patience, || moves(machine));
                outcome.map(Some).ok_or(Halt::Stalled)
            }
            Self::Virtual(runtime) => {
                // What a panic leaves half done is never run again.
                let run = AssertUnwindSafe(|| runtime.run(until, || desk.has_outcome()));
                catch_unwind(run).unwrap_or_else(|panic| Err(Halt::Panicked(said(&*panic))))?;
                Ok(desk.take_outcome())
            }
        }
    }

    /// Virtual time, if it is virtual.
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
            // Everybody sleeps, or, by a schedule that does not fit, somebody cannot go on; the
            // first op finds that too.
            let _ = runtime.run(u64::MAX, || false);
        }
    }

    /// What is wrong with a virtual run at its end, if whoever chose who goes next knows of anything.
    pub(super) fn complaint(&self) -> Option<String> {
        match self {
            Self::Threads { .. } => None,
            Self::Virtual(runtime) => runtime.complaint(),
        }
    }

    /// What the lock checker of each virtual CPU has found since it was asked last.
    #[cfg(feature = "footprints")]
    pub(super) fn take_violations(&self) -> Vec<String> {
        match self {
            Self::Threads { .. } => Vec::new(),
            Self::Virtual(runtime) => runtime.take_violations(),
        }
    }

    /// Sentences for a machine that has halted: the circle of CPUs that wait for each other after a
    /// deadlock, where each CPU and daemon is after a livelock or a stall.
    pub(super) fn waits(&self, machine: &Machine, halt: &Halt) -> Vec<String> {
        match (self, halt) {
            (Self::Virtual(runtime), Halt::Deadlock) => {
                wait_for(&runtime.sleepers(), machine.cpus.len())
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

    /// Steps of virtual CPUs so far.
    pub(super) fn steps(&self) -> Option<u64> {
        match self {
            Self::Threads { .. } => None,
            Self::Virtual(runtime) => Some(runtime.steps()),
        }
    }

    /// Ends all threads; those of a machine that broke are left behind.
    pub(super) fn close(&mut self, machine: &Machine, desk: &Desk, broken: bool) {
        machine.stop.store(true, Ordering::SeqCst);
        let Self::Threads { runtime, .. } = self else { return };
        let waker = ThreadCpu::new(Arc::clone(runtime), machine.local(0));
        for cpu in 0..machine.cpus.len() {
            desk.close(cpu, |word, _| runtime.wake_from_outside(word));
        }
        for bell in &machine.doorbells {
            bell.wake(&waker);
        }
        #[cfg(not(target_arch = "wasm32"))]
        if let Self::Threads { handles, .. } = self
            && !broken
        {
            for handle in handles.drain(..) {
                // A panic was handed in by the thread itself.
                let _ = handle.join();
            }
        }
        #[cfg(target_arch = "wasm32")]
        let _ = broken;
    }
}
