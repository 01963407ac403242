//! Describes in sentences the circle of tasks that wait for each other's locks.

use std::panic::Location;

use super::rank::LockId;
use crate::runtime::task::Tasks;

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

/// Returns a sentence for each task in the circle of those tasks that wait for each other, or, if there is no
/// circle, for each task that waits for a lock whose holder sleeps on something else.
pub fn wait_for(sleepers: &[Sleeper], tasks: Tasks) -> Vec<String> {
    let waits = |sleeper: &Sleeper| {
        let (lock, wanted_at) = sleeper.lock?;
        let holds = |other: &&Sleeper| other.held.iter().any(|(held, _)| *held == lock);
        let holder = sleepers.iter().find(holds)?;
        let (_, taken_at) = holder.held.iter().find(|(held, _)| *held == lock)?;
        let sentence = format!(
            "{} waits at {wanted_at} for the lock of {lock}, which {} took at {taken_at}",
            tasks.task(sleeper.task),
            tasks.task(holder.task),
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
