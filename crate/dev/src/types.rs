//! Prints the JSON Schema of every type that crosses into the page, of the scenario for editors and for its reader
//! in the browser, the reference of the scenario, the formats of the machine's memory, and the lengths of the shipped
//! scenarios' runs, for `npm run types`.

use std::fmt::Write as _;

use faultline::formats::{Value as Format, constants};
use faultline::machine::Layout;
use faultline::narration::Line;
use faultline::scenario::{
    OpOutcome, Place, ProcessInfo, Report, ScenarioError, reference, schema, schema_made_ahead,
};
use schemars::schema_for;
use serde_json::{Value, json};

use crate::lengths::lengths;
use crate::output::print;

/// Prints the schemas and the reference as one JSON object.
pub(crate) fn types() -> Result<bool, String> {
    let scenario: Value = serde_json::from_str(&schema()).expect("the schema is a JSON document");
    let types = json!({
        "Scenario": scenario,
        "Problem": schema_for!(ScenarioError),
        "OpOutcome": schema_for!(OpOutcome),
        "Report": schema_for!(Report),
        "Layout": schema_for!(Layout),
        "Line": schema_for!(Line),
        "Place": schema_for!(Place),
        "ProcessInfo": schema_for!(ProcessInfo),
    });
    let all = json!({
        "types": types,
        "schema": schema(),
        "reader": schema_made_ahead(),
        "reference": reference(),
        "machine": machine(),
        "lengths": lengths()?,
    });
    print(&format!("{all:#}"))?;
    Ok(true)
}

/// The formats of the machine's memory as a module of TypeScript.
fn machine() -> String {
    let mut text =
        "// Made from the engine's formats by `npm run types`. Do not edit.\n".to_owned();
    for constant in constants() {
        let value = match constant.value {
            Format::Number(number) => number.to_string(),
            Format::Names(names) => format!("{} as const", json!(names)),
        };
        let (about, name) = (constant.about, constant.name);
        write!(text, "\n/** {about} */\nexport const {name} = {value};\n")
            .expect("a text takes all");
    }
    text
}
