//! Tests that the random machines and scripts reach every option and every path.

use std::collections::{BTreeMap, BTreeSet};

use faultline::memory::{Entry, FrameState, Pte, PteFormat};
use faultline::observe::{Counter, Event, EventKind, FaultKind};
use faultline::scenario::schema;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::model::{Model, command, machine};
use crate::support::rig::Rig;
use crate::support::virtual_cpus;

/// Draws values from a strategy, the same in each run.
fn draws<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Collects the words that the published schema allows for an option, by its path.
fn choices(schema: &Value, definition: &str, at: &str) -> BTreeSet<(String, String)> {
    let mut choices = BTreeSet::new();
    let properties = schema["$defs"][definition]["properties"].as_object().unwrap();
    for (key, property) in properties {
        let at = format!("{at}/{key}");
        if property["type"] == "boolean" {
            choices.extend(["true", "false"].map(|word| (at.clone(), word.to_owned())));
        }
        let Some(reference) = property["$ref"].as_str() else { continue };
        let name = reference.rsplit('/').next().unwrap();
        let target = &schema["$defs"][name];
        for branch in target["oneOf"].as_array().into_iter().flatten() {
            let word = branch["const"].as_str().map(str::to_owned);
            let word = word.or_else(|| branch["properties"].as_object()?.keys().next().cloned());
            choices.insert((at.clone(), word.unwrap()));
        }
        if target["properties"].is_object() {
            choices.append(&mut self::choices(schema, name, &at));
        }
    }
    choices
}

fn chosen(value: &Value, at: &str, all: &mut BTreeSet<(String, String)>) {
    for (key, value) in value.as_object().unwrap() {
        let at = format!("{at}/{key}");
        match value {
            Value::Bool(on) => drop(all.insert((at, on.to_string()))),
            Value::String(word) => drop(all.insert((at, word.clone()))),
            Value::Object(fields) => {
                all.insert((at.clone(), fields.keys().next().unwrap().clone()));
                chosen(value, &at, all);
            }
            _ => {}
        }
    }
}

/// Random machines have every option of the schema but `dispatch`, which the random scripts leave alone.
#[test]
fn g3_random_machines_reach_every_option() {
    let published: Value = serde_json::from_str(&schema()).unwrap();
    let mut wanted = choices(&published, "MachineOptions", "");
    assert!(wanted.remove(&("/dispatch".to_owned(), "manual".to_owned())));
    assert!(wanted.remove(&("/dispatch".to_owned(), "auto".to_owned())));
    assert!(wanted.len() > 20, "{wanted:?}");
    let mut reached = BTreeSet::new();
    for machine in draws(machine(), 300) {
        chosen(&machine, "", &mut reached);
    }
    let missing: Vec<_> = wanted.difference(&reached).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Paths that no counter counts, recognized by their events.
#[derive(Debug, Default)]
struct Paths {
    /// A swapped page found in the frame that a relative had read it into.
    joined: u32,
    /// Mapped again while it was written, and while it was being unmapped.
    rescued_from_writing: u32,
    rescued_from_trimming: u32,
    /// A PTE rewritten because its standby frame was taken.
    repurposed: u32,
    /// Faults that failed.
    failed: u32,
}

impl Paths {
    fn follow(&mut self, events: &[(usize, Event)]) {
        // By CPU: whether its fault has read from swap, and mapped a page that was there.
        let mut faults = BTreeMap::new();
        for (cpu, event) in events {
            match event.kind {
                EventKind::FaultBegin => drop(faults.insert(*cpu, (false, false))),
                EventKind::SwapReadEnd => {
                    if let Some((read, _)) = faults.get_mut(cpu) {
                        *read = true;
                    }
                }
                EventKind::Pte => {
                    let formats = [Pte(event.a), Pte(event.b)].map(Pte::format);
                    if let Some((_, mapped)) = faults.get_mut(cpu)
                        && formats == [PteFormat::Swapped, PteFormat::Valid]
                    {
                        *mapped = true;
                    }
                    let gone = formats == [PteFormat::Transition, PteFormat::Swapped];
                    self.repurposed += u32::from(gone);
                }
                EventKind::FaultEnd => {
                    let soft = event.a == 1 + FaultKind::Soft as u64;
                    self.joined += u32::from(faults.remove(cpu) == Some((false, true)) && soft);
                    self.failed += u32::from(event.a == 0);
                }
                EventKind::Pfn => self.rescue(Entry(event.a), Entry(event.b)),
                _ => {}
            }
        }
    }

    fn rescue(&mut self, before: Entry, after: Entry) {
        let flying = before.is_in_flight() && after.is_in_flight();
        if flying && !before.is_rescued() && after.is_rescued() {
            match after.state() {
                FrameState::Writing => self.rescued_from_writing += 1,
                _ => self.rescued_from_trimming += 1,
            }
        }
    }
}

#[test]
fn g5_random_scripts_reach_every_path() {
    let counted = [
        Counter::DemandZero,
        Counter::Soft,
        Counter::Hard,
        Counter::WriteProtect,
        Counter::Copies,
        Counter::Reuses,
        Counter::Collided,
        Counter::Retries,
        Counter::Evictions,
        Counter::SwapReads,
        Counter::SwapWrites,
        Counter::CleanDrops,
        Counter::TrimWakeups,
        Counter::Trims,
        Counter::Examined,
        Counter::Shootdowns,
        Counter::FrameWaits,
        Counter::Switches,
    ];
    let mut totals = BTreeMap::new();
    let mut paths = Paths::default();
    let cases = (machine(), prop::collection::vec(command(), 20..60));
    // The number is large because a retry is rare: one in some thirty scripts.
    for (seed, (options, commands)) in (0..).zip(draws(cases, 360)) {
        let mut model = Model::new(options["cpus"].as_u64().unwrap() as u32);
        for command in &commands {
            model.apply(command);
        }
        let rig = Rig::after(options, virtual_cpus(seed), &model.script());
        for counter in counted {
            *totals.entry(format!("{counter:?}")).or_insert(0) += rig.counter(counter);
        }
        paths.follow(&rig.events());
        rig.close();
    }
    let missed: Vec<_> = totals.iter().filter(|(_, total)| **total == 0).collect();
    assert!(missed.is_empty(), "{missed:?}");
    let Paths { joined, rescued_from_writing, rescued_from_trimming, repurposed, .. } = paths;
    for count in [joined, rescued_from_writing, rescued_from_trimming, repurposed] {
        assert!(count > 0, "{paths:?}");
    }
}

/// The same paths on purpose, so that they do not depend on luck.
#[test]
fn g5_scripts_that_thrash_reach_the_rare_paths() {
    let mut paths = Paths::default();
    for seed in 0..12 {
        let run = |process: &str, number: u64| {
            json!([{"op": "run", "process": process, "pattern": "uniform", "accesses": 250,
                "writes": 0.4, "seed": number}])
        };
        let script = json!([
            {"op": "spawn", "as": "a", "pages": 24},
            {"op": "run", "process": "a", "pattern": "sequential", "writes": 1.0},
            {"op": "fork", "process": "a", "as": "b"}, {"op": "fork", "process": "a", "as": "c"},
            {"op": "together", "scripts": [run("a", 1), run("b", 2), run("c", 3)]}
        ]);
        let options = json!({"frames": 32, "cpus": 3, "trim": {"low": 6, "high": 12, "batch": 8}});
        let rig = Rig::after(options, virtual_cpus(seed), &script);
        paths.follow(&rig.events());
        rig.close();
    }
    let Paths { joined, rescued_from_writing, rescued_from_trimming, repurposed, .. } = paths;
    for count in [joined, rescued_from_writing, rescued_from_trimming, repurposed] {
        assert!(count > 0, "{paths:?}");
    }
    assert_eq!(paths.failed, 0);
}
