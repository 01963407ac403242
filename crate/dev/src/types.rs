//! Prints the JSON Schema of every type that crosses into the page, and of the scenario for its reader in
//! the browser, and the reference of the scenario, for `npm run types`.

use faultline::machine::Layout;
use faultline::narration::Line;
use faultline::scenario::{
    OpOutcome, Place, ProcessInfo, Report, ScenarioError, reference, schema, schema_made_ahead,
};
use schemars::schema_for;
use serde_json::{Value, json};

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
    let all = json!({"types": types, "reader": schema_made_ahead(), "reference": reference()});
    print(&format!("{all:#}"))?;
    Ok(true)
}
