//! Runs work of one virtual CPU on a machine at boot.

use std::sync::Arc;

use faultline::machine::Machine;
use faultline::observe::Recording;
use faultline::options::MachineOptions;
use faultline::runtime::{Costs, Cpu, VirtualCpu, VirtualRuntime};

pub(crate) fn machine(options: MachineOptions) -> Machine {
    Machine::new(options, 1, Recording::Everything).unwrap()
}

/// Runs work on a virtual CPU of a machine at boot; returns what the rank checker has found.
pub(crate) fn violations<F>(work: impl FnOnce(VirtualCpu, Machine) -> F) -> Vec<String>
where
    F: Future<Output = (VirtualCpu, Machine)> + 'static,
{
    let machine = machine(MachineOptions::default());
    let mut runtime = VirtualRuntime::new(1, Costs::default(), Arc::default());
    let cpu = runtime.cpu(machine.local(0));
    let task = work(cpu, machine);
    let (sender, done) = std::sync::mpsc::channel();
    runtime.add(async move {
        let (cpu, _) = task.await;
        sender.send(cpu.local().held.borrow_mut().take_violations()).unwrap();
    });
    let mut found = None;
    runtime
        .run(u64::MAX, || {
            found = found.take().or_else(|| done.try_recv().ok());
            found.is_some()
        })
        .ok();
    found.or_else(|| done.try_recv().ok()).unwrap()
}
