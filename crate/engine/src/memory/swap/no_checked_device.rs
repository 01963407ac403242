//! Stands in for `checked_device` in a WebAssembly module for virtual CPUs alone, where a machine has no other device than
//! its own memory: nothing can be a checked device there, so the compiler leaves out all that is done with one.

use super::swap_device::DeviceFailed;
use crate::memory::word::{PAGE_SIZE, Slot};
use crate::parts::MemoryPart;

/// A checked device, of which there is none.
#[derive(Debug)]
pub enum CheckedDevice {}

impl CheckedDevice {
    pub(super) fn checksums_part(&self) -> MemoryPart {
        match *self {}
    }

    pub(super) fn read(&self, _: Slot) -> Result<[u8; PAGE_SIZE], DeviceFailed> {
        match *self {}
    }

    pub(super) fn write(&self, _: Slot, _: &[u8; PAGE_SIZE]) -> Result<(), DeviceFailed> {
        match *self {}
    }

    pub(super) fn trouble(&self) -> String {
        match *self {}
    }

    pub(super) fn failures_in_a_row(&self) -> u64 {
        match *self {}
    }
}
