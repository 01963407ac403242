//! The machine of a textbook has one CPU, some frames for data, and nothing that works ahead of a fault. This says how a
//! machine differs from it, and makes a document's machine one.

use serde_json::{Map, Value, json};

use crate::options::{Eviction, MachineOptions, Reads};

/// A difference between a machine and a textbook's that changes how many faults a string of references has.
struct Difference {
    key: &'static str,
    /// What a textbook's machine has.
    value: fn() -> Value,
    differs: fn(&MachineOptions) -> bool,
    /// What the machine does instead.
    words: &'static str,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        key: "reads",
        value: || json!("allocate"),
        differs: |machine| machine.reads != Reads::Allocate,
        words: "reads of untouched pages take no frame here",
    },
    Difference {
        key: "eviction",
        value: || json!("synchronous"),
        differs: |machine| machine.eviction != Eviction::Synchronous,
        words: "the trimmer works ahead of the faults",
    },
    Difference {
        key: "zeroer",
        value: || json!(false),
        differs: |machine| machine.zeroer,
        words: "a daemon takes free frames to zero them",
    },
    Difference {
        key: "cpus",
        value: || json!(1),
        differs: |machine| machine.cpus > 1,
        words: "several CPUs keep frames at hand",
    },
];

/// Says in one line what stands between a machine and a textbook's number of faults; nothing if it is only the
/// number of frames, and `data_frames` said it. `protected` frames hold page tables and the zero page.
pub(in crate::scenario) fn differences(machine: &MachineOptions, protected: u32) -> Option<String> {
    let differing = DIFFERENCES.iter().filter(|each| (each.differs)(machine));
    let mut said: Vec<String> = differing
        .map(|each| format!("{} ({} = {})", each.words, each.key, plain(&(each.value)())))
        .collect();
    if machine.data_frames.is_none() {
        let left = machine.frames.saturating_sub(protected);
        said.push(format!(
            "{left} of the {} frames are left for data (data_frames = 3)",
            machine.frames
        ));
    }
    if said.is_empty() {
        return None;
    }
    Some(format!("a textbook counts the faults of another machine: {}", said.join("; ")))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Makes the machine of a document a textbook's with so many frames for data.
pub(super) fn lay_over(document: &mut Value, data_frames: u32) {
    let Value::Object(document) = document else { return };
    let machine = document.entry("machine").or_insert_with(|| Map::new().into());
    let Value::Object(machine) = machine else { return };
    machine.remove("frames");
    machine.insert("data_frames".into(), data_frames.into());
    for difference in DIFFERENCES {
        machine.insert(difference.key.into(), (difference.value)());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p17_a_machine_says_what_stands_between_it_and_a_textbooks_number() {
        let usual = MachineOptions { frames: 8, ..MachineOptions::default() };
        assert_eq!(
            differences(&usual, 3).unwrap(),
            "a textbook counts the faults of another machine: reads of untouched pages take no frame here (reads = \
             allocate); the trimmer works ahead of the faults (eviction = synchronous); a daemon takes free frames to \
             zero them (zeroer = false); several CPUs keep frames at hand (cpus = 1); 5 of the 8 frames are left for \
             data (data_frames = 3)"
        );
        let mut document = json!({"faultline": 1, "machine": {"frames": 8, "policy": "lru"}});
        lay_over(&mut document, 3);
        let machine: MachineOptions = serde_json::from_value(document["machine"].clone()).unwrap();
        assert_eq!(differences(&machine, 3), None);
        assert_eq!(document["machine"]["policy"], "lru");
        assert_eq!(document["machine"].get("frames"), None);
    }
}
