//! `--set POINTER=VALUE`: one value of a scenario replaced from the command line, so that two runs can
//! differ in exactly one switch.

use std::str::FromStr;

use faultline::scenario::read_json;
use serde_json::{Map, Value};

/// What is to stand where.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Setting {
    /// A JSON Pointer, as problems and reports name places.
    pointer: String,
    value: Value,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (pointer, value) = text
            .split_once('=')
            .filter(|(pointer, _)| pointer.starts_with('/'))
            .ok_or("expected /PLACE=VALUE, as in /machine/slot_finder=scan")?;
        if !pointer.split('~').skip(1).all(|rest| rest.starts_with(['0', '1'])) {
            return Err(format!("{pointer}: ~ stands before 0 for ~ itself or 1 for /"));
        }
        // Read as the scenario is. What is no JSON is a word, so that it needs no quotes inside quotes.
        let value = match read_json(value) {
            Ok(value) => value,
            Err(problem) if value.trim_start().starts_with(['{', '[', '"']) => {
                return Err(format!("{pointer}: {problem}"));
            }
            Err(_) => Value::from(value),
        };
        Ok(Self { pointer: pointer.to_owned(), value })
    }
}

impl Setting {
    /// Puts the value in its place; objects on the way there are made.
    pub(crate) fn lay_over(&self, document: &mut Value) -> Result<(), String> {
        let mut place = document;
        let mut path = String::new();
        for token in self.pointer.split('/').skip(1) {
            let key = token.replace("~1", "/").replace("~0", "~");
            place = match place {
                Value::Object(map) => map.entry(key).or_insert_with(|| Map::new().into()),
                Value::Array(entries) => {
                    let count = entries.len();
                    // A number has one way to be written.
                    let index = key.parse().ok().filter(|index: &usize| index.to_string() == key);
                    index.and_then(|index| entries.get_mut(index)).ok_or_else(|| {
                        format!("{path}/{token}: no such entry, there are {count}")
                    })?
                }
                value => {
                    return Err(format!("{path}/{token}: {path} is {value}, which has no parts"));
                }
            };
            path = format!("{path}/{token}");
        }
        *place = self.value.clone();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(text: &str) -> Result<Value, String> {
        let mut document = json!({"machine": {"policy": "clock"}, "script": [{"op": "settle"}]});
        text.parse::<Setting>()?.lay_over(&mut document)?;
        Ok(document)
    }

    #[test]
    fn r5_a_setting_replaces_one_value() {
        let script = json!([{"op": "settle"}]);
        assert_eq!(
            set("/machine/policy=fifo").unwrap(),
            json!({"machine": {"policy": "fifo"}, "script": script})
        );
        assert_eq!(
            set("/machine/trim/low=3").unwrap(),
            json!({"machine": {"policy": "clock", "trim": {"low": 3}}, "script": script})
        );
        assert_eq!(
            set(r#"/script/0={"op": "audit"}"#).unwrap(),
            json!({"machine": {"policy": "clock"}, "script": [{"op": "audit"}]})
        );
    }

    #[test]
    fn r5_a_setting_without_a_place_is_refused() {
        assert!(set("machine/policy=fifo").unwrap_err().starts_with("expected /PLACE=VALUE"));
        assert!(set("/machine/policy").unwrap_err().starts_with("expected /PLACE=VALUE"));
        for index in ["1", "00", "+0", "-", ""] {
            let expected = format!("/script/{index}: no such entry, there are 1");
            assert_eq!(set(&format!("/script/{index}=2")).unwrap_err(), expected);
        }
        assert_eq!(
            set("/machine/policy/x=1").unwrap_err(),
            "/machine/policy/x: /machine/policy is \"clock\", which has no parts"
        );
        for pointer in ["/a~", "/a~2b", "/~/b"] {
            assert_eq!(
                set(&format!("{pointer}=1")).unwrap_err(),
                format!("{pointer}: ~ stands before 0 for ~ itself or 1 for /")
            );
        }
    }

    /// A key that stood twice was taken as it stood last, and what was cut off was taken for a word.
    #[test]
    fn r5_a_setting_is_read_as_the_scenario_is() {
        assert_eq!(
            set(r#"/machine={"frames": 8, "frames": 64}"#).unwrap_err(),
            r#"/machine: line 1, column 22: the key "frames" stands twice in one object"#
        );
        for broken in [r#"/script=[{"op": "settle"}"#, r#"/title="half"#, "/machine={frames: 8}"] {
            let problem = set(broken).unwrap_err();
            assert!(problem.contains(": line 1, column "), "{problem}");
        }
        assert_eq!(set("/machine/policy=7up").unwrap()["machine"]["policy"], "7up");
        assert_eq!(set("/a~1b~0=1").unwrap()["a/b~"], 1);
    }
}
