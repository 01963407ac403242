//! An op of a script, and the action that its `op` key chooses.
//!
//! Every op refuses unknown keys. Serde cannot do that for a flattened struct, so [`Op`] is decoded
//! in two steps: take out `op` and the keys that every op may have, then read the rest as the struct that `op` names.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Map, Value};

pub use super::actions::*;
use super::decode::Checked;
use super::lesson::{MAX_NOTE, Question};
use super::names::FailureCode;

/// One op of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Op {
    /// The failure that the op has to meet; success is then a failure of the scenario.
    pub fails: Option<FailureCode>,
    /// The failures that it may meet, as it may succeed: what comes of a race.
    pub may_fail: Vec<FailureCode>,
    /// What a reader should see in it.
    pub note: String,
    /// What a reader is asked before it runs.
    pub question: Option<Question>,
    /// What it does.
    pub action: Action,
}

/// Runs scripts side by side, each in its own order; done when all are. It does not nest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Together {
    /// The scripts.
    #[schemars(with = "Vec<Vec<ListedOp>>")]
    pub scripts: Vec<Vec<Op>>,
}

/// Runs a script again and again. In the names of its processes and marks `#` is the turn's number, counted
/// from 0. A repeat stands in no other repeat; it can stand in a list of a `together`, and a `together` in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// How often. All repeats of a document come to 1,000,000 ops at most, each counted as often as it runs.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub times: u32,
    /// What is done in each turn.
    #[schemars(with = "Vec<RepeatedOp>", length(min = 1))]
    pub script: Vec<Op>,
}

/// The most ops that all repeats of a document come to, each counted as often as it runs.
pub const MOST_REPEATED: u64 = 1_000_000;

impl Op {
    /// Visits this op and the ops in it, each with how often it is done when this one is done once.
    pub fn each<'op>(&'op self, times: u64, visit: &mut dyn FnMut(&'op Self, u64)) {
        visit(self, times);
        match &self.action {
            Action::Together(together) => {
                together.scripts.iter().flatten().for_each(|op| op.each(times, visit));
            }
            Action::Repeat(repeat) => {
                let times = times.saturating_mul(repeat.times.into());
                repeat.script.iter().for_each(|op| op.each(times, visit));
            }
            _ => {}
        }
    }

    /// Counts the ops that it comes to. A `repeat` itself is none.
    #[must_use]
    pub fn count(&self) -> u64 {
        let mut count: u64 = 0;
        self.each(1, &mut |op, times| {
            let is_one = !matches!(op.action, Action::Repeat(_));
            count = count.saturating_add(times * u64::from(is_one));
        });
        count
    }

    /// Returns the op as it is in a turn of a `repeat`: `#` in its names is the turn's number.
    #[must_use]
    pub fn in_turn(&self, turn: u32) -> Self {
        let mut op = self.clone();
        op.action.each_name(&mut |name| {
            if name.contains('#') {
                *name = name.replace('#', &turn.to_string());
            }
        });
        op
    }
}

impl Action {
    /// Returns the one number that an `expect` allows, if it allows one alone.
    #[must_use]
    pub fn expected_number(&self) -> Option<u64> {
        match self {
            Self::ExpectCounter(expect) => expect.equals,
            Self::ExpectFrames(expect) => expect.equals,
            Self::ExpectList(expect) => expect.equals,
            Self::ExpectSlots(expect) => expect.equals,
            _ => None,
        }
    }

    /// Visits the names of processes and marks in it.
    fn each_name(&mut self, visit: &mut dyn FnMut(&mut String)) {
        match self {
            Self::Spawn(Spawn { name, .. }) | Self::Mark(Mark { name }) => visit(name),
            Self::Fork(Fork { process, name }) => {
                visit(process);
                visit(name);
            }
            Self::Write(Write { process, .. })
            | Self::Read(Read { process, .. })
            | Self::Evict(Evict { process, .. })
            | Self::Sleep(Sleep { process })
            | Self::Wake(Wake { process })
            | Self::Kill(Kill { process })
            | Self::Switch(Switch { process, .. })
            | Self::MapPages(MapPages { process, .. })
            | Self::UnmapPages(UnmapPages { process, .. })
            | Self::Run(Run { process, .. }) => visit(process),
            Self::Together(together) => {
                let ops = together.scripts.iter_mut().flatten();
                ops.for_each(|op| op.action.each_name(visit));
            }
            Self::Repeat(repeat) => {
                repeat.script.iter_mut().for_each(|op| op.action.each_name(visit));
            }
            Self::Check(Check { process }) => process.iter_mut().for_each(visit),
            Self::ExpectCounter(expect) => expect.since.iter_mut().for_each(visit),
            Self::ExpectPage(expect) => {
                visit(&mut expect.process);
                let others = [&mut expect.same_frame_as, &mut expect.other_frame_than];
                others.into_iter().flatten().for_each(|other| visit(&mut other.process));
            }
            Self::ExpectProcess(expect) => {
                visit(&mut expect.process);
                if let Some(Parent::Name(name)) = &mut expect.parent {
                    visit(name);
                }
            }
            Self::ExpectFrames(_)
            | Self::ExpectList(_)
            | Self::ExpectSlots(_)
            | Self::Settle(_)
            | Self::Audit(_) => {}
        }
    }
}

impl From<Action> for Op {
    fn from(action: Action) -> Self {
        Self { fails: None, may_fail: Vec::new(), note: String::new(), question: None, action }
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
            /// The values that the key `op` can have.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// Returns the value of the key `op` for this action.
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

            /// Makes the schema of each op, by its name.
            fn schemas(generator: &mut SchemaGenerator) -> Vec<(&'static str, Schema)> {
                vec![$(($name, op_schema($name, <$variant>::json_schema(generator), generator)),)*]
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
    /// Runs a script again and again.
    "repeat" => Repeat,
    /// Waits for the daemons.
    "settle" => Settle,
    /// Saves the values of all counters.
    "mark" => Mark,
    /// Expects a counter to have a value.
    "expect" when "counter" => ExpectCounter,
    /// Expects a number of frames to be in use for something.
    "expect" when "frames" => ExpectFrames,
    /// Expects a list to have a length.
    "expect" when "list" => ExpectList,
    /// Expects a number of slots to be free or used.
    "expect" when "slots" => ExpectSlots,
    /// Expects a page to be in a state.
    "expect" when "page" => ExpectPage,
    /// Expects a process to be in a state.
    "expect" => ExpectProcess,
    /// Compares every word with what the script stored.
    "check" => Check,
    /// Audits the machine.
    "audit" => Audit,
}

/// Adds `op` and the keys that every op may have to the schema of an op's own keys.
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
    let note = json_schema!({
        "description": "What a reader should see in it, shown while the line is under way and after it.",
        "type": "string", "minLength": 1, "maxLength": MAX_NOTE
    });
    let mut question = generator.subschema_for::<Question>();
    question.insert(
        "description".into(),
        "What a reader is asked before it runs; for a line of the script itself.".into(),
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
    properties.insert("note".into(), note.into());
    properties.insert("question".into(), question.into());
    object.insert("properties".into(), Value::Object(properties));
    let required = object.entry("required").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(required) = required {
        required.insert(0, "op".into());
    }
    schema
}

/// Makes the schemas of the ops that have other ops in them, `together` and `repeat`, or of all but those.
fn schemas_of(generator: &mut SchemaGenerator, composite: bool) -> Vec<Schema> {
    let all = Action::schemas(generator).into_iter();
    let is_composite = |name: &str| ["together", "repeat"].contains(&name);
    all.filter(|(name, _)| is_composite(name) == composite).map(|(_, schema)| schema).collect()
}

/// Makes the schema of `together` or `repeat` where all that can stand in it are simple ops.
fn schema_of_simple(generator: &mut SchemaGenerator, name: &str, items: &str) -> Schema {
    let simple = generator.subschema_for::<SimpleOp>();
    let mut all = Action::schemas(generator).into_iter();
    let (_, mut schema) = all.find(|(known, _)| *known == name).expect("an op of this name");
    *schema.pointer_mut(items).expect("a list of ops") = simple.into();
    schema
}

impl JsonSchema for Op {
    fn schema_name() -> Cow<'static, str> {
        "Op".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut all = vec![generator.subschema_for::<SimpleOp>()];
        all.extend(schemas_of(generator, true));
        json_schema!({"description": "One op of a script.", "oneOf": all})
    }
}

/// Stands for any op but `together` and `repeat`, in the schema alone.
pub(super) struct SimpleOp;

impl JsonSchema for SimpleOp {
    fn schema_name() -> Cow<'static, str> {
        "SimpleOp".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let simple = schemas_of(generator, false);
        let description = "One op of a script: any but `together` and `repeat`.";
        json_schema!({"description": description, "oneOf": simple})
    }
}

/// Stands for any op that a list of a `together` can have, in the schema alone.
pub(super) struct ListedOp;

impl JsonSchema for ListedOp {
    fn schema_name() -> Cow<'static, str> {
        "ListedOp".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let simple = generator.subschema_for::<SimpleOp>();
        let repeat = schema_of_simple(generator, "repeat", "/properties/script/items");
        let description = "One op of a list of `together`: any other, or a `repeat` of others.";
        json_schema!({"description": description, "oneOf": [simple, repeat]})
    }
}

/// Stands for any op that a `repeat` can have, in the schema alone.
pub(super) struct RepeatedOp;

impl JsonSchema for RepeatedOp {
    fn schema_name() -> Cow<'static, str> {
        "RepeatedOp".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let simple = generator.subschema_for::<SimpleOp>();
        let together = schema_of_simple(generator, "together", "/properties/scripts/items/items");
        let description = "One op of a `repeat`: any other, or a `together` of others.";
        json_schema!({"description": description, "oneOf": [simple, together]})
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
        let note: Option<String> = taken(&mut map, "note").map_err(de::Error::custom)?;
        let question = taken(&mut map, "question").map_err(de::Error::custom)?;
        let action = Action::from_map(&name, map).map_err(de::Error::custom)?;
        let (may_fail, note) = (may_fail.unwrap_or_default(), note.unwrap_or_default());
        Ok(Self { fails, may_fail, note, question, action })
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
        if !self.note.is_empty() {
            map.insert("note".into(), self.note.as_str().into());
        }
        if let Some(question) = &self.question {
            let question = serde_json::to_value(question).map_err(ser::Error::custom)?;
            map.insert("question".into(), question);
        }
        map.serialize(serializer)
    }
}
