//! Implements each policy again as its paper describes it, on lists, without a thought of speed.

use std::collections::HashMap;

use faultline_rule::{Rule, Seen, Verdict};

use crate::Policy;
use crate::hash::{Random, mix};
use crate::policy::{Counts, Hand, LfuTies, OnFault, OptTies, Unit};

/// What a reference does: nothing on a hit, and else the victim, if there is one.
pub(super) type Outcome = Option<Option<u64>>;

/// A memory that is a list of pages.
pub(super) struct Naive {
    policy: Policy,
    frames: usize,
    /// All references, because the optimal policy knows the future.
    stream: Vec<(u64, bool)>,
    now: usize,
    faults: usize,
    /// Resident pages in the order in which they came, or in which a hand meets them.
    pages: Vec<Page>,
    hand: Option<usize>,
    /// The lists of policies with several, each with the latest page at its end.
    lists: [Vec<u64>; 4],
    share: f64,
    counts: HashMap<u64, u32>,
    lir: Vec<u64>,
    generation: (u32, u32),
    random: Random,
}

#[derive(Clone, Debug)]
struct Page {
    name: u64,
    count: u32,
    used: bool,
    dirty: bool,
    note: u32,
}

fn take(list: &mut Vec<u64>, page: u64) -> bool {
    let at = list.iter().position(|known| *known == page);
    at.map(|at| list.remove(at)).is_some()
}

impl Naive {
    pub(super) fn new(policy: Policy, frames: u32, stream: &[(u64, bool)]) -> Self {
        let seed = if let Policy::Random { seed } = policy { seed.0 } else { 0 };
        Self {
            policy,
            frames: frames as usize,
            stream: stream.to_vec(),
            now: 0,
            faults: 0,
            pages: Vec::new(),
            hand: None,
            lists: Default::default(),
            share: 0.0,
            counts: HashMap::new(),
            lir: Vec::new(),
            generation: (0, 3),
            random: Random::new(mix(seed ^ mix(u64::from(frames)))),
        }
    }

    pub(super) fn run(mut self) -> Vec<Outcome> {
        let stream = self.stream.clone();
        let outcomes = stream.iter().map(|(page, write)| {
            self.now += 1;
            match self.policy {
                Policy::S3Fifo { .. } => self.s3_fifo(*page),
                Policy::Arc => self.arc(*page),
                Policy::TwoQ { .. } => self.two_q(*page),
                Policy::Lirs { .. } => self.lirs(*page),
                _ => self.refer(*page, *write),
            }
        });
        outcomes.collect()
    }

    fn on_fault(&self) -> bool {
        match self.policy {
            Policy::Clock { fault, .. }
            | Policy::Sieve { fault }
            | Policy::Aging { fault, .. }
            | Policy::WsClock { fault, .. }
            | Policy::Generations { fault } => fault == OnFault::Used,
            Policy::Rule { .. } => true,
            _ => false,
        }
    }

    /// A reference under a policy that has one list of pages.
    fn refer(&mut self, name: u64, write: bool) -> Outcome {
        let most = if let Policy::Clock { bits, .. } = self.policy { (1 << bits.0) - 1 } else { 1 };
        *self.counts.entry(name).or_default() += 1;
        let found = self.pages.iter_mut().find(|page| page.name == name);
        let outcome = if let Some(page) = found {
            page.used = true;
            page.dirty |= write;
            page.count = (page.count + 1).min(most);
            None
        } else {
            self.faults += 1;
            let is_full = self.pages.len() == self.frames;
            let mut place = self.pages.len();
            let victim = is_full.then(|| {
                let at = self.victim();
                if matches!(self.policy, Policy::Clock { .. } | Policy::Random { .. }) {
                    place = at;
                } else {
                    place = self.frames - 1;
                }
                self.pages.remove(at).name
            });
            if let Some(victim) = victim
                && !matches!(self.policy, Policy::Lfu { counts: Counts::Kept, .. })
            {
                self.counts.remove(&victim);
            }
            let used = self.on_fault();
            let note = match self.policy {
                Policy::Generations { .. } => self.generation.1,
                Policy::Aging { .. } | Policy::Rule { .. } => 0,
                _ => self.now as u32,
            };
            let count = u32::from(used);
            let page = Page { name, count, used, dirty: write, note };
            self.pages.insert(place, page);
            if let Policy::Clock { hand, .. } = self.policy {
                let past = if is_full { (place + 1) % self.frames } else { 0 };
                self.hand = Some(if hand == Hand::On { place } else { past });
            }
            Some(victim)
        };
        if matches!(self.policy, Policy::Lru)
            || matches!(self.policy, Policy::Lfu { ties: LfuTies::Unused, .. })
        {
            self.pages.iter_mut().find(|page| page.name == name).unwrap().note = self.now as u32;
        }
        self.tick(outcome.is_some());
        outcome
    }

    fn tick(&mut self, was_fault: bool) {
        let Policy::Aging { unit, every, .. } = self.policy else { return };
        let frames = self.frames as u32;
        let (passed, usual) = match unit {
            Unit::Faults if !was_fault => return,
            Unit::Faults => (self.faults, (frames / 8).max(1)),
            Unit::References => (self.now, frames * 8),
        };
        if passed.is_multiple_of(every.0.unwrap_or(usual) as usize) {
            for page in &mut self.pages {
                page.note = page.note >> 1 | u32::from(page.used) << 7;
                page.used = false;
            }
        }
    }

    /// Finds the first of the lowest.
    fn lowest<Rank: Ord>(&self, rank: impl Fn(&Page) -> Rank) -> usize {
        (0..self.pages.len()).min_by_key(|at| rank(&self.pages[*at])).unwrap()
    }

    fn victim(&mut self) -> usize {
        match self.policy {
            Policy::Fifo => 0,
            Policy::Lru => self.lowest(|page| page.note),
            Policy::Random { .. } => self.random.below(self.frames as u32) as usize,
            Policy::Clock { .. } => loop {
                let hand = self.hand.unwrap();
                if self.pages[hand].count == 0 {
                    break hand;
                }
                self.pages[hand].count -= 1;
                self.hand = Some((hand + 1) % self.frames);
            },
            Policy::Sieve { .. } => loop {
                let hand = self.hand.unwrap_or(0);
                if !std::mem::take(&mut self.pages[hand].used) {
                    // The next page is in its place then; after the newest the hand begins again.
                    self.hand = (hand + 1 < self.frames).then_some(hand);
                    break hand;
                }
                self.hand = Some((hand + 1) % self.frames);
            },
            Policy::Lfu { .. } => self.lowest(|page| (self.counts[&page.name], page.note)),
            Policy::Aging { .. } => self.lowest(|page| (page.used, page.note)),
            Policy::WsClock { window, .. } => {
                let window = window.0.unwrap_or(self.frames as u32 * 8);
                for may_be_dirty in [false, true] {
                    for _ in 0..self.frames {
                        let now = self.now as u32;
                        let page = &mut self.pages[0];
                        if std::mem::take(&mut page.used) {
                            page.note = now;
                        }
                        if now - page.note > window && (may_be_dirty || !page.dirty) {
                            return 0;
                        }
                        self.pages.rotate_left(1);
                    }
                }
                self.lowest(|page| page.note)
            }
            Policy::Generations { .. } => loop {
                let (oldest, youngest) = self.generation;
                let of = |seq| self.pages.iter().filter(|page| page.note == seq).count();
                if oldest + 2 <= youngest && of(oldest) == 0 {
                    self.generation.0 += 1;
                    continue;
                }
                let uneven = of(youngest) * 2 > self.frames || of(oldest) * 4 < self.frames;
                if oldest + 2 > youngest || oldest + 2 == youngest && uneven {
                    self.generation.1 += 1;
                    self.pages.sort_by_key(|page| page.note);
                    for at in 0..self.frames {
                        let first = self.pages.iter().take(self.frames - at).position(|p| p.used);
                        let Some(first) = first else { break };
                        let mut page = self.pages.remove(first);
                        (page.used, page.note) = (false, youngest + 1);
                        self.pages.push(page);
                    }
                    continue;
                }
                let first = self.pages.iter().position(|page| page.note == oldest).unwrap();
                if !self.pages[first].used {
                    break first;
                }
                let mut page = self.pages.remove(first);
                (page.used, page.note) = (false, youngest);
                self.pages.push(page);
            },
            Policy::Rule { ref rule } => {
                let rule = rule.clone().unwrap_or_else(|| Rule::new("!accessed").unwrap());
                let mut at = if rule.keeps() { self.hand.unwrap_or(0) } else { 0 };
                let mut looks = 0;
                loop {
                    let page = &mut self.pages[at];
                    let (verdict, note) = rule.judge(Seen {
                        accessed: std::mem::take(&mut page.used),
                        dirty: page.dirty,
                        shared: false,
                        round: (looks / self.frames) as u64,
                        now: self.now as u64,
                        note: page.note.into(),
                    });
                    page.note = note as u32;
                    let next = (at + 1 < self.frames).then_some(at);
                    if verdict == Verdict::Evict || looks >= 9 * self.frames {
                        self.hand = next;
                        break at;
                    }
                    if verdict == Verdict::Again {
                        let page = self.pages.remove(at);
                        self.pages.push(page);
                        at = next.unwrap_or(0);
                    } else {
                        at = (at + 1) % self.frames;
                    }
                    looks += 1;
                }
            }
            Policy::Opt { ties } => {
                let next = |page: &Page| {
                    let mut rest = self.stream[self.now..].iter();
                    rest.position(|(name, _)| *name == page.name).unwrap_or(usize::MAX)
                };
                let last = |page: &Page| {
                    let mut before = self.stream[..self.now - 1].iter();
                    before.rposition(|(name, _)| *name == page.name).unwrap()
                };
                self.lowest(|page| {
                    let last = last(page) as isize;
                    let tie = if ties == OptTies::Unused { last } else { -last };
                    (std::cmp::Reverse(next(page)), tie)
                })
            }
            ref other => panic!("{other} has several lists"),
        }
    }

    /// The lists are the small queue, the main queue and the ghosts.
    fn s3_fifo(&mut self, page: u64) -> Outcome {
        let Policy::S3Fifo { small, ghosts, uses } = self.policy else { panic!() };
        let [queue, main, ghost, _] = &mut self.lists;
        if queue.contains(&page) || main.contains(&page) {
            let count = self.counts.entry(page).or_default();
            *count = (*count + 1).min(3);
            return None;
        }
        let of_queue = ((self.frames as f64 * small.0) as usize).max(1);
        let is_known = take(ghost, page);
        let mut victim = None;
        while victim.is_none() && queue.len() + main.len() == self.frames {
            if main.len() > self.frames - of_queue || queue.is_empty() {
                let first = main.remove(0);
                let count = self.counts.get_mut(&first).unwrap();
                if *count == 0 {
                    victim = Some(first);
                } else {
                    *count -= 1;
                    main.push(first);
                }
            } else {
                while victim.is_none() && !queue.is_empty() {
                    let first = queue.remove(0);
                    if self.counts[&first] >= uses.0 {
                        self.counts.insert(first, 0);
                        main.push(first);
                    } else {
                        victim = Some(first);
                        ghost.push(first);
                        let most = (self.frames as f64 * ghosts.0) as usize;
                        if ghost.len() > most {
                            ghost.remove(0);
                        }
                    }
                }
            }
        }
        self.counts.insert(page, 0);
        if is_known { main } else { queue }.push(page);
        Some(victim)
    }

    /// The lists are T1, T2, B1 and B2.
    fn arc(&mut self, page: u64) -> Outcome {
        let c = self.frames;
        let [t1, t2, b1, b2] = &mut self.lists;
        if take(t1, page) || take(t2, page) {
            t2.push(page);
            return None;
        }
        let replace =
            |t1: &mut Vec<u64>, t2: &mut Vec<u64>, b1: &mut Vec<u64>, b2: &mut Vec<u64>, p: f64| {
                let over = t1.len() as f64 > p || b2.contains(&page) && t1.len() as f64 == p;
                let (from, to) =
                    if !t1.is_empty() && over || t2.is_empty() { (t1, b1) } else { (t2, b2) };
                let victim = from.remove(0);
                to.push(victim);
                Some(victim)
            };
        let (x, y) = (b1.len() as f64, b2.len() as f64);
        let mut victim = None;
        if b1.contains(&page) {
            self.share = (self.share + if x >= y { 1.0 } else { y / x }).min(c as f64);
            victim = replace(t1, t2, b1, b2, self.share);
            take(b1, page);
            t2.push(page);
        } else if b2.contains(&page) {
            self.share = (self.share - if y >= x { 1.0 } else { x / y }).max(0.0);
            victim = replace(t1, t2, b1, b2, self.share);
            take(b2, page);
            t2.push(page);
        } else {
            if t1.len() + b1.len() == c {
                if t1.len() < c {
                    b1.remove(0);
                    victim = replace(t1, t2, b1, b2, self.share);
                } else {
                    victim = Some(t1.remove(0));
                }
            } else if t1.len() + t2.len() + b1.len() + b2.len() >= c {
                if t1.len() + t2.len() + b1.len() + b2.len() == 2 * c {
                    b2.remove(0);
                }
                victim = replace(t1, t2, b1, b2, self.share);
            }
            t1.push(page);
        }
        Some(victim)
    }

    /// The lists are A1in, Am and A1out.
    fn two_q(&mut self, page: u64) -> Outcome {
        let Policy::TwoQ { share_in, share_out } = self.policy else { panic!() };
        let most_in = ((self.frames as f64 * share_in.0) as usize).max(1);
        let most_out = (self.frames as f64 * share_out.0) as usize;
        let [a1_in, am, a1_out, _] = &mut self.lists;
        if a1_in.contains(&page) {
            return None;
        }
        if take(am, page) {
            am.push(page);
            return None;
        }
        let was_out = take(a1_out, page);
        let mut victim = None;
        if a1_in.len() + am.len() == self.frames {
            if a1_in.len() > most_in || am.is_empty() {
                victim = Some(a1_in.remove(0));
                a1_out.extend(victim);
                if a1_out.len() > most_out {
                    a1_out.remove(0);
                }
            } else {
                victim = Some(am.remove(0));
            }
        }
        if was_out { am } else { a1_in }.push(page);
        Some(victim)
    }

    /// The lists are the stack, its top at the end, and the queue.
    fn lirs(&mut self, page: u64) -> Outcome {
        let Policy::Lirs { hir } = self.policy else { panic!() };
        let of_hir = ((self.frames as f64 * hir.0) as usize).max(1);
        let of_lir = self.frames - of_hir;
        let [stack, queue, ..] = &mut self.lists;
        let (is_lir, is_queued) = (self.lir.contains(&page), queue.contains(&page));
        let mut outcome = None;
        if !is_lir && !is_queued {
            let is_full = self.lir.len() + queue.len() == self.frames;
            outcome = Some(is_full.then(|| queue.remove(0)));
        }
        if of_lir == 0 {
            take(queue, page);
            queue.push(page);
            return outcome;
        }
        let was_in_stack = take(stack, page);
        stack.push(page);
        if !is_lir {
            take(queue, page);
            if !is_queued && self.lir.len() < of_lir {
                self.lir.push(page);
            } else if was_in_stack {
                let bottom = stack[0];
                assert!(take(&mut self.lir, bottom));
                queue.push(bottom);
                self.lir.push(page);
            } else {
                queue.push(page);
            }
        }
        while !self.lir.contains(&stack[0]) {
            stack.remove(0);
        }
        outcome
    }
}
