//! Dispatches processes to CPUs (P2): sleeping, waking and context switches.

use super::announce::announce;
use crate::machine::Machine;
use crate::memory::{ProcessId, ProcessState};
use crate::observe::{Counter, Event, EventKind};
use crate::paging::Failure;
use crate::paging::shootdown::{finish, stop};
use crate::runtime::{Cpu, Step, emit};

/// Puts a running process to sleep: CPUs that work in it stop at their next access.
///
/// # Errors
/// [`Failure::NotRunning`].
pub async fn sleep<C: Cpu>(cpu: &C, machine: &Machine, id: ProcessId) -> Result<(), Failure> {
    let process = machine.processes.get(id);
    let _life = machine.lock_process(cpu, id).await;
    if process.state() != ProcessState::Running {
        return Err(Failure::NotRunning);
    }
    let to = ProcessState::Sleeping;
    let round = stop(cpu, &machine.epochs, process, to, machine.options.shootdown);
    announce(cpu, id, ProcessState::Running, to);
    if let Some(round) = round {
        finish(cpu, machine, round, 0).await;
    }
    Ok(())
}

/// Wakes a sleeping process; one that runs is left alone.
///
/// # Errors
/// [`Failure::NotRunning`] when it is terminated.
pub async fn wake<C: Cpu>(cpu: &C, machine: &Machine, id: ProcessId) -> Result<(), Failure> {
    let process = machine.processes.get(id);
    let _life = machine.lock_process(cpu, id).await;
    match process.state() {
        ProcessState::Running => {}
        ProcessState::Sleeping => {
            process.set_state(ProcessState::Running);
            announce(cpu, id, ProcessState::Sleeping, ProcessState::Running);
        }
        ProcessState::Unused | ProcessState::Terminated => return Err(Failure::NotRunning),
    }
    Ok(())
}

/// Puts a process on this CPU: a context switch, unless it is there already or was stopped meanwhile.
pub async fn put_on_cpu<C: Cpu>(cpu: &C, machine: &Machine, process: ProcessId) {
    if machine.record(cpu).is_none_or(|record| record.current() == Some(process)) {
        return;
    }
    let life = machine.lock_process(cpu, process).await;
    if machine.processes.get(process).state() == ProcessState::Running {
        machine.dispatch(cpu.local().index, process);
        drop(life);
        machine.count(cpu, Counter::Switches);
        let index = cpu.local().index as u32;
        emit(cpu, Event::of(EventKind::Switch, index).in_process(process.0));
        cpu.step(Step::Switch).await;
    }
}
