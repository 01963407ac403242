//! Names the tasks of a machine, its CPUs and daemons, by their numbers.

/// A daemon of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaemonId {
    /// The trimmer unmaps pages ahead of need.
    Trimmer,
    /// The writer writes modified frames to swap.
    Writer,
    /// The zeroer zeroes free frames.
    Zeroer,
}

impl DaemonId {
    /// All daemons with their names, in the order of their numbers, which follow the CPUs'.
    pub const ALL: [(Self, &'static str); DAEMONS] =
        [(Self::Trimmer, "trimmer"), (Self::Writer, "writer"), (Self::Zeroer, "zeroer")];
}

/// How many daemons a machine has.
pub const DAEMONS: usize = 3;

/// Returns the name of a task on a machine with so many CPUs.
pub fn task_name(task: usize, cpus: usize) -> String {
    match task.checked_sub(cpus) {
        None => format!("CPU {task}"),
        Some(daemon) => match DaemonId::ALL.get(daemon) {
            Some((_, name)) => format!("the {name}"),
            None => format!("task {task}"),
        },
    }
}

/// Returns the name of the owner of an event ring, on a machine with so many CPUs: a CPU, a daemon or the
/// script.
pub fn ring_name(ring: usize, cpus: usize) -> String {
    match ring.checked_sub(cpus) {
        None => format!("cpu {ring}"),
        Some(daemon) => DaemonId::ALL.get(daemon).map_or("script", |(_, name)| name).to_owned(),
    }
}
