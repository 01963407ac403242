//! Names the tasks of a machine, its CPUs and daemons, by their numbers.

use std::fmt;

/// Makes the daemons from their table: each with its name, in the order of their numbers.
macro_rules! daemons {
    ($($(#[$doc:meta])* $daemon:ident $name:literal,)*) => {
        /// A daemon.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum DaemonId {
            $($(#[$doc])* $daemon,)*
        }

        /// Daemons of a machine.
        pub const DAEMONS: usize = [$($name),*].len();

        impl DaemonId {
            /// All daemons with their names, in the order of their numbers, which follow the CPUs'.
            pub const ALL: [(Self, &'static str); DAEMONS] = [$((Self::$daemon, $name)),*];
        }
    };
}

daemons! {
    /// Unmaps pages ahead of need.
    Trimmer "trimmer",
    /// Writes modified frames to swap.
    Writer "writer",
    /// Zeroes free frames.
    Zeroer "zeroer",
}

impl DaemonId {
    /// The name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The name of the daemon that an event's number says.
    pub fn name_of(number: u32) -> &'static str {
        Self::ALL.get(number as usize).map_or("daemon", |(_, name)| name)
    }

    /// All names in the order of their numbers, as part of a sentence.
    pub fn enumeration() -> String {
        let [first @ .., last] = Self::ALL.map(|(_, name)| name);
        format!("{} and {last}", first.join(", "))
    }
}

/// What has a row of counters or a ring of events of its own. In a sentence it is `CPU 3`, `the trimmer`
/// or `the script`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// A CPU.
    Cpu(usize),
    /// A daemon.
    Daemon(DaemonId),
    /// The script, which has a ring but takes no steps of its own.
    Script,
}

impl Task {
    /// The task of this number on a machine with so many CPUs: these come first, then the daemons, then
    /// the script.
    pub fn of(number: usize, cpus: usize) -> Self {
        match number.checked_sub(cpus) {
            None => Self::Cpu(number),
            Some(daemon) => {
                DaemonId::ALL.get(daemon).map_or(Self::Script, |(daemon, _)| Self::Daemon(*daemon))
            }
        }
    }

    /// The name of its ring of events in reports and timelines, as `cpu 3`, `trimmer` or `script`.
    pub fn ring_name(self) -> String {
        match self {
            Self::Cpu(cpu) => format!("cpu {cpu}"),
            Self::Daemon(daemon) => daemon.name().to_owned(),
            Self::Script => "script".to_owned(),
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu(cpu) => write!(formatter, "CPU {cpu}"),
            Self::Daemon(daemon) => write!(formatter, "the {}", daemon.name()),
            Self::Script => formatter.write_str("the script"),
        }
    }
}
