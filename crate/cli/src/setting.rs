//! `--set POINTER=VALUE`: one value of a scenario replaced from the command line, so that two runs can
//! differ in exactly one switch.

use std::str::FromStr;

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
        // What is no JSON is a word: quotes inside quotes are nobody's joy.
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
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
                    let index = key.parse().ok().filter(|index| *index < count);
                    index.and_then(|index: usize| entries.get_mut(index)).ok_or_else(|| {
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
        assert_eq!(set("/script/1=2").unwrap_err(), "/script/1: no such entry, there are 1");
        assert_eq!(
            set("/machine/policy/x=1").unwrap_err(),
            "/machine/policy/x: /machine/policy is \"clock\", which has no parts"
        );
    }
}
