//! What the script calls a process. The numbers of processes that have ended are given out again, so a
//! name belongs to a number and a birth.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The names of all processes that were ever born, shared by the script and those who tell of it.
#[derive(Debug, Default)]
pub struct ProcessNames(Mutex<BTreeMap<u32, Vec<String>>>);

impl ProcessNames {
    /// Names the process that was last born with this number.
    pub fn name_latest(&self, process: u32, name: &str) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.entry(process).or_default().push(name.to_owned());
    }

    /// Whether any process ever had this name.
    pub fn has(&self, name: &str) -> bool {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.values().flatten().any(|known| known == name)
    }

    /// The name of the process that was born as the `birth`th (from 1) with this number; of the last,
    /// if nobody knows of its birth.
    pub fn of(&self, process: u32, birth: usize) -> String {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = names.get(&process).and_then(|names| match birth {
            0 => names.last(),
            birth => names.get(birth - 1),
        });
        name.cloned().unwrap_or_else(|| format!("process {process}"))
    }
}

/// Who was born when, as the events say.
#[derive(Debug, Default)]
pub(super) struct Births(BTreeMap<u32, usize>);

impl Births {
    /// Notes a birth.
    pub(super) fn born(&mut self, process: u32) {
        *self.0.entry(process).or_default() += 1;
    }

    /// How many processes have had this number by now.
    pub(super) fn of(&self, process: u32) -> usize {
        self.0.get(&process).copied().unwrap_or_default()
    }
}
