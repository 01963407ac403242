//! The JSON reader turns a text into a value. A key that stands twice is an error, not a silent choice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::error::{ScenarioError, show};

/// Reads JSON text; an error says the line and the column.
///
/// # Errors
/// A [`ScenarioError`] for what is no JSON, or has a key twice in one object.
pub fn read(text: &str) -> Result<Value, ScenarioError> {
    serde_json::from_str::<Document>(text).map(|document| document.0).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let full = error.to_string();
        let place = format!(" at line {line} column {column}");
        let what = full.strip_suffix(place.as_str()).unwrap_or(&full);
        let what = if error.is_eof() {
            format!("the text ends too early: {what}")
        } else {
            what.to_owned()
        };
        ScenarioError::new(
            "",
            what.clone(),
            "one JSON document",
            format!("line {line}, column {column}: {what}"),
        )
    })
}

/// A [`Value`] without repeated keys.
struct Document(Value);

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor).map(Self)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Document(item)) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!(
                    "the key {} stands twice in one object",
                    show(&Value::from(key))
                )));
            }
            let Document(value) = access.next_value()?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r5_truncated_text_tells_line_and_column() {
        let error = read("{\"faultline\": 1,\n \"title\": \"half").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2, column 15: the text ends too early: EOF while parsing a string"
        );
    }

    #[test]
    fn r5_a_repeated_key_is_refused() {
        let error = read(r#"{"frames": 8, "frames": 9}"#).unwrap_err();
        assert!(error.to_string().contains(r#"the key "frames" stands twice"#), "{error}");
        let long = "x".repeat(10_000);
        let error = read(&format!(r#"{{"{long}": 8, "{long}": 9}}"#)).unwrap_err();
        assert!(error.message.len() < 200 && error.found.len() < 200, "{error}");
    }

    #[test]
    fn r5_depth_is_bounded() {
        let error = read(&"[".repeat(100_000)).unwrap_err();
        assert!(error.to_string().contains("recursion limit"), "{error}");
    }
}
