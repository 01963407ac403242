//! What programs can see of memory, as a hash that no machine option changes.

use crate::memory::{DeviceFailed, Memory, PAGE_WORDS, ProcessId, PteFormat, Vpn};
use crate::runtime::mix;

/// A hash of a process's bytes at a quiescent point; pages of zeros count for nothing, written or
/// not.
///
/// # Errors
/// [`DeviceFailed`] when a page on swap cannot be read.
pub fn process_hash(memory: &Memory, id: ProcessId) -> Result<u64, DeviceFailed> {
    let process = memory.processes.get(id);
    let mut hash = u64::from(process.pages());
    for vpn in (0..process.pages()).map(Vpn) {
        let Some(cell) = memory.pte(process, vpn) else { continue };
        let pte = memory.load(cell);
        let words = match pte.format() {
            PteFormat::Zero => continue,
            PteFormat::Valid | PteFormat::Transition => memory.frames.page(pte.frame().0),
            PteFormat::Swapped => memory.swap.page(pte.slot())?,
        };
        for (index, value) in (0..).zip(words) {
            if value != 0 {
                let place = u64::from(vpn.0) * PAGE_WORDS as u64 + index;
                hash = hash.wrapping_add(mix(mix(place) ^ value));
            }
        }
    }
    Ok(mix(hash))
}

/// A hash of all living processes' bytes by their names, in any order.
///
/// # Errors
/// [`DeviceFailed`] when a page on swap cannot be read.
pub fn contents_hash<'a>(
    memory: &Memory,
    mut named: impl Iterator<Item = (&'a str, ProcessId)>,
) -> Result<u64, DeviceFailed> {
    named.try_fold(0, |sum: u64, (name, id)| {
        let name = name.bytes().fold(0, |hash, byte| mix(hash ^ u64::from(byte)));
        Ok(sum.wrapping_add(mix(name ^ process_hash(memory, id)?.rotate_left(32))))
    })
}
