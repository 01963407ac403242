//! Implements replacement policies as textbooks have them, each in a few lines, on a list of resident pages.

use faultline::runtime::Random;

/// A resident page. The pages stand in the order in which they came, or in which the hand meets them.
#[derive(Debug)]
struct Page {
    number: u32,
    frame: u32,
    used: bool,
    dirty: bool,
    /// When it was used last, its counter, or when it was found used.
    note: u64,
}

/// The settings of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) policy: &'static str,
    /// Frames for pages, and all frames of the machine.
    pub(crate) frames: usize,
    pub(crate) machine: u32,
    /// The unit of a clock tick and how many make one.
    pub(crate) tick: (&'static str, u64),
    pub(crate) window: u64,
    /// Decides every draw.
    pub(crate) seed: u64,
}

/// A fault: the page that came in, and its victim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) page: u32,
    pub(crate) victim: Option<u32>,
}

/// The policies.
pub(crate) const POLICIES: [&str; 9] =
    ["fifo", "random", "clock", "clock-dirty", "nru", "aging", "lru", "wsclock", "sieve"];

/// Rules of one's own: that of the clock, one that leaves pages where they are, and three that never evict.
pub(crate) const RULES: [&str; 5] = [
    "accessed ? again : evict",
    "note = accessed ? now : note; now - note > 20 && (!dirty || round > 1) ? evict : keep",
    "again",
    "keep",
    "shared ? keep : again",
];

/// A memory that has only pages and a policy.
#[derive(Debug)]
pub(crate) struct Reference {
    settings: Settings,
    pages: Vec<Page>,
    /// Where SIEVE's hand stands.
    hand: usize,
    references: u64,
    faults: u64,
    ticks: u64,
    random: Random,
}

impl Reference {
    pub(crate) fn new(settings: Settings) -> Self {
        let random = Random::new(settings.seed);
        let (pages, hand) = (Vec::new(), 0);
        Self { settings, pages, hand, references: 0, faults: 0, ticks: 0, random }
    }

    /// Whether a page is resident.
    pub(crate) fn has(&self, number: u32) -> bool {
        self.pages.iter().any(|page| page.number == number)
    }

    /// Makes one reference. `frame_of` returns the frame into which the machine puts a page that comes in.
    pub(crate) fn refer(
        &mut self,
        number: u32,
        write: bool,
        frame_of: impl FnOnce() -> u32,
    ) -> Option<Fault> {
        self.references += 1;
        let found = self.pages.iter_mut().find(|page| page.number == number);
        let fault = if let Some(page) = found {
            page.used = true;
            page.dirty |= write;
            None
        } else {
            self.faults += 1;
            let is_full = self.pages.len() == self.settings.frames;
            let victim = is_full.then(|| {
                let victim = self.victim();
                self.pages.remove(victim).number
            });
            // SIEVE alone does not count the access that brought the page in.
            let used = self.settings.policy != "sieve";
            let frame = frame_of();
            self.pages.push(Page { number, frame, used, dirty: write, note: 0 });
            Some(Fault { page: number, victim })
        };
        if self.settings.policy == "lru" {
            let page = self.pages.iter_mut().find(|page| page.number == number);
            page.unwrap().note = self.references;
        }
        self.tick();
        fault
    }

    /// Makes the clock tick of aging and NRU.
    fn tick(&mut self) {
        let (unit, every) = self.settings.tick;
        let passed = if unit == "faults" { self.faults } else { self.references };
        if passed / every == self.ticks {
            return;
        }
        self.ticks = passed / every;
        if matches!(self.settings.policy, "aging" | "nru") {
            for page in &mut self.pages {
                page.note = page.note >> 1 | u64::from(page.used) << 7;
                page.used = false;
            }
        }
    }

    fn victim(&mut self) -> usize {
        match self.settings.policy {
            "fifo" => 0,
            "random" => self.random(),
            "clock" => self.clock(),
            "clock-dirty" => self.clock_dirty(),
            "nru" => self.nru(),
            "aging" => self.lowest(|page| u64::from(page.used) << 8 | page.note),
            "lru" => self.lowest(|page| page.note),
            "wsclock" => self.wsclock(),
            "sieve" => self.sieve(),
            other => panic!("no policy {other}"),
        }
    }

    /// Finds the first of the lowest.
    fn lowest(&self, rank: impl Fn(&Page) -> u64) -> usize {
        (0..self.pages.len()).min_by_key(|at| rank(&self.pages[*at])).unwrap()
    }

    /// The hand leaves the first page behind.
    fn pass(&mut self) {
        self.pages.rotate_left(1);
    }

    fn random(&mut self) -> usize {
        let all = u64::from(self.settings.machine);
        let start = self.random.below(all);
        self.lowest(|page| (u64::from(page.frame) + all - start) % all)
    }

    fn clock(&mut self) -> usize {
        while self.pages[0].used {
            self.pages[0].used = false;
            self.pass();
        }
        0
    }

    fn clock_dirty(&mut self) -> usize {
        loop {
            for _ in 0..self.pages.len() {
                if !self.pages[0].used && !self.pages[0].dirty {
                    return 0;
                }
                self.pass();
            }
            for _ in 0..self.pages.len() {
                if !self.pages[0].used && self.pages[0].dirty {
                    return 0;
                }
                self.pages[0].used = false;
                self.pass();
            }
        }
    }

    fn nru(&mut self) -> usize {
        let class = |page: &Page| 2 * u64::from(page.used) + u64::from(page.dirty);
        let lowest = self.pages.iter().map(class).min().unwrap();
        // A draw for each page; of those in the class the smallest.
        let draws: Vec<_> = self.pages.iter().map(|_| self.random.bits() >> 2).collect();
        let of_class = (0..draws.len()).filter(|at| class(&self.pages[*at]) == lowest);
        of_class.min_by_key(|at| draws[*at]).unwrap()
    }

    fn wsclock(&mut self) -> usize {
        let (now, window) = (self.references, self.settings.window);
        for may_be_dirty in [false, true] {
            for _ in 0..self.pages.len() {
                let page = &mut self.pages[0];
                if std::mem::take(&mut page.used) {
                    page.note = now;
                } else if now - page.note > window && (may_be_dirty || !page.dirty) {
                    return 0;
                }
                self.pass();
            }
        }
        self.lowest(|page| page.note)
    }

    fn sieve(&mut self) -> usize {
        while self.pages[self.hand].used {
            self.pages[self.hand].used = false;
            self.hand = (self.hand + 1) % self.pages.len();
        }
        let victim = self.hand;
        // The next is in its place then; after the newest comes the oldest.
        self.hand = if victim + 1 == self.pages.len() { 0 } else { victim };
        victim
    }
}
