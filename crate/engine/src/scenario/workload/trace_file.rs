//! A reference trace lists the pages that a real program touched, one reference a line.
//!
//! `12` is a read of page 12, `12w` a write; lines that start with `#` say where the trace comes
//! from. The pages are numbered in the order of their first use.

use std::sync::Arc;

use crate::options::MAX_PAGES;
use crate::scenario::document::{
    Action, Op, Pattern, Reference, Scenario, ScenarioError, push_index,
};

/// Reads the text of a trace. An error's path is the line: `line 3`.
pub fn parse_trace(text: &str) -> Result<Vec<Reference>, ScenarioError> {
    const LEGAL: &str = "a page number, with a w after it for a write";
    let mut references = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let refuse = |message: String| {
            let found: String = line.chars().take(40).collect();
            ScenarioError::new(
                format!("line {}", index + 1),
                format!("{found:?}"),
                LEGAL,
                format!("{found:?} {message}"),
            )
        };
        let (digits, write) = line.strip_suffix('w').map_or((line, false), |digits| (digits, true));
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refuse(format!("is not {LEGAL}")));
        }
        match digits.parse() {
            Ok(page) if page < MAX_PAGES => references.push(Reference { page, write }),
            _ => {
                return Err(refuse(format!(
                    "is past the last page that a process can have, {}",
                    MAX_PAGES - 1
                )));
            }
        }
    }
    if references.is_empty() {
        return Err(ScenarioError::new(
            "line 1",
            "no reference",
            LEGAL,
            "the trace has no reference",
        ));
    }
    Ok(references)
}

/// The traces that are attached to a scenario, in the order of their names.
#[derive(Clone, Debug, Default)]
pub struct Traces(Vec<(String, Arc<[Reference]>)>);

impl Traces {
    /// Attaches a trace.
    pub fn attach(&mut self, name: impl Into<String>, references: Vec<Reference>) {
        let (name, references) = (name.into(), references.into());
        match self.0.binary_search_by(|(known, _)| known.cmp(&name)) {
            Ok(index) => self.0[index].1 = references,
            Err(index) => self.0.insert(index, (name, references)),
        }
    }

    /// Returns the trace of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<[Reference]>> {
        self.0.iter().find_map(|(known, references)| (known == name).then_some(references))
    }

    /// Returns the names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Refuses a scenario that replays a trace which is not attached.
    pub fn check(&self, scenario: &Scenario) -> Result<(), ScenarioError> {
        for (path, name) in named(scenario) {
            if self.get(name).is_none() {
                let known = self.names().collect::<Vec<_>>().join(", ");
                let legal =
                    if known.is_empty() { "the name of an attached trace".into() } else { known };
                let message = format!("{name:?} is no attached trace; legal: {legal}");
                return Err(ScenarioError::new(path, format!("{name:?}"), legal, message));
            }
        }
        Ok(())
    }
}

/// Returns the names of the traces that a scenario asks for, each once.
#[must_use]
pub fn trace_names(scenario: &Scenario) -> Vec<String> {
    let mut names: Vec<String> =
        named(scenario).into_iter().map(|(_, name)| name.to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Finds where a scenario asks for which trace.
fn named(scenario: &Scenario) -> Vec<(String, &str)> {
    fn collect<'op>(script: &'op [Op], at: &str, found: &mut Vec<(String, &'op str)>) {
        for (index, op) in script.iter().enumerate() {
            let mut path = at.to_owned();
            push_index(&mut path, index);
            match &op.action {
                Action::Run(run) => {
                    if let Pattern::Trace(name) = &run.pattern {
                        found.push((format!("{path}/pattern/trace"), name));
                    }
                }
                Action::Together(together) => {
                    for (list, script) in together.scripts.iter().enumerate() {
                        collect(script, &format!("{path}/scripts/{list}"), found);
                    }
                }
                Action::Repeat(repeat) => collect(&repeat.script, &format!("{path}/script"), found),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    collect(&scenario.script, "/script", &mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::document::parse;

    #[test]
    fn r5_a_trace_is_one_reference_a_line() {
        let read = |page| Reference { page, write: false };
        let write = |page| Reference { page, write: true };
        let found = parse_trace("# made by hand\n0\n1w\n\n  2 \r\n0w").unwrap();
        assert_eq!(found, [read(0), write(1), read(2), write(0)]);
    }

    #[test]
    fn r5_a_broken_trace_tells_the_line() {
        for (text, expected) in [
            ("0\nx", "line 2: \"x\" is not a page number, with a w after it for a write"),
            ("0\n1 w", "line 2: \"1 w\" is not"),
            ("w", "line 1: \"w\" is not"),
            ("-1", "line 1: \"-1\" is not"),
            ("262144", "line 1: \"262144\" is past the last page that a process can have, 262143"),
            ("# nothing", "line 1: the trace has no reference"),
        ] {
            let error = parse_trace(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn r5_an_unknown_trace_is_refused_by_name() {
        let scenario = parse(
            r#"{"faultline": 1, "script": [{"op": "together", "scripts": [[
                {"op": "run", "process": "a", "pattern": {"trace": "b"}},
                {"op": "run", "process": "a", "pattern": {"trace": "c"}}]]}]}"#,
        )
        .unwrap();
        assert_eq!(trace_names(&scenario), ["b", "c"]);
        let mut traces = Traces::default();
        traces.attach("b", vec![Reference { page: 0, write: false }]);
        let error = traces.check(&scenario).unwrap_err();
        assert_eq!(
            error.to_string(),
            "/script/0/scripts/0/1/pattern/trace: \"c\" is no attached trace; legal: b"
        );
    }
}
