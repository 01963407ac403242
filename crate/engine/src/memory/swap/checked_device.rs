//! Wraps a device and verifies each read: a checksum for each slot, kept in memory, shows whether the bytes
//! that come back are those that were written. A short, failed, lost, torn or misdirected transfer is an
//! error, never wrong bytes.

use crate::sync::Mutex;
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::io;
use std::sync::PoisonError;

use super::swap_device::{DeviceFailed, SwapDevice};
use crate::memory::word::{PAGE_SIZE, Slot};
use crate::parts::MemoryPart;

/// Returns the checksum of a page.
#[cfg(not(target_arch = "wasm32"))]
fn checksum(page: &[u8; PAGE_SIZE]) -> u32 {
    crc32fast::hash(page)
}

/// Returns the checksum of a page by the engine's own hash: the tables of a CRC are more than a visit to the page may fetch.
#[cfg(target_arch = "wasm32")]
fn checksum(page: &[u8; PAGE_SIZE]) -> u32 {
    let words = page.as_chunks().0;
    words.iter().fold(0, |sum, word| crate::hash::mix(sum ^ u64::from_le_bytes(*word))) as u32
}

/// A device and the checksums of what its slots must hold.
#[derive(Debug)]
pub struct CheckedDevice {
    device: Box<dyn SwapDevice>,
    checksums: Box<[AtomicU32]>,
    /// Writes that have failed since one last succeeded.
    failures: AtomicU64,
    /// What went wrong last.
    trouble: Mutex<String>,
}

impl CheckedDevice {
    pub(super) fn new(device: Box<dyn SwapDevice>, slots: u32) -> Self {
        Self {
            device,
            checksums: (0..=slots).map(|_| AtomicU32::new(0)).collect(),
            failures: AtomicU64::new(0),
            trouble: Mutex::default(),
        }
    }

    /// Returns the checksums, as a part of memory.
    pub(super) fn checksums_part(&self) -> MemoryPart {
        MemoryPart::of(&self.checksums)
    }

    pub(super) fn read(&self, slot: Slot) -> Result<[u8; PAGE_SIZE], DeviceFailed> {
        let mut page = [0; PAGE_SIZE];
        // Before the bytes: a glance may come while the slot is written anew.
        let expected = self.checksums[slot.0 as usize].load(Ordering::Acquire);
        self.device.read(slot, &mut page).map_err(|error| self.failed("read", slot, &error))?;
        if checksum(&page) == expected {
            return Ok(page);
        }
        let error = io::Error::new(io::ErrorKind::InvalidData, "not the bytes that were written");
        Err(self.failed("read", slot, &error))
    }

    pub(super) fn write(&self, slot: Slot, page: &[u8; PAGE_SIZE]) -> Result<(), DeviceFailed> {
        self.device.write(slot, page).map_err(|error| {
            self.failures.fetch_add(1, Ordering::SeqCst);
            self.failed("write", slot, &error)
        })?;
        self.failures.store(0, Ordering::SeqCst);
        self.checksums[slot.0 as usize].store(checksum(page), Ordering::Release);
        Ok(())
    }

    fn failed(&self, what: &str, slot: Slot, error: &io::Error) -> DeviceFailed {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        *trouble = format!("{what} of slot {}: {error}", slot.0);
        DeviceFailed
    }

    pub(super) fn trouble(&self) -> String {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn failures_in_a_row(&self) -> u64 {
        self.failures.load(Ordering::SeqCst)
    }
}
