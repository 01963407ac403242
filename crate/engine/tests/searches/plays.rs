//! Plays: a few CPUs call the engine's own functions on a machine, and the explorer tries every order of their steps
//! with a few preemptions.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use faultline::audit::{audit, words_of};
use faultline::machine::{Counters, Machine};
use faultline::memory::{ProcessId, Vpn};
use faultline::options::{Eviction, MachineOptions, PteLocks};
use faultline::paging::{AddressSpace, Failure, trim};
use faultline::process::{fork, kill, spawn, wake};
use faultline::runtime::explorer::{
    Bounds, End, Ended, Finding, FindingKind, Frontier, Guide, Subject, exhaustive,
};
use faultline::runtime::{
    Costs, Cpu, Halt, Tasks, ThreadCpu, ThreadRuntime, VirtualCpu, VirtualRuntime, block_on,
    wait_for,
};

pub(super) type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A machine with processes on it, and the values that its CPUs have seen.
pub(super) struct Stage {
    pub(super) machine: Machine,
    pub(super) processes: Vec<ProcessId>,
    pub(super) seen: RefCell<Vec<u64>>,
}

impl Stage {
    pub(super) fn see(&self, value: u64) {
        self.seen.borrow_mut().push(value);
    }

    /// The first word of a process's page as the machine has it, wherever that is.
    pub(super) fn word(&self, process: ProcessId, page: u32) -> u64 {
        let machine = &self.machine;
        let pte = machine.load(machine.pte(machine.processes.get(process), Vpn(page)).unwrap());
        words_of(machine, pte).unwrap().map_or(0, |words| words[0])
    }
}

/// A play has the bodies of the CPUs on a machine, and the check at the end.
pub(super) struct Play {
    pub(super) machine: MachineOptions,
    /// Begins, on one CPU, and names the processes.
    pub(super) opening: fn(&ThreadCpu, &Machine) -> Vec<ProcessId>,
    pub(super) parts: Vec<fn(VirtualCpu, Rc<Stage>) -> Task>,
    pub(super) judge: fn(&Stage) -> Result<(), String>,
}

/// The names of tasks that are all CPUs.
pub(super) fn names(cpus: usize) -> Tasks {
    Tasks { cpus, trimmers: 1, writers: 1 }
}

impl Subject for Play {
    fn execute(&mut self, guide: &Guide) -> Ended {
        let machine = Machine::bare(self.machine.clone(), 1, 4).unwrap();
        let local = machine.local(0);
        let processes =
            (self.opening)(&ThreadCpu::new(Arc::<ThreadRuntime>::default(), local), &machine);
        let stage = Rc::new(Stage { machine, processes, seen: RefCell::default() });
        let mut runtime =
            VirtualRuntime::chosen_by(guide.chooser(), Costs::default(), Arc::default());
        for (index, part) in self.parts.iter().enumerate() {
            let cpu = runtime.cpu(stage.machine.local(index));
            runtime.add(part(cpu, Rc::clone(&stage)));
        }
        let tasks = names(self.parts.len());
        guide.introduce(self.parts.len(), tasks);
        guide.open(&stage.machine.shared_parts(Counters::AreIgnored));
        let halt = runtime.run(u64::MAX, || false);
        guide.close();
        let wrong = match halt {
            // All have ended.
            Err(Halt::Deadlock) if runtime.sleepers().is_empty() => self.verdict(&stage),
            Err(Halt::Deadlock) => {
                let waits = wait_for(&runtime.sleepers(), tasks).join("; ");
                vec![Finding::new(FindingKind::Deadlock, waits)]
            }
            _ => Vec::new(),
        };
        Ended { findings: wrong, state: 0 }
    }
}

impl Play {
    fn verdict(&self, stage: &Stage) -> Vec<Finding> {
        let mut findings: Vec<_> = audit(&stage.machine)
            .into_iter()
            .map(|text| Finding::new(FindingKind::Audit, text))
            .collect();
        if let Err(text) = (self.judge)(stage) {
            findings.push(Finding::new(FindingKind::Failure, text));
        }
        findings
    }

    /// Tries every order with so many preemptions; none may be wrong.
    pub(super) fn holds(mut self, preemptions: u32) {
        let bounds = Bounds { preemptions, ..Bounds::default() };
        let mut frontier = Frontier::default();
        let end = exhaustive(&mut self, bounds, &mut frontier, None, &mut |_| true);
        assert!(matches!(end, End::Complete), "{end:?} on {:?}", self.machine);
        assert!(frontier.counts.schedules > 10, "{:?}", frontier.counts);
    }
}

/// A machine on which nothing happens but what the parts do.
pub(super) fn machine(frames: u32, slots: u32, cpus: u32) -> MachineOptions {
    MachineOptions {
        frames,
        slots,
        cpus,
        pte_locks: PteLocks::Entry,
        eviction: Eviction::Synchronous,
        free_lists: 1,
        cpu_cache: 0,
        zeroer: false,
        ..MachineOptions::default()
    }
}

/// A process that runs, with these values in the first words of its pages.
pub(super) fn running(cpu: &ThreadCpu, machine: &Machine, values: &[u64]) -> ProcessId {
    let process = block_on(spawn(cpu, machine, values.len() as u32)).unwrap();
    block_on(wake(cpu, machine, process)).unwrap();
    let space = AddressSpace::enter(cpu, machine, process).unwrap();
    for (page, value) in (0..).map(Vpn).zip(values).filter(|(_, value)| **value != 0) {
        block_on(space.store(page, 0, *value)).unwrap();
    }
    process
}

/// A child that runs.
pub(super) fn running_child(cpu: &ThreadCpu, machine: &Machine, parent: ProcessId) -> ProcessId {
    let space = AddressSpace::enter(cpu, machine, parent).unwrap();
    let child = block_on(fork(cpu, machine, &space)).unwrap();
    block_on(wake(cpu, machine, child)).unwrap();
    child
}

pub(super) async fn store<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    page: u32,
    value: u64,
) -> Result<(), Failure> {
    AddressSpace::enter(cpu, machine, process)?.store(Vpn(page), 0, value).await
}

pub(super) async fn load<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    process: ProcessId,
    page: u32,
) -> Result<u64, Failure> {
    AddressSpace::enter(cpu, machine, process)?.load(Vpn(page), 0).await
}

pub(super) fn one_of(what: &str, found: u64, legal: &[u64]) -> Result<(), String> {
    if legal.contains(&found) { Ok(()) } else { Err(format!("{what}: {found}, not of {legal:?}")) }
}

/// Kills the first process, and fills the pages of the second, its heir, with words of ones: frames that
/// the first had go to it.
pub(super) fn kill_and_fill(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        let (machine, heir) = (&stage.machine, stage.processes[1]);
        kill(&cpu, machine, stage.processes[0]).await.unwrap();
        for page in 0..4 {
            store(&cpu, machine, heir, page, u64::MAX).await.unwrap();
        }
        for page in 0..4 {
            stage.see(load(&cpu, machine, heir, page).await.unwrap());
        }
    })
}

/// Trims a frame.
pub(super) fn trim_one(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        trim(&cpu, &stage.machine, 1).await;
    })
}

/// A process of two pages is killed, and another takes its frames, while a trim is at work on one of them.
pub(super) fn trim_against_kill(machine: MachineOptions) -> Play {
    Play {
        machine,
        opening: |cpu, machine| {
            vec![running(cpu, machine, &[1, 1]), running(cpu, machine, &[0, 0, 0, 0])]
        },
        parts: vec![trim_one, kill_and_fill],
        judge: is_filled,
    }
}

/// Nothing but the heir has written to its pages.
pub(super) fn is_filled(stage: &Stage) -> Result<(), String> {
    for page in 0..4 {
        one_of("what was read", stage.seen.borrow()[page], &[u64::MAX])?;
        one_of("what is there", stage.word(stage.processes[1], page as u32), &[u64::MAX])?;
    }
    Ok(())
}
