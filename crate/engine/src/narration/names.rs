//! Maps the numbers of processes to the names in the script. The numbers of processes that have ended are
//! given out again, so a name belongs to a number and a birth.

use std::sync::{Mutex, PoisonError};

/// The names of all processes that were ever born, by number and in the order of birth, shared by the script
/// and the narrators.
#[derive(Debug, Default)]
pub struct ProcessNames(Mutex<Vec<Vec<String>>>);

impl ProcessNames {
    /// Names the process that was last born with this number.
    pub fn name_latest(&self, process: u32, name: &str) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at(&mut names, process).push(name.to_owned());
    }

    /// Whether any process ever had this name.
    pub fn has(&self, name: &str) -> bool {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.iter().flatten().any(|known| known == name)
    }

    /// Returns the name of the process that was born as the `birth`th (from 1) with this number; of the last,
    /// if its birth is not known.
    pub fn of(&self, process: u32, birth: usize) -> String {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = names.get(process as usize).and_then(|names| match birth {
            0 => names.last(),
            birth => names.get(birth - 1),
        });
        name.cloned().unwrap_or_else(|| format!("process {process}"))
    }
}

/// How many processes were born with each number, according to the events.
#[derive(Debug, Default)]
pub(super) struct Births(Vec<usize>);

impl Births {
    /// Counts a birth.
    pub(super) fn born(&mut self, process: u32) {
        *at(&mut self.0, process) += 1;
    }

    /// Returns how many processes have had this number by now.
    pub(super) fn of(&self, process: u32) -> usize {
        self.0.get(process as usize).copied().unwrap_or_default()
    }
}

/// Returns the item of a process, made if there is none yet: the numbers of processes are small.
fn at<T: Default>(items: &mut Vec<T>, process: u32) -> &mut T {
    let index = process as usize;
    if index >= items.len() {
        items.resize_with(index + 1, T::default);
    }
    &mut items[index]
}
