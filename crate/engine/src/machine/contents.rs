//! What programs can see of memory, as a hash that no machine option changes.

use std::sync::atomic::Ordering;

use crate::memory::{Memory, PAGE_WORDS, ProcessId, PteFormat, Vpn};
use crate::runtime::mix;

/// A hash of a process's bytes at a quiescent point; pages of zeros count for nothing, written or
/// not.
pub fn process_hash(memory: &Memory, id: ProcessId) -> u64 {
    let process = memory.processes.get(id);
    let mut hash = u64::from(process.pages());
    for vpn in (0..process.pages()).map(Vpn) {
        let Some(cell) = memory.pte(process, vpn) else { continue };
        let pte = memory.load(cell);
        let words = match pte.format() {
            PteFormat::Zero => continue,
            PteFormat::Valid | PteFormat::Transition => memory.frames.words(pte.frame().0),
            PteFormat::Swapped => memory.swap.device().words(pte.slot().0),
        };
        debug_assert_eq!(words.len(), PAGE_WORDS);
        for (index, word) in words.iter().enumerate() {
            let value = word.load(Ordering::Relaxed);
            if value != 0 {
                let place = u64::from(vpn.0) * PAGE_WORDS as u64 + index as u64;
                hash = hash.wrapping_add(mix(mix(place) ^ value));
            }
        }
    }
    mix(hash)
}

/// A hash of all living processes' bytes by their names, in any order.
pub fn contents_hash<'a>(
    memory: &Memory,
    named: impl Iterator<Item = (&'a str, ProcessId)>,
) -> u64 {
    named.fold(0, |sum: u64, (name, id)| {
        let name = name.bytes().fold(0, |hash, byte| mix(hash ^ u64::from(byte)));
        sum.wrapping_add(mix(name ^ process_hash(memory, id).rotate_left(32)))
    })
}
