//! The device behind a machine's slots: its own memory, or natively and on threads another device that is checked.

use super::checked_device::CheckedDevice;
#[cfg(target_arch = "wasm32")]
use super::sparse_slots::SparseSlots as MemorySlots;
use super::swap_device::DeviceFailed;
#[cfg(any(not(target_arch = "wasm32"), feature = "threads"))]
use super::swap_device::SwapDevice;
#[cfg(not(target_arch = "wasm32"))]
use super::whole_slots::WholeSlots as MemorySlots;
use crate::memory::frames::Pages;
use crate::memory::word::{PAGE_SIZE, PAGE_WORDS, Pfn, Slot};
use crate::parts::MemoryPart;

/// The device of a machine.
#[derive(Debug)]
pub enum Device {
    /// Memory of this program.
    Memory(MemorySlots),
    /// Another device, which can fail.
    Checked(CheckedDevice),
}

impl Device {
    /// Returns a memory device for slots 1 to `slots`, or none when there is not that much memory.
    pub fn memory(slots: u32) -> Option<Self> {
        MemorySlots::new(slots).map(Self::Memory)
    }

    /// Returns a checked device for slots 1 to `slots`.
    #[cfg(any(not(target_arch = "wasm32"), feature = "threads"))]
    pub fn checked(device: Box<dyn SwapDevice>, slots: u32) -> Self {
        Self::Checked(CheckedDevice::new(device, slots))
    }

    /// Returns its words, as parts of memory.
    pub(crate) fn parts(&self) -> Vec<MemoryPart> {
        match self {
            Self::Memory(slots) => slots.parts(),
            Self::Checked(device) => vec![device.checksums_part()],
        }
    }

    #[inline]
    pub(super) fn read(&self, slot: Slot, frames: &Pages, frame: Pfn) -> Result<(), DeviceFailed> {
        match self {
            Self::Memory(slots) => slots.read(slot, frames, frame),
            Self::Checked(device) => return Self::read_checked(device, slot, frames, frame),
        }
        Ok(())
    }

    // Out of line, so that no read from memory makes room for a page.
    #[inline(never)]
    fn read_checked(
        device: &CheckedDevice,
        slot: Slot,
        frames: &Pages,
        frame: Pfn,
    ) -> Result<(), DeviceFailed> {
        frames.write_bytes(frame.0, &device.read(slot)?);
        Ok(())
    }

    #[inline]
    pub(super) fn write(&self, slot: Slot, frames: &Pages, frame: Pfn) -> Result<(), DeviceFailed> {
        match self {
            Self::Memory(slots) => {
                slots.write(slot, frames, frame);
                Ok(())
            }
            Self::Checked(device) => {
                let mut page = [0; PAGE_SIZE];
                frames.read_bytes(frame.0, &mut page);
                device.write(slot, &page)
            }
        }
    }

    pub(super) fn page(&self, slot: Slot) -> Result<[u64; PAGE_WORDS], DeviceFailed> {
        match self {
            Self::Memory(slots) => Ok(slots.page(slot)),
            Self::Checked(device) => {
                let bytes = device.read(slot)?;
                let words = bytes.as_chunks().0;
                Ok(std::array::from_fn(|index| u64::from_le_bytes(words[index])))
            }
        }
    }

    pub(super) fn word(&self, slot: Slot, index: usize) -> Result<u64, DeviceFailed> {
        match self {
            Self::Memory(slots) => Ok(slots.word(slot, index)),
            Self::Checked(_) => self.page(slot).map(|words| words[index]),
        }
    }

    pub(super) fn takes_time(&self) -> bool {
        !matches!(self, Self::Memory(_))
    }

    pub(super) fn failures_in_a_row(&self) -> u64 {
        match self {
            Self::Memory(_) => 0,
            Self::Checked(device) => device.failures_in_a_row(),
        }
    }

    pub(super) fn trouble(&self) -> String {
        match self {
            Self::Memory(_) => String::new(),
            Self::Checked(device) => device.trouble(),
        }
    }
}
