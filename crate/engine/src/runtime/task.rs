//! Names the tasks of a machine, its CPUs and daemons, by their numbers.

use std::fmt;

use crate::options::{MOST_OF_A_DAEMON, MachineOptions};

/// Makes the kinds of daemons from their table: each with its name, in the order of their numbers.
macro_rules! daemons {
    ($($(#[$doc:meta])* $daemon:ident $first:ident $name:literal,)*) => {
        /// What a daemon does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum DaemonKind {
            $($(#[$doc])* $daemon,)*
        }

        impl DaemonKind {
            /// All kinds with their names, in the order of their numbers.
            pub const ALL: [(Self, &'static str); [$($name),*].len()] = [$((Self::$daemon, $name)),*];
        }

        impl DaemonId {
            $($(#[$doc])* pub const $first: Self = Self { kind: DaemonKind::$daemon, nth: 0 };)*
        }
    };
}

daemons! {
    /// The trimmer unmaps pages ahead of need; the first, where there are several.
    Trimmer TRIMMER "trimmer",
    /// The writer writes modified frames to swap; the first, where there are several.
    Writer WRITER "writer",
    /// The zeroer zeroes free frames.
    Zeroer ZEROER "zeroer",
}

/// A daemon: what it does, and which it is of those that do the same, from 0. By name it is `trimmer`, `trimmer 2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaemonId {
    /// What it does.
    pub kind: DaemonKind,
    /// Which it is of its kind.
    pub nth: u8,
}

impl DaemonId {
    /// The bits of the kind in [`code`](Self::code).
    pub(crate) const KIND_BITS: u32 = 0xff;

    /// Its number in events, the same on every machine: the kind in the low byte, and which it is above.
    pub fn code(self) -> u32 {
        self.kind as u32 | u32::from(self.nth) << Self::KIND_BITS.count_ones()
    }

    /// The daemon that an event's number says.
    pub fn of_code(code: u32) -> Option<Self> {
        let (kind, _) = DaemonKind::ALL.get((code & Self::KIND_BITS) as usize)?;
        Some(Self { kind: *kind, nth: (code >> Self::KIND_BITS.count_ones()) as u8 })
    }

    /// The name.
    pub fn name(self) -> String {
        let (_, kind) = DaemonKind::ALL[self.kind as usize];
        match self.nth {
            0 => kind.to_owned(),
            nth => format!("{kind} {}", nth + 1),
        }
    }
}

/// In a sentence it is `the trimmer`, or `trimmer 2`.
impl fmt::Display for DaemonId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.nth == 0 { "the " } else { "" })?;
        formatter.write_str(&self.name())
    }
}

/// How many CPUs and daemons a machine has, from which follow the numbers and names of its tasks: the CPUs, the
/// trimmers, the writers, the zeroer, and last the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tasks {
    /// CPUs.
    pub cpus: usize,
    /// Trimmers.
    pub trimmers: usize,
    /// Writers.
    pub writers: usize,
}

impl Tasks {
    /// The most daemons that a machine can have.
    pub const MOST_DAEMONS: usize = MOST_OF_A_DAEMON as usize * 2 + 1;

    /// Those of the machine that is built from these options.
    pub fn of(options: &MachineOptions) -> Self {
        let [cpus, trimmers, writers] =
            [options.cpus, options.trimmers, options.writers].map(|number| number as usize);
        Self { cpus, trimmers, writers }
    }

    /// How many CPUs and daemons there are: each has a number, a row of counters and a thread.
    pub fn count(self) -> usize {
        self.cpus + self.daemons().count()
    }

    /// The daemons, in the order of their numbers.
    pub fn daemons(self) -> impl Iterator<Item = DaemonId> + Clone {
        DaemonKind::ALL.into_iter().flat_map(move |(kind, _)| {
            let count = self.count_of(kind) as u8;
            (0..count).map(move |nth| DaemonId { kind, nth })
        })
    }

    /// How many daemons of a kind there are.
    pub fn count_of(self, kind: DaemonKind) -> usize {
        match kind {
            DaemonKind::Trimmer => self.trimmers,
            DaemonKind::Writer => self.writers,
            DaemonKind::Zeroer => 1,
        }
    }

    /// The place of a daemon among the daemons.
    pub fn place(self, daemon: DaemonId) -> usize {
        let before = match daemon.kind {
            DaemonKind::Trimmer => 0,
            DaemonKind::Writer => self.trimmers,
            DaemonKind::Zeroer => self.trimmers + self.writers,
        };
        before + usize::from(daemon.nth)
    }

    /// The task of this number.
    pub fn task(self, number: usize) -> Task {
        match number.checked_sub(self.cpus) {
            None => Task::Cpu(number),
            Some(place) => self.daemons().nth(place).map_or(Task::Script, Task::Daemon),
        }
    }

    /// The names of all daemons in the order of their numbers, as part of a sentence.
    pub fn enumeration(self) -> String {
        let names: Vec<_> = self.daemons().map(DaemonId::name).collect();
        let (last, first) = names.split_last().map_or(("", &[][..]), |(last, first)| (last, first));
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
    /// The name of its ring of events in reports and timelines, as `cpu 3`, `trimmer` or `script`.
    pub fn ring_name(self) -> String {
        match self {
            Self::Cpu(cpu) => format!("cpu {cpu}"),
            Self::Daemon(daemon) => daemon.name(),
            Self::Script => "script".to_owned(),
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu(cpu) => write!(formatter, "CPU {cpu}"),
            Self::Daemon(daemon) => daemon.fmt(formatter),
            Self::Script => formatter.write_str("the script"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w3_a_daemon_has_a_name_and_a_number_of_its_own() {
        let one = Tasks { cpus: 2, trimmers: 1, writers: 1 };
        let names = |tasks: Tasks| tasks.daemons().map(DaemonId::name).collect::<Vec<_>>();
        assert_eq!(names(one), ["trimmer", "writer", "zeroer"]);
        let codes = |tasks: Tasks| tasks.daemons().map(DaemonId::code).collect::<Vec<_>>();
        assert_eq!(codes(one), [0, 1, 2], "as events of machines with one of each have them");
        let several = Tasks { cpus: 2, trimmers: 3, writers: 2 };
        assert_eq!(
            names(several),
            ["trimmer", "trimmer 2", "trimmer 3", "writer", "writer 2", "zeroer"]
        );
        assert_eq!(
            several.enumeration(),
            "trimmer, trimmer 2, trimmer 3, writer, writer 2 and zeroer"
        );
        for tasks in [one, several] {
            for (place, daemon) in tasks.daemons().enumerate() {
                assert_eq!(DaemonId::of_code(daemon.code()), Some(daemon));
                assert_eq!(tasks.place(daemon), place);
                assert_eq!(tasks.task(2 + place), Task::Daemon(daemon));
            }
            assert_eq!(tasks.task(1), Task::Cpu(1));
            assert_eq!(tasks.task(tasks.count()), Task::Script);
        }
        assert_eq!(DaemonId::of_code(3), None);
        let said = [several.task(2), several.task(3)].map(|task| task.to_string());
        assert_eq!(said, ["the trimmer", "trimmer 2"]);
        let most = Tasks { cpus: 1, trimmers: 8, writers: 8 };
        assert_eq!(most.daemons().count(), Tasks::MOST_DAEMONS);
    }
}
