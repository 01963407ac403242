//! The format defines the scenario document: the one text that the URL, the page, the command line and the
//! tests share.
//!
//! These types are the format. The JSON Schema is generated from them, and the reader checks a
//! document against that schema before it decodes it, so the two cannot drift apart.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Map, Value};

use super::decode::Checked;
pub use super::lesson::*;
pub use super::op::*;
pub use super::pattern::*;
use crate::options::MachineOptions;
use crate::runtime::{Costs, LockKind};

/// The version of the format that this engine reads and writes.
pub const FORMAT: u32 = 1;
/// The greatest number a scenario can carry, 2^53 - 1: the last integer that JavaScript holds exactly.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A scenario describes a machine, how it runs, and the script that runs on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Where an editor finds the schema, to complete and check what is typed: a path from the file, or an address.
    /// The engine reads no more than that it is a text.
    #[serde(rename = "$schema", default, skip_serializing_if = "String::is_empty")]
    pub schema: String,
    /// The version of the format: 1.
    #[schemars(range(min = 1, max = 1))]
    pub faultline: u32,
    /// What the scenario shows, in a few words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What a reader is to know before it runs: what it shows, and what to look for. The words of a scenario change
    /// nothing that happens in it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(length(max = 4000))]
    pub about: String,
    /// Other scenarios to try: each is this one with settings laid over it, `/PLACE=VALUE`, as the command's
    /// `--set` has them. The first one names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        length(max = 16),
        inner(length(min = 1, max = 16), inner(length(min = 3, max = 200)))
    )]
    pub variants: Vec<Vec<String>>,
    /// The machine; every key has a default.
    #[serde(default, serialize_with = "machine_as_said")]
    pub machine: MachineOptions,
    /// How it runs.
    #[serde(default)]
    pub runtime: RuntimeOptions,
    /// What happens, in order.
    #[serde(default)]
    pub script: Vec<Op>,
}

/// Writes a machine: one that said its `data_frames` does not say `frames` too.
fn machine_as_said<S: Serializer>(
    machine: &MachineOptions,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if machine.data_frames.is_none() {
        return machine.serialize(serializer);
    }
    let mut value = serde_json::to_value(machine).map_err(ser::Error::custom)?;
    if let Value::Object(keys) = &mut value {
        keys.remove("frames");
    }
    value.serialize(serializer)
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            schema: String::new(),
            faultline: FORMAT,
            title: String::new(),
            about: String::new(),
            variants: Vec::new(),
            machine: MachineOptions::default(),
            runtime: RuntimeOptions::default(),
            script: Vec::new(),
        }
    }
}

/// The runtime on which a scenario runs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
#[allow(
    clippy::large_enum_variant,
    reason = "a document has one; how large it is differs by target"
)]
pub enum RuntimeOptions {
    /// Virtual CPUs in virtual time: the same seed gives the same events everywhere.
    Virtual {
        /// Decides which of several CPUs at the same virtual time goes next, and every draw of the machine.
        #[serde(default)]
        #[schemars(range(min = 0, max = 9_007_199_254_740_991_u64))]
        seed: u64,
        /// What things cost, in nanoseconds of virtual time.
        #[serde(default)]
        costs: Costs,
        /// Whether the virtual CPUs know cache lines: each has the CPU that wrote it last and those that have read
        /// it since, an access that needs it from elsewhere costs `line_transfer`, and a line serves one transfer
        /// at a time. Otherwise an access costs the same whoever has the line.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        coherence: bool,
        /// How a CPU waits for a lock, and which of those that wait has it next. Under a schedule, which says itself who goes
        /// on, all locks are queues. Threads have one kind, which looks for a while and then sleeps, and refuse this key.
        #[serde(default, skip_serializing_if = "is_usual")]
        lock_kind: LockKind,
        /// A schedule, which chooses the task of each step instead of virtual time: a step, counted from 0 at boot,
        /// and the task that takes it, for each step that deviates from the rule. By the rule the task that took
        /// the last step goes on until it has to wait; then the next task in turn does. CPUs are numbered
        /// from 0; the trimmer, the writer and the zeroer follow.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(max = 4096), inner(inner(range(min = 0, max = 4_294_967_295_u64))))]
        schedule: Option<Vec<[u64; 2]>>,
    },
    /// Real threads in real time.
    Threads {},
}

/// The keys of [`RuntimeOptions::Virtual`].
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct VirtualOptions {
    seed: u64,
    costs: Costs,
    coherence: bool,
    lock_kind: LockKind,
    schedule: Option<Vec<[u64; 2]>>,
}

/// Whether a value is the default of its kind.
fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Reads the tag first, as for an op: serde's own reader of a tag is several times as much code.
impl<'de> Deserialize<'de> for RuntimeOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut map = Map::deserialize(deserializer)?;
        let kind = map.remove("kind").ok_or_else(|| de::Error::missing_field("kind"))?;
        match kind.as_str() {
            Some("virtual") => {
                let options = VirtualOptions::deserialize(Checked(Value::Object(map)));
                let VirtualOptions { seed, costs, coherence, lock_kind, schedule } =
                    options.map_err(de::Error::custom)?;
                Ok(Self::Virtual { seed, costs, coherence, lock_kind, schedule })
            }
            Some("threads") => match map.keys().next() {
                None => Ok(Self::Threads {}),
                Some(key) => Err(de::Error::unknown_field(key, &[])),
            },
            _ => Err(de::Error::custom(format!("no runtime is called {kind}"))),
        }
    }
}

impl Default for RuntimeOptions {
    fn default() -> Self {
        Self::Virtual {
            seed: 0,
            costs: Costs::default(),
            coherence: false,
            lock_kind: LockKind::default(),
            schedule: None,
        }
    }
}
