//! The machine of a textbook has one CPU, some frames for data, and nothing that works ahead of a fault. This says how a
//! machine differs from it, and makes a document's machine one.

use serde_json::{Map, Value, json};

use crate::options::{ClockTick, Eviction, MachineOptions, Reads, TickUnit};

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
    said.extend(unsaid_tick(machine));
    if said.is_empty() {
        return None;
    }
    Some(format!("a textbook counts the faults of another machine: {}", said.join("; ")))
}

/// Says that a clock ticks as suits the machine, where the policy counts ticks. Only the book can say when its own does,
/// so that no machine is made to.
fn unsaid_tick(machine: &MachineOptions) -> Option<String> {
    let ClockTick { unit, every } = machine.clock_tick;
    if !machine.policy.ticks() || machine.clock_tick != ClockTick::usual(unit, machine.frames) {
        return None;
    }
    let unit = match unit {
        TickUnit::References => "references",
        TickUnit::Faults => "faults",
        TickUnit::Nanoseconds => "nanoseconds",
    };
    Some(format!(
        "the clock ticks after a number of {unit} that suits the frames, {every}, and the book says after how many \
         references, N (clock_tick = {{\"unit\": \"references\", \"every\": N}})"
    ))
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

    #[test]
    fn p17_of_a_clock_tick_that_nobody_chose_the_book_says_when_it_comes() {
        let said = |machine: Value| {
            let mut document = json!({"faultline": 1, "machine": machine});
            lay_over(&mut document, 4);
            let machine = serde_json::from_value(document["machine"].clone()).unwrap();
            differences(&machine, 3)
        };
        for policy in ["aging", "nru"] {
            let usual = said(json!({"policy": policy})).unwrap();
            assert_eq!(
                usual,
                "a textbook counts the faults of another machine: the clock ticks after a number of faults that suits \
                 the frames, 8, and the book says after how many references, N (clock_tick = {\"unit\": \
                 \"references\", \"every\": N})"
            );
            let tick = json!({"unit": "references", "every": 4});
            assert_eq!(said(json!({"policy": policy, "clock_tick": tick})), None);
        }
        assert_eq!(said(json!({"policy": "clock"})), None);
    }
}
