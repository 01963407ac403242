//! Tests the words of a scenario: its text, the notes of its lines, its questions and its variants. They are read
//! and written with it, have limits, and change nothing that happens.

use faultline::scenario::{Op, Report, Scenario, Traces, parse, run};
use serde_json::{Value, json};

/// A scenario with all words that there can be.
fn lesson() -> Value {
    json!({
        "faultline": 1, "title": "A lesson", "about": "Two processes share a page.\nWhich one copies?",
        "variants": [["/machine/frames=9", "/script/5/equals=1"], ["/machine/policy=fifo"]],
        "machine": {"frames": 24, "slots": 16, "cpus": 1},
        "script": [
            {"op": "spawn", "as": "parent", "pages": 8, "note": "Eight pages, and no frame for them."},
            {"op": "write", "process": "parent", "page": 0, "offset": 8, "value": 1},
            {"op": "fork", "process": "parent", "as": "child"},
            {"op": "write", "process": "child", "page": 0, "offset": 8, "value": 2,
             "note": "The child copies.",
             "question": {"ask": "Who copies?", "choices": ["the parent", "the child"], "right": 1}},
            {"op": "repeat", "times": 2, "script": [{"op": "settle", "note": "Notes stand in lists too."}]},
            {"op": "expect", "counter": "copies", "equals": 1, "question": {"ask": "How many copies?"}},
            {"op": "expect", "process": "child", "page": 0, "shared": 1}
        ]
    })
}

fn read(document: &Value) -> Result<Scenario, String> {
    parse(&document.to_string()).map_err(|error| error.to_string())
}

fn with(pointer: &str, key: &str, value: Value) -> Result<Scenario, String> {
    let mut document = lesson();
    let place = document.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
    place.insert(key.into(), value);
    read(&document)
}

fn report_of(scenario: &Scenario) -> Report {
    run(scenario, Traces::default(), &mut |_, _| {}).unwrap()
}

#[test]
fn r5_the_words_of_a_scenario_are_read_and_written_with_it() {
    let scenario = read(&lesson()).unwrap();
    assert_eq!(scenario.about, "Two processes share a page.\nWhich one copies?");
    assert_eq!(scenario.variants[0], ["/machine/frames=9", "/script/5/equals=1"]);
    assert_eq!(scenario.script[0].note, "Eight pages, and no frame for them.");
    let question = scenario.script[3].question.as_ref().unwrap();
    assert_eq!((question.ask.as_str(), question.right), ("Who copies?", Some(1)));
    assert_eq!(scenario.script[5].action.expected_number(), Some(1));
    let written = serde_json::to_value(&scenario).unwrap();
    for key in ["about", "variants", "script"] {
        assert_eq!(written[key], lesson()[key], "{key}");
    }
    assert_eq!(read(&written).unwrap(), scenario);
}

#[test]
fn r5_the_words_of_a_scenario_change_nothing_that_happens() {
    let told = read(&lesson()).unwrap();
    let wordless = |op: &Op| Op { note: String::new(), question: None, ..op.clone() };
    let silent = Scenario {
        about: String::new(),
        variants: Vec::new(),
        script: told.script.iter().map(wordless).collect(),
        ..told.clone()
    };
    assert_ne!(told, silent);
    let [one, other] = [&told, &silent].map(report_of);
    assert!(one.ok, "{:?}", one.failures);
    assert_eq!(one.state_hash, other.state_hash);
    assert_eq!(one.trace_hash, other.trace_hash);
}

#[test]
fn r5_the_words_of_a_scenario_have_limits() {
    let long = |length: usize| json!("é".repeat(length));
    assert!(with("", "about", long(4000)).is_ok());
    assert!(with("/script/0", "note", long(1000)).is_ok());
    let refused = |pointer: &str, key: &str, value: Value| with(pointer, key, value).unwrap_err();
    assert_eq!(
        refused("", "about", long(4001)),
        "/about: a text of 4001 characters is longer than 4000"
    );
    assert_eq!(
        refused("/script/0", "note", long(1001)),
        "/script/0/note: a text of 1001 characters is longer than 1000"
    );
    assert_eq!(refused("/script/0", "note", json!("")), "/script/0/note: the text is empty");
    assert!(refused("/script/3/question", "choices", json!([""])).contains("the text is empty"));
    assert!(refused("", "variants", json!([[]])).starts_with("/variants/0: "));
}

#[test]
fn r5_a_question_has_an_answer_and_stands_on_a_line() {
    let right = |value: Value| with("/script/3/question", "right", value).unwrap_err();
    assert_eq!(
        right(json!(2)),
        "/script/3/question/right: 2 gives the question no answer: legal is 0 to 1"
    );
    let question = |line: usize, value: Value| with(&format!("/script/{line}"), "question", value);
    let alone = json!({"ask": "How many?"});
    assert!(question(5, alone.clone()).is_ok());
    for line in [0, 6] {
        assert_eq!(
            question(line, alone.clone()).unwrap_err(),
            format!(
                "/script/{line}/question/choices: nothing gives the question no answer: legal is choices, or `equals` \
                 in an `expect`"
            )
        );
    }
    let unmarked = json!({"ask": "Which?", "choices": ["a", "b"]});
    assert!(question(0, unmarked).unwrap_err().starts_with("/script/0/question/right: nothing"));
    let numbered = json!({"ask": "How many?", "right": 0});
    assert!(question(5, numbered).unwrap_err().starts_with("/script/5/question/right: 0"));
    let inside = with("/script/4/script/0", "question", alone).unwrap_err();
    assert_eq!(
        inside,
        "/script/4/script/0/question: a question stands on a line of the script itself"
    );
}
