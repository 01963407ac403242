//! The named processes map the names in a script to processes: a name is reserved when a spawn or fork begins,
//! and stays taken when its process is killed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::refusal::Refusal;
use crate::machine::Machine;
use crate::memory::{ProcessId, ProcessState};
use crate::narration::ProcessNames;
use crate::scenario::document::FailureCode;

/// A process that the script has named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NamedProcess {
    /// A spawn or fork under this name is under way.
    Starting,
    /// The process lives.
    Living(ProcessId),
    /// The process was killed; the name stays taken.
    Terminated,
}

/// The processes that the script has named.
#[derive(Debug, Default)]
pub(super) struct NamedProcesses {
    named: BTreeMap<String, NamedProcess>,
    /// Each name that a record of the process table has had, for narrations.
    narrated: Arc<ProcessNames>,
}

impl NamedProcesses {
    /// Finds the living process of a name.
    pub(super) fn living(&self, name: &str) -> Result<ProcessId, Refusal> {
        match self.named.get(name) {
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

    /// Finds the living process of a name, and refuses one that sleeps.
    pub(super) fn running(&self, machine: &Machine, name: &str) -> Result<ProcessId, Refusal> {
        let id = self.living(name)?;
        match machine.processes.get(id).state() {
            ProcessState::Running => Ok(id),
            _ => Err((FailureCode::NotRunning, format!("{name:?} is sleeping"))),
        }
    }

    /// Whether a process of this name was killed.
    pub(super) fn is_terminated(&self, name: &str) -> bool {
        self.named.get(name) == Some(&NamedProcess::Terminated)
    }

    /// Returns all living processes, by name.
    pub(super) fn all_living(&self) -> impl Iterator<Item = (&str, ProcessId)> {
        self.named.iter().filter_map(|(name, process)| match process {
            NamedProcess::Living(id) => Some((name.as_str(), *id)),
            NamedProcess::Starting | NamedProcess::Terminated => None,
        })
    }

    /// Reserves a name for a process that is going to start.
    pub(super) fn reserve(&mut self, name: &str) -> Result<(), Refusal> {
        if self.named.contains_key(name) {
            return Err((FailureCode::NameTaken, format!("a process was called {name:?} already")));
        }
        self.named.insert(name.to_owned(), NamedProcess::Starting);
        Ok(())
    }

    /// Binds a reserved name to the process that has started, or frees it if none has.
    pub(super) fn started(&mut self, name: &str, process: Option<ProcessId>) {
        match process {
            Some(id) => {
                self.narrated.name_latest(id.0, name);
                self.named.insert(name.to_owned(), NamedProcess::Living(id));
            }
            None => {
                self.named.remove(name);
            }
        }
    }

    /// Marks a process as killed, and returns its record's number if it lived.
    pub(super) fn killed(&mut self, name: &str) -> Option<ProcessId> {
        match self.named.insert(name.to_owned(), NamedProcess::Terminated) {
            Some(NamedProcess::Living(id)) => Some(id),
            _ => None,
        }
    }

    /// Returns the names for narrations, ended processes' too; they grow as the script goes on.
    pub(super) fn narrated(&self) -> Arc<ProcessNames> {
        Arc::clone(&self.narrated)
    }
}
