//! Measures the engine's side: the same work on its own pages, on real threads.

use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::thread::scope;

use faultline::machine::Machine;
use faultline::memory::{Pfn, ProcessId, Vpn};
use faultline::observe::Recording;
use faultline::options::{MachineOptions, PteLocks, Trim};
use faultline::paging::{AddressSpace, trim};
use faultline::process::{fork, kill, spawn, wake};
use faultline::runtime::{Cpu, ThreadCpu, ThreadRuntime, block_on};

use crate::timing::Stopwatch;

/// Frames beyond the pages: tables, the zero page and the CPUs' caches.
pub(crate) const SPARE: usize = 400;

/// A rig has a machine and its threads' runtime.
pub(crate) struct Rig {
    pub(crate) machine: Arc<Machine>,
    runtime: Arc<ThreadRuntime>,
}

impl Rig {
    /// Builds a machine with this many frames and slots, and a lock for each PTE.
    pub(crate) fn new(frames: usize, slots: usize) -> Self {
        Self::with(frames, slots, |_| {})
    }

    /// Builds the same machine with options changed.
    pub(crate) fn with(
        frames: usize,
        slots: usize,
        change: impl FnOnce(&mut MachineOptions),
    ) -> Self {
        let mut options = MachineOptions {
            frames: frames as u32,
            slots: slots as u32,
            pte_locks: PteLocks::Entry,
            cpu_cache: 64,
            standby_batch: 64,
            write_batch: 64,
            free_lists: 16,
            trim: Trim { low: 0, high: 1, batch: 64, ..Trim::default() },
            ..MachineOptions::default()
        };
        change(&mut options);
        let machine =
            Machine::new(options, 1, Recording::OnDemand).expect("the host has the memory");
        for frame in (0..machine.pfns.count()).map(Pfn) {
            // The host's own page faults are no part of the measurement.
            machine.frames.zero(frame.0);
        }
        Self { machine: Arc::new(machine), runtime: Arc::default() }
    }

    /// Returns CPU `index`, on the calling thread.
    pub(crate) fn cpu(&self, index: usize) -> ThreadCpu {
        ThreadCpu::new(Arc::clone(&self.runtime), self.machine.local(index))
    }

    /// Spawns a running process.
    pub(crate) fn process(&self, cpu: &ThreadCpu, pages: usize) -> ProcessId {
        let process = block_on(spawn(cpu, &self.machine, pages as u32)).expect("room for tables");
        block_on(wake(cpu, &self.machine, process)).expect("it sleeps");
        process
    }

    pub(crate) fn enter<'a>(
        &'a self,
        cpu: &'a ThreadCpu,
        process: ProcessId,
    ) -> AddressSpace<'a, ThreadCpu> {
        AddressSpace::enter(cpu, &self.machine, process).expect("it runs")
    }

    pub(crate) fn kill(&self, cpu: &ThreadCpu, process: ProcessId) {
        block_on(kill(cpu, &self.machine, process)).expect("it lives");
        self.machine.processes.retire(process);
    }

    /// Trims all pages that a process has touched, which are so many.
    pub(crate) fn trim(&self, cpu: &ThreadCpu, space: &AddressSpace<'_, ThreadCpu>, pages: usize) {
        let _away = space.leave_for_a_while();
        let mut trimmed = 0;
        while trimmed < pages {
            trimmed += block_on(trim(cpu, &self.machine, pages - trimmed)).moved as usize;
        }
    }

    /// Measures first stores to `pages` pages; nanoseconds a page.
    pub(crate) fn demand_zero(&self, pages: usize, times: usize) -> f64 {
        let cpu = self.cpu(0);
        let mut watch = Stopwatch::default();
        for _ in 0..times {
            let process = self.process(&cpu, pages);
            let space = self.enter(&cpu, process);
            watch.time(pages as u64, || touch(&space, 0, pages, 1));
            drop(space);
            self.kill(&cpu, process);
        }
        watch.per_operation()
    }

    /// Measures first stores by `threads` CPUs to pages of one process, each to a stretch of its own or, when
    /// `interleaved`, in turns; nanoseconds a page.
    pub(crate) fn demand_zero_by(&self, threads: usize, pages: usize, interleaved: bool) -> f64 {
        let first = self.cpu(0);
        let process = self.process(&first, pages);
        let start = Barrier::new(threads + 1);
        let end = Barrier::new(threads + 1);
        let share = pages / threads;
        let mut watch = Stopwatch::default();
        scope(|scope| {
            for thread in 0..threads {
                let (start, end) = (&start, &end);
                scope.spawn(move || {
                    let cpu = self.cpu(thread);
                    let space = self.enter(&cpu, process);
                    let _away = space.leave_for_a_while();
                    start.wait();
                    drop(_away);
                    if interleaved {
                        touch(&space, thread, pages, threads);
                    } else {
                        touch(&space, thread * share, (thread + 1) * share, 1);
                    }
                    drop(space);
                    end.wait();
                });
            }
            start.wait();
            watch.time(pages as u64, || end.wait());
        });
        self.kill(&first, process);
        watch.per_operation()
    }

    /// Measures stores by a forked child to pages that it shares; nanoseconds a page.
    pub(crate) fn copy_on_write(&self, pages: usize, times: usize) -> f64 {
        let cpu = self.cpu(0);
        let parent = self.process(&cpu, pages);
        touch(&self.enter(&cpu, parent), 0, pages, 1);
        let mut watch = Stopwatch::default();
        for _ in 0..times {
            let child = {
                let space = self.enter(&cpu, parent);
                block_on(fork(&cpu, &self.machine, &space)).expect("room for tables")
            };
            block_on(wake(&cpu, &self.machine, child)).expect("it sleeps");
            let space = self.enter(&cpu, child);
            watch.time(pages as u64, || touch(&space, 0, pages, 1));
            drop(space);
            self.kill(&cpu, child);
        }
        self.kill(&cpu, parent);
        watch.per_operation()
    }

    /// Measures loads from pages that were trimmed a moment ago; nanoseconds a page.
    pub(crate) fn rescue(&self, pages: usize, times: usize) -> f64 {
        let cpu = self.cpu(0);
        let process = self.process(&cpu, pages);
        let space = self.enter(&cpu, process);
        touch(&space, 0, pages, 1);
        let mut watch = Stopwatch::default();
        for _ in 0..times {
            self.trim(&cpu, &space, pages);
            watch.time(pages as u64, || {
                for page in 0..pages as u32 {
                    black_box(load(&space, page, 0));
                }
            });
        }
        drop(space);
        self.kill(&cpu, process);
        watch.per_operation()
    }
}

/// Stores a word in every `step`th page of `first..end`.
pub(crate) fn touch<C: Cpu>(space: &AddressSpace<'_, C>, first: usize, end: usize, step: usize) {
    for page in (first..end).step_by(step) {
        store(space, page as u32, 0, page as u64);
    }
}

/// Loads a word as programs do.
#[inline(always)]
pub(crate) fn load<C: Cpu>(space: &AddressSpace<'_, C>, page: u32, word: usize) -> u64 {
    match space.try_load(Vpn(page), word) {
        Some(value) => value,
        None => block_on(space.load(Vpn(page), word)).expect("the page can be had"),
    }
}

/// Stores a word as programs do.
#[inline(always)]
pub(crate) fn store<C: Cpu>(space: &AddressSpace<'_, C>, page: u32, word: usize, value: u64) {
    if !space.try_store(Vpn(page), word, value) {
        block_on(space.store(Vpn(page), word, value)).expect("the page can be had");
    }
}
