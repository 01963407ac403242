//! Machines whose swap device fails when a test says so, and the ops that tests of devices do to them.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::support::devices::{self, Faults, slots};
use crate::support::rig::Rig;
use crate::support::{threads, virtual_cpus};

pub(super) fn runtimes() -> [Value; 3] {
    [threads(), virtual_cpus(1), virtual_cpus(2)]
}

/// A machine whose device is memory that can be made to fail.
pub(super) fn failing(options: Value, runtime: Value) -> (Rig, Arc<Faults>) {
    let (device, faults) = Faults::over(devices::memory(slots(&options)));
    (Rig::on(options, runtime, device), faults)
}

/// Stores into a page's last word, which half of a page does not have.
pub(super) fn write(process: &str, page: u32, value: u64) -> Value {
    json!({"op": "write", "process": process, "page": page, "offset": 4088, "value": value})
}

pub(super) fn read(process: &str, page: u32, value: u64) -> Value {
    json!({"op": "read", "process": process, "page": page, "offset": 4088, "expect": value})
}

pub(super) fn evict(process: &str, page: u32) -> Value {
    json!({"op": "evict", "process": process, "page": page})
}

pub(super) fn fails(mut op: Value) -> Value {
    op["fails"] = "swap-failed".into();
    op
}
