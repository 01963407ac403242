//! Formats the results as a table and as JSON.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::figures::Figure;
use crate::timing::Medians;

type Result = (&'static Figure, Medians);

/// Formats one object, with each figure's ratios and nanoseconds.
pub(crate) fn json(results: &[Result]) -> String {
    let figures: Map<String, Value> = results
        .iter()
        .map(|(figure, medians)| {
            let value = json!({
                "ratio_to_limit": medians.ratio_to_limit,
                "ratio_to_peer": medians.ratio_to_peer,
                "ns": medians.engine,
                "limit_ns": medians.limit,
                "peer_ns": medians.peer,
            });
            (figure.name.to_owned(), value)
        })
        .collect();
    Value::Object(figures).to_string()
}

/// Formats a table in Markdown.
pub(crate) fn table(results: &[Result]) -> String {
    let mut table = String::from(
        "| | what | engine ns | limit ns | x limit (at most) | peer ns | x faster (at least) |\n\
         |---|---|---:|---:|---:|---:|---:|\n",
    );
    for (figure, medians) in results {
        let goal = |goal: Option<f64>| goal.map_or(String::new(), |goal| format!(" ({goal})"));
        let peer = medians.peer.map_or("-".to_owned(), |peer| format!("{peer:.1}"));
        let faster = medians.ratio_to_peer.map_or("-".to_owned(), |ratio| format!("{ratio:.2}"));
        let _ = writeln!(
            table,
            "| {} | {} | {:.1} | {:.1} | {:.2}{} | {peer} | {faster}{} |",
            figure.name,
            figure.what,
            medians.engine,
            medians.limit,
            medians.ratio_to_limit,
            goal(figure.at_most),
            goal(figure.times_faster),
        );
    }
    table
}
