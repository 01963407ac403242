//! Hashes what programs can see of memory; no machine option changes the hash.

use crate::hash::mix;
use crate::machine::Machine;
use crate::memory::{DeviceFailed, PAGE_WORDS, ProcessId, Pte, PteFormat, Vpn};

/// Returns a hash of a process's bytes at a quiescent point; pages of zeros count for nothing, written or
/// not.
fn process_hash(machine: &Machine, id: ProcessId) -> Result<u64, DeviceFailed> {
    let process = machine.processes.get(id);
    let mut hash = u64::from(process.pages());
    for vpn in (0..process.pages()).map(Vpn) {
        let Some(cell) = machine.pte(process, vpn) else { continue };
        let Some(words) = words_of(machine, machine.load(cell))? else { continue };
        for (index, value) in (0..).zip(words) {
            if value != 0 {
                let place = u64::from(vpn.0) * PAGE_WORDS as u64 + index;
                hash = hash.wrapping_add(mix(mix(place) ^ value));
            }
        }
    }
    Ok(mix(hash))
}

/// Returns the words of a page at a quiescent point, read where they are; none for a page that has no bytes,
/// and so reads as zeros.
///
/// # Errors
/// [`DeviceFailed`] when the page is on swap and cannot be read.
pub fn words_of(machine: &Machine, pte: Pte) -> Result<Option<[u64; PAGE_WORDS]>, DeviceFailed> {
    match pte.format() {
        PteFormat::Zero => Ok(None),
        PteFormat::Valid | PteFormat::Transition => Ok(Some(machine.frames.page(pte.frame().0))),
        PteFormat::Swapped => machine.swap.page(pte.slot()).map(Some),
    }
}

/// Returns a hash of all living processes' bytes by their names, in any order.
///
/// # Errors
/// [`DeviceFailed`] when a page on swap cannot be read.
pub fn contents_hash<'a>(
    machine: &Machine,
    mut named: impl Iterator<Item = (&'a str, ProcessId)>,
) -> Result<u64, DeviceFailed> {
    named.try_fold(0, |sum: u64, (name, id)| {
        let name = name.bytes().fold(0, |hash, byte| mix(hash ^ u64::from(byte)));
        Ok(sum.wrapping_add(mix(name ^ process_hash(machine, id)?.rotate_left(32))))
    })
}
