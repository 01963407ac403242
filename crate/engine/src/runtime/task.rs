//! The tasks of a machine, its CPUs and daemons: their numbers and names.

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

impl DaemonId {
    /// All daemons with their names, in the order of their numbers, which follow the CPUs'.
    pub const ALL: [(Self, &'static str); DAEMONS] =
        [(Self::Trimmer, "trimmer"), (Self::Writer, "writer"), (Self::Zeroer, "zeroer")];
}

/// Daemons of a machine.
pub const DAEMONS: usize = 3;

/// What a task is called on a machine with so many CPUs.
pub fn task_name(task: usize, cpus: usize) -> String {
    match task.checked_sub(cpus) {
        None => format!("CPU {task}"),
        Some(daemon) => match DaemonId::ALL.get(daemon) {
            Some((_, name)) => format!("the {name}"),
            None => format!("task {task}"),
        },
    }
}

/// Whose a ring of events is, on a machine with so many CPUs: a CPU's, a daemon's or the script's.
pub fn ring_name(ring: usize, cpus: usize) -> String {
    match ring.checked_sub(cpus) {
        None => format!("cpu {ring}"),
        Some(daemon) => DaemonId::ALL.get(daemon).map_or("script", |(_, name)| name).to_owned(),
    }
}
