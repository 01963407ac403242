//! A storm is a series of rounds on real threads, more of them than cores, on machines that are nearly out of
//! frames and slots. A round's machine and script follow from its number alone, and consecutive numbers go
//! through every combination of shape, PTE locks, policy and trigger.
//!
//! Each workload stamps what it writes and checks what it reads; there is an audit at each quiescent
//! point; and at the end the bytes of all processes are those that the script leaves on a machine
//! with room for everything.

use faultline::options::MachineOptions;
use faultline::runtime::{Random, mix};
use faultline::scenario::{Counters, Failure, FailureCode, Op, Report, Session, Traces, parse_op};
use serde_json::{Value, json};

use super::reference_policies::POLICIES;

/// The process that keeps its bytes where others run out of memory.
const KEEPER: &str = "keeper";

/// The shape of a round: its machine and its processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// The notes' machine: 1,024 frames and slots, eight CPUs, 2,000 of 2,047 pages.
    Notes,
    /// One process, many CPUs, few frames, and hardly a slot more than needed.
    Crowd,
    /// Families that fork and are killed while their pages come and go.
    Families,
    /// More is asked for than there is: ops fail, and nothing that was there is lost.
    Exhausted,
}

/// One round.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    pub(crate) seed: u64,
    pub(crate) machine: Value,
    script: Vec<Value>,
    shape: Shape,
}

/// The outcome of a round.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The failures.
    pub(crate) failures: Vec<String>,
    pub(crate) counters: Counters,
}

impl Round {
    /// Makes round `seed`, with about this many accesses.
    pub(crate) fn new(seed: u64, accesses: u64) -> Self {
        let shapes = [Shape::Notes, Shape::Crowd, Shape::Families, Shape::Exhausted];
        let shape = shapes[(seed % 4) as usize];
        let mut random = Random::new(mix(seed));
        let (sizes, script) = match shape {
            Shape::Notes => notes(&mut random, accesses),
            Shape::Crowd => crowd(&mut random, accesses),
            Shape::Families => families(&mut random, accesses),
            Shape::Exhausted => exhausted(&mut random, accesses),
        };
        let mut machine = options(seed, &mut random);
        for (key, value) in sizes.as_object().into_iter().flatten() {
            machine[key] = value.clone();
        }
        Self { seed, machine, script, shape }
    }

    /// Returns the whole round as a scenario for the command line, to look into a failure.
    pub(crate) fn document(&self) -> Value {
        json!({"faultline": 1, "machine": self.machine, "runtime": {"kind": "threads"},
            "script": self.script})
    }

    /// Plays the round on a session of its machine, and returns its outcome.
    pub(crate) fn play(&self, session: &mut Session, mut played: impl FnMut()) -> Outcome {
        let mut failures = Vec::new();
        for (index, op) in self.ops().iter().enumerate() {
            let at = format!("/script/{index}");
            for failure in session.apply(op, &at).failures {
                if !self.excuses(&failure) {
                    failures.push(failure.to_string());
                }
            }
            played();
        }
        let report: Report = session.finish();
        let audit = report.failures.iter().filter(|failure| !failure.at.starts_with("/script"));
        failures.extend(audit.map(ToString::to_string));
        if self.shape != Shape::Exhausted && failures.is_empty() {
            let expected = self.with_room_for_all();
            failures
                .extend(expected.failures.iter().map(|failure| format!("with room: {failure}")));
            if report.state_hash != expected.state_hash {
                let (found, expected) = (&report.state_hash, &expected.state_hash);
                failures.push(format!("the bytes at the end are {found}, not {expected}"));
            }
        }
        Outcome { failures, counters: report.counters }
    }

    /// Whether a failure is expected: an eviction on request fails where no slot is free; where there is not enough
    /// for all, the processes that ask for too much fail, and they alone.
    fn excuses(&self, failure: &Failure) -> bool {
        let fails = |code: FailureCode| {
            failure.expected == "success" && failure.found.starts_with(code.name())
        };
        let document = self.document();
        let Some(op) = document.pointer(&failure.at) else { return false };
        let greedy = self.shape == Shape::Exhausted && op["process"] != KEEPER;
        op["op"] == "evict" && fails(FailureCode::OutOfSwap)
            || greedy
                && [FailureCode::OutOfMemory, FailureCode::OutOfSwap, FailureCode::NoSuchProcess]
                    .into_iter()
                    .any(fails)
    }

    fn ops(&self) -> Vec<Op> {
        let options: MachineOptions = serde_json::from_value(self.machine.clone()).unwrap();
        let parse = |op: &Value| parse_op(&op.to_string(), &options).unwrap();
        self.script.iter().map(parse).collect()
    }

    /// Runs the same script where nothing is ever evicted, except on request.
    fn with_room_for_all(&self) -> Report {
        let room = json!({"frames": 4096, "slots": 4096, "cpus": self.machine["cpus"]});
        let scenario = super::scenario(room, super::virtual_cpus(self.seed), json!(self.script));
        super::run_it(&scenario)
    }

    /// Opens a session of the machine, with its threads running.
    pub(crate) fn open(&self) -> Session {
        let scenario = super::scenario(self.machine.clone(), super::threads(), json!([]));
        let mut session = Session::open(&scenario, Traces::default()).unwrap();
        session.start_threads().unwrap();
        session
    }
}

/// All finders of free slots.
const SLOT_FINDERS: [&str; 5] = ["bitmap", "scan", "rows", "clusters", "fixed"];

fn pick<T: Clone>(random: &mut Random, of: &[T]) -> T {
    of[random.below(of.len() as u64) as usize].clone()
}

/// A number from `low` to `high`.
fn between(random: &mut Random, low: u64, high: u64) -> u64 {
    low + random.below(high - low + 1)
}

/// All but the sizes. 4 shapes, 5 locks and the 27 pairs of a policy and a trigger have no common divisor,
/// so 540 rounds in a row have each combination once.
fn options(seed: u64, random: &mut Random) -> Value {
    let locks = [
        json!("machine"),
        json!("table"),
        json!("entry"),
        json!({"region": 8}),
        json!({"region": 64}),
    ];
    let triggers = ["every-fault", "watermark", "predictive"];
    let low = between(random, 2, 12);
    let flip = [true, false];
    json!({
        "pte_locks": locks[(seed % 5) as usize],
        // One further every nine rounds, so that each policy meets each trigger.
        "policy": POLICIES[((seed + seed / 9 % 3) % 9) as usize],
        "trim": {"trigger": triggers[(seed % 3) as usize], "low": low,
            "high": low + between(random, 1, 12), "batch": between(random, 1, 16)},
        "reads": pick(random, &["hardware", "hardware", "allocate", "peek"]),
        "eviction": pick(random, &["pipelined", "pipelined", "pipelined", "synchronous"]),
        "early_release": pick(random, &[true, true, false]),
        "write_batch": between(random, 1, 32),
        "standby_batch": between(random, 1, 32),
        "free_lists": between(random, 1, 8),
        "trimmers": pick(random, &[1, 1, 2, 3, 8]),
        "writers": pick(random, &[1, 1, 2, 3, 8]),
        "kill_batch": pick(random, &[1, 2, 16, 512]),
        "read_ahead": pick(random, &[0, 1, 4, 16]),
        "read_ahead_by": pick(random, &["slot", "address"]),
        "list_shards": pick(random, &[1, 2, 3, 8, 64]),
        "cpu_cache": between(random, 0, 16),
        "zeroer": pick(random, &flip),
        "shootdown": pick(random, &["batched", "single", "lazy"]),
        "slot_finder": pick(random, &SLOT_FINDERS),
        "drain_hands": pick(random, &flip),
        "keep_slots": pick(random, &["always", "half", "never"]),
        "rmap": pick(random, &["tree", "family", "owner"]),
        "isolate": pick(random, &flip),
        "finder": pick(random, &["list", "tables"]),
    })
}

/// A workload on all of a process's pages, or on those below `end`.
fn run(random: &mut Random, process: &str, cpus: u64, accesses: u64, end: Option<u64>) -> Value {
    let pattern = pick(
        random,
        &[json!("uniform"), json!("uniform"), json!({"zipf": 0.9}), json!({"stride": 7})],
    );
    let mut op = json!({"op": "run", "process": process, "cpus": cpus, "pattern": pattern,
        "accesses": accesses.max(cpus), "writes": pick(random, &[0.1, 0.5, 0.9]),
        "seed": random.below(1 << 53)});
    if let Some(end) = end {
        op["pages"] = json!([0, end]);
    }
    op
}

/// Writes each page once.
fn stamp(random: &mut Random, process: &str, end: Option<u64>) -> Value {
    let mut op = json!({"op": "run", "process": process, "pattern": "sequential", "writes": 1.0,
        "seed": random.below(1 << 53)});
    if let Some(end) = end {
        op["pages"] = json!([0, end]);
    }
    op
}

/// Frames and slots that `pages` pages in `processes` processes cannot do without, with a few more
/// for what `cpus` CPUs have in hand; `frames` of them are frames.
fn sizes(random: &mut Random, cpus: u64, processes: u64, pages: u64, frames: u64) -> Value {
    let protected = 1 + processes * (1 + pages.div_ceil(512));
    let spare = 2 * cpus + between(random, 4, 12);
    let slots = (protected + processes * pages + spare).saturating_sub(frames);
    json!({"frames": frames, "slots": slots, "cpus": cpus})
}

fn notes(random: &mut Random, accesses: u64) -> (Value, Vec<Value>) {
    let end = Some(2000);
    let pair = |random: &mut Random| {
        let mut list = || json!([run(random, "notes", 4, accesses / 4, end)]);
        json!({"op": "together", "scripts": [list(), list()]})
    };
    let script = vec![
        json!({"op": "spawn", "as": "notes", "pages": 2047}),
        stamp(random, "notes", end),
        run(random, "notes", 8, accesses / 4, end),
        json!({"op": "audit"}),
        pair(random),
        json!({"op": "audit"}),
        run(random, "notes", 8, accesses / 4, end),
    ];
    (json!({"frames": 1024, "slots": 1024, "cpus": 8}), script)
}

fn crowd(random: &mut Random, accesses: u64) -> (Value, Vec<Value>) {
    let cpus = between(random, 3, 12);
    let frames = between(random, 2 * cpus + 18, 80);
    let pages = frames * between(random, 2, 5);
    let evict = |random: &mut Random| {
        let page = random.below(pages);
        json!({"op": "evict", "process": "p", "page": page})
    };
    let mut script =
        vec![json!({"op": "spawn", "as": "p", "pages": pages}), stamp(random, "p", None)];
    for _ in 0..4 {
        let work = run(random, "p", cpus - 1, accesses / 4, None);
        let evictions: Vec<_> = (0..8).map(|_| evict(random)).collect();
        script.push(json!({"op": "together", "scripts": [[work], evictions]}));
        script.push(json!({"op": "audit"}));
    }
    (sizes(random, cpus, 1, pages, frames), script)
}

/// Three trees, whose lists run side by side, and one more list that works in the first tree's root
/// and forks it too.
fn families(random: &mut Random, accesses: u64) -> (Value, Vec<Value>) {
    let cpus = between(random, 4, 8);
    let pages = between(random, 16, 64);
    let generations = 6;
    let share = accesses / (4 * generations * 4);
    let mut script = Vec::new();
    for tree in 0..3 {
        let root = format!("root{tree}");
        script.push(json!({"op": "spawn", "as": root, "pages": pages}));
        script.push(stamp(random, &root, None));
    }
    let mut lists: Vec<_> =
        (0..3).map(|tree| tree_list(random, tree, generations, pages, share)).collect();
    lists.push(forks_of_the_first_root(random, generations, share));
    script.push(json!({"op": "together", "scripts": lists}));
    script.push(json!({"op": "audit"}));
    let last = (0..3).map(|tree| json!([run(random, &format!("root{tree}"), 1, 4 * share, None)]));
    script.push(json!({"op": "together", "scripts": last.collect::<Vec<_>>()}));
    // At most: three roots with a child and a grandchild each, and one child more.
    let processes = 10;
    let frames = between(random, 1 + 2 * processes + 3 * cpus, 4 * pages + 64);
    (sizes(random, cpus, processes, pages, frames), script)
}

fn tree_list(random: &mut Random, tree: u64, generations: u64, pages: u64, share: u64) -> Value {
    let root = format!("root{tree}");
    let mut list = Vec::new();
    for generation in 0..generations {
        let child = format!("child{tree}-{generation}");
        let grandchild = format!("grandchild{tree}-{generation}");
        list.push(json!({"op": "fork", "process": root, "as": child}));
        list.push(run(random, &child, 1, share, None));
        list.push(json!({"op": "fork", "process": child, "as": grandchild}));
        list.push(run(random, &grandchild, 2, share, None));
        list.push(json!({"op": "evict", "process": child, "page": random.below(pages)}));
        list.push(json!({"op": "sleep", "process": child}));
        list.push(run(random, &root, 1, share, None));
        list.push(json!({"op": "kill", "process": child}));
        list.push(run(random, &grandchild, 1, share, None));
        list.push(json!({"op": "kill", "process": grandchild}));
    }
    Value::Array(list)
}

fn forks_of_the_first_root(random: &mut Random, generations: u64, share: u64) -> Value {
    let mut list = Vec::new();
    for generation in 0..generations {
        let child = format!("other{generation}");
        list.push(json!({"op": "fork", "process": "root0", "as": child}));
        list.push(run(random, "root0", 1, 2 * share, None));
        list.push(run(random, &child, 1, 2 * share, None));
        list.push(json!({"op": "kill", "process": child}));
    }
    Value::Array(list)
}

/// One process fits and keeps its bytes, while others do not fit.
fn exhausted(random: &mut Random, accesses: u64) -> (Value, Vec<Value>) {
    let cpus = between(random, 2, 8);
    let frames = between(random, 3 * cpus + 18, 64);
    let pages = frames;
    let slots = pages + between(random, 0, frames);
    let mut script = vec![json!({"op": "spawn", "as": KEEPER, "pages": pages})];
    let kept: Vec<_> = (0..pages).map(|page| (page, 1 + random.below((1 << 53) - 1))).collect();
    for (page, value) in &kept {
        script.push(json!({"op": "write", "process": KEEPER, "page": page, "value": value}));
    }
    for generation in 0..4 {
        let names = ["a", "b"].map(|name| format!("{name}{generation}"));
        let lists = names.each_ref().map(|name| {
            json!([
                {"op": "spawn", "as": name, "pages": 4 * (frames + slots)},
                run(random, name, (cpus / 2).max(1), accesses / 20, None),
            ])
        });
        script.push(json!({"op": "together", "scripts": lists}));
        script.extend(names.map(|name| json!({"op": "kill", "process": name})));
        for (page, value) in &kept {
            script.push(json!({"op": "read", "process": KEEPER, "page": page, "expect": value}));
        }
        script.push(json!({"op": "audit"}));
        script.push(run(random, KEEPER, cpus, accesses / 5, None));
    }
    (json!({"frames": frames, "slots": slots, "cpus": cpus}), script)
}
