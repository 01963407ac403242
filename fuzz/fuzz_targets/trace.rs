//! Feeds bytes to the readers of traces.

#![no_main]

use faultline_fuzz::properties;
use libfuzzer_sys::fuzz_target;

#[path = "../../crate/traces/tests/it/properties.rs"]
mod of_any_format;

fuzz_target!(|bytes: &[u8]| {
    properties::trace(bytes);
    of_any_format::any_trace(bytes);
});
