//! Tests runs that stop on their way (R4): a stop changes nothing, and reports its place.

use faultline::audit::image_hash;
use faultline::observe::{Detail, EventKind, Filter};
use faultline::runtime::LockClass;
use faultline::scenario::{Place, Report, Scenario, Session, Traces, Until};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::model::{Command, Model, command, machine};
use crate::support::{scenario, virtual_cpus};

/// A run that goes as far as asked, across the lines of its script.
struct Run<'a> {
    session: Session,
    scenario: &'a Scenario,
    next: usize,
}

impl<'a> Run<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        let session = Session::open(scenario, Traces::default()).unwrap();
        Self { session, scenario, next: 0 }
    }

    /// Goes there; false when the script ended before.
    fn go(&mut self, until: Until<'_>) -> bool {
        loop {
            if !self.session.place().under_way {
                let Some(op) = self.scenario.script.get(self.next) else { return false };
                self.session.begin(op, &format!("/script/{}", self.next));
                self.next += 1;
            }
            if self.session.advance(until).is_none() {
                return true;
            }
        }
    }

    fn end(mut self) -> Report {
        self.go(Until::DONE);
        self.session.finish()
    }

    fn place(&self) -> Place {
        self.session.place()
    }

    fn image(&self) -> u64 {
        image_hash(self.session.machine())
    }
}

fn model_scenario(machine: Value, commands: &[Command], runtime: Value) -> Scenario {
    let mut model = Model::new(machine["cpus"].as_u64().unwrap() as u32);
    for command in commands {
        model.apply(command);
    }
    scenario(machine, runtime, model.script())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// However often a run stops, and wherever, its events, its states and its end are the same.
    #[test]
    fn r4_the_state_at_an_event_is_the_same_however_it_was_reached(
        machine in machine(),
        commands in prop::collection::vec(command(), 1..40),
        seed in 0_u64..1 << 53,
        lock_kind in prop::sample::select(vec!["queue", "spin", "ticket", "backoff"]),
        mut stops in prop::collection::vec(0.0..1.0, 1..6),
    ) {
        let runtime = json!({"kind": "virtual", "seed": seed, "lock_kind": lock_kind});
        let scenario = model_scenario(machine, &commands, runtime);
        let whole = Run::new(&scenario).end();
        let mut length = Run::new(&scenario);
        length.go(Until::DONE);
        let length = length.place();

        stops.sort_by(f64::total_cmp);
        let mut stopping = Run::new(&scenario);
        for stop in stops {
            let events = (stop * length.events as f64) as u64;
            if stopping.place().events >= events {
                continue;
            }
            let mut straight = Run::new(&scenario);
            straight.go(Until::events(events));
            stopping.go(Until::events(events));
            prop_assert_eq!(straight.place(), stopping.place());
            prop_assert_eq!(straight.image(), stopping.image());
            prop_assert!(stopping.place().events >= events);

            let time = stopping.place().time_ns + (stop * 1000.0) as u64;
            straight.go(Until::time(time));
            stopping.go(Until::time(time));
            prop_assert!(stopping.place().time_ns <= time);
            prop_assert_eq!(straight.image(), stopping.image());
        }
        prop_assert_eq!(stopping.end(), whole);
    }
}

fn storm() -> Scenario {
    scenario(
        json!({"frames": 16, "slots": 64, "cpus": 3}),
        virtual_cpus(5),
        json!([
            {"op": "spawn", "as": "a", "pages": 24},
            {"op": "write", "process": "a", "page": 3, "value": 1},
            {"op": "fork", "process": "a", "as": "b"},
            {"op": "together", "scripts": [
                [{"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "accesses": 2000, "writes": 0.5}],
                [{"op": "run", "process": "b", "pattern": "sequential", "accesses": 500, "writes": 1},
                 {"op": "kill", "process": "b"}]
            ]},
            {"op": "audit"}
        ]),
    )
}

#[test]
fn r4_a_run_stops_at_the_first_scheduling_point_after_an_event() {
    let scenario = storm();
    let mut run = Run::new(&scenario);
    let mut last = 0;
    while run.go(Until::events(last + 1)) {
        let place = run.place();
        assert!(place.events > last);
        assert_eq!(place.before, last, "the place to step back to");
        last = place.events;
    }
    assert_eq!(run.end().trace_hash, Run::new(&scenario).end().trace_hash);
}

#[test]
fn r4_an_event_that_has_happened_already_is_reached_at_once() {
    let scenario = storm();
    let mut run = Run::new(&scenario);
    assert!(run.go(Until::events(500)));
    let (place, image) = (run.place(), run.image());
    assert!(run.go(Until::events(500)));
    assert!(run.go(Until::events(7)));
    assert!(run.go(Until::time(place.time_ns)));
    assert_eq!((run.place(), run.image()), (place, image));
}

#[test]
fn r4_a_run_stops_at_an_event_of_a_kind_in_a_process_on_a_page() {
    let scenario = storm();
    let mut run = Run::new(&scenario);
    let (mut faults, mut last) = (0, 0);
    let begin = Filter::kinds(&[EventKind::FaultBegin]);
    while run.go(Until::fits(&[begin])) {
        let found = run.session.machine().trace.watch.found().unwrap().events;
        assert!((last + 1..=run.place().events).contains(&found));
        last = run.place().events;
        faults += 1;
    }
    assert_eq!(run.end().counters.faults, faults);

    let mut on_page = Run::new(&scenario);
    on_page.session.observe(Detail::Everything);
    let page = Filter { process: Some(0), number: Some(3), ..begin };
    assert!(on_page.go(Until::fits(&[page])));
    let machine = on_page.session.machine();
    let at = machine.trace.watch.found().unwrap().events - 1;
    let event = machine.trace.records()[at as usize].event;
    assert_eq!((event.kind, event.process, event.number), (EventKind::FaultBegin, 0, 3));
}

#[test]
fn r4_a_run_stops_at_whichever_of_several_comes_first_and_tells_which() {
    let scenario = storm();
    let kind = |kind| Filter::kinds(&[kind]);
    let fork = kind(EventKind::Fork);
    let zero_page = Filter { number: Some(0), ..kind(EventKind::Pfn) };
    let swap = kind(EventKind::SwapWriteEnd);
    let stops_of = |filters: &[Filter]| {
        let mut run = Run::new(&scenario);
        let mut stops = Vec::new();
        while run.go(Until::fits(filters)) {
            stops.push((run.place().events, run.session.watch().found().unwrap().filters));
        }
        stops
    };
    let together = stops_of(&[fork, zero_page, swap]);
    let mut alone = std::collections::BTreeMap::new();
    for (place, filter) in [fork, zero_page, swap].into_iter().enumerate() {
        for (events, _) in stops_of(&[filter]) {
            *alone.entry(events).or_insert(0) |= 1 << place;
        }
    }
    assert_eq!(together, alone.into_iter().collect::<Vec<_>>());
    assert_eq!(together.iter().filter(|(_, filters)| filters & 1 != 0).count(), 1);
    assert!(together.iter().filter(|(_, filters)| filters & 4 != 0).count() > 10);
}

#[test]
fn r4_a_run_stops_at_one_lock_of_a_class() {
    let scenario = storm();
    let mut run = Run::new(&scenario);
    run.session.observe(Detail::Everything);
    let lock = Filter {
        number: Some(LockClass::Pfn as u32),
        operand: Some(5),
        ..Filter::kinds(&[EventKind::LockTake, EventKind::LockWaited])
    };
    for _ in 0..3 {
        assert!(run.go(Until::fits(&[lock])));
        let found = run.session.watch().found().unwrap();
        let records = run.session.machine().trace.records();
        let missing = run.place().events as usize - records.len();
        let event = records[found.events as usize - 1 - missing].event;
        assert_eq!((event.number, event.a), (LockClass::Pfn as u32, 5));
    }
}

#[test]
fn w3_who_waits_for_a_lock_and_who_holds_it_stand_in_the_profiles() {
    let script = json!([{"op": "spawn", "as": "a", "pages": 512},
        {"op": "run", "process": "a", "cpus": 8, "pattern": "uniform", "accesses": 2000, "writes": 0.5}]);
    let machine = json!({"frames": 600, "cpus": 8, "pte_locks": "table", "early_release": false});
    let scenario = scenario(machine, virtual_cpus(1), script);
    let mut run = Run::new(&scenario);
    let wait = Filter::kinds(&[EventKind::LockWait]);
    let (mut waits, mut edges) = (0, 0);
    while waits < 50 && run.go(Until::fits(&[wait])) {
        waits += 1;
        let profiles = run.session.machine().profiles();
        for lock in profiles.iter().filter_map(|profile| profile.awaited()) {
            // Between a release and the turn of the task to which it was handed over, no profile shows it.
            let holders = profiles.iter().filter(|profile| profile.held().any(|held| held == lock));
            let holders = holders.count();
            assert!(holders <= 1, "{lock:?}");
            edges += holders;
        }
    }
    assert!(edges >= 10, "{edges}");
    assert_eq!(waits, 50);
    run.go(Until::DONE);
    for profile in run.session.machine().profiles() {
        assert_eq!((profile.awaited(), profile.held().count()), (None, 0));
    }
}

#[test]
fn r4_the_image_tells_any_two_states_apart() {
    let scenario = storm();
    let mut run = Run::new(&scenario);
    let mut images = std::collections::BTreeSet::new();
    let mut events = 0;
    for _ in 0..300 {
        assert!(run.go(Until::events(events + 1)));
        events = run.place().events;
        images.insert(run.image());
    }
    assert_eq!(images.len(), 300);
}
