//! An op of a script, and the action that its `op` key chooses.
//!
//! Every op refuses unknown keys. Serde cannot do that for a flattened struct, so [`Op`] is decoded
//! in two steps: take out `op`, `fails` and `may_fail`, then read the rest as the struct that `op` names.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Map, Value};

pub use super::actions::*;
use super::decode::Checked;
use super::names::FailureCode;

/// One op of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    /// The failure that the op has to meet; success is then a failure of the scenario.
    pub fails: Option<FailureCode>,
    /// The failures that it may meet, as it may succeed: what comes of a race.
    pub may_fail: Vec<FailureCode>,
    /// What it does.
    pub action: Action,
}

impl From<Action> for Op {
    fn from(action: Action) -> Self {
        Self { fails: None, may_fail: Vec::new(), action }
    }
}

/// Makes the [`Action`] enum with its reader, writer and schema from one table.
/// A row with `when KEY` is chosen if the document has that key; it stands before the row without.
macro_rules! actions {
    ($($(#[$doc:meta])* $name:literal $(when $key:literal)? => $variant:ident,)*) => {
        /// What an op does.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Action {
            $($(#[$doc])* $variant($variant),)*
        }

        $(impl From<$variant> for Action {
            fn from(action: $variant) -> Self {
                Self::$variant(action)
            }
        })*

        impl Action {
            /// The names that `op` can have.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// The `op` key of this action.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            fn from_map(name: &str, map: Map<String, Value>) -> Result<Self, serde_json::Error> {
                $(if name == $name $(&& map.contains_key($key))? {
                    return $variant::deserialize(Checked(Value::Object(map))).map(Self::$variant);
                })*
                Err(<serde_json::Error as de::Error>::custom(format!("no op is called {name:?}")))
            }

            fn to_value(&self) -> Result<Value, serde_json::Error> {
                match self {
                    $(Self::$variant(action) => serde_json::to_value(action),)*
                }
            }

            /// The schema of each op: those that can stand anywhere, and `together`.
            fn schemas(generator: &mut SchemaGenerator) -> (Vec<Schema>, Schema) {
                let (mut simple, mut together) = (Vec::new(), Schema::default());
                $(
                    let schema = op_schema($name, <$variant>::json_schema(generator), generator);
                    if $name == "together" {
                        together = schema;
                    } else {
                        simple.push(schema);
                    }
                )*
                (simple, together)
            }
        }
    };
}

actions! {
    /// Starts a process.
    "spawn" => Spawn,
    /// Stores a word.
    "write" => Write,
    /// Loads a word.
    "read" => Read,
    /// Forks a process.
    "fork" => Fork,
    /// Moves a page's frame to swap.
    "evict" => Evict,
    /// Puts a process to sleep.
    "sleep" => Sleep,
    /// Wakes a process.
    "wake" => Wake,
    /// Ends a process.
    "kill" => Kill,
    /// Puts a process on a CPU.
    "switch" => Switch,
    /// Adds pages to a process.
    "map" => MapPages,
    /// Takes pages from a process.
    "unmap" => UnmapPages,
    /// Runs a workload.
    "run" => Run,
    /// Runs scripts side by side.
    "together" => Together,
    /// Waits for the daemons.
    "settle" => Settle,
    /// Remembers all counters.
    "mark" => Mark,
    /// Expects a counter to have a value.
    "expect" when "counter" => ExpectCounter,
    /// Expects so many frames.
    "expect" when "frames" => ExpectFrames,
    /// Expects a list to have a length.
    "expect" when "list" => ExpectList,
    /// Expects so many slots.
    "expect" when "slots" => ExpectSlots,
    /// Expects a page to be in a state.
    "expect" when "page" => ExpectPage,
    /// Expects a process to be in a state.
    "expect" => ExpectProcess,
    /// Audits the machine.
    "audit" => Audit,
}

/// Adds `op`, `fails` and `may_fail` to the schema of an op's own keys.
fn op_schema(name: &str, mut schema: Schema, generator: &mut SchemaGenerator) -> Schema {
    let mut fails = generator.subschema_for::<FailureCode>();
    let may_fail = json_schema!({
        "description": "The failures that the op may meet, as it may succeed; not together with `fails`.",
        "type": "array", "items": fails, "minItems": 1
    });
    fails.insert(
        "description".into(),
        "The failure that the op has to meet; success is then a failure.".into(),
    );
    let object = schema.ensure_object();
    let own = object.remove("properties");
    let mut properties = Map::new();
    properties.insert("op".into(), json_schema!({"type": "string", "const": name}).into());
    if let Some(Value::Object(own)) = own {
        properties.extend(own);
    }
    properties.insert("fails".into(), fails.into());
    properties.insert("may_fail".into(), may_fail.into());
    object.insert("properties".into(), Value::Object(properties));
    let required = object.entry("required").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(required) = required {
        required.insert(0, "op".into());
    }
    schema
}

impl JsonSchema for Op {
    fn schema_name() -> Cow<'static, str> {
        "Op".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let simple = generator.subschema_for::<SimpleOp>();
        let (_, together) = Action::schemas(generator);
        json_schema!({"description": "One op of a script.", "oneOf": [simple, together]})
    }
}

/// Stands for any op but `together`, in the schema alone.
pub(super) struct SimpleOp;

impl JsonSchema for SimpleOp {
    fn schema_name() -> Cow<'static, str> {
        "SimpleOp".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (simple, _) = Action::schemas(generator);
        json_schema!({"description": "One op of a script: any but `together`.", "oneOf": simple})
    }
}

/// Takes a key out of a document's object, and reads it.
fn taken<T: DeserializeOwned>(
    map: &mut Map<String, Value>,
    key: &str,
) -> Result<Option<T>, serde_json::Error> {
    map.remove(key).map(|value| T::deserialize(Checked(value))).transpose()
}

impl<'de> Deserialize<'de> for Op {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut map = Map::deserialize(deserializer)?;
        let name = match map.remove("op") {
            Some(Value::String(name)) => name,
            Some(_) => return Err(de::Error::custom("`op` is not a string")),
            None => return Err(de::Error::missing_field("op")),
        };
        let fails = taken(&mut map, "fails").map_err(de::Error::custom)?;
        let may_fail = taken(&mut map, "may_fail").map_err(de::Error::custom)?;
        let action = Action::from_map(&name, map).map_err(de::Error::custom)?;
        Ok(Self { fails, may_fail: may_fail.unwrap_or_default(), action })
    }
}

impl Serialize for Op {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = Map::new();
        map.insert("op".into(), self.action.name().into());
        if let Value::Object(keys) = self.action.to_value().map_err(ser::Error::custom)? {
            map.extend(keys);
        }
        if let Some(code) = self.fails {
            map.insert("fails".into(), code.name().into());
        }
        if !self.may_fail.is_empty() {
            let codes = self.may_fail.iter().map(|code| code.name());
            map.insert("may_fail".into(), codes.collect());
        }
        map.serialize(serializer)
    }
}
