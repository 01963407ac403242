//! A stage has CPUs that a test drives by hand, all on its own thread: each notes the steps that it passes, and at a
//! step that the test names something else happens first, as if another CPU came in between.

use std::cell::RefCell;
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;

use faultline::machine::Machine;
use faultline::memory::{Device, Process, ProcessId, Pte, Vpn};
use faultline::observe::{Counter, Recording};
use faultline::options::{Eviction, MachineOptions, Policy, PteLocks, Reads, Trim};
use faultline::paging::{AddressSpace, Failure, Progress, trim};
use faultline::process::{fork, spawn, wake};
use faultline::runtime::{
    Cpu, CpuLocal, LockId, LockWord, Step, ThreadCpu, ThreadRuntime, Word, block_on,
};

type Interruption = (Box<dyn Fn(Step) -> bool>, Box<dyn FnOnce()>);

/// A CPU that notes its steps. Its clock is their number.
pub(crate) struct Stepper {
    cpu: ThreadCpu,
    steps: RefCell<Vec<Step>>,
    interruption: RefCell<Option<Interruption>>,
}

impl Stepper {
    /// Lets something happen once, at the first step for which `at` holds.
    pub(crate) fn interrupt(
        &self,
        at: impl Fn(Step) -> bool + 'static,
        act: impl FnOnce() + 'static,
    ) {
        *self.interruption.borrow_mut() = Some((Box::new(at), Box::new(act)));
    }

    /// Whether what was to happen has happened.
    pub(crate) fn was_interrupted(&self) -> bool {
        self.interruption.borrow().is_none()
    }

    /// Takes the steps since the last call.
    pub(crate) fn take_steps(&self) -> Vec<Step> {
        self.steps.take()
    }
}

impl Cpu for Stepper {
    const CHECKED: bool = true;
    const STEPS_ARE_FREE: bool = false;
    const SAMPLE: u64 = 1;

    fn local(&self) -> &CpuLocal {
        self.cpu.local()
    }

    fn now(&self) -> u64 {
        self.steps.borrow().len() as u64
    }

    fn step(&self, step: Step) -> impl Future<Output = ()> {
        self.steps.borrow_mut().push(step);
        assert!(self.steps.borrow().len() < 1_000_000, "it waits for what another CPU has to do");
        let due = self.interruption.borrow().as_ref().is_some_and(|(at, _)| at(step));
        if due && let Some((_, act)) = self.interruption.take() {
            act();
        }
        std::future::ready(())
    }

    fn acquire(
        &self,
        lock: LockId,
        word: LockWord<'_>,
        site: &'static Location<'static>,
    ) -> impl Future<Output = u64> {
        self.cpu.acquire(lock, word, site)
    }

    fn hand_over(&self, word: LockWord<'_>) {
        self.cpu.hand_over(word);
    }

    fn wait_while(
        &self,
        word: &Word,
        mask: u64,
        busy: u64,
        waiters: u64,
    ) -> impl Future<Output = ()> {
        self.cpu.wait_while(word, mask, busy, waiters)
    }

    fn wake(&self, word: &Word, waiters: u64) {
        self.cpu.wake(word, waiters);
    }
}

/// A machine at boot, and two CPUs.
pub(crate) struct Stage {
    pub(crate) machine: Arc<Machine>,
    pub(crate) cpus: [Rc<Stepper>; 2],
}

/// Options under which nothing happens by itself, and no CPU keeps anything to itself.
pub(crate) fn plain() -> MachineOptions {
    MachineOptions {
        frames: 64,
        slots: 64,
        cpus: 2,
        free_lists: 1,
        cpu_cache: 0,
        zeroer: false,
        eviction: Eviction::Synchronous,
        policy: Policy::Fifo,
        pte_locks: PteLocks::Table,
        reads: Reads::Allocate,
        ..MachineOptions::default()
    }
}

/// Options as [`plain`] with the daemons' bells, and so many frames to trim at a time.
pub(crate) fn pipelined(batch: u32) -> MachineOptions {
    let trim = Trim { low: 1, high: 2, batch, ..plain().trim };
    MachineOptions { eviction: Eviction::Pipelined, trim, ..plain() }
}

impl Stage {
    pub(crate) fn new(options: MachineOptions) -> Self {
        let device = Device::memory(options.slots).unwrap();
        Self::on(options, device)
    }

    /// Makes a stage with its slots on another device.
    pub(crate) fn on(options: MachineOptions, device: Device) -> Self {
        let machine = Machine::on_device(options, 1, Recording::Everything, device).unwrap();
        let runtime = Arc::<ThreadRuntime>::default();
        let cpu = |index| {
            let cpu = ThreadCpu::new(runtime.clone(), machine.local(index));
            Rc::new(Stepper { cpu, steps: RefCell::default(), interruption: RefCell::default() })
        };
        Self { cpus: [cpu(0), cpu(1)], machine: Arc::new(machine) }
    }

    /// Starts a process that runs.
    pub(crate) fn spawn(&self, pages: u32) -> ProcessId {
        let [cpu, _] = &self.cpus;
        let process = block_on(spawn(&**cpu, &self.machine, pages)).unwrap();
        block_on(wake(&**cpu, &self.machine, process)).unwrap();
        process
    }

    /// Forks a process on CPU 0; the child runs too.
    pub(crate) fn fork(&self, parent: ProcessId) -> ProcessId {
        let [cpu, _] = &self.cpus;
        let child = block_on(fork(&**cpu, &self.machine, &self.enter(0, parent))).unwrap();
        block_on(wake(&**cpu, &self.machine, child)).unwrap();
        child
    }

    pub(crate) fn enter(&self, cpu: usize, process: ProcessId) -> AddressSpace<'_, Stepper> {
        AddressSpace::enter(&*self.cpus[cpu], &self.machine, process).unwrap()
    }

    pub(crate) fn store(&self, cpu: usize, process: ProcessId, page: u32) -> Result<(), Failure> {
        block_on(self.enter(cpu, process).store(Vpn(page), 0, 1 + u64::from(page)))
    }

    pub(crate) fn load(&self, cpu: usize, process: ProcessId, page: u32) -> Result<u64, Failure> {
        block_on(self.enter(cpu, process).load(Vpn(page), 0))
    }

    /// Stores to pages 0 to `pages` on CPU 0.
    pub(crate) fn fill(&self, process: ProcessId, pages: u32) {
        (0..pages).for_each(|page| self.store(0, process, page).unwrap());
    }

    pub(crate) fn trim(&self, cpu: usize, want: usize) -> Progress {
        block_on(trim(&*self.cpus[cpu], &self.machine, want))
    }

    pub(crate) fn process(&self, id: ProcessId) -> &Process {
        self.machine.processes.get(id)
    }

    pub(crate) fn cell(&self, id: ProcessId, page: u32) -> &Word {
        self.machine.pte(self.process(id), Vpn(page)).unwrap()
    }

    pub(crate) fn pte(&self, id: ProcessId, page: u32) -> Pte {
        self.machine.load(self.cell(id, page))
    }

    pub(crate) fn counter(&self, counter: Counter) -> u64 {
        self.machine.stats.total(counter)
    }

    /// Takes the steps of a CPU that are of some kinds.
    pub(crate) fn steps(&self, cpu: usize, of: fn(&Step) -> bool) -> Vec<Step> {
        let mut steps = self.cpus[cpu].take_steps();
        steps.retain(of);
        steps
    }
}
