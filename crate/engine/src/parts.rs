//! The parts of a machine's memory: flat arrays of records, which tasks share and a reader reads in place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An array of records in the host's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemoryPart {
    /// The address of the first record.
    pub address: usize,
    /// The bytes from record to record.
    pub stride: usize,
    /// How many records there are.
    pub count: usize,
}

impl MemoryPart {
    /// Returns the part that is an array.
    pub fn of<T>(records: &[T]) -> Self {
        Self::of_rows(records, 1)
    }

    /// Returns the part that is an array of rows of `width` words or records each.
    pub(crate) fn of_rows<T>(words: &[T], width: usize) -> Self {
        let (address, stride) = (words.as_ptr().addr(), width * size_of::<T>());
        Self { address, stride, count: words.len() / width }
    }

    /// Returns the address of a record.
    pub fn address_of(&self, record: usize) -> usize {
        self.address + record * self.stride
    }

    /// Returns how many bytes there are.
    pub(crate) fn bytes(&self) -> usize {
        self.stride * self.count
    }

    /// Returns the record that an address is in, if it is in this part.
    pub(crate) fn record_at(&self, address: usize) -> Option<usize> {
        let offset = address.wrapping_sub(self.address);
        (offset < self.bytes()).then(|| offset / self.stride)
    }
}
