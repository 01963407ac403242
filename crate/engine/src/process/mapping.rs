//! Adds pages to a process, and takes pages from it.
//!
//! Both hold the process lock, so that no other operation changes which pages there are. `map` takes the
//! frames of all tables that it needs before it changes anything, so it fails without a trace. `unmap` needs
//! no frame. Each goes once over the pages named; where a fault is at work on one it waits for that fault,
//! which needs nothing that they hold.

use super::tables::{add_tables, free_unlinked, unlink_empty_tables};
use crate::machine::Machine;
use crate::memory::{Pfn, Process, ProcessId, Pte, PteFormat, TABLE_ENTRIES, Vpn};
use crate::options::MAX_PAGES;
use crate::paging::{AddressSpace, Failure, drop_reference, drop_swapped_page, shootdown};
use crate::runtime::{Cpu, Step};

/// Adds `pages` pages, all on the zero page: from `at` on, or at the lowest gap that is large enough.
/// Returns the first.
///
/// # Errors
/// [`Failure::OutOfRange`] when there is no such gap, or a page from `at` on is there already or past
/// the largest process; [`Failure::OutOfMemory`] or [`Failure::OutOfSwap`] when a page table finds no
/// frame. No page and no table is added then.
pub async fn map<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    space: &AddressSpace<'_, C>,
    pages: u32,
    at: Option<Vpn>,
    read_only: bool,
) -> Result<Vpn, Failure> {
    let process = machine.processes.get(space.id());
    let _away = space.leave_for_a_while();
    let _life = machine.lock_process(cpu, space.id()).await;
    space.check_running()?;
    let (from, to) = match at {
        Some(Vpn(at)) => (at, at.saturating_add(pages)),
        None => (0, MAX_PAGES),
    };
    let gap = gap(machine, process, from, to, pages);
    let looked_to = gap.map_or(to, |first| first + pages).min(process.pages());
    cpu.step(Step::Look { entries: looked_to.saturating_sub(from) }).await;
    let first = gap.ok_or(Failure::OutOfRange)?;
    let end = first + pages;
    add_tables(cpu, machine, space.id(), first, end).await?;
    let new = if read_only { Pte::READ_ONLY } else { Pte::ZERO };
    for vpn in (first..end).map(Vpn) {
        put_page(cpu, machine, space.id(), vpn, new).await;
    }
    cpu.step(Step::Rewrite { ptes: pages }).await;
    process.set_pages(process.pages().max(end));
    Ok(Vpn(first))
}

/// Returns the first of `pages` pages between `first` and `end` that a process does not have; its lock is
/// held.
fn gap(machine: &Machine, process: &Process, first: u32, end: u32, pages: u32) -> Option<u32> {
    if end > MAX_PAGES {
        return None;
    }
    let (mut start, mut at) = (first, first);
    while at - start < pages {
        if at == end {
            return None;
        }
        match machine.pte(process, Vpn(at)) {
            Some(cell) if !machine.load(cell).is_absent() => {
                at += 1;
                start = at;
            }
            Some(_) => at += 1,
            // No table: no page up to the next one.
            None => at = (at / TABLE_ENTRIES + 1).saturating_mul(TABLE_ENTRIES).min(end),
        }
    }
    Some(start)
}

/// Makes a page that is absent `new`.
async fn put_page<C: Cpu>(cpu: &C, machine: &Machine, id: ProcessId, vpn: Vpn, new: Pte) {
    let Some(cell) = machine.pte(machine.processes.get(id), vpn) else { return };
    loop {
        let Some(region) = machine.region(id, vpn) else { return };
        let guard = machine.lock_region(cpu, region).await;
        // A fault that came too late for the page that was here before.
        if machine.load(cell).is_in_transit() {
            drop(guard);
            machine.wait_for_transit(cpu, cell).await;
            continue;
        }
        machine.change_pte(cpu, id, vpn, cell, |_| Some(new));
        return;
    }
}

/// Takes `pages` pages from `first` on, contents and all, and the tables that have no page left.
///
/// # Errors
/// [`Failure::OutOfRange`] unless the process has all of them; none is taken then.
pub async fn unmap<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    space: &AddressSpace<'_, C>,
    first: Vpn,
    pages: u32,
) -> Result<(), Failure> {
    let process = machine.processes.get(space.id());
    let _away = space.leave_for_a_while();
    let _life = machine.lock_process(cpu, space.id()).await;
    space.check_running()?;
    let end = first.0.checked_add(pages).filter(|end| *end <= process.pages());
    let end = end.ok_or(Failure::OutOfRange)?;
    let absent = |vpn| machine.pte(process, vpn).is_none_or(|cell| machine.load(cell).is_absent());
    if (first.0..end).map(Vpn).any(absent) {
        return Err(Failure::OutOfRange);
    }
    let mut frames = Vec::new();
    for vpn in (first.0..end).map(Vpn) {
        frames.extend(take_page(cpu, machine, space.id(), vpn).await);
    }
    let last = (0..process.pages()).rev().map(Vpn).find(|vpn| !absent(*vpn));
    process.set_pages(last.map_or(0, |last| last.0 + 1));
    let tables = unlink_empty_tables(cpu, machine, space.id(), first.0, end).await;
    // Until now another CPU of the process could be touching the pages and walking the tables.
    let others = process.cpus().without(cpu.local().index);
    // No CPU is there: no epoch is needed.
    let epoch = match others.is_empty() {
        true => 0,
        false => shootdown(cpu, machine, others, pages).await,
    };
    for frame in frames {
        let locked = machine.lock_frame(cpu, frame).await;
        drop_reference(cpu, machine, locked).await;
    }
    if !tables.is_empty() {
        free_unlinked(cpu, machine, space.id(), tables, others, epoch).await;
    }
    Ok(())
}

/// Makes one page absent. Returns the frame that it was mapped to, whose reference is still held.
async fn take_page<C: Cpu>(cpu: &C, machine: &Machine, id: ProcessId, vpn: Vpn) -> Option<Pfn> {
    let cell = machine.pte(machine.processes.get(id), vpn)?;
    loop {
        let guard = machine.lock_region(cpu, machine.region(id, vpn)?).await;
        cpu.step(Step::Rewrite { ptes: 1 }).await;
        let pte = machine.load(cell);
        if pte.is_in_transit() {
            drop(guard);
            machine.wait_for_transit(cpu, cell).await;
            continue;
        }
        match pte.format() {
            PteFormat::Zero => {
                machine.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ABSENT));
                return None;
            }
            PteFormat::Valid => {
                machine.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ABSENT));
                return Some(pte.frame());
            }
            PteFormat::Transition => {
                let locked = machine.lock_frame(cpu, pte.frame()).await;
                // Trusted only under the frame's lock (S14).
                if machine.load(cell).refers_to(pte.frame()) {
                    machine.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ABSENT));
                    drop_reference(cpu, machine, locked).await;
                    return None;
                }
            }
            PteFormat::Swapped => {
                machine.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ABSENT));
                drop_swapped_page(cpu, machine, pte.slot()).await;
                return None;
            }
        }
    }
}
