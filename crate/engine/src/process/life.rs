//! Starts processes and ends them: spawn and kill.

use super::announce::announce;
use super::tables::{Tables, free_tables};
use crate::machine::Machine;
use crate::memory::{NIL, ProcessId, ProcessState, Pte, PteFormat, TABLE_ENTRIES, Vpn};
use crate::observe::{Event, EventKind};
use crate::options::Rmap;
use crate::paging::shootdown::{finish, stop, wait_until_left, wait_until_unpinned};
use crate::paging::{Drops, Failure, drop_reference, drop_swapped_page};
use crate::runtime::{Cpu, Step, emit};

/// Starts a sleeping process of `pages` pages, all on the zero page (P14).
///
/// # Errors
/// [`Failure::OutOfMemory`] or [`Failure::OutOfSwap`] when its tables find no frames,
/// [`Failure::TooManyProcesses`] when there are as many as there can be.
pub async fn spawn<C: Cpu>(cpu: &C, machine: &Machine, pages: u32) -> Result<ProcessId, Failure> {
    let indices: Vec<u32> = (0..pages.div_ceil(TABLE_ENTRIES)).collect();
    let tables = Tables::new(cpu, machine, pages, &indices).await?;
    let claimed = {
        let _tree = machine.lock_tree(cpu).await;
        let family = machine.processes.family_for(None);
        let _family = machine.lock_members(cpu, family).await;
        if machine.refusals.refuses() { None } else { machine.processes.claim(None, None) }
    };
    let Some(id) = claimed else {
        tables.give_up(cpu, machine).await;
        return Err(Failure::TooManyProcesses);
    };
    machine.forget_regions_of(id);
    tables.give_to(machine, id, pages);
    emit(cpu, Event::of(EventKind::Spawn, pages).in_process(id.0));
    Ok(id)
}

/// What a kill leaves behind (its *legacy*): the process and the CPU that the dispatcher may give to an heir.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Legacy {
    /// The nearest living ancestor.
    pub ancestor: Option<ProcessId>,
    /// The CPU that the process was dispatched to.
    pub cpu: Option<usize>,
}

/// Ends a process (P3): its frames and slots lose a reference each, its tables are freed, its
/// children go to its parent.
///
/// # Errors
/// [`Failure::NotRunning`] when it is terminated already.
pub async fn kill<C: Cpu>(cpu: &C, machine: &Machine, id: ProcessId) -> Result<Legacy, Failure> {
    let process = machine.processes.get(id);
    let round = {
        let _life = machine.lock_process(cpu, id).await;
        let state = process.state();
        if !matches!(state, ProcessState::Running | ProcessState::Sleeping) {
            return Err(Failure::NotRunning);
        }
        let to = ProcessState::Terminated;
        let round = stop(cpu, &machine.epochs, process, to, machine.options.shootdown);
        announce(cpu, id, state, to);
        round
    };
    // CPUs that touch its memory see the new state when they acknowledge; those in a fault or a
    // fork see it before they come back.
    if let Some(round) = round {
        finish(cpu, machine, round, 0).await;
        wait_until_left(cpu, &machine.cpus, round.others(), id).await;
    }
    if machine.options.kill_batch == 1 {
        for vpn in (0..process.pages()).map(Vpn) {
            drop_page(cpu, machine, id, vpn).await;
        }
    } else {
        drop_pages(cpu, machine, id).await;
    }
    let ancestor = {
        let _tree = machine.lock_all_members(cpu).await;
        let family = process.family();
        let _family = machine.lock_members(cpu, Some(family)).await;
        machine.processes.leave_family(id);
        let ancestor = process.parent();
        // A child that is being killed itself is adopted too: its own children will go to its parent.
        let adopt = |child: ProcessId| {
            let record = machine.processes.get(child);
            if record.parent() == Some(id) {
                record.set_parent(ancestor);
                let parent = ancestor.map_or(NIL, |ancestor| ancestor.0);
                emit(cpu, Event::of(EventKind::Adopt, parent).in_process(child.0));
            }
        };
        if machine.options.rmap == Rmap::Tree {
            machine.processes.related().for_each(adopt);
        } else {
            // The children are in the family: no other record is read.
            let mut members: Vec<_> = machine.processes.members(family).collect();
            members.sort_unstable();
            members.into_iter().for_each(adopt);
            machine.processes.spare(family, id);
        }
        ancestor
    };
    // Reverse-mapping walkers that found it in its family, and evictions, may still hold its tables.
    wait_until_unpinned(cpu, process).await;
    let mut held = None;
    for index in process.dispatched().iter() {
        let record = &machine.cpus[index];
        if record.current() == Some(id) {
            record.set_current(None);
            emit(cpu, Event::of(EventKind::Switch, index as u32));
            held = held.or(Some(index));
        }
    }
    free_tables(cpu, machine, id).await;
    Ok(Legacy { ancestor, cpu: held })
}

/// Makes a page of a process that no CPU runs zero, and drops its reference.
async fn drop_page<C: Cpu>(cpu: &C, machine: &Machine, id: ProcessId, vpn: Vpn) {
    debug_assert!(vpn.0 < TABLE_ENTRIES * TABLE_ENTRIES);
    let process = machine.processes.get(id);
    let (Some(cell), Some(region)) = (machine.pte(process, vpn), machine.region(id, vpn)) else {
        return;
    };
    if machine.load(cell) == Pte::ZERO {
        return;
    }
    let _region = machine.lock_region(cpu, region).await;
    cpu.step(Step::Rewrite { ptes: 1 }).await;
    loop {
        let pte = machine.load(cell);
        match pte.format() {
            PteFormat::Zero => return,
            PteFormat::Valid | PteFormat::Transition => {
                let locked = machine.lock_frame(cpu, pte.frame()).await;
                if !machine.load(cell).refers_to(pte.frame()) {
                    continue;
                }
                machine.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ZERO));
                drop_reference(cpu, machine, locked).await;
                return;
            }
            PteFormat::Swapped => {
                machine.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ZERO));
                drop_swapped_page(cpu, machine, pte.slot()).await;
                return;
            }
        }
    }
}

/// Makes all pages of a process that no CPU runs zero, and drops their references in batches. A region of PTEs stays
/// locked for those of its pages that are in one batch.
async fn drop_pages<C: Cpu>(cpu: &C, machine: &Machine, id: ProcessId) {
    let process = machine.processes.get(id);
    let mut drops = Drops::new(cpu, machine, machine.options.kill_batch as usize);
    let mut locked_region = None;
    for vpn in (0..process.pages()).map(Vpn) {
        let (Some(cell), Some(region)) = (machine.pte(process, vpn), machine.region(id, vpn))
        else {
            continue;
        };
        if machine.load(cell) == Pte::ZERO {
            continue;
        }
        if locked_region.as_ref().is_none_or(|(locked, _)| *locked != region.0) {
            // The one before first: no CPU waits for a region with another in hand.
            drop(locked_region.take());
            locked_region = Some((region.0, drops.lock_region(region).await));
        }
        cpu.step(Step::Rewrite { ptes: 1 }).await;
        loop {
            let pte = machine.load(cell);
            match pte.format() {
                PteFormat::Zero => {}
                PteFormat::Valid | PteFormat::Transition => {
                    let locked = drops.lock_frame(pte.frame()).await;
                    if !machine.load(cell).refers_to(pte.frame()) {
                        continue;
                    }
                    machine.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ZERO));
                    drops.drop_reference(locked);
                }
                PteFormat::Swapped => {
                    machine.change_pte(cpu, id, vpn, cell, |_| Some(Pte::ZERO));
                    drops.drop_swapped_page(pte.slot()).await;
                }
            }
            break;
        }
        if drops.are_enough() {
            drop(locked_region.take());
            drops.finish().await;
        }
    }
    drop(locked_region);
    drops.finish().await;
}
