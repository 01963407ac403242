//! The ladder is the table of switches; its scenarios are lengthened here for a measurement.

use faultline::scenario::{Overrides, RuntimeKind, Scenario, Setting};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::repository;

/// A row of the table of switches.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rung {
    pub(super) name: String,
    pub(super) title: String,
    /// The JSON Pointer to what differs.
    pub(super) switch: String,
    /// What stands there on either side.
    pub(super) sides: [Value; 2],
    /// The scenario that both sides start from.
    #[serde(default = "usual_base")]
    base: String,
    /// What both sides change in it, by JSON Pointer.
    #[serde(default)]
    with: Map<String, Value>,
    /// The kind of fault whose latency matters.
    pub(super) fault: String,
    /// Counters, and `wait:CLASS` for the share of all CPU time that waits for those locks.
    pub(super) shows: Vec<String>,
}

fn usual_base() -> String {
    "base".to_owned()
}

/// Reads all rungs, from the lowest.
pub(super) fn read_ladder() -> Result<Vec<Rung>, String> {
    let text = repository::read("scenarios/ladder/switches.json")?;
    serde_json::from_str(&text).map_err(|error| format!("scenarios/ladder/switches.json: {error}"))
}

impl Rung {
    /// Returns the text of the scenario that both sides start from, with about `accesses` accesses.
    pub(super) fn base(&self, accesses: u64) -> Result<String, String> {
        let file = format!("scenarios/ladder/{}.json", self.base);
        let mut document = serde_json::from_str(&repository::read(&file)?)
            .map_err(|error| format!("{file}: {error}"))?;
        lengthen(&mut document, accesses);
        Ok(document.to_string())
    }

    /// Returns one side of the rung on a runtime; the seed is that of a virtual one.
    pub(super) fn side(
        &self,
        base: &str,
        side: usize,
        runtime: RuntimeKind,
        seed: u64,
    ) -> Result<Scenario, String> {
        let switch = (&self.switch, &self.sides[side]);
        let settings = self.with.iter().chain([switch]);
        let set = settings.map(|(place, value)| format!("{place}={value}").parse());
        let set = set.collect::<Result<Vec<Setting>, _>>().map_err(|error| error.to_string())?;
        let seed = (runtime == RuntimeKind::Virtual).then_some(seed);
        let runtime = Some(runtime);
        let overrides = Overrides { set, runtime, seed, ..Overrides::default() };
        overrides.parse(base).map_err(|error| format!("{}: {error}", self.name))
    }
}

/// Gives a script about `accesses` accesses: its workload is made longer, or the ops of a `together`
/// are repeated under new names.
fn lengthen(document: &mut Value, accesses: u64) {
    for op in document["script"].as_array_mut().into_iter().flatten() {
        if op["op"] == "run" && op.get("accesses").is_some() {
            op["accesses"] = accesses.into();
        }
        let Some(scripts) = op.get_mut("scripts").and_then(Value::as_array_mut) else { continue };
        let once: u64 = scripts
            .iter()
            .flat_map(|script| script.as_array().into_iter().flatten())
            .filter_map(|op| op["accesses"].as_u64())
            .sum();
        let times = ((accesses as f64 / once.max(1) as f64).round() as u64).max(1);
        for script in scripts {
            let ops = script.as_array().cloned().unwrap_or_default();
            *script =
                (0..times).flat_map(|time| ops.iter().map(move |op| again(op, time))).collect();
        }
    }
}

/// Returns an op with its processes under the names of one repetition.
fn again(op: &Value, time: u64) -> Value {
    let mut op = op.clone();
    for key in ["as", "process"] {
        if let Some(Value::String(name)) = op.get_mut(key) {
            name.push_str(&format!("-{time}"));
        }
    }
    op
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn s1_a_scenario_is_lengthened_by_its_workload_or_by_repetition() {
        let run = |process: &str, accesses: u64| json!({"op": "run", "process": process, "accesses": accesses});
        let mut document = json!({"script": [{"op": "spawn", "as": "p"}, run("p", 9)]});
        lengthen(&mut document, 40);
        assert_eq!(document, json!({"script": [{"op": "spawn", "as": "p"}, run("p", 40)]}));

        let spawn = |name: &str| json!({"op": "spawn", "as": name});
        let together = |scripts: Value| json!({"script": [{"op": "together", "scripts": scripts}]});
        let mut document = together(json!([[spawn("a"), run("a", 10)], [run("b", 10)]]));
        lengthen(&mut document, 39);
        let twice = json!([
            [spawn("a-0"), run("a-0", 10), spawn("a-1"), run("a-1", 10)],
            [run("b-0", 10), run("b-1", 10)],
        ]);
        assert_eq!(document, together(twice));
    }
}
