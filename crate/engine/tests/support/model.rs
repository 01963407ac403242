//! The reference model has processes and their words, and no paging at all (G3). It turns abstract
//! commands into ops of a script, each with the result that it must have.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::reference_policies::{POLICIES, RULES};

/// An abstract command; numbers choose among what exists when it comes to it.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    Spawn { pages: u32 },
    Fork { which: usize },
    Write { which: usize, page: u32, word: u32, value: u64 },
    Read { which: usize, page: u32, word: u32 },
    Evict { which: usize, page: u32 },
    Sleep { which: usize },
    Wake { which: usize },
    Kill { which: usize },
    Run { which: usize, cpus: u32, zipf: bool, writes: f64, accesses: u32, seed: u64 },
    Together { those: Vec<usize>, accesses: u32, seed: u64 },
    Map { which: usize, pages: u32, read_only: bool },
    Unmap { which: usize, page: u32, pages: u32 },
    Settle,
    Audit,
}

const PROCESSES: usize = 5;

pub(crate) fn command() -> impl Strategy<Value = Command> {
    let which = || 0_usize..16;
    let page = || 0_u32..40;
    let word = || prop_oneof![Just(0_u32), Just(1), Just(511)].prop_map(|word| word % 400);
    prop_oneof![
        1 => (1_u32..40).prop_map(|pages| Command::Spawn { pages }),
        3 => which().prop_map(|which| Command::Fork { which }),
        10 => (which(), page(), word(), 1_u64..1 << 53)
            .prop_map(|(which, page, word, value)| Command::Write { which, page, word, value }),
        8 => (which(), page(), word()).prop_map(|(which, page, word)| Command::Read { which, page, word }),
        5 => (which(), page()).prop_map(|(which, page)| Command::Evict { which, page }),
        1 => which().prop_map(|which| Command::Sleep { which }),
        1 => which().prop_map(|which| Command::Wake { which }),
        2 => which().prop_map(|which| Command::Kill { which }),
        3 => (which(), 1_u32..5, any::<bool>(), 0.0..1.0, 1_u32..300, any::<u32>()).prop_map(
            |(which, cpus, zipf, writes, accesses, seed)| Command::Run {
                which, cpus, zipf, writes, accesses, seed: seed.into(),
            }
        ),
        2 => (prop::collection::vec(which(), 2..4), 1_u32..200, any::<u32>()).prop_map(
            |(those, accesses, seed)| Command::Together { those, accesses, seed: seed.into() }
        ),
        1 => (which(), 1_u32..8, any::<bool>())
            .prop_map(|(which, pages, read_only)| Command::Map { which, pages, read_only }),
        2 => (which(), page(), 1_u32..6)
            .prop_map(|(which, page, pages)| Command::Unmap { which, page, pages }),
        1 => Just(Command::Settle),
        1 => Just(Command::Audit),
    ]
}

#[derive(Clone, Debug)]
struct Process {
    pages: u32,
    awake: bool,
    /// Pages that were unmapped, and pages that can never be written.
    absent: BTreeSet<u32>,
    read_only: BTreeSet<u32>,
    words: BTreeMap<(u32, u32), u64>,
}

impl Process {
    fn has(&self, page: u32) -> bool {
        page < self.pages && !self.absent.contains(&page)
    }

    /// Adds pages at the lowest gap that is large enough.
    fn map(&mut self, pages: u32, read_only: bool) {
        let fits = |first: &u32| (*first..first + pages).all(|page| !self.has(page));
        let first = (0..=self.pages).find(fits).unwrap();
        let new = first..first + pages;
        self.pages = self.pages.max(new.end);
        self.absent.retain(|page| !new.contains(page));
        if read_only {
            self.read_only.extend(new);
        }
    }

    /// Takes pages away; the last page that is left is the process's last.
    fn unmap(&mut self, page: u32, pages: u32) {
        let gone = page..page + pages;
        self.words.retain(|(at, _), _| !gone.contains(at));
        self.read_only.retain(|page| !gone.contains(page));
        self.absent.extend(gone);
        let last = (0..self.pages).rev().find(|page| !self.absent.contains(page));
        self.pages = last.map_or(0, |last| last + 1);
        self.absent.retain(|page| *page < self.pages);
    }
}

/// The model: all that a program can see, kept without paging.
#[derive(Debug)]
pub(crate) struct Model {
    cpus: u32,
    processes: BTreeMap<String, Process>,
    killed: Vec<String>,
    names: usize,
    script: Vec<Value>,
}

impl Model {
    /// Makes a model with one process, so that most commands have a process to act on.
    pub(crate) fn new(cpus: u32) -> Self {
        let mut model = Self {
            cpus,
            processes: BTreeMap::new(),
            killed: Vec::new(),
            names: 0,
            script: Vec::new(),
        };
        model.spawn(24);
        model
    }

    /// Returns the script, ending with a read of every word ever written.
    pub(crate) fn script(mut self) -> Value {
        for (name, process) in &self.processes {
            if !process.awake {
                self.script.push(json!({"op": "wake", "process": name}));
            }
            for ((page, word), value) in &process.words {
                self.script.push(json!({"op": "read", "process": name, "page": page,
                    "offset": word * 8, "expect": value}));
            }
        }
        Value::Array(self.script)
    }

    fn new_name(&mut self) -> String {
        self.names += 1;
        format!("p{}", self.names)
    }

    fn name(&self, which: usize) -> Option<String> {
        let known: Vec<_> = self.processes.keys().chain(&self.killed).collect();
        known.get(which % known.len().max(1)).map(|name| (*name).clone())
    }

    fn push(&mut self, mut op: Value, fails: Option<&str>) {
        if let Some(code) = fails {
            op["fails"] = code.into();
        }
        self.script.push(op);
    }

    fn spawn(&mut self, pages: u32) {
        let name = self.new_name();
        self.push(json!({"op": "spawn", "as": name, "pages": pages}), None);
        let process = Process {
            pages,
            awake: true,
            absent: BTreeSet::new(),
            read_only: BTreeSet::new(),
            words: BTreeMap::new(),
        };
        self.processes.insert(name, process);
    }

    /// Returns the code with which an op on this process must fail.
    fn asleep(&self, name: &str) -> Option<&'static str> {
        let awake = self.processes.get(name).is_some_and(|process| process.awake);
        (!awake).then_some("not-running")
    }

    /// Returns the code with which an op on a page of this process must fail.
    fn refusal(&self, name: &str, page: u32) -> Option<&'static str> {
        match self.processes.get(name) {
            Some(process) if process.awake => (!process.has(page)).then_some("out-of-range"),
            _ => Some("not-running"),
        }
    }

    /// Adds the ops of a command.
    pub(crate) fn apply(&mut self, command: &Command) {
        match *command {
            Command::Spawn { pages } => {
                if self.processes.len() < PROCESSES {
                    self.spawn(pages);
                } else {
                    let taken = self.processes.keys().next().cloned();
                    self.push(json!({"op": "spawn", "as": taken, "pages": 1}), Some("name-taken"));
                }
            }
            Command::Fork { which } => self.fork(which),
            Command::Write { which, page, word, value } => {
                let Some(name) = self.name(which) else { return };
                let read_only = |name| {
                    self.processes
                        .get(name)
                        .is_some_and(|process| process.read_only.contains(&page))
                };
                let refusal =
                    self.refusal(&name, page).or_else(|| read_only(&name).then_some("read-only"));
                self.push(
                    json!({"op": "write", "process": name, "page": page, "offset": word * 8,
                        "value": value}),
                    refusal,
                );
                if refusal.is_none()
                    && let Some(process) = self.processes.get_mut(&name)
                {
                    process.words.insert((page, word), value);
                }
            }
            Command::Read { which, page, word } => {
                let Some(name) = self.name(which) else { return };
                let refusal = self.refusal(&name, page);
                let mut op =
                    json!({"op": "read", "process": name, "page": page, "offset": word * 8});
                if refusal.is_none() {
                    let words = &self.processes[&name].words;
                    op["expect"] = words.get(&(page, word)).copied().unwrap_or(0).into();
                }
                self.push(op, refusal);
            }
            Command::Evict { which, page } => {
                let Some(name) = self.name(which) else { return };
                let refusal = match self.processes.get(&name) {
                    Some(process) => (!process.has(page)).then_some("out-of-range"),
                    None => Some("not-running"),
                };
                self.push(json!({"op": "evict", "process": name, "page": page}), refusal);
            }
            Command::Sleep { which } => {
                let Some(name) = self.name(which) else { return };
                let refusal = self.asleep(&name);
                self.push(json!({"op": "sleep", "process": name}), refusal);
                self.set_awake(&name, false);
            }
            Command::Wake { which } => {
                let Some(name) = self.name(which) else { return };
                let refusal = (!self.processes.contains_key(&name)).then_some("not-running");
                self.push(json!({"op": "wake", "process": name}), refusal);
                self.set_awake(&name, true);
            }
            Command::Kill { which } => {
                let Some(name) = self.name(which) else { return };
                let refusal = (!self.processes.contains_key(&name)).then_some("not-running");
                self.push(json!({"op": "kill", "process": name}), refusal);
                if self.processes.remove(&name).is_some() {
                    self.killed.push(name);
                }
            }
            Command::Run { which, cpus, zipf, writes, accesses, seed } => {
                let Some(name) = self.name(which) else { return };
                if self.is_patchy(&name) {
                    return;
                }
                let refusal = self.asleep(&name);
                let pattern = if zipf { json!({"zipf": 0.9}) } else { json!("uniform") };
                self.push(
                    json!({"op": "run", "process": name, "cpus": cpus.min(self.cpus),
                        "pattern": pattern, "accesses": accesses, "writes": writes, "seed": seed}),
                    refusal,
                );
            }
            Command::Together { ref those, accesses, seed } => {
                self.together(those, accesses, seed);
            }
            Command::Map { which, pages, read_only } => {
                let Some(name) = self.name(which) else { return };
                let awake = self.processes.get(&name).is_some_and(|process| process.awake);
                self.push(
                    json!({"op": "map", "process": name, "pages": pages, "read_only": read_only}),
                    (!awake).then_some("not-running"),
                );
                if let Some(process) = self.processes.get_mut(&name).filter(|_| awake) {
                    process.map(pages, read_only);
                }
            }
            Command::Unmap { which, page, pages } => {
                let Some(name) = self.name(which) else { return };
                let refusal = (page..page + pages).find_map(|page| self.refusal(&name, page));
                self.push(
                    json!({"op": "unmap", "process": name, "page": page, "pages": pages}),
                    refusal,
                );
                if let Some(process) = self.processes.get_mut(&name).filter(|_| refusal.is_none()) {
                    process.unmap(page, pages);
                }
            }
            Command::Settle => self.push(json!({"op": "settle"}), None),
            Command::Audit => self.push(json!({"op": "audit"}), None),
        }
    }

    /// Whether a workload over all its pages would meet one that it may not touch.
    fn is_patchy(&self, name: &str) -> bool {
        self.processes.get(name).is_some_and(|process| {
            !process.absent.is_empty() || !process.read_only.is_empty() || process.pages == 0
        })
    }

    fn set_awake(&mut self, name: &str, awake: bool) {
        if let Some(process) = self.processes.get_mut(name) {
            process.awake = awake;
        }
    }

    fn fork(&mut self, which: usize) {
        let Some(name) = self.name(which) else { return };
        if self.processes.len() >= PROCESSES {
            return;
        }
        let refusal = self.asleep(&name);
        let child = self.new_name();
        self.push(json!({"op": "fork", "process": name, "as": child}), refusal);
        if refusal.is_none() {
            let copy = self.processes[&name].clone();
            self.processes.insert(child, copy);
        }
    }

    /// Adds a `together` with a list for each process, so that there is one outcome.
    fn together(&mut self, those: &[usize], accesses: u32, seed: u64) {
        let mut lists = Vec::new();
        let mut used = Vec::new();
        for (index, which) in those.iter().enumerate() {
            let Some(name) = self.name(*which) else { return };
            if used.contains(&name) || self.asleep(&name).is_some() || self.is_patchy(&name) {
                continue;
            }
            let pages = self.processes[&name].pages;
            let value = seed + index as u64;
            let page = seed as u32 % pages;
            lists.push(json!([
                {"op": "run", "process": name, "pattern": "uniform", "accesses": accesses,
                 "writes": 0.5, "seed": seed},
                {"op": "write", "process": name, "page": page, "value": value},
                {"op": "evict", "process": name, "page": page},
                {"op": "read", "process": name, "page": page, "expect": value},
            ]));
            if let Some(process) = self.processes.get_mut(&name) {
                process.words.insert((page, 0), value);
            }
            used.push(name);
        }
        self.push(json!({"op": "together", "scripts": lists}), None);
    }
}

/// Draws machines with any options, small enough to page and large enough not to run out.
pub(crate) fn machine() -> impl Strategy<Value = Value> {
    let locks = prop_oneof![
        Just(json!("machine")),
        Just(json!("table")),
        Just(json!("entry")),
        Just(json!({"region": 8})),
        Just(json!({"region": 64})),
    ];
    let policy = prop_oneof![
        9 => prop::sample::select(&POLICIES[..]).prop_map(Value::from),
        1 => prop::sample::select(&RULES[..]).prop_map(|rule| json!({"rule": rule})),
    ];
    let trigger = prop_oneof![Just("every-fault"), Just("watermark"), Just("predictive")];
    let sizes = (18_u32..64, 1_u32..5, 1_u32..20, 1_u32..20, 1_u32..20);
    let shards = prop::sample::select(vec![1, 1, 2, 5, 64]);
    let lists = (1_u32..6, shards, 0_u32..9, 0_u32..6, 1_u32..10);
    let shootdown = prop::sample::select(vec!["batched", "single", "lazy"]);
    let switches = (any::<bool>(), any::<bool>(), shootdown, any::<bool>());
    let several = prop::sample::select(vec![1, 1, 2, 8]);
    let ahead =
        (prop::sample::select(vec![0, 0, 1, 4, 16]), prop::sample::select(vec!["slot", "address"]));
    let crew = (several.clone(), several, prop::sample::select(vec![1, 1, 2, 16]), ahead);
    let reads = prop_oneof![3 => Just("hardware"), 1 => Just("peek"), 1 => Just("allocate")];
    let unit = prop::sample::select(vec!["references", "faults", "nanoseconds"]);
    let clock = (unit, 1_u32..200, 1_u32..1000);
    let finder = prop::sample::select(vec!["bitmap", "scan", "rows", "clusters", "fixed"]);
    let keeps = prop::sample::select(vec!["always", "half", "never"]);
    let slots = (finder, any::<bool>(), keeps);
    let rmap = prop::sample::select(vec!["tree", "family", "owner"]);
    let looks = (rmap, any::<bool>(), prop::sample::select(vec!["list", "tables"]));
    (locks, policy, trigger, sizes, (lists, crew), switches, reads, (clock, slots, looks)).prop_map(
        |(locks, policy, trigger, sizes, (lists, crew), switches, reads, (clock, slots, looks))| {
            let (trimmers, writers, kill_batch, (read_ahead, read_ahead_by)) = crew;
            let (unit, every, window) = clock;
            let (slot_finder, drain_hands, keep_slots) = slots;
            let (rmap, isolate, finder) = looks;
            let (frames, cpus, trim, write, standby) = sizes;
            let (free_lists, list_shards, cpu_cache, low, more) = lists;
            let (early, zeroer, shootdown, pipelined) = switches;
            json!({
                "frames": frames, "slots": 512, "cpus": cpus, "pte_locks": locks,
                "early_release": early, "policy": policy, "reads": reads,
                "clock_tick": {"unit": unit, "every": every}, "working_set_window": window,
                "eviction": if pipelined { "pipelined" } else { "synchronous" },
                "trim": {"trigger": trigger, "low": low, "high": low + more, "batch": trim},
                "write_batch": write, "standby_batch": standby, "free_lists": free_lists,
                "list_shards": list_shards, "trimmers": trimmers, "writers": writers,
                "kill_batch": kill_batch, "read_ahead": read_ahead, "read_ahead_by": read_ahead_by,
                "cpu_cache": cpu_cache, "zeroer": zeroer,
                "slot_finder": slot_finder, "drain_hands": drain_hands, "keep_slots": keep_slots,
                "rmap": rmap, "isolate": isolate, "finder": finder,
                "shootdown": shootdown,
            })
        },
    )
}

/// A stream of random scenarios, each the same in every run.
#[derive(Debug)]
pub(crate) struct RandomScenarios {
    runner: TestRunner,
}

impl RandomScenarios {
    pub(crate) fn new() -> Self {
        let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        Self { runner: TestRunner::new_with_rng(ProptestConfig::default(), random) }
    }

    /// Draws the next scenario, which can be shrunk.
    pub(crate) fn next(&mut self) -> impl ValueTree<Value = Value> + use<> {
        let commands = prop::collection::vec(command(), 1..60);
        let parts = (machine(), commands, 0_u64..1 << 53);
        let documents = parts.prop_map(|(machine, commands, seed)| {
            let mut model = Model::new(machine["cpus"].as_u64().unwrap_or(1) as u32);
            for command in &commands {
                model.apply(command);
            }
            json!({"faultline": 1, "machine": machine,
                "runtime": {"kind": "virtual", "seed": seed}, "script": model.script()})
        });
        documents.new_tree(&mut self.runner).unwrap()
    }
}
