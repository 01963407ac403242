//! Which process an op means, and which CPU does it.
//!
//! With automatic dispatch it is the CPU where the process last was, if that is free, else the one
//! that nobody has used for longest; with manual dispatch the one that the process holds (P2).

use super::session::{NamedProcess, Session};
use crate::memory::{ProcessId, ProcessState};
use crate::scenario::document::FailureCode;

/// Why an op cannot be done.
pub(super) type Refusal = (FailureCode, String);

pub(super) fn living(session: &Session, name: &str) -> Result<ProcessId, Refusal> {
    match session.names.get(name) {
        Some(NamedProcess::Living(id)) => Ok(*id),
        Some(NamedProcess::Terminated) => {
            Err((FailureCode::NotRunning, format!("{name:?} is terminated")))
        }
        Some(NamedProcess::Starting) => {
            Err((FailureCode::NotRunning, format!("{name:?} is still starting")))
        }
        None => Err((FailureCode::NoSuchProcess, format!("no process is called {name:?}"))),
    }
}

pub(super) fn running(session: &Session, name: &str) -> Result<ProcessId, Refusal> {
    let id = living(session, name)?;
    match session.machine.processes.get(id).state() {
        ProcessState::Running => Ok(id),
        _ => Err((FailureCode::NotRunning, format!("{name:?} is sleeping"))),
    }
}

pub(super) fn reserve(session: &mut Session, name: &str) -> Result<(), Refusal> {
    if session.names.contains_key(name) {
        return Err((FailureCode::NameTaken, format!("a process was called {name:?} already")));
    }
    session.names.insert(name.to_owned(), NamedProcess::Starting);
    Ok(())
}

pub(super) fn free_cpus(session: &Session) -> impl Iterator<Item = usize> {
    (0..session.busy.len()).filter(|cpu| !session.busy[*cpu])
}

pub(super) fn holder(session: &Session, process: ProcessId) -> Option<usize> {
    session.machine.cpus.iter().position(|record| record.current() == Some(process))
}

/// CPUs for `want` jobs of a process; none when too few are free now.
pub(super) fn cpus_for(
    session: &Session,
    process: ProcessId,
    want: usize,
) -> Result<Option<Vec<usize>>, Refusal> {
    let current = |cpu: &usize| session.machine.cpus[*cpu].current();
    if session.dispatches_itself() {
        let mut free: Vec<_> = free_cpus(session).collect();
        free.sort_by_key(|cpu| {
            let rank = match current(cpu) {
                Some(here) if here == process => 0,
                None => 1,
                Some(_) => 2,
            };
            (rank, session.last_used[*cpu], *cpu)
        });
        return Ok((free.len() >= want).then(|| free[..want].to_vec()));
    }
    let Some(home) = holder(session, process) else {
        return Err((FailureCode::NotRunning, "the process holds no CPU".to_owned()));
    };
    // A workload on several CPUs takes those that nobody holds besides its own.
    let idle = (0..session.busy.len()).filter(|cpu| *cpu != home && current(cpu).is_none());
    let cpus: Vec<_> = std::iter::once(home).chain(idle).take(want).collect();
    if cpus.len() < want {
        let message =
            format!("{want} CPUs are wanted, and {} are the process's or idle", cpus.len());
        return Err((FailureCode::NotRunning, message));
    }
    Ok(cpus.iter().all(|cpu| !session.busy[*cpu]).then_some(cpus))
}

/// Any free CPU, least recently used first; one that nobody holds when `idle` asks for it.
pub(super) fn any_cpu(session: &Session, idle: bool) -> Option<usize> {
    free_cpus(session)
        .filter(|cpu| !idle || session.machine.cpus[*cpu].current().is_none())
        .min_by_key(|cpu| {
            let held = session.machine.cpus[*cpu].current().is_some();
            (held, session.last_used[*cpu], *cpu)
        })
}
