//! Finds the program of a scenario: its first run, and how many pages the process has that makes it. There is one for
//! scenarios that have none, too.

use std::collections::HashMap;

use crate::options::{MachineOptions, Reads};
use crate::runtime::{Costs, LockKind};
use crate::scenario::document::{
    Action, Op, Pattern, Phase, Run, RuntimeOptions, Scenario, ScenarioError, Spawn, SteadyPattern,
};

/// The pages of the usual program, those that it works on at a time, and for how many accesses it does.
const PAGES: u32 = 32;
const WORKING_SET: u32 = 8;
const STAY: u64 = 20_000;

/// What reading and writing a page of swap costs under the usual program. Compressed memory is as fast; a disk is so
/// much slower than an access that a program would have to run a thousand times as long to be worth a read.
const FAST_SWAP_NS: u64 = 2000;

/// Returns the scenario of a program whose working set moves: it works on a few of its pages for a while, and then on
/// others.
pub fn usual_program() -> Scenario {
    let phase = |number: u32| Phase {
        pattern: SteadyPattern::Uniform,
        pages: Some([number * WORKING_SET, (number + 1) * WORKING_SET]),
        accesses: Some(STAY),
        writes: None,
    };
    let process = "process".to_owned();
    let run = Run {
        process: process.clone(),
        cpus: 1,
        pattern: Pattern::Phases((0..PAGES / WORKING_SET).map(phase).collect()),
        pages: None,
        accesses: None,
        writes: 0.3,
        seed: 1,
    };
    let costs = Costs { disk_read: FAST_SWAP_NS, disk_write: FAST_SWAP_NS, ..Costs::default() };
    Scenario {
        title: "A working set that moves".to_owned(),
        machine: MachineOptions { reads: Reads::Allocate, ..MachineOptions::default() },
        runtime: RuntimeOptions::Virtual {
            seed: 1,
            costs,
            coherence: false,
            lock_kind: LockKind::default(),
            schedule: None,
        },
        script: vec![
            Op::from(Action::Spawn(Spawn { name: process, pages: PAGES })),
            Op::from(Action::Run(run)),
        ],
        ..Scenario::default()
    }
}

/// Returns the first run of a script, and the pages of its process, up to its last.
pub(super) fn first(scenario: &Scenario) -> Result<(Run, u32), ScenarioError> {
    let mut ends: HashMap<&str, u32> = HashMap::new();
    let mut found: Option<(Run, u32)> = None;
    for op in &scenario.script {
        op.each(1, &mut |op, _| match &op.action {
            _ if found.is_some() => {}
            Action::Spawn(spawn) => drop(ends.insert(&spawn.name, spawn.pages)),
            Action::Fork(fork) => {
                if let Some(end) = ends.get(fork.process.as_str()).copied() {
                    ends.insert(&fork.name, end);
                }
            }
            Action::MapPages(map) => {
                if let Some(end) = ends.get_mut(map.process.as_str()) {
                    *end = (*end).max(map.at.unwrap_or(*end).saturating_add(map.pages));
                }
            }
            Action::Run(run) => {
                let end = ends.get(run.process.as_str()).copied().unwrap_or(0);
                found = Some((run.clone(), end.max(run.pages.map_or(1, |[_, end]| end))));
            }
            _ => {}
        });
    }
    found.ok_or_else(|| {
        let message = "no line runs a program, so there is none to run in more processes";
        ScenarioError::new("/script", "no `run`", "a script with a `run`", message)
    })
}
