//! The frames of a machine that says how many are left for data: those, the zero page, and what page tables take.
//!
//! A textbook's machine has three frames and no page tables. `data_frames` says that number, and the script says which
//! tables there will be: each process has a directory, and a table for each 512 pages up to its last. What is
//! counted is the most that live at one time. Within a `together` nothing is counted as given back, because any
//! order is possible.

use std::collections::HashMap;

use serde_json::Value;

use super::error::ScenarioError;
use super::op::MOST_REPEATED;
use crate::memory::TABLE_ENTRIES;
use crate::options::MAX_FRAMES;

/// Fills in `frames` where `data_frames` stands. The rules have passed the document.
pub(super) fn fill(document: &mut Value) -> Result<(), ScenarioError> {
    let Some(data) = document["machine"]["data_frames"].as_u64() else { return Ok(()) };
    let frames = data + frames_beside_data(list(&document["script"]));
    let machine = &mut document["machine"];
    if let Some(said) = machine.get("frames") {
        let message = format!("{said} stands beside `data_frames`, {data}, which come to {frames}");
        let legal = "one of the two keys alone";
        return Err(ScenarioError::new("/machine/frames", said.to_string(), legal, message));
    }
    if frames > MAX_FRAMES.into() {
        let message = format!(
            "{data} with {} frames for page tables and the zero page are above the largest machine, {MAX_FRAMES}",
            frames - data
        );
        let legal = format!("at most {}", u64::from(MAX_FRAMES).saturating_sub(frames - data));
        return Err(ScenarioError::new("/machine/data_frames", data.to_string(), legal, message));
    }
    machine["frames"] = frames.into();
    Ok(())
}

/// Counts the frames that the script needs beside those for data.
fn frames_beside_data(script: &[Value]) -> u64 {
    let mut tables = Tables { left: MOST_REPEATED, ..Tables::default() };
    tables.walk(script, "", false);
    1 + tables.most
}

/// The directories and tables that live, while the script is walked.
#[derive(Default)]
struct Tables {
    /// The page after the last of each process that lives.
    ends: HashMap<String, u64>,
    now: u64,
    most: u64,
    /// Ops of repeats that may still be walked: a document that repeats more is refused elsewhere.
    left: u64,
}

/// The items of a list; none of what is no list, or not there.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Counts the directory and the tables of a process whose last page is before `end`.
const fn tables_of(end: u64) -> u64 {
    1 + end.div_ceil(TABLE_ENTRIES as u64)
}

impl Tables {
    /// Walks the ops of a turn of a `repeat`, whose number stands for `#` in names; or of a script, whose turn is
    /// empty.
    fn walk(&mut self, script: &[Value], turn: &str, side_by_side: bool) {
        for op in script {
            if !turn.is_empty() {
                if self.left == 0 {
                    return;
                }
                self.left -= 1;
            }
            if op.get("fails").is_none() {
                self.op(op, turn, side_by_side);
            }
            self.most = self.most.max(self.now);
        }
    }

    fn op(&mut self, op: &Value, turn: &str, side_by_side: bool) {
        let name = |key: &str| op[key].as_str().unwrap_or_default().replace('#', turn);
        let number = |key: &str| op[key].as_u64();
        match op["op"].as_str().unwrap_or_default() {
            "spawn" => self.set(name("as"), number("pages").unwrap_or_default()),
            "fork" => {
                if let Some(end) = self.ends.get(&name("process")).copied() {
                    self.set(name("as"), end);
                }
            }
            "map" => {
                let pages = number("pages").unwrap_or_default();
                if let Some(end) = self.ends.get(&name("process")).copied() {
                    let new = number("at").map_or(end + pages, |at| end.max(at + pages));
                    self.set(name("process"), new);
                }
            }
            "unmap" if !side_by_side => {
                let (first, pages) = (number("page").unwrap_or_default(), number("pages"));
                if let Some(end) = self.ends.get(&name("process")).copied()
                    && first + pages.unwrap_or_default() >= end
                {
                    self.set(name("process"), first.min(end));
                }
            }
            "kill" if !side_by_side => {
                if let Some(end) = self.ends.remove(&name("process")) {
                    self.now -= tables_of(end);
                }
            }
            "together" => {
                for script in list(&op["scripts"]) {
                    self.walk(list(script), turn, true);
                }
            }
            "repeat" => {
                for turn in 0..number("times").unwrap_or_default() {
                    if self.left == 0 {
                        return;
                    }
                    self.walk(list(&op["script"]), &turn.to_string(), side_by_side);
                }
            }
            _ => {}
        }
    }

    fn set(&mut self, process: String, end: u64) {
        let old = self.ends.insert(process, end).map_or(0, tables_of);
        self.now = self.now + tables_of(end) - old;
    }
}
