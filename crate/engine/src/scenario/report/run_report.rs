//! The report is the result of a run of a scenario: the object that the command line, the page and the tests read.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use crate::observe::Counters;
use crate::scenario::document::{FailureCode, Op};

/// A report is the result of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Whether every op did what it should and every audit passed.
    pub ok: bool,
    /// What failed, in the order in which it was found.
    pub failures: Vec<Failure>,
    /// What a reader should know of a failure, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What the machine counted.
    pub counters: Counters,
    /// How long each kind of fault took.
    pub latency: Named<Latency>,
    /// What each class of locks cost.
    pub locks: Named<LockProfile>,
    /// The regions of PTEs whose locks cost the most, worst first: 16 at most.
    pub regions: Vec<RegionProfile>,
    /// What the cache lines of each class of words cost that had to travel, where virtual CPUs know cache lines.
    #[serde(default, skip_serializing_if = "Named::is_empty")]
    pub lines: Named<LineProfile>,
    /// The cache lines that CPUs fought over though they used different words of them, those that travelled most
    /// first: 16 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub false_sharing: Vec<FalselySharedLine>,
    /// How many records the rings of events have had, for each ring that has had any: those of the CPUs, the
    /// daemons, and the script's.
    #[serde(default)]
    pub events: Named<EventProfile>,
    /// How long all faults took together, estimated from the timed ones: what waits are a share of.
    pub fault_ns: u64,
    /// How long it took: virtual time of a virtual run, elapsed time on threads.
    pub time_ns: u64,
    /// A hash of all that programs can see: the same for every runtime, policy and size of machine.
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    pub state_hash: String,
    /// A hash of every event of a virtual run; null on threads.
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    pub trace_hash: Option<String>,
}

/// A failure of a run: an expectation, an op or an audit that did not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The JSON Pointer to the op.
    pub at: String,
    /// What should have been.
    pub expected: String,
    /// What was.
    pub found: String,
}

impl Failure {
    /// Makes a failure of the op at `at`.
    pub fn new(
        at: impl Into<String>,
        expected: impl fmt::Display,
        found: impl fmt::Display,
    ) -> Self {
        Self { at: at.into(), expected: expected.to_string(), found: found.to_string() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: expected {}, found {}", self.at, self.expected, self.found)
    }
}

/// The latencies of a kind of fault, in nanoseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    /// How many faults were timed.
    pub count: u64,
    /// Half took no longer.
    pub p50_ns: u64,
    /// 99 of 100 took no longer.
    pub p99_ns: u64,
    /// 999 of 1000 took no longer.
    pub p999_ns: u64,
    /// The longest.
    pub max_ns: u64,
}

/// The profile of a class of locks: how often they were taken, and what they cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LockProfile {
    /// How often one was taken.
    pub acquisitions: u64,
    /// How often it was held by another.
    pub contended: u64,
    /// How long was waited in all.
    pub wait_ns: u64,
    /// How long they were held in all.
    pub hold_ns: u64,
}

/// The profile of the lock of one region of PTEs. Acquisitions and holds are estimated from a sample.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionProfile {
    /// The process, by its number; 0 where one lock guards all.
    pub process: u32,
    /// The region's first page.
    pub page: u32,
    /// What its lock cost.
    pub lock: LockProfile,
}

/// The profile of the cache lines of one class of words: how often they had to travel to a CPU, and what that cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineProfile {
    /// How often a line travelled.
    pub transfers: u64,
    /// How many of these were false sharing: only another word of the line had been written by another CPU.
    pub false_sharing: u64,
    /// How long CPUs waited until the line was free for their transfer.
    pub queued_ns: u64,
    /// How long CPUs lost in all: waiting, and while the line travelled.
    pub lost_ns: u64,
}

/// A cache line that two CPUs or daemons fought over though they used different words of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FalselySharedLine {
    /// How many of its transfers were false sharing. All else is about the last of them.
    pub transfers: u64,
    /// The class of the word that was needed, the record that it is in, and the CPU or daemon that needed it.
    pub needed: LineUse,
    /// The same of the word that had been written.
    pub written: LineUse,
}

/// The use of one word of a cache line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineUse {
    /// The class of the word.
    pub word: String,
    /// The number of its record in its part.
    pub record: u64,
    /// The CPU or daemon.
    pub by: String,
}

/// The records of the ring of events of a CPU, a daemon or the script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventProfile {
    /// Records written to it.
    pub recorded: u64,
    /// Records that were overwritten: a ring keeps the latest.
    pub dropped: u64,
}

/// The outcome of one op.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpOutcome {
    /// Whether it did what it should; an op with `fails` should fail.
    pub ok: bool,
    /// The word that a `read` loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<u64>,
    /// How it failed, expected or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<FailureCode>,
    /// Why it failed, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What failed, as the report lists it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<Failure>,
}

impl OpOutcome {
    /// Judges the op at `at`: compares what it did with the failure that it had to meet.
    #[must_use]
    pub fn judge(
        at: &str,
        expected: Option<FailureCode>,
        result: Result<Option<u64>, (FailureCode, String)>,
    ) -> Self {
        let (value, met) = match result {
            Ok(value) => (value, None),
            Err((code, message)) => (None, Some((code, message))),
        };
        let code = met.as_ref().map(|(code, _)| *code);
        let mut outcome = Self {
            ok: true,
            value,
            code,
            message: met.map(|(_, message)| message),
            failures: Vec::new(),
        };
        if code != expected {
            let name = |code: Option<FailureCode>| code.map_or("success", FailureCode::name);
            let found = outcome
                .message
                .as_ref()
                .map_or_else(|| name(code).into(), |why| format!("{}: {why}", name(code)));
            outcome.fail(Failure::new(at, name(expected), found));
        }
        outcome
    }

    /// Judges an op: compares its result with the failure that it had to meet or those that it could.
    #[must_use]
    pub fn of(op: &Op, at: &str, result: Result<Option<u64>, (FailureCode, String)>) -> Self {
        match &result {
            Err((code, _)) if op.may_fail.contains(code) => Self::judge(at, Some(*code), result),
            Err(_) if !op.may_fail.is_empty() => {
                let mut outcome = Self::judge(at, None, result);
                let codes: Vec<_> = op.may_fail.iter().map(|code| code.name()).collect();
                for failure in &mut outcome.failures {
                    failure.expected = format!("success or {}", codes.join(", "));
                }
                outcome
            }
            _ => Self::judge(at, op.fails, result),
        }
    }

    /// Adds a failure.
    pub fn fail(&mut self, failure: Failure) {
        self.ok = false;
        if self.message.is_none() {
            self.message = Some(format!("expected {}, found {}", failure.expected, failure.found));
        }
        self.failures.push(failure);
    }
}

/// Formats a hash as reports show it: 16 hexadecimal digits, which JavaScript cannot round.
#[must_use]
pub fn hash_text(hash: u64) -> String {
    format!("{hash:016x}")
}

/// Values by name, in the order in which they were put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T>(pub Vec<(String, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Named<T> {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl<N: Into<String>, T> FromIterator<(N, T)> for Named<T> {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(items: I) -> Self {
        Self(items.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Named<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("values by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Named<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = access.next_entry()? {
                    entries.push(entry);
                }
                Ok(Named(entries))
            }
        }
        deserializer.deserialize_map(Entries(std::marker::PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Named<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Named{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({"type": "object", "additionalProperties": value})
    }
}
