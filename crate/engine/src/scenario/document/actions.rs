//! The actions define the keys of each op that has no other ops in it, as structs that refuse unknown keys.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use super::names::{CounterName, FrameUse, ListName, PteState, SlotUse, StateName};
use super::pattern::Pattern;

/// Starts a process whose pages are all on the zero page. 4,096 processes can live at one time; each has
/// 1 to 262,144 pages, and a directory and a table for each 512 pages, in protected frames of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spawn {
    /// Its name, never used before.
    #[serde(rename = "as")]
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
    /// How many pages it has.
    #[schemars(range(min = 1, max = 262_144))]
    pub pages: u32,
}

/// Stores a word; a write-protected page is copied first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Write {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
    /// The page.
    pub page: u32,
    /// The byte in the page, a multiple of 8.
    #[serde(default)]
    #[schemars(range(min = 0, max = 4088), extend("multipleOf" = 8))]
    pub offset: u32,
    /// The word to store.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_u64))]
    pub value: u64,
}

/// Loads a word, and can expect what it finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
    /// The page.
    pub page: u32,
    /// The byte in the page, a multiple of 8.
    #[serde(default)]
    #[schemars(range(min = 0, max = 4088), extend("multipleOf" = 8))]
    pub offset: u32,
    /// What the word has to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_u64))]
    pub expect: Option<u64>,
}

/// Forks a process: the child shares every page, and no data is copied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fork {
    /// The parent.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
    /// The child's name, never used before.
    #[serde(rename = "as")]
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
}

/// Moves the page's frame to swap, for all its sharers; the op ends when the page is there. A page without
/// a frame is left alone. The process may sleep. Without a free slot the op fails with `out-of-swap`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evict {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
    /// The page.
    pub page: u32,
}

/// Puts a process to sleep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sleep {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
}

/// Wakes a process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wake {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
}

/// Ends a process and frees the frames and slots that no other process shares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kill {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
}

/// Puts a process on a CPU; the one that was there sleeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// The CPU, counted from 0.
    #[schemars(range(min = 0, max = 127))]
    pub cpu: u32,
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
}

/// Maps new pages, all on the zero page: at the lowest page numbers that have room for all of them, or
/// at `at`. Page numbers are used again once they are unmapped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MapPages {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
    /// How many.
    #[schemars(range(min = 1, max = 262_144))]
    pub pages: u32,
    /// The first page; `out-of-range` if one of them is mapped already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 262_143))]
    pub at: Option<u32>,
    /// Whether no write to them is ever allowed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
}

/// Unmaps pages of a process and discards their contents. A page table with no page left is freed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnmapPages {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
    /// The first page.
    pub page: u32,
    /// How many.
    #[schemars(range(min = 1, max = 262_144))]
    pub pages: u32,
}

/// Runs a workload; it stamps what it writes and checks what it reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
    /// How many CPUs share the work and the address space.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 128))]
    pub cpus: u32,
    /// Which pages, in which order.
    pub pattern: Pattern,
    /// The first page and the one after the last; all of the process's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<[u32; 2]>,
    /// How many accesses, over all CPUs. Left out: as many as the trace or the list has references, or
    /// as the range has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_u64))]
    pub accesses: Option<u64>,
    /// The share of writes, 0 to 1. A trace and a list of references have their own.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub writes: f64,
    /// Decides every draw of the workload.
    #[serde(default)]
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_u64))]
    pub seed: u64,
}

/// Compares every word of a process with what the script stored there: its writes and workloads. The
/// machine comes to rest first, and is read in place, without faults. A word that two ops stored to at the
/// same time is not known, nor is one in a child that was stored to in its parent during the fork.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Which process; all that live when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub process: Option<String>,
}

/// Waits until the daemons have nothing left to do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settle {}

/// A page of a process, as `expect` compares it with another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PagePlace {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
    /// The page.
    pub page: u32,
}

/// Expects a page to be in a state: at least one of the keys beside `process` and `page`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [
    {"required": ["pte"]}, {"required": ["shared"]}, {"required": ["dirty"]}, {"required": ["accessed"]},
    {"required": ["writable"]}, {"required": ["same_frame_as"]}, {"required": ["other_frame_than"]}
]))]
pub struct ExpectPage {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
    /// The page.
    pub page: u32,
    /// What its PTE says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pte: Option<PteState>,
    /// How many PTEs refer to its frame, valid or in transition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<u32>,
    /// Whether its frame has to be written to swap before another page can have it: by the PTE's dirty
    /// bit or the frame's. False for a page without a frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dirty: Option<bool>,
    /// Whether it was touched since its accessed bit was last cleared. False for a page that is not mapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accessed: Option<bool>,
    /// Whether its PTE is valid and lets stores through. False for a page that is shared or not mapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writable: Option<bool>,
    /// Another page, which has the same frame; a page without a frame has none in common.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_frame_as: Option<PagePlace>,
    /// Another page, which has another frame; both pages have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_frame_than: Option<PagePlace>,
}

/// The parent that a process is expected to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// A process of this name.
    Name(String),
    /// There is none: the process was spawned, or all its ancestors were killed.
    Nobody,
}

impl Serialize for Parent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Name(name) => serializer.serialize_str(name),
            Self::Nobody => serializer.serialize_unit(),
        }
    }
}

impl<'de> Deserialize<'de> for Parent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self::Nobody),
            Value::String(name) => Ok(Self::Name(name)),
            _ => Err(de::Error::custom("a parent is a name or null")),
        }
    }
}

impl JsonSchema for Parent {
    fn schema_name() -> Cow<'static, str> {
        "Parent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The name of a parent, or null for none.",
            "oneOf": [
                {"description": "A living process of this name.", "type": "string", "minLength": 1, "maxLength": 64},
                {"description": "None: it was spawned, or all its ancestors were killed.", "const": null}
            ]
        })
    }
}

/// Expects a process to be in a state: at least one of `parent`, `state` and `pages`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [{"required": ["parent"]}, {"required": ["state"]}, {"required": ["pages"]}]))]
pub struct ExpectProcess {
    /// Which process.
    #[schemars(length(min = 1, max = 64))]
    pub process: String,
    /// Its parent, the nearest ancestor that lives; null for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// What it is doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateName>,
    /// How many pages it has; those that were unmapped do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
}

/// The bounds of an expected number; at least one is given.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Its exact value.
    pub equals: Option<u64>,
    /// The least it may be.
    pub at_least: Option<u64>,
    /// The most it may be.
    pub at_most: Option<u64>,
}

/// Makes the struct of an `expect` of a number, with the key that selects the number and its bounds.
macro_rules! expect_of_a_number {
    ($(#[$doc:meta])* $name:ident { $($keys:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        #[schemars(extend("anyOf" = [{"required": ["equals"]}, {"required": ["at_least"]}, {"required": ["at_most"]}]))]
        pub struct $name {
            $($keys)*
            /// Its exact value.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(range(min = 0, max = 9_007_199_254_740_991_u64))]
            pub equals: Option<u64>,
            /// The least it may be.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(range(min = 0, max = 9_007_199_254_740_991_u64))]
            pub at_least: Option<u64>,
            /// The most it may be.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(range(min = 0, max = 9_007_199_254_740_991_u64))]
            pub at_most: Option<u64>,
        }

        impl $name {
            /// Returns what the number may be.
            pub const fn bounds(&self) -> Bounds {
                Bounds { equals: self.equals, at_least: self.at_least, at_most: self.at_most }
            }
        }
    };
}

expect_of_a_number! {
    /// Expects a counter to have a value: at least one of the three bounds.
    ExpectCounter {
        /// Which counter.
        pub counter: CounterName,
        /// The mark from which it is counted; from boot when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = 64))]
        pub since: Option<String>,
    }
}

expect_of_a_number! {
    /// Expects a number of frames to be in use for something: at least one of the three bounds.
    ExpectFrames {
        /// Which frames.
        pub frames: FrameUse,
    }
}

expect_of_a_number! {
    /// Expects a list to have a length: at least one of the three bounds.
    ExpectList {
        /// Which list.
        pub list: ListName,
    }
}

expect_of_a_number! {
    /// Expects a number of slots to be free or used: at least one of the three bounds.
    ExpectSlots {
        /// Which slots.
        pub slots: SlotUse,
    }
}

/// Saves the values of all counters under a name, for an `expect` of what was counted since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The mark's name, never used before for a mark.
    #[serde(rename = "as")]
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
}

/// Audits every invariant of the machine, now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audit {}

const fn one() -> u32 {
    1
}
