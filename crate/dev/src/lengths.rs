//! Measures how many events each line of the shipped scenarios takes on virtual CPUs, so that the page knows how long
//! a run will be before it has run.

use std::fs::File;
use std::io::Read;

use faultline::observe::Detail;
use faultline::scenario::{Session, Traces, parse, parse_trace, trace_names};
use flate2::read::GzDecoder;
use serde_json::{Map, Value};

use crate::repository;

/// A row of the catalogue.
#[derive(serde::Deserialize)]
struct Group {
    group: String,
    scenarios: Vec<String>,
}

/// Returns the number of events at the end of each line, for each scenario of the catalogue but those with bugs, which
/// only a teaching build runs.
pub(crate) fn lengths() -> Result<Value, String> {
    let text = repository::read("scenarios/gallery/catalogue.json")?;
    let groups: Vec<Group> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut all = Map::new();
    for name in groups.into_iter().filter(|row| row.group != "bugs").flat_map(|row| row.scenarios) {
        let ends = ends_of(&name).map_err(|error| format!("{name}: {error}"))?;
        all.insert(name, ends.into());
    }
    Ok(all.into())
}

fn ends_of(name: &str) -> Result<Vec<u64>, String> {
    let text = repository::read(&format!("scenarios/{name}.json"))?;
    let scenario = parse(&text).map_err(|error| error.to_string())?;
    let mut traces = Traces::default();
    for trace in trace_names(&scenario) {
        let references = parse_trace(&unpacked(&trace)?).map_err(|error| error.to_string())?;
        traces.attach(trace, references);
    }
    let mut session = Session::open(&scenario, traces).map_err(|error| error.to_string())?;
    // As the page has a machine recorded.
    session.observe(Detail::Moves);
    let ends = scenario.script.iter().enumerate().map(|(index, op)| {
        session.apply(op, &format!("/script/{index}"));
        session.place().events
    });
    Ok(ends.collect())
}

fn unpacked(trace: &str) -> Result<String, String> {
    let path = repository::path(&format!("traces/{trace}.gz"));
    let mut text = String::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    GzDecoder::new(file).read_to_string(&mut text).map_err(|error| error.to_string())?;
    Ok(text)
}
