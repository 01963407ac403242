//! Makes the workloads of the matrix: each kind of fault, with a region for each CPU and with one for all.
//!
//! Machine and work are the same at each number of CPUs, which share the work. What a workload needs before it is
//! not measured.

use std::fmt;

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

/// Pages that are used.
const PAGES: u32 = 8192;
/// A step by which all of them are used once, and each part of them throughout: odd, and near the golden section.
const ALL_OVER: u32 = 5063;
/// Frames beside those that hold pages: the zero page, a directory and the tables.
const PROTECTED: u32 = 2 + PAGES / 512;
/// Frames of a machine with half as many as pages.
const HALF: u32 = PAGES / 2;
/// Children of all CPUs, the pages of each, and those it stores to.
const CHILDREN: u32 = 1024;
const CHILD_PAGES: u32 = 64;
const CHILD_STORES: u32 = 16;

impl Row {
    /// Returns the rows of some workloads.
    pub(super) fn all(workloads: &[Workload], regions: &[Regions]) -> Vec<Self> {
        let of = |workload: &Workload| {
            let workload = *workload;
            regions.iter().map(move |regions| Self { workload, regions: *regions })
        };
        workloads.iter().flat_map(of).collect()
    }

    /// Returns the document for so many CPUs, and how many ops of its script only prepare what is measured.
    pub(super) fn document(self, cpus: u32) -> (Value, usize) {
        let before = self.preparation(cpus);
        let (frames, slots, low, high) = self.sizes();
        let from = before.len();
        let script: Vec<_> = before.into_iter().chain([self.measured(cpus)]).collect();
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
    fn sizes(self) -> (u32, u32, u32, u32) {
        match self.workload {
            Workload::DemandZero => (PAGES + PROTECTED + 2048, PAGES, 8, 16),
            Workload::Cow => (2 * (PAGES + PROTECTED) + 2048, PAGES, 8, 16),
            // The last pages are below the low mark, and the high one is above all pages: all are trimmed.
            Workload::Rescue => (PAGES + PROTECTED + 32, 2 * PAGES, 64, PAGES),
            Workload::HardWithSlack => (HALF, 2 * PAGES, HALF / 16, HALF / 8),
            Workload::HardWithout => (HALF, PAGES + PROTECTED - HALF + 18, HALF / 16, HALF / 8),
            Workload::Churn => (2 * PAGES, PAGES, 8, 16),
        }
    }

    fn preparation(self, cpus: u32) -> Vec<Value> {
        let spawn = |name: &str, pages| json!({"op": "spawn", "as": name, "pages": pages});
        let fill = |name: &str| json!({"op": "run", "process": name, "pattern": "sequential", "writes": 1, "seed": 1});
        match self.workload {
            Workload::DemandZero => vec![spawn("a", PAGES)],
            Workload::Cow => vec![
                spawn("parent", PAGES),
                fill("parent"),
                json!({"op": "fork", "process": "parent", "as": "a"}),
            ],
            Workload::Rescue => vec![spawn("a", PAGES), fill("a")],
            // Each part of the pages has as many frames as the next, or some CPUs would soon be done.
            Workload::HardWithSlack | Workload::HardWithout => {
                let mut fill = fill("a");
                fill["pattern"] = json!({"stride": ALL_OVER});
                vec![spawn("a", PAGES), fill]
            }
            Workload::Churn => {
                let parents = if self.regions == Regions::Apart { cpus } else { 1 };
                let parent = |number| {
                    let name = format!("p{number}");
                    [spawn(&name, CHILD_PAGES), fill(&name)]
                };
                (0..parents).flat_map(parent).collect()
            }
        }
    }

    fn measured(self, cpus: u32) -> Value {
        let side_by_side = |list: &dyn Fn(u32) -> Value| {
            let scripts: Vec<_> = (0..cpus).map(list).collect();
            json!({"op": "together", "scripts": scripts})
        };
        if self.workload == Workload::Churn {
            return side_by_side(&|cpu| {
                let parent = format!("p{}", if self.regions == Regions::Apart { cpu } else { 0 });
                let child = format!("c{cpu}-#");
                json!([{"op": "repeat", "times": part(CHILDREN, cpus, cpu), "script": [
                    {"op": "fork", "process": parent, "as": child},
                    {"op": "run", "process": child, "pattern": "sequential",
                        "accesses": CHILD_STORES, "writes": 1, "seed": cpu},
                    {"op": "kill", "process": child}
                ]}])
            });
        }
        let run = |pages: [u32; 2], cpus: u32, seed: u32| {
            let (pattern, writes, times) = match self.workload {
                Workload::DemandZero | Workload::Cow => ("sequential", 1.0, 1),
                Workload::Rescue => ("sequential", 0.0, 1),
                _ => ("uniform", 0.3, 2),
            };
            json!({"op": "run", "process": "a", "pattern": pattern, "pages": pages, "cpus": cpus,
                "accesses": (pages[1] - pages[0]) * times, "writes": writes, "seed": seed})
        };
        match self.regions {
            Regions::Shared => run([0, PAGES], cpus, 2),
            Regions::Apart => side_by_side(&|cpu| {
                let first = |cpu| PAGES * cpu / cpus;
                json!([run([first(cpu), first(cpu + 1)], 1, 2 + cpu)])
            }),
        }
    }
}

/// Returns what one of several CPUs has of a number of things.
fn part(all: u32, cpus: u32, cpu: u32) -> u32 {
    all * (cpu + 1) / cpus - all * cpu / cpus
}
