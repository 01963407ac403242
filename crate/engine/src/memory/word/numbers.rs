//! The numbers that words hold: of frames, slots, pages and processes; and the sizes of a page and a table.

/// Bytes in a page, a frame and a slot.
pub const PAGE_SIZE: usize = 4096;
/// Words in a page.
pub const PAGE_WORDS: usize = PAGE_SIZE / 8;
/// PTEs in a table, and tables in a directory.
pub const TABLE_ENTRIES: u32 = 512;

/// A frame's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pfn(pub u32);

/// A slot's number; 0 is no slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u32);

/// A page's number in its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vpn(pub u32);

/// A process's place in the process table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId(pub u32);

/// Names no frame, list member, process or slot keeper, in fields of 32 bits.
pub const NIL: u32 = u32::MAX;

/// Returns what a number of 32 bits names, unless it is [`NIL`].
#[inline]
pub(in crate::memory) fn some<T>(number: u32, named: impl FnOnce(u32) -> T) -> Option<T> {
    (number != NIL).then(|| named(number))
}
