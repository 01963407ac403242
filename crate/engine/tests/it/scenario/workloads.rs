//! Tests workloads (R5): the references of a run, whichever CPU makes them.

use faultline::scenario::format::Run;
use faultline::scenario::{
    Action, FailureCode, Plan, Reference, Traces, Workload, parse, parse_op, stamp,
};
use serde_json::{Value, json};

fn run(keys: Value) -> Run {
    let mut op = json!({"op": "run", "process": "a"});
    op.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    let mut machine = parse(r#"{"faultline": 1}"#).unwrap().machine;
    machine.cpus = 128;
    match parse_op(&op.to_string(), &machine).unwrap().action {
        Action::Run(run) => run,
        other => panic!("{other:?}"),
    }
}

fn traces() -> Traces {
    let mut traces = Traces::default();
    let references = [(0, false), (1, true), (2, false), (0, true), (3, false)];
    traces.attach("five", references.map(|(page, write)| Reference { page, write }).to_vec());
    traces
}

fn plan(keys: Value) -> Plan {
    Plan::new(&run(keys), 64, &traces()).unwrap()
}

fn pages(workload: Workload) -> Vec<u32> {
    workload.map(|reference| reference.page).collect()
}

/// All references in the order of the run: the shares dealt back together.
fn together(plan: &Plan) -> Vec<Reference> {
    let mut shares: Vec<Workload> = (0..plan.shares()).map(|index| plan.share(index)).collect();
    let mut all = Vec::new();
    for index in (0..shares.len()).cycle() {
        match shares[index].next() {
            Some(reference) => all.push(reference),
            None => break,
        }
    }
    assert!(shares.iter_mut().all(|share| share.next().is_none()));
    all
}

#[test]
fn r5_sequential_goes_round() {
    let plan = plan(json!({"pattern": "sequential", "pages": [5, 8], "accesses": 7}));
    assert_eq!(pages(plan.share(0)), [5, 6, 7, 5, 6, 7, 5]);
}

#[test]
fn r5_stride_takes_every_nth() {
    let plan = plan(json!({"pattern": {"stride": 3}, "pages": [10, 20], "accesses": 6}));
    assert_eq!(pages(plan.share(0)), [10, 13, 16, 19, 12, 15]);
}

#[test]
fn r5_shares_make_one_walk_together() {
    for pattern in [json!("sequential"), json!({"stride": 7}), json!({"trace": "five"})] {
        let keys =
            |cpus| json!({"pattern": pattern, "cpus": cpus, "accesses": 1000, "pages": [0, 10]});
        let alone = pages(plan(keys(1)).share(0));
        for cpus in [2, 3, 7, 64] {
            let shared = together(&plan(keys(cpus)));
            assert_eq!(
                shared.iter().map(|reference| reference.page).collect::<Vec<_>>(),
                alone,
                "{pattern} {cpus}"
            );
        }
    }
}

#[test]
fn r5_the_first_shares_take_the_remainder() {
    let plan = plan(json!({"pattern": "uniform", "cpus": 4, "accesses": 10}));
    let counts: Vec<usize> = (0..4).map(|index| plan.share(index).count()).collect();
    assert_eq!(counts, [3, 3, 2, 2]);
    assert_eq!(plan.accesses(), 10);
}

#[test]
fn r5_a_trace_is_replayed_as_it_was_recorded() {
    let plan = plan(json!({"pattern": {"trace": "five"}, "pages": [8, 12]}));
    let found: Vec<(u32, bool)> =
        plan.share(0).map(|reference| (reference.page, reference.write)).collect();
    assert_eq!(found, [(8, false), (9, true), (10, false), (8, true), (11, false)]);
}

#[test]
fn r5_a_list_of_references_is_replayed_as_it_stands() {
    let listed =
        plan(json!({"pattern": {"pages": [0, "1w", 2, "0w", 3]}, "pages": [8, 12], "accesses": 7}));
    let recorded = plan(json!({"pattern": {"trace": "five"}, "pages": [8, 12], "accesses": 7}));
    assert!(listed.share(0).eq(recorded.share(0)));
    assert_eq!(plan(json!({"pattern": {"pages": [3, "3w"]}})).accesses(), 2);
    let past = run(json!({"pattern": {"pages": [0, 4]}, "pages": [8, 12]}));
    let (code, message) = Plan::new(&past, 64, &traces()).unwrap_err();
    assert_eq!(code, FailureCode::OutOfRange);
    assert_eq!(message, "the list of references needs 5 pages, and there are 4");
}

#[test]
fn r5_accesses_have_a_default() {
    assert_eq!(plan(json!({"pattern": "uniform"})).accesses(), 64);
    assert_eq!(plan(json!({"pattern": "uniform", "pages": [1, 4]})).accesses(), 3);
    assert_eq!(plan(json!({"pattern": {"trace": "five"}})).accesses(), 5);
    let phases =
        json!([{"pattern": "uniform", "accesses": 9}, {"pattern": "sequential", "pages": [0, 2]}]);
    assert_eq!(plan(json!({"pattern": {"phases": phases}})).accesses(), 11);
}

#[test]
fn r5_phases_follow_each_other_and_come_round() {
    let phases = json!([
        {"pattern": "sequential", "pages": [0, 4], "accesses": 3, "writes": 1},
        {"pattern": {"stride": 2}, "pages": [10, 20], "accesses": 2, "writes": 0}
    ]);
    let plan_of = |cpus| plan(json!({"pattern": {"phases": phases}, "accesses": 12, "cpus": cpus}));
    let alone: Vec<(u32, bool)> =
        plan_of(1).share(0).map(|reference| (reference.page, reference.write)).collect();
    let pages: Vec<u32> = alone.iter().map(|(page, _)| *page).collect();
    assert_eq!(pages, [0, 1, 2, 10, 12, 3, 0, 1, 14, 16, 2, 3]);
    assert!(alone.iter().all(|(page, write)| *write == (*page < 10)));
    for cpus in [2, 3, 5] {
        let shared: Vec<u32> =
            together(&plan_of(cpus)).iter().map(|reference| reference.page).collect();
        assert_eq!(shared, pages, "{cpus}");
    }
}

#[test]
fn r5_uniform_touches_all_alike() {
    let plan = plan(
        json!({"pattern": "uniform", "pages": [32, 64], "accesses": 320_000, "writes": 0.25, "seed": 5}),
    );
    let mut counts = [0_u32; 64];
    let mut writes = 0_u32;
    for reference in plan.share(0) {
        counts[reference.page as usize] += 1;
        writes += u32::from(reference.write);
    }
    assert!(counts[..32].iter().all(|count| *count == 0));
    assert!(counts[32..].iter().all(|count| count.abs_diff(10_000) < 500), "{counts:?}");
    assert!(writes.abs_diff(80_000) < 1_000, "{writes}");
}

#[test]
fn r5_no_writes_and_only_writes() {
    for (writes, expected) in [(0, 0), (1, 10_000)] {
        let plan = plan(json!({"pattern": {"zipf": 0.99}, "accesses": 10_000, "writes": writes}));
        assert_eq!(plan.share(0).filter(|reference| reference.write).count(), expected);
    }
}

#[test]
fn r5_a_run_past_the_process_is_out_of_range() {
    for keys in [
        json!({"pattern": "uniform", "pages": [0, 65]}),
        json!({"pattern": "uniform", "pages": [64, 65]}),
        json!({"pattern": {"trace": "five"}, "pages": [0, 3]}),
        json!({"pattern": {"phases": [{"pattern": "uniform", "pages": [60, 70]}]}}),
    ] {
        let (code, message) = Plan::new(&run(keys), 64, &traces()).unwrap_err();
        assert_eq!(code, FailureCode::OutOfRange, "{message}");
    }
}

/// Every platform draws the same: these numbers came from x86-64 and hold everywhere.
#[test]
fn r2_workloads_are_the_same_everywhere() {
    let hash = |pattern: Value| {
        let keys =
            json!({"pattern": pattern, "accesses": 10_000, "writes": 0.3, "seed": 9, "cpus": 3});
        together(&plan(keys)).iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, reference| {
            (hash ^ (u64::from(reference.page) << 1 | u64::from(reference.write)))
                .wrapping_mul(0x0100_0000_01b3)
        })
    };
    let found = [
        json!("sequential"),
        json!("uniform"),
        json!({"stride": 7}),
        json!({"zipf": 0.99}),
        json!({"zipf": 1.3}),
    ]
    .map(hash);
    let expected = [
        0x9a4d_c78f_cb77_8d3e,
        0x7c08_a63f_9c0c_bd9b,
        0xa40d_7e38_f32c_4066,
        0x814f_53c9_3965_f4ad,
        0x0e90_7895_256e_4f71,
    ];
    assert_eq!(found, expected, "{found:x?}");
}

#[test]
fn r5_stamps_are_safe_and_never_zero() {
    for n in 0..100_000 {
        let stamp = stamp(7, 3, n);
        assert!((1..1 << 53).contains(&stamp));
    }
    assert_ne!(stamp(7, 3, 0), stamp(7, 2, 0));
    assert_ne!(stamp(7, 3, 0), stamp(7, 3, 1));
    assert_ne!(stamp(7, 3, 0), stamp(8, 3, 0));
}
