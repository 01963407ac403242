//! Measures what each step of the engine takes on this computer, with the engine's own code.
//!
//! Each function returns nanoseconds an operation in one round.

use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::scope;

use faultline::memory::{Lists, PAGE_WORDS, Pfn, Pte, Slot, Vpn};
use faultline::observe::Counter;
use faultline::paging::{drop_slot_reference, shootdown, take_slots, trim};
use faultline::runtime::{LockClass, LockId, LockWord, Word, block_on, lock, now_ns};

use super::rig::{Rig, each, load, store, touch};

/// Pages used together where they are to stay in the CPU's cache.
const HOT: u32 = 64;
/// Pairs of accesses in a burst.
const ACCESSES: u64 = 2_000;

/// The places of accesses, drawn from a linear congruential generator's high bits.
struct Places(u64);

impl Places {
    #[inline(always)]
    fn next(&mut self) -> (u32, usize) {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((self.0 >> 58) as u32, (self.0 >> 20) as usize & (PAGE_WORDS - 1))
    }
}

/// Measures a load or store of a word, without any walk.
pub(super) fn plain_access(rig: &Rig) -> f64 {
    let frames = &rig.machine.frames;
    let mut places = Places(7);
    typical_burst(100, || {
        each(2 * ACCESSES, || {
            for _ in 0..ACCESSES {
                let (page, word) = places.next();
                let value = frames.word(1 + page, word).load(Ordering::Relaxed);
                let (page, word) = places.next();
                // Not to the zero page.
                frames.word(1 + page, word).store(value, Ordering::Relaxed);
            }
        })
    })
}

/// Measures a load or store of a word through the page tables.
pub(super) fn hit(rig: &Rig) -> f64 {
    let cpu = rig.cpu(0);
    let process = rig.process(&cpu, HOT);
    let space = rig.enter(&cpu, process);
    touch(&space, HOT);
    let mut places = Places(7);
    let time = typical_burst(100, || {
        each(2 * ACCESSES, || {
            for _ in 0..ACCESSES {
                let (page, word) = places.next();
                let value = load(&space, page, word);
                let (page, word) = places.next();
                store(&space, page, word, value);
            }
        })
    });
    drop(space);
    rig.kill(&cpu, process);
    time
}

/// Measures a frame's lock, taken and released.
pub(super) fn lock_pair(rig: &Rig) -> f64 {
    let cpu = rig.cpu(0);
    typical_burst(500, || {
        each(u64::from(HOT), || {
            for frame in (1..=HOT).map(Pfn) {
                black_box(block_on(rig.machine.lock_frame(&cpu, frame)));
            }
        })
    })
}

/// Measures the handover of a lock that two threads take in turns: one way. `pin` is called by each thread
/// with its number.
pub(super) fn handover(rig: &Rig, pin: impl Fn(usize) + Sync) -> f64 {
    const TURN: u64 = 4;
    let word = Word::new(0);
    in_turns(pin, |me| {
        let cpu = rig.cpu(me as usize);
        let word = &word;
        move || {
            while word.load(Ordering::Relaxed) & TURN != me * TURN {
                std::hint::spin_loop();
            }
            let id = LockId::new(LockClass::Slot, 0);
            let held = block_on(lock(&cpu, id, LockWord::alone(word)));
            held.release(|seen| seen ^ TURN);
        }
    })
}

/// Measures the way of a cache line from one thread to the other: they change a word on it in turns, by one atomic
/// step each. `pin` is called by each thread with its number.
pub(super) fn line(pin: impl Fn(usize) + Sync) -> f64 {
    /// A word on lines of its own: some processors fetch two at a time.
    #[repr(align(128))]
    struct Apart(AtomicU64);
    let word = Apart(AtomicU64::new(0));
    in_turns(pin, |me| {
        let word = &word.0;
        let mut turn = me;
        move || {
            let change = |word: &AtomicU64| {
                word.compare_exchange(turn, turn + 1, Ordering::AcqRel, Ordering::Relaxed)
            };
            while change(word).is_err() {
                std::hint::spin_loop();
            }
            turn += 2;
        }
    })
}

/// Measures what two threads do in turns: one turn. Each waits for its own in the operation that `prepare` returns
/// for its number.
fn in_turns<O: FnMut()>(pin: impl Fn(usize) + Sync, prepare: impl Fn(u64) -> O + Sync) -> f64 {
    let start = Barrier::new(2);
    let took = AtomicU64::new(0);
    scope(|scope| {
        for me in 0..2_u64 {
            let (start, took, pin, prepare) = (&start, &took, &pin, &prepare);
            scope.spawn(move || {
                pin(me as usize);
                let mut operation = prepare(me);
                start.wait();
                let one_way =
                    typical_burst(200, || each(200, || (0..100).for_each(|_| operation())));
                took.store(one_way.to_bits(), Ordering::Relaxed);
            });
        }
    });
    f64::from_bits(took.load(Ordering::Relaxed))
}

/// Returns the median of short bursts: another program that takes the CPU away for a while spoils few.
fn typical_burst(count: usize, burst: impl FnMut() -> f64) -> f64 {
    let mut bursts: Vec<_> = std::iter::repeat_with(burst).take(count).collect();
    bursts.sort_by(f64::total_cmp);
    bursts[count / 2]
}

/// Measures the zeroing of frames that were used a moment ago (`hot`), or not for long.
pub(super) fn zero(rig: &Rig, hot: bool) -> f64 {
    let frames = rig.machine.pfns.count();
    let among = if hot { HOT } else { frames };
    let mut numbers = (0..among).cycle();
    typical_burst(500, || {
        each(u64::from(HOT), || {
            for number in numbers.by_ref().take(HOT as usize) {
                rig.machine.frames.zero(scattered(number, among));
            }
        })
    })
}

/// Measures the copying of frames that were used a moment ago (`hot`), or not for long.
pub(super) fn copy(rig: &Rig, hot: bool) -> f64 {
    let half = if hot { HOT / 2 } else { rig.machine.pfns.count() / 2 };
    let mut numbers = (0..half).cycle();
    let pages = &rig.machine.frames;
    typical_burst(300, || {
        each(u64::from(HOT / 2), || {
            for number in numbers.by_ref().take(HOT as usize / 2) {
                pages.copy(half + scattered(number, half), pages, scattered(number, half));
            }
        })
    })
}

/// Permutes the numbers below `count`, so that neighbours come far apart.
fn scattered(number: u32, count: u32) -> u32 {
    // A prime that divides none of the counts.
    (u64::from(number) * 7919 % u64::from(count)) as u32
}

/// Measures a list operation: a frame is put on a list, or taken off its middle.
pub(super) fn list() -> f64 {
    const FRAMES: u32 = 1 << 14;
    let lists = Lists::new(FRAMES as usize, 1, 1, 1, 0);
    let list = lists.active(0);
    typical_burst(9, || {
        each(2 * u64::from(FRAMES), || {
            for frame in 0..FRAMES {
                lists.push_back(list, Pfn(scattered(frame, FRAMES)));
            }
            for frame in 0..FRAMES {
                lists.remove(list, Pfn(scattered(frame, FRAMES)));
            }
        })
    })
}

/// Measures the rewriting of a PTE.
pub(super) fn pte(rig: &Rig) -> f64 {
    const PAGES: u32 = 1024;
    let cpu = rig.cpu(0);
    let process = rig.process(&cpu, PAGES);
    let record = rig.machine.processes.get(process);
    let time = typical_burst(21, || {
        each(2 * u64::from(PAGES), || {
            for vpn in (0..PAGES).map(Vpn) {
                let cell = rig.machine.pte(record, vpn).expect("it has a table");
                for flip in [true, false] {
                    rig.machine.change_pte(&cpu, process, vpn, cell, |pte| {
                        Some(if flip { pte.in_transit() } else { Pte::ZERO })
                    });
                }
            }
        })
    });
    rig.kill(&cpu, process);
    time
}

/// The costs of trimming: a look at a frame that stays, and a frame that goes.
pub(super) struct Trimming {
    pub(super) look: f64,
    pub(super) page: f64,
}

/// Trims a process of accessed pages: the first frame costs a look at them all.
pub(super) fn trimming(rig: &Rig) -> Trimming {
    const PAGES: u32 = 2048;
    const BATCH: usize = 64;
    let cpu = rig.cpu(0);
    let machine = &rig.machine;
    let process = rig.process(&cpu, PAGES);
    touch(&rig.enter(&cpu, process), PAGES);
    let before = machine.stats.total(Counter::Examined);
    let time = each(1, || {
        black_box(block_on(trim(&cpu, machine, 1)));
    });
    let looks = machine.stats.total(Counter::Examined) - before;
    let page = typical_burst(17, || {
        let start = now_ns();
        let moved = block_on(trim(&cpu, machine, BATCH)).moved;
        (now_ns() - start) as f64 / f64::from(moved.max(1))
    });
    rig.kill(&cpu, process);
    Trimming { look: time / looks as f64, page }
}

/// Measures a look at a slot that is taken.
pub(super) fn look_for_slot(rig: &Rig) -> f64 {
    let (cpu, machine) = (rig.cpu(0), &rig.machine);
    let (taken, _moving) = block_on(take_slots(&cpu, machine, machine.swap.slots() as usize / 2));
    let before = machine.stats.total(Counter::SlotsExamined);
    let time = each(1, || {
        for _ in 0..8 {
            for slot in block_on(take_slots(&cpu, machine, 1)).0 {
                block_on(drop_slot_reference(&cpu, machine, slot));
            }
        }
    });
    let looks = machine.stats.total(Counter::SlotsExamined) - before;
    for slot in taken {
        block_on(drop_slot_reference(&cpu, machine, slot));
    }
    time / looks.max(1) as f64
}

/// Measures a shootdown of no other CPU.
pub(super) fn shootdown_alone(rig: &Rig) -> f64 {
    let cpu = rig.cpu(0);
    let process = rig.process(&cpu, 1);
    let space = rig.enter(&cpu, process);
    let cpus = rig.machine.processes.get(process).cpus();
    let time = typical_burst(200, || {
        each(100, || {
            for _ in 0..100 {
                block_on(shootdown(&cpu, &rig.machine, cpus, 1));
            }
        })
    });
    drop(space);
    rig.kill(&cpu, process);
    time
}

/// Measures a shootdown that waits for a CPU that is at work.
pub(super) fn shootdown_one(rig: &Rig, pin: impl Fn(usize) + Sync) -> f64 {
    let cpu = rig.cpu(0);
    let process = rig.process(&cpu, HOT);
    touch(&rig.enter(&cpu, process), HOT);
    let (ready, stop) = (Barrier::new(2), AtomicBool::new(false));
    let took = AtomicU64::new(0);
    scope(|scope| {
        scope.spawn(|| {
            pin(1);
            let cpu = rig.cpu(1);
            let space = rig.enter(&cpu, process);
            ready.wait();
            let mut places = Places(7);
            while !stop.load(Ordering::Relaxed) {
                let (page, word) = places.next();
                black_box(load(&space, page, word));
            }
        });
        scope.spawn(|| {
            pin(0);
            let cpu = rig.cpu(0);
            ready.wait();
            let cpus = rig.machine.processes.get(process).cpus();
            let time = typical_burst(200, || {
                each(10, || {
                    for _ in 0..10 {
                        block_on(shootdown(&cpu, &rig.machine, cpus, 1));
                    }
                })
            });
            took.store(time.to_bits(), Ordering::Relaxed);
            stop.store(true, Ordering::Relaxed);
        });
    });
    rig.kill(&cpu, process);
    f64::from_bits(took.load(Ordering::Relaxed))
}

/// Measures a first store to a page, from fault to retry, with a hot frame from the CPU's cache.
pub(super) fn demand_zero(rig: &Rig) -> f64 {
    // As many as a CPU's cache holds, so that no list is asked for a frame.
    const PAGES: u32 = HOT - 8;
    let cpu = rig.cpu(0);
    typical_burst(101, || {
        let process = rig.process(&cpu, PAGES);
        let space = rig.enter(&cpu, process);
        let time = each(u64::from(PAGES), || touch(&space, PAGES));
        drop(space);
        rig.kill(&cpu, process);
        time
    })
}

/// Measures a transfer: a slot of the rig's device is read into a frame, or written from one.
pub(super) fn transfer(rig: &Rig, write: bool) -> Result<f64, String> {
    let swap = &rig.machine.swap;
    let mut failed = None;
    let slots = swap.slots();
    let time = each(slots.into(), || {
        for number in 1..=slots {
            let (slot, frame) = (Slot(number), Pfn(1 + number % HOT));
            let done = if write {
                swap.write(slot, &rig.machine.frames, frame)
            } else {
                swap.read(slot, &rig.machine.frames, frame)
            };
            failed = failed.take().or(done.err());
        }
    });
    match failed {
        None => Ok(time),
        Some(_) => Err(format!("the swap file fails: {}", swap.trouble())),
    }
}
