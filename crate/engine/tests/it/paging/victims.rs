//! Tests the order in which replacement policies take their victims (S6, S9).

use std::sync::Arc;

use faultline::machine::Machine;
use faultline::memory::{FrameState, Pfn, ProcessId, PteFormat, Vpn};
use faultline::observe::Counter;
use faultline::options::{ClockTick, Eviction, MachineOptions, Policy, Reads, TickUnit};
use faultline::paging::{AddressSpace, references_until_tick, trim};
use faultline::process::fork;
use faultline::runtime::{Random, ThreadCpu, ThreadRuntime, block_on};

const PAGES: u32 = 8;
const SEED: u64 = 11;

/// One CPU and one process, whose pages were touched in order; nothing happens by itself.
struct Stage {
    machine: Machine,
    cpu: ThreadCpu,
    process: ProcessId,
}

fn options(policy: Policy) -> MachineOptions {
    MachineOptions {
        frames: 32,
        cpus: 1,
        policy,
        eviction: Eviction::Synchronous,
        free_lists: 1,
        cpu_cache: 0,
        zeroer: false,
        ..MachineOptions::default()
    }
}

impl Stage {
    /// A stage on which no page was touched yet.
    fn empty(options: MachineOptions) -> Self {
        let machine = Machine::bare(options, SEED, 2).unwrap();
        let cpu = ThreadCpu::new(Arc::<ThreadRuntime>::default(), machine.local(0));
        let process = block_on(faultline::process::spawn(&cpu, &machine, PAGES)).unwrap();
        block_on(faultline::process::wake(&cpu, &machine, process)).unwrap();
        Self { machine, cpu, process }
    }

    fn new(policy: Policy) -> Self {
        let stage = Self::empty(options(policy));
        for page in 0..PAGES {
            stage.store(page);
        }
        for page in 0..PAGES {
            stage.load(page);
        }
        stage
    }

    fn space(&self) -> AddressSpace<'_, ThreadCpu> {
        AddressSpace::enter(&self.cpu, &self.machine, self.process).unwrap()
    }

    fn store(&self, page: u32) {
        block_on(self.space().store(Vpn(page), 0, 1)).unwrap();
    }

    fn load(&self, page: u32) {
        block_on(self.space().load(Vpn(page), 0)).unwrap();
    }

    fn pte(&self, page: u32) -> faultline::memory::Pte {
        let process = self.machine.processes.get(self.process);
        self.machine.load(self.machine.pte(process, Vpn(page)).unwrap())
    }

    fn unmapped(&self) -> Vec<u32> {
        (0..PAGES).filter(|page| self.pte(*page).format() == PteFormat::Transition).collect()
    }

    /// Trims so many frames; returns the pages that were, and how many frames were looked at.
    fn trim(&self, want: usize) -> (Vec<u32>, u64) {
        let (before, looks) = (self.unmapped(), self.looks());
        let progress = block_on(trim(&self.cpu, &self.machine, want));
        let mut trimmed = self.unmapped();
        trimmed.retain(|page| !before.contains(page));
        assert_eq!((progress.moved as usize, progress.busy), (trimmed.len(), 0));
        (trimmed, self.looks() - looks)
    }

    fn looks(&self) -> u64 {
        self.machine.stats.total(Counter::Examined)
    }
}

/// The page that has been there longest goes first, used or not; one that comes back is the youngest.
#[test]
fn s6_fifo_takes_pages_in_the_order_in_which_they_came() {
    let stage = Stage::new(Policy::Fifo);
    stage.load(0);
    assert_eq!(stage.trim(1), (vec![0], 1));
    assert_eq!(stage.trim(2), (vec![1, 2], 2));
    assert!(stage.pte(3).is_accessed(), "nobody asked");
    stage.load(0);
    assert_eq!(stage.trim(5), (vec![3, 4, 5, 6, 7], 5));
    assert_eq!(stage.trim(1), (vec![0], 1));
    assert_eq!(stage.trim(1), (vec![], 0));
}

/// A page that was accessed since it last came by goes round once more, and its bit is cleared.
#[test]
fn s6_clock_gives_a_page_that_was_accessed_a_second_chance() {
    let stage = Stage::new(Policy::Clock);
    // All were: the first round spares them all, and the second begins where the first did.
    assert_eq!(stage.trim(1), (vec![0], 9));
    assert!((1..PAGES).all(|page| !stage.pte(page).is_accessed()));
    stage.load(1);
    stage.load(3);
    assert_eq!(stage.trim(2), (vec![2, 4], 4));
    assert!(!stage.pte(1).is_accessed() && !stage.pte(3).is_accessed());
    // 5, 6, 7 were not looked at; 1 and 3 come after them.
    assert_eq!(stage.trim(4), (vec![1, 5, 6, 7], 4));
    assert_eq!(stage.trim(4), (vec![3], 1));
}

/// The first active frame from a drawn one on, by the CPU's own draw.
#[test]
fn s6_random_takes_the_first_active_frame_from_where_the_draw_falls() {
    let stage = Stage::new(Policy::Random);
    let pfns = &stage.machine.pfns;
    let mut random = Random::new(SEED);
    for left in (1..=PAGES).rev() {
        let start = random.below(pfns.count().into()) as u32;
        let order = (0..pfns.count()).map(|step| Pfn((start + step) % pfns.count()));
        let mut looks = 0;
        let expected = order
            .inspect(|_| looks += 1)
            .find(|frame| pfns.peek(*frame).state() == FrameState::Active);
        let (trimmed, looked) = stage.trim(1);
        assert_eq!(trimmed.len(), 1);
        assert_eq!((Some(stage.pte(trimmed[0]).frame()), looked), (expected, looks), "{left} left");
    }
    // Where nothing is active it looks at every frame once and gives up.
    assert_eq!(stage.trim(3), (vec![], pfns.count().into()));
}

/// The hand goes on from where it stopped. A page is visited by an access after the one that faulted, also by a
/// first store; a copy has a frame of its own, which was not visited yet.
#[test]
fn s6_sieve_goes_on_from_its_hand_and_counts_visits() {
    let stage = Stage::new(Policy::Sieve);
    assert!((0..PAGES).all(|page| stage.pte(page).is_accessed()));
    // All were visited: the first round clears the bits, and the second begins with the first page.
    assert_eq!(stage.trim(1), (vec![0], 9));
    stage.load(1);
    assert_eq!(stage.trim(1), (vec![2], 2));
    // Page 1 is behind the hand now.
    assert_eq!(stage.trim(1), (vec![3], 1));

    let stage = Stage::empty(MachineOptions { reads: Reads::Allocate, ..options(Policy::Sieve) });
    stage.load(0);
    assert!(!stage.pte(0).is_accessed());
    stage.store(0);
    assert!(stage.pte(0).is_accessed(), "the frame is the same");
    let child = block_on(fork(&stage.cpu, &stage.machine, &stage.space())).unwrap();
    stage.load(0);
    assert!(stage.pte(0).is_accessed());
    stage.store(0);
    assert!(!stage.pte(0).is_accessed(), "the frame is another");
    assert_eq!(stage.machine.processes.get(child).pages(), PAGES);
}

/// WSClock takes clean pages that are out of the working set first, dirty ones in a second round, and of what is
/// in the working set the page unused longest; never more than were asked for.
#[test]
fn s6_wsclock_takes_clean_pages_before_dirty_ones() {
    let more = MachineOptions {
        reads: Reads::Allocate,
        working_set_window: 5,
        ..options(Policy::Wsclock)
    };
    let stage = Stage::empty(more);
    // Whoever drives the CPU counts accesses.
    let pass = |accesses| stage.machine.stats.add(0, Counter::Accesses, accesses);
    pass(8);
    for page in 0..PAGES {
        if page % 2 == 0 { stage.store(page) } else { stage.load(page) }
    }
    assert_eq!(stage.trim(1).0, [0], "all are in the working set");
    pass(20);
    stage.load(7);
    assert_eq!(stage.trim(2).0, [1, 3]);
    // 5 is clean; 2, 4 and 6 are dirty, and 2 went to the end of the list; 7 was used.
    assert_eq!(stage.trim(3).0, [4, 5, 6]);
    assert_eq!(stage.trim(9).0, [2]);
    assert_eq!(stage.trim(9).0, [7], "it is in the working set, but there is no other");
}

/// A search of LRU that has to sort takes no more than were asked for.
#[test]
fn s6_lru_takes_what_is_left_of_the_old_order_and_then_of_the_new() {
    let stage = Stage::new(Policy::Lru);
    assert_eq!(stage.trim(1).0, [0]);
    (1..5).for_each(|page| stage.load(page));
    assert_eq!(stage.trim(5).0, [1, 2, 5, 6, 7]);
    assert_eq!(stage.trim(5).0, [3, 4]);
}

/// A relative that has copied a page says nothing of the frame that it had before.
#[test]
fn s6_a_relatives_own_copy_says_nothing_of_a_frame() {
    for policy in [Policy::Clock, Policy::ClockDirty, Policy::Aging] {
        let stage = Stage::empty(options(policy.clone()));
        (0..2).for_each(|page| stage.store(page));
        let child = block_on(fork(&stage.cpu, &stage.machine, &stage.space())).unwrap();
        block_on(faultline::process::wake(&stage.cpu, &stage.machine, child)).unwrap();
        let space = || AddressSpace::enter(&stage.cpu, &stage.machine, child).unwrap();
        block_on(space().store(Vpn(0), 0, 2)).unwrap();
        let cell = stage.machine.pte(stage.machine.processes.get(child), Vpn(0)).unwrap();
        let childs = || stage.machine.load(cell);
        let parent = stage.machine.processes.get(stage.process);
        for page in 0..2 {
            let cell = stage.machine.pte(parent, Vpn(page)).unwrap();
            cell.store(stage.pte(page).not_accessed().0, std::sync::atomic::Ordering::Relaxed);
        }
        assert!(childs().is_accessed() && childs().frame() != stage.pte(0).frame());
        assert_eq!(
            stage.trim(1).0,
            [0],
            "{policy:?}: neither page of the parent's was used, and this is the older"
        );
        assert_eq!(childs().format(), PteFormat::Valid);
        assert!(childs().is_accessed(), "{policy:?}: nobody asked for the child's frame");
    }
}

/// How far it is to the next clock tick is known where references are counted.
#[test]
fn s6_the_next_clock_tick_is_as_far_as_the_references_to_it() {
    let until = |policy: &Policy, unit, accesses| {
        let clock_tick = ClockTick { unit, every: 10 };
        let stage = Stage::empty(MachineOptions { clock_tick, ..options(policy.clone()) });
        stage.machine.stats.add(0, Counter::Accesses, accesses);
        references_until_tick(&stage.machine)
    };
    let wanted = [(0, 10), (1, 9), (9, 1), (10, 10), (25, 5)];
    for (accesses, references) in wanted {
        for policy in &[Policy::Aging, Policy::Nru] {
            assert_eq!(until(policy, TickUnit::References, accesses), references);
            assert_eq!(until(policy, TickUnit::Faults, accesses), u64::MAX);
            assert_eq!(until(policy, TickUnit::Nanoseconds, accesses), u64::MAX);
        }
        assert_eq!(until(&Policy::Clock, TickUnit::References, accesses), u64::MAX);
    }
}
