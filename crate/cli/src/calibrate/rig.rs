//! The rig is the machine that is measured: the engine's own, on this thread.

use std::sync::Arc;

use faultline::machine::Machine;
use faultline::memory::{Device, Pfn, ProcessId, SwapDevice, Vpn};
use faultline::observe::Recording;
use faultline::options::{MachineOptions, Policy, PteLocks, SlotFinder, Trim};
use faultline::paging::AddressSpace;
use faultline::process::{kill, spawn, wake};
use faultline::runtime::{Cpu, ThreadCpu, ThreadRuntime, block_on, now_ns};

/// A rig has a machine and its threads' runtime.
pub(super) struct Rig {
    pub(super) machine: Arc<Machine>,
    runtime: Arc<ThreadRuntime>,
}

impl Rig {
    /// Builds a machine with a lock for each PTE and the scan that looks at every slot.
    pub(super) fn new(frames: u32, slots: u32) -> Result<Self, String> {
        let machine = Machine::new(options(frames, slots), 1, Recording::OnDemand);
        Self::of(machine.map_err(|_| too_big(frames, slots))?)
    }

    /// Builds the same machine with its slots on a device.
    pub(super) fn on(frames: u32, slots: u32, device: Box<dyn SwapDevice>) -> Result<Self, String> {
        let device = Device::checked(device, slots);
        let machine = Machine::on_device(options(frames, slots), 1, Recording::OnDemand, device);
        Self::of(machine.map_err(|_| too_big(frames, slots))?)
    }

    fn of(machine: Machine) -> Result<Self, String> {
        for frame in (0..machine.pfns.count()).map(Pfn) {
            // The system's own page faults are no part of any measurement.
            machine.frames.zero(frame.0);
        }
        Ok(Self { machine: Arc::new(machine), runtime: Arc::default() })
    }

    /// Returns CPU `index`, on the calling thread.
    pub(super) fn cpu(&self, index: usize) -> ThreadCpu {
        ThreadCpu::new(Arc::clone(&self.runtime), self.machine.local(index))
    }

    /// Spawns a running process.
    pub(super) fn process(&self, cpu: &ThreadCpu, pages: u32) -> ProcessId {
        let process = block_on(spawn(cpu, &self.machine, pages)).expect("there is room for tables");
        block_on(wake(cpu, &self.machine, process)).expect("it sleeps");
        process
    }

    pub(super) fn enter<'a>(
        &'a self,
        cpu: &'a ThreadCpu,
        process: ProcessId,
    ) -> AddressSpace<'a, ThreadCpu> {
        AddressSpace::enter(cpu, &self.machine, process).expect("it runs")
    }

    pub(super) fn kill(&self, cpu: &ThreadCpu, process: ProcessId) {
        block_on(kill(cpu, &self.machine, process)).expect("it lives");
        self.machine.processes.retire(process);
    }
}

fn options(frames: u32, slots: u32) -> MachineOptions {
    MachineOptions {
        frames,
        slots,
        pte_locks: PteLocks::Entry,
        policy: Policy::Clock,
        slot_finder: SlotFinder::Scan,
        cpu_cache: 64,
        free_lists: 16,
        trim: Trim { low: 0, high: 1, batch: 64, ..Trim::default() },
        ..MachineOptions::default()
    }
}

fn too_big(frames: u32, slots: u32) -> String {
    format!("{frames} frames and {slots} slots do not fit this computer's memory")
}

/// Loads a word as programs do.
#[inline(always)]
pub(super) fn load<C: Cpu>(space: &AddressSpace<'_, C>, page: u32, word: usize) -> u64 {
    match space.try_load(Vpn(page), word) {
        Some(value) => value,
        None => block_on(space.load(Vpn(page), word)).expect("the page can be had"),
    }
}

/// Stores a word as programs do.
#[inline(always)]
pub(super) fn store<C: Cpu>(space: &AddressSpace<'_, C>, page: u32, word: usize, value: u64) {
    if !space.try_store(Vpn(page), word, value) {
        block_on(space.store(Vpn(page), word, value)).expect("the page can be had");
    }
}

/// Stores a word in each of the pages `0..pages`.
pub(super) fn touch<C: Cpu>(space: &AddressSpace<'_, C>, pages: u32) {
    for page in 0..pages {
        store(space, page, 0, u64::from(page));
    }
}

/// Returns the nanoseconds that `body` takes for each of its `operations`.
pub(super) fn each(operations: u64, body: impl FnOnce()) -> f64 {
    let start = now_ns();
    body();
    (now_ns() - start) as f64 / operations as f64
}
