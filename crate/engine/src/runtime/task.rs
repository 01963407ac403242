//! The tasks of a machine, its CPUs and daemons: their numbers and names.

/// Daemons of a machine: their CPU numbers follow the CPUs'.
pub const DAEMONS: usize = 3;

/// A daemon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaemonId {
    /// Unmaps pages ahead of need.
    Trimmer,
    /// Writes modified frames to swap.
    Writer,
    /// Zeroes free frames.
    Zeroer,
}

/// What a task is called on a machine with so many CPUs.
pub fn task_name(task: usize, cpus: usize) -> String {
    match task.checked_sub(cpus) {
        None => format!("CPU {task}"),
        Some(0) => "the trimmer".to_owned(),
        Some(1) => "the writer".to_owned(),
        Some(2) => "the zeroer".to_owned(),
        Some(other) => format!("task {}", other + cpus),
    }
}
