//! The trait of swap devices, which hold the slots' bytes.
//!
//! A machine's own device is memory: a page copy, which cannot fail. Natively, and on threads in a browser, another
//! [`SwapDevice`] can stand behind the slots, a file above all. Such a device can fail in any way, so its pages are
//! checksummed (`memory/swap/checked_device.rs`), and what it gives back counts only if it is what was
//! written. How long a device takes, and how many requests it serves at one time, is the runtime's
//! matter ([`crate::runtime::Costs`]).

use std::fmt;
use std::io;

use crate::memory::frames::Pages;
use crate::memory::word::{PAGE_SIZE, Slot};

/// Keeps pages by slot. Several CPUs use it at one time, but no two write one slot, and none reads a slot
/// that is being written, except at a glance whose bytes do not count then.
pub trait SwapDevice: fmt::Debug + Send + Sync {
    /// Reads a slot that was written.
    ///
    /// # Errors
    /// Whatever keeps the whole page from being read; `page` may hold anything then.
    fn read(&self, slot: Slot, page: &mut [u8; PAGE_SIZE]) -> io::Result<()>;

    /// Writes a slot.
    ///
    /// # Errors
    /// Whatever keeps the whole page from being written; the slot may hold anything then.
    fn write(&self, slot: Slot, page: &[u8; PAGE_SIZE]) -> io::Result<()>;
}

/// The error of a device that has not done what it was asked; [`super::Swap::trouble`] says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceFailed;

/// The memory device: slots are pages of this program.
impl SwapDevice for Pages {
    fn read(&self, slot: Slot, page: &mut [u8; PAGE_SIZE]) -> io::Result<()> {
        self.read_bytes(slot.0, page);
        Ok(())
    }

    fn write(&self, slot: Slot, page: &[u8; PAGE_SIZE]) -> io::Result<()> {
        self.write_bytes(slot.0, page);
        Ok(())
    }
}
