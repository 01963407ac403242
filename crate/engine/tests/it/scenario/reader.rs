//! Tests what the reader makes of the documents that it accepts (R5).

use faultline::scenario::format::{ExpectPage, Parent, Run};
use faultline::scenario::{
    Action, CounterName, FailureCode, Op, Pattern, PteState, Scenario, parse, parse_op,
};
use serde_json::{Value, json};

use super::documents::{everything, read};

#[test]
fn r5_reads_every_op() {
    let scenario = read(&everything()).unwrap();
    assert_eq!(scenario.script.len(), 35);
    assert_eq!(scenario.script[6].fails, Some(FailureCode::NotRunning));
    let Action::Run(Run { pattern, pages, cpus, .. }) = &scenario.script[10].action else {
        panic!()
    };
    assert_eq!((pattern, pages, cpus), (&Pattern::Zipf(0.99), &Some([0, 256]), &2));
    let Action::ExpectPage(ExpectPage { pte, shared, .. }) = &scenario.script[17].action else {
        panic!()
    };
    assert_eq!((*pte, *shared), (Some(PteState::Valid), Some(1)));
    let Action::ExpectCounter(expect) = &scenario.script[18].action else { panic!() };
    assert_eq!((expect.counter, expect.equals), (CounterName::Copies, Some(1)));
    assert_eq!(scenario.script[21].may_fail, [FailureCode::NotRunning, FailureCode::SwapFailed]);
    let Action::ExpectProcess(expect) = &scenario.script[28].action else { panic!() };
    assert_eq!((&expect.parent, expect.pages), (&Some(Parent::Nobody), Some(512)));
    let Action::ExpectProcess(expect) = &scenario.script[29].action else { panic!() };
    assert_eq!((&expect.parent, expect.pages), (&Some(Parent::Name("nobody".into())), None));
    let Action::Repeat(repeat) = &scenario.script[32].action else { panic!() };
    assert_eq!((repeat.times, repeat.script.len()), (3, 2));
    assert_eq!(scenario.script[32].count(), 9);
    let Action::Run(Run { pattern: Pattern::Pages(references), .. }) = &scenario.script[34].action
    else {
        panic!()
    };
    let references: Vec<_> = references.iter().map(ToString::to_string).collect();
    assert_eq!(references, ["7", "0", "1w"]);
}

/// A name in a repeat has its turn's number wherever it stands.
#[test]
fn r5_every_name_is_numbered_in_a_turn() {
    let mut document = everything();
    for name in ["init", "child", "here", "nobody"] {
        let (plain, numbered) = (format!("\"{name}"), format!("\"{name}#"));
        let script = document["script"].to_string().replace(&plain, &numbered);
        document["script"] = serde_json::from_str(&script).unwrap();
    }
    let scenario = read(&document).unwrap();
    assert!(serde_json::to_string(&scenario.script).unwrap().matches('#').count() > 30);
    for op in &scenario.script {
        let numbered = serde_json::to_string(&op.in_turn(17)).unwrap();
        assert_eq!(numbered, serde_json::to_string(op).unwrap().replace('#', "17"));
    }
}

#[test]
fn r5_writes_what_it_reads() {
    let scenario = read(&everything()).unwrap();
    let text = serde_json::to_string(&scenario).unwrap();
    assert_eq!(parse(&text).unwrap(), scenario);
}

/// Numbers were read to within a unit in the last place, so that a scenario was another one after it
/// was written and read again.
#[test]
fn r5_numbers_are_read_exactly() {
    let number = "3.8308540518258114e-147";
    let text = format!(
        r#"{{"faultline": 1, "script": [{{"op": "spawn", "as": "p", "pages": 8}},
            {{"op": "run", "process": "p", "pattern": {{"zipf": {number}}}}}]}}"#
    );
    let written = serde_json::to_string(&parse(&text).unwrap()).unwrap();
    assert!(written.contains(number), "{written}");
}

#[test]
fn r5_threads_have_fewer_cpus() {
    let mut document = everything();
    document["machine"]["cpus"] = json!(65);
    assert!(read(&document).is_ok());
    document["runtime"] = json!({"kind": "threads"});
    assert_eq!(
        read(&document).unwrap_err().to_string(),
        "/machine/cpus: 65 is above the most on threads, 64"
    );
}

#[test]
fn r5_a_cpu_out_of_range_may_be_what_the_op_expects() {
    let mut document = everything();
    document["script"][9] =
        json!({"op": "switch", "cpu": 9, "process": "init", "fails": "out-of-range"});
    assert!(read(&document).is_ok());
}

#[test]
fn r5_a_whole_number_may_be_written_as_a_fraction() {
    let scenario =
        parse(r#"{"faultline": 1.0, "machine": {"frames": 1e3, "slots": -0.0}}"#).unwrap();
    assert_eq!((scenario.machine.frames, scenario.machine.slots), (1000, 0));
}

#[test]
fn r5_a_huge_script_is_read() {
    let mut document = everything();
    let op = document["script"][1].clone();
    document["script"] = Value::Array(vec![op; 100_000]);
    assert_eq!(read(&document).unwrap().script.len(), 100_000);
}

#[test]
fn r5_one_op_is_read_for_a_running_machine() {
    let machine = Scenario::default().machine;
    let op = parse_op(r#"{"op": "kill", "process": "a"}"#, &machine).unwrap();
    assert_eq!(op.action.name(), "kill");
    let error = parse_op(r#"{"op": "write", "process": "a", "page": 0, "value": -1}"#, &machine)
        .unwrap_err();
    assert_eq!(error.to_string(), "/value: -1 is below the least, 0");
    let error = parse_op(r#"{"op": "kill"}"#, &machine).unwrap_err();
    assert!(error.to_string().starts_with("/process: is missing"), "{error}");
}

/// The op's own reader, without the rules before it, refuses unknown keys too.
#[test]
fn r5_ops_refuse_unknown_keys_by_themselves() {
    assert!(serde_json::from_str::<Op>(r#"{"op": "audit"}"#).is_ok());
    for text in
        [r#"{"op": "audit", "x": 1}"#, r#"{"op": "adit"}"#, r#"{"fails": "read-only"}"#, "[]"]
    {
        assert!(serde_json::from_str::<Op>(text).is_err(), "{text}");
    }
}
