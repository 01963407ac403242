//! Growing a process by pages, and taking pages from it.

use super::tables::grow;
use crate::memory::{Memory, Pfn, ProcessId, Pte, PteFormat, Vpn};
use crate::options::MAX_PAGES;
use crate::paging::{AddressSpace, Failure, drop_reference, drop_slot_reference, shootdown};
use crate::runtime::{Cpu, Step};

/// Adds `pages` pages after the process's last, all on the zero page. Returns the first.
///
/// # Errors
/// [`Failure::OutOfRange`] past the largest process; [`Failure::OutOfMemory`] or
/// [`Failure::OutOfSwap`] when a page table finds no frame. No page is added then.
pub async fn map<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    space: &AddressSpace<'_, C>,
    pages: u32,
    read_only: bool,
) -> Result<Vpn, Failure> {
    let process = memory.processes.get(space.id());
    let _away = space.leave_for_a_while();
    let _life = memory.lock_process(cpu, space.id()).await;
    space.check_running()?;
    let first = process.pages();
    let end = first.checked_add(pages).filter(|end| *end <= MAX_PAGES);
    let end = end.ok_or(Failure::OutOfRange)?;
    grow(cpu, memory, space.id(), end).await?;
    if read_only {
        for vpn in (first..end).map(Vpn) {
            if let Some(cell) = memory.pte(process, vpn) {
                memory.change_pte(cpu, space.id(), vpn, cell, |_| Some(Pte::READ_ONLY));
            }
        }
        cpu.step(Step::Rewrite { ptes: pages }).await;
    }
    process.set_tables(process.directory(), end);
    Ok(Vpn(first))
}

/// Takes `pages` pages from `first` on, contents and all. Their numbers stay unused.
///
/// # Errors
/// [`Failure::OutOfRange`] unless the process has all of them; none is taken then.
pub async fn unmap<C: Cpu>(
    cpu: &C,
    memory: &Memory,
    space: &AddressSpace<'_, C>,
    first: Vpn,
    pages: u32,
) -> Result<(), Failure> {
    let process = memory.processes.get(space.id());
    let _away = space.leave_for_a_while();
    let _life = memory.lock_process(cpu, space.id()).await;
    space.check_running()?;
    let end = first.0.checked_add(pages).filter(|end| *end <= process.pages());
    let end = end.ok_or(Failure::OutOfRange)?;
    let absent = |vpn| memory.pte(process, vpn).is_none_or(|cell| memory.load(cell).is_absent());
    if (first.0..end).map(Vpn).any(absent) {
        return Err(Failure::OutOfRange);
    }
    let mut frames = Vec::new();
    for vpn in (first.0..end).map(Vpn) {
        frames.extend(take_page(cpu, memory, space.id(), vpn).await);
    }
    let others = process.cpus().without(cpu.local().index);
    if !others.is_empty() {
        shootdown(cpu, memory, others, pages).await;
    }
    // Until now another CPU of the process could still be touching them.
    for frame in frames {
        let locked = memory.lock_frame(cpu, frame).await;
        drop_reference(cpu, memory, locked).await;
    }
    Ok(())
}

/// Makes one page absent. Returns the frame that it was mapped to, whose reference is still held.
async fn take_page<C: Cpu>(cpu: &C, memory: &Memory, id: ProcessId, vpn: Vpn) -> Option<Pfn> {
    let cell = memory.pte(memory.processes.get(id), vpn)?;
    loop {
        let guard = memory.lock_region(cpu, memory.region(id, vpn)?).await;
        cpu.step(Step::Rewrite { ptes: 1 }).await;
        let pte = memory.load(cell);
        if pte.is_in_transit() {
            drop(guard);
            memory.wait_for_transit(cpu, cell).await;
            continue;
        }
        match pte.format() {
            PteFormat::Zero => {
                memory.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ABSENT));
                return None;
            }
            PteFormat::Valid => {
                memory.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ABSENT));
                return Some(pte.frame());
            }
            PteFormat::Transition => {
                let locked = memory.lock_frame(cpu, pte.frame()).await;
                // Believed only under the frame's lock (S14).
                if memory.load(cell).refers_to(pte.frame()) {
                    memory.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ABSENT));
                    drop_reference(cpu, memory, locked).await;
                    return None;
                }
            }
            PteFormat::Swapped => {
                memory.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ABSENT));
                drop_slot_reference(cpu, memory, pte.slot()).await;
                return None;
            }
        }
    }
}
