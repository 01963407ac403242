//! Makes the workloads of the matrix: each kind of fault, with a region for each CPU and with one for all.
//!
//! Machine and work are the same at each number of CPUs, which share the work. What a workload needs before it is
//! not measured.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use serde::Serialize;
use serde_json::{Value, json};

/// What is measured of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Workload {
    /// First stores to pages, all of which find a frame.
    DemandZero,
    /// First stores to pages that parent and child share.
    Cow,
    /// Reads of pages that were trimmed, and whose frames nobody has had since.
    Rescue,
    /// Accesses to twice as many pages as there are frames, with twice as many slots as pages.
    HardWithSlack,
    /// The same with 18 slots more than the pages need that have no frame.
    HardWithout,
    /// Children that are forked, store to some pages and are killed.
    Churn,
}

/// Whose the pages are that a CPU uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Regions {
    /// Each CPU has pages side by side for itself; in `churn`, a parent.
    Apart,
    /// All CPUs use all pages, neighbours at the same time; in `churn`, one parent.
    Shared,
}

/// A row of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub(super) workload: Workload,
    pub(super) regions: Regions,
}

impl fmt::Display for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}, {}", name(&self.workload), name(&self.regions))
    }
}

/// Returns the name of a value on the command line.
pub(super) fn name(value: &impl ValueEnum) -> String {
    value.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned())
}

/// The fewest pages that a matrix is measured with, and the most.
const PAGES: [u32; 2] = [1 << 10, 1 << 17];
/// Pages that are used where the call does not say: with fewer the beginning of 64 CPUs, and what they have at hand,
/// is a part of the result.
const USUAL_PAGES: u32 = 1 << 14;
/// The pages of a child of `churn`, and those it stores to.
const CHILD_PAGES: u32 = 64;
const CHILD_STORES: u32 = 16;

/// How many pages the rows of a matrix use, each row all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size(u32);

impl Default for Size {
    fn default() -> Self {
        Self(USUAL_PAGES)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let [least, most] = PAGES;
        let pages = text.parse().ok().filter(|pages: &u32| pages.is_power_of_two());
        let pages = pages.filter(|pages| (least..=most).contains(pages));
        pages.map(Self).ok_or_else(|| format!("legal are powers of two from {least} to {most}"))
    }
}

impl Size {
    /// Returns how many frames there are beside those that hold pages: the zero page, a directory and the tables.
    fn protected(self) -> u32 {
        2 + self.0.div_ceil(512)
    }

    /// Returns the frames of a machine with half as many as pages.
    fn half(self) -> u32 {
        self.0 / 2
    }

    /// Returns how many children `churn` has.
    fn children(self) -> u32 {
        self.0 / 8
    }
}

impl Row {
    /// Returns the rows of some workloads.
    pub(super) fn all(workloads: &[Workload], regions: &[Regions]) -> Vec<Self> {
        let of = |workload: &Workload| {
            let workload = *workload;
            regions.iter().map(move |regions| Self { workload, regions: *regions })
        };
        workloads.iter().flat_map(of).collect()
    }

    /// Whether the measurement ends when half of the CPUs have done their parts, because with the last ones fewer and
    /// fewer are at work. A part of `churn` is done many times over.
    pub(super) fn ends_at_half(self) -> bool {
        self.workload != Workload::Churn
    }

    /// Returns the document for so many pages and CPUs, and how many ops of its script only prepare what is measured.
    pub(super) fn document(self, size: Size, cpus: u32) -> (Value, usize) {
        let before = self.preparation(size, cpus);
        let (frames, slots, low, high) = self.sizes(size);
        let from = before.len();
        let script: Vec<_> = before.into_iter().chain([self.measured(size, cpus)]).collect();
        let document = json!({
            "faultline": 1,
            "title": self.to_string(),
            "machine": {
                "frames": frames, "slots": slots, "cpus": cpus,
                "trim": {"low": low, "high": high, "batch": 64},
                "write_batch": 64, "standby_batch": 64
            },
            "runtime": {"kind": "virtual", "seed": 1, "costs": {"disk_read": 600, "disk_write": 600}},
            "script": script
        });
        (document, from)
    }

    /// Returns frames, slots, and the marks between which the trimmer works.
    fn sizes(self, size: Size) -> (u32, u32, u32, u32) {
        let (pages, protected, half) = (size.0, size.protected(), size.half());
        let at_hand = pages / 4;
        match self.workload {
            Workload::DemandZero => (pages + protected + at_hand, pages, 8, 16),
            Workload::Cow => (2 * (pages + protected) + at_hand, pages, 8, 16),
            // The last pages are below the low mark, and the high one is above all frames: all are trimmed.
            Workload::Rescue => {
                let frames = pages + protected + at_hand;
                (frames, 2 * pages, at_hand + 64, frames)
            }
            Workload::HardWithSlack => (half, 2 * pages, half / 16, half / 8),
            Workload::HardWithout => (half, pages + protected - half + 18, half / 16, half / 8),
            Workload::Churn => (2 * pages, pages, 8, 16),
        }
    }

    fn preparation(self, size: Size, cpus: u32) -> Vec<Value> {
        let spawn = |name: &str, pages| json!({"op": "spawn", "as": name, "pages": pages});
        let fork = json!({"op": "fork", "process": "parent", "as": "a"});
        // What each CPU uses it has stored to first, so it has taken the frames; and all CPUs have come.
        let fill = |name: &str| {
            self.on_all_cpus(size, cpus, |pages, cpus, seed| {
                json!({"op": "run", "process": name, "pattern": "sequential", "pages": pages, "cpus": cpus,
                    "writes": 1, "seed": seed})
            })
        };
        // A page that was never stored to is read without a fault, and one that is shared too.
        let come = || {
            self.on_all_cpus(size, cpus, |pages, cpus, seed| {
                json!({"op": "run", "process": "a", "pattern": "sequential", "pages": pages, "cpus": cpus,
                    "accesses": cpus, "seed": seed})
            })
        };
        match self.workload {
            Workload::DemandZero => vec![spawn("a", size.0), come()],
            Workload::Cow => vec![spawn("parent", size.0), fill("parent"), fork, come()],
            Workload::Rescue | Workload::HardWithSlack | Workload::HardWithout => {
                vec![spawn("a", size.0), fill("a")]
            }
            Workload::Churn => {
                let parents = if self.regions == Regions::Apart { cpus } else { 1 };
                let parent = |number| {
                    let name = format!("p{number}");
                    let fill = json!({"op": "run", "process": name, "pattern": "sequential", "writes": 1, "seed": 1});
                    [spawn(&name, CHILD_PAGES), fill]
                };
                (0..parents).flat_map(parent).collect()
            }
        }
    }

    fn measured(self, size: Size, cpus: u32) -> Value {
        if self.workload == Workload::Churn {
            return side_by_side(cpus, |cpu| {
                let parent = format!("p{}", if self.regions == Regions::Apart { cpu } else { 0 });
                let child = format!("c{cpu}-#");
                json!([{"op": "repeat", "times": part(size.children(), cpus, cpu), "script": [
                    {"op": "fork", "process": parent, "as": child},
                    {"op": "run", "process": child, "pattern": "sequential",
                        "accesses": CHILD_STORES, "writes": 1, "seed": cpu},
                    {"op": "kill", "process": child}
                ]}])
            });
        }
        let (pattern, writes, times) = match self.workload {
            Workload::DemandZero | Workload::Cow => ("sequential", 1.0, 1),
            Workload::Rescue => ("sequential", 0.0, 1),
            _ => ("uniform", 0.3, 2),
        };
        self.on_all_cpus(size, cpus, |pages, cpus, seed| {
            json!({"op": "run", "process": "a", "pattern": pattern, "pages": pages, "cpus": cpus,
                "accesses": (pages[1] - pages[0]) * times, "writes": writes, "seed": seed})
        })
    }

    /// Returns an op in which all CPUs run: one run of all pages, or side by side one of each CPU's own. `run` gets the
    /// pages, the CPUs that share them, and a seed.
    fn on_all_cpus(
        self,
        size: Size,
        cpus: u32,
        run: impl Fn([u32; 2], u32, u32) -> Value,
    ) -> Value {
        match self.regions {
            Regions::Shared => run([0, size.0], cpus, 2),
            Regions::Apart => side_by_side(cpus, |cpu| {
                let first = |cpu| (u64::from(size.0) * u64::from(cpu) / u64::from(cpus)) as u32;
                json!([run([first(cpu), first(cpu + 1)], 1, 2 + cpu)])
            }),
        }
    }
}

fn side_by_side(cpus: u32, list: impl Fn(u32) -> Value) -> Value {
    let scripts: Vec<_> = (0..cpus).map(list).collect();
    json!({"op": "together", "scripts": scripts})
}

/// Returns what one of several CPUs has of a number of things.
fn part(all: u32, cpus: u32, cpu: u32) -> u32 {
    all * (cpu + 1) / cpus - all * cpu / cpus
}
