//! A setting, `/PLACE=VALUE`, replaces one value of a document, so that two runs can differ in exactly one
//! switch.

use std::str::FromStr;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::{ScenarioError, show};
use super::json::read;

/// A setting is one value and the place in a document where it is to stand.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Setting {
    /// The JSON Pointer to the place, as problems and reports name places.
    place: String,
    value: Value,
}

/// The syntax of a setting.
const WRITTEN: &str = "expected /PLACE=VALUE, as in /machine/slot_finder=scan";

impl FromStr for Setting {
    type Err = ScenarioError;

    /// Reads the value as a scenario is read. A value that is no JSON is a word, so that a shell's user
    /// need not quote it twice.
    fn from_str(text: &str) -> Result<Self, ScenarioError> {
        let parts = text.split_once('=').filter(|(place, _)| place.starts_with('/'));
        let Some((place, value)) = parts else {
            let found = show(&Value::from(text));
            return Err(ScenarioError::new("", found, "/PLACE=VALUE", WRITTEN));
        };
        if !place.split('~').skip(1).all(|rest| rest.starts_with(['0', '1'])) {
            let legal = "~ stands before 0 for ~ itself or 1 for /";
            return Err(ScenarioError::new(place, "another ~", legal, legal));
        }
        let value = match read(value) {
            Ok(value) => value,
            Err(problem) if value.trim_start().starts_with(['{', '[', '"']) => {
                return Err(ScenarioError { path: place.to_owned(), ..problem });
            }
            Err(_) => Value::from(value),
        };
        Ok(Self { place: place.to_owned(), value })
    }
}

impl TryFrom<String> for Setting {
    type Error = ScenarioError;

    fn try_from(text: String) -> Result<Self, ScenarioError> {
        text.parse()
    }
}

impl Setting {
    /// Makes the setting of a value at a place, a JSON Pointer.
    pub(super) fn new(place: &str, value: impl Into<Value>) -> Self {
        Self { place: place.to_owned(), value: value.into() }
    }

    /// Puts the value in its place; objects on the way there are made.
    pub(super) fn lay_over(&self, document: &mut Value) -> Result<(), ScenarioError> {
        let mut value = document;
        let mut path = String::new();
        for token in self.place.split('/').skip(1) {
            let key = token.replace("~1", "/").replace("~0", "~");
            let inside = format!("{path}/{token}");
            value = match value {
                Value::Object(map) => map.entry(key).or_insert_with(|| Map::new().into()),
                Value::Array(entries) => {
                    let count = entries.len();
                    // A number has one way to be written.
                    let index = key.parse().ok().filter(|index: &usize| index.to_string() == key);
                    index.and_then(|index| entries.get_mut(index)).ok_or_else(|| {
                        let message = format!("no such entry, there are {count}");
                        ScenarioError::new(
                            inside.as_str(),
                            token,
                            format!("below {count}"),
                            message,
                        )
                    })?
                }
                value => {
                    let message = format!("{path} is {value}, which has no parts");
                    return Err(ScenarioError::new(inside, show(value), "an object", message));
                }
            };
            path = inside;
        }
        *value = self.value.clone();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(text: &str) -> Result<Value, String> {
        let mut document = json!({"machine": {"policy": "clock"}, "script": [{"op": "settle"}]});
        let set = text.parse::<Setting>().and_then(|setting| setting.lay_over(&mut document));
        set.map(|()| document).map_err(|error| error.to_string())
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
