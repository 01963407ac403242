//! The counters of a machine, each a line of one table: its key in a report, its name in Rust and its description.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Makes the counters from their table: those that scenarios and reports name, then those that only a reader
/// in place sees. A counter's key is its name in snake case; a test holds that.
macro_rules! counters {
    (
        reported { $($(#[$doc:meta])* $key:ident: $name:ident,)* }
        in_place { $($(#[$more_doc:meta])* $more_key:ident: $more_name:ident,)* }
    ) => {
        /// What is counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Counter {
            $($(#[$doc])* $name,)*
            $($(#[$more_doc])* $more_name,)*
        }

        impl Counter {
            /// All counters with their keys, in the order of a report.
            pub const ALL: [(Self, &'static str); [
                $(stringify!($name),)* $(stringify!($more_name),)*
            ].len()] = [
                $((Self::$name, stringify!($key)),)*
                $((Self::$more_name, stringify!($more_key)),)*
            ];
        }

        /// What the machine counts, in the order in which reports show it.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum CounterName {
            $($(#[$doc])* $name,)*
        }

        impl CounterName {
            /// Every one, in the order of the format.
            pub const ALL: [Self; [$(stringify!($name)),*].len()] = [$(Self::$name),*];

            /// The word as a scenario writes it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($key),)*
                }
            }

            /// The counter of this name.
            #[must_use]
            pub const fn counter(self) -> Counter {
                match self {
                    $(Self::$name => Counter::$name,)*
                }
            }
        }

        /// The counters of a run.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Counters {
            $($(#[$doc])* pub $key: u64,)*
        }

        impl Counters {
            /// What `value` says of each counter.
            pub fn of(value: impl Fn(Counter) -> u64) -> Self {
                Self { $($key: value(Counter::$name),)* }
            }

            /// The value of a counter.
            #[must_use]
            pub const fn get(&self, name: CounterName) -> u64 {
                match name {
                    $(CounterName::$name => self.$key,)*
                }
            }
        }
    };
}

counters! {
    reported {
        /// Loads and stores by programs.
        accesses: Accesses,
        /// Accesses that faulted, each counted once.
        faults: Faults,
        /// First writes to a page, served by a zeroed frame.
        demand_zero: DemandZero,
        /// Rescues: the frame was still in memory.
        soft: Soft,
        /// Pages read back from swap.
        hard: Hard,
        /// Writes to a page that was mapped read-only.
        write_protect: WriteProtect,
        /// Frames copied for a write.
        copies: Copies,
        /// Frames made writable in place for their last sharer.
        reuses: Reuses,
        /// Faults that waited for another fault on the same page.
        collided: Collided,
        /// Times that a fault had to start again.
        retries: Retries,
        /// Frames taken from their page.
        evictions: Evictions,
        /// Slots read.
        swap_reads: SwapReads,
        /// Pages read from swap before any fault needed them.
        read_ahead: ReadAhead,
        /// Pages read ahead that a fault found in memory.
        read_ahead_hits: ReadAheadHits,
        /// Pages read ahead that lost their frame, or whose process did without them, before any fault found them.
        read_ahead_misses: ReadAheadMisses,
        /// Slots written.
        swap_writes: SwapWrites,
        /// Clean frames whose contents were in swap already, dropped without a write.
        clean_drops: CleanDrops,
        /// Times the trimmer was woken.
        trim_wakeups: TrimWakeups,
        /// Wake-ups after which the trimmer unmapped a frame at least.
        useful_wakeups: UsefulWakeups,
        /// Frames the trimmer unmapped.
        trims: Trims,
        /// Frames or PTEs examined to find victims, or by a clock tick.
        examined: Examined,
        /// Slots, or words of the slot bitmap, examined to find free slots.
        slots_examined: SlotsExamined,
        /// Shootdowns.
        shootdowns: Shootdowns,
        /// Times a CPU had no frame at hand, and made room or waited.
        frame_waits: FrameWaits,
    }
    in_place {
        /// Context switches.
        switches: Switches,
    }
}

impl fmt::Display for CounterName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r5_a_counter_has_the_same_key_in_scenarios_in_reports_and_in_place() {
        let counters = Counters::of(|counter| counter as u64);
        let report = serde_json::to_value(&counters).unwrap();
        for (name, (counter, key)) in CounterName::ALL.into_iter().zip(Counter::ALL) {
            assert_eq!((name.counter(), name.name()), (counter, key));
            assert_eq!(serde_json::to_value(name).unwrap(), key);
            assert_eq!(report[key], counter as u64);
            assert_eq!(counters.get(name), counter as u64);
        }
    }
}
