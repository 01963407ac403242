//! Describes in sentences the circle of tasks that wait for each other's locks.

use std::panic::Location;

use super::rank::{LockClass, LockId};
use crate::runtime::task::task_name;

/// A task that sleeps, with what it waits for and what it holds.
#[derive(Clone, Debug)]
pub struct Sleeper {
    /// Its number.
    pub task: usize,
    /// The address of the word it sleeps on.
    pub address: usize,
    /// The lock that it waits for, and where it was to be taken; none when it waits for an event.
    pub lock: Option<(LockId, &'static Location<'static>)>,
    /// The locks that it holds, and where each was taken.
    pub held: Vec<(LockId, &'static Location<'static>)>,
}

fn lock_name(lock: LockId) -> String {
    match lock.class {
        LockClass::Process => format!("the lock of process {}", lock.index),
        LockClass::Pte => {
            format!(
                "the lock of the PTEs from page {} of process {}",
                lock.index as u32,
                lock.index >> 32
            )
        }
        LockClass::Pfn => format!("the lock of frame {}", lock.index),
        LockClass::Tree => "the lock of the process tree".to_owned(),
        LockClass::List => format!("the lock of list {}", lock.index),
        LockClass::Slot => "the lock of the slots".to_owned(),
    }
}

/// Returns a sentence for each task in the circle of those tasks that wait for each other, or, if there is no
/// circle, for each task that waits for a lock whose holder sleeps on something else.
pub fn wait_for(sleepers: &[Sleeper], cpus: usize) -> Vec<String> {
    let waits = |sleeper: &Sleeper| {
        let (lock, wanted_at) = sleeper.lock?;
        let holds = |other: &&Sleeper| other.held.iter().any(|(held, _)| *held == lock);
        let holder = sleepers.iter().find(holds)?;
        let (_, taken_at) = holder.held.iter().find(|(held, _)| *held == lock)?;
        let sentence = format!(
            "{} waits at {wanted_at} for {}, which {} took at {taken_at}",
            task_name(sleeper.task, cpus),
            lock_name(lock),
            task_name(holder.task, cpus),
        );
        Some((holder, sentence))
    };
    for start in sleepers {
        let (mut at, mut sentences) = (start, Vec::new());
        while let Some((holder, sentence)) = waits(at) {
            sentences.push(sentence);
            if holder.task == start.task {
                return sentences;
            }
            if sentences.len() > sleepers.len() {
                break;
            }
            at = holder;
        }
    }
    sleepers.iter().filter_map(|sleeper| Some(waits(sleeper)?.1)).collect()
}
