//! Draws the steps of a scarce script, each from the processes and pages of a model, and applies a step that has
//! succeeded to that model.

use std::collections::BTreeMap;

use faultline::runtime::Random;
use serde_json::{Value, json};

/// The most pages of a process that a script reaches for.
const MOST_PAGES: u64 = 24;

/// A process as a program sees it: the word stored in each of its pages, 0 unless written.
pub(super) type Pages = BTreeMap<u32, u64>;

/// One op, and what it does to the processes if it succeeds.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Spawn {
        name: String,
        pages: u32,
    },
    Fork {
        parent: String,
        child: String,
    },
    Write {
        name: String,
        page: u32,
        value: u64,
    },
    Read {
        name: String,
        page: u32,
    },
    Evict {
        name: String,
        page: u32,
    },
    Map {
        name: String,
        pages: u32,
    },
    Unmap {
        name: String,
        page: u32,
        pages: u32,
    },
    Kill {
        name: String,
    },
    Sleep {
        name: String,
    },
    Wake {
        name: String,
    },
    /// A workload over pages `first` to `end`; it checks what it reads itself.
    Run {
        name: String,
        first: u32,
        end: u32,
        cpus: u32,
        accesses: u64,
        seed: u64,
    },
}

impl Step {
    pub(super) fn op(&self) -> Value {
        match self {
            Self::Spawn { name, pages } => json!({"op": "spawn", "as": name, "pages": pages}),
            Self::Fork { parent, child } => json!({"op": "fork", "process": parent, "as": child}),
            Self::Write { name, page, value } => {
                json!({"op": "write", "process": name, "page": page, "value": value})
            }
            Self::Read { name, page } => json!({"op": "read", "process": name, "page": page}),
            Self::Evict { name, page } => json!({"op": "evict", "process": name, "page": page}),
            Self::Map { name, pages } => json!({"op": "map", "process": name, "pages": pages}),
            Self::Unmap { name, page, pages } => {
                json!({"op": "unmap", "process": name, "page": page, "pages": pages})
            }
            Self::Kill { name } => json!({"op": "kill", "process": name}),
            Self::Sleep { name } => json!({"op": "sleep", "process": name}),
            Self::Wake { name } => json!({"op": "wake", "process": name}),
            Self::Run { name, first, end, cpus, accesses, seed } => {
                json!({"op": "run", "process": name, "pages": [first, end], "cpus": cpus,
                    "pattern": "uniform", "accesses": accesses, "writes": 0.6, "seed": seed})
            }
        }
    }
}

/// The processes of one list, by their names, and whether each is awake.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) processes: BTreeMap<String, (Pages, bool)>,
    pub(super) names: u32,
    pub(super) list: usize,
    /// The most CPUs of a workload.
    pub(super) cpus: u64,
}

impl Model {
    fn new_name(&mut self) -> String {
        self.names += 1;
        format!("p{}-{}", self.list, self.names)
    }

    fn one_of(&self, random: &mut Random, awake: bool) -> Option<String> {
        let fits = self.processes.iter().filter(|(_, (_, is_awake))| *is_awake || !awake);
        let names: Vec<_> = fits.map(|(name, _)| name.clone()).collect();
        let chosen = random.below(names.len().max(1) as u64) as usize;
        names.get(chosen).cloned()
    }

    fn page_of(&self, random: &mut Random, name: &str) -> Option<u32> {
        let pages: Vec<_> = self.processes[name].0.keys().copied().collect();
        let chosen = random.below(pages.len().max(1) as u64) as usize;
        pages.get(chosen).copied()
    }

    /// Draws the next op; none when there is no process for it.
    pub(super) fn step(&mut self, random: &mut Random, most: usize) -> Option<Step> {
        let kind = random.below(100);
        let room = self.processes.len() < most;
        if self.processes.is_empty() || kind < 4 && room {
            let pages = 1 + random.below(MOST_PAGES) as u32;
            return Some(Step::Spawn { name: self.new_name(), pages });
        }
        match kind {
            4..16 if room => {
                let parent = self.one_of(random, true)?;
                Some(Step::Fork { parent, child: self.new_name() })
            }
            4..56 => {
                let name = self.one_of(random, true)?;
                let page = self.page_of(random, &name)?;
                Some(Step::Write { name, page, value: 1 + random.below(1 << 50) })
            }
            56..70 => {
                let name = self.one_of(random, true)?;
                let page = self.page_of(random, &name)?;
                Some(Step::Read { name, page })
            }
            70..80 => {
                let name = self.one_of(random, false)?;
                let page = self.page_of(random, &name)?;
                Some(Step::Evict { name, page })
            }
            80..84 => {
                let name = self.one_of(random, true)?;
                // Now and then a whole table's worth.
                let most = if random.below(8) == 0 { 1200 } else { 6 };
                let pages = 1 + random.below(most) as u32;
                Some(Step::Map { name, pages })
            }
            84..90 => {
                let name = self.one_of(random, true)?;
                let page = self.page_of(random, &name)?;
                let all = &self.processes[&name].0;
                let run = (page..).take_while(|page| all.contains_key(page)).count() as u64;
                let few = if random.below(4) == 0 { run } else { run.min(4) };
                Some(Step::Unmap { name, page, pages: 1 + random.below(few) as u32 })
            }
            90..94 => Some(Step::Kill { name: self.one_of(random, false)? }),
            94..96 => Some(Step::Sleep { name: self.one_of(random, true)? }),
            96..98 => {
                let name = self.one_of(random, true)?;
                let first = self.page_of(random, &name)?;
                let all = &self.processes[&name].0;
                let run = (first..).take_while(|page| all.contains_key(page)).count().min(40);
                let (end, cpus) = (first + run as u32, 1 + random.below(self.cpus) as u32);
                let (accesses, seed) = (1 + random.below(200), random.below(1 << 30));
                Some(Step::Run { name, first, end, cpus, accesses, seed })
            }
            _ => {
                let asleep = self.processes.iter().find(|(_, (_, awake))| !awake);
                Some(Step::Wake { name: asleep?.0.clone() })
            }
        }
    }

    /// Applies a step that succeeded to the model.
    pub(super) fn apply(&mut self, step: &Step) {
        match step {
            Step::Spawn { name, pages } => {
                let pages = (0..*pages).map(|page| (page, 0)).collect();
                self.processes.insert(name.clone(), (pages, true));
            }
            Step::Fork { parent, child } => {
                let copy = self.processes[parent].clone();
                self.processes.insert(child.clone(), copy);
            }
            Step::Write { name, page, value } => {
                self.processes.get_mut(name).unwrap().0.insert(*page, *value);
            }
            Step::Map { name, pages } => {
                let all = &mut self.processes.get_mut(name).unwrap().0;
                let fits =
                    |first: &u32| (*first..first + pages).all(|page| !all.contains_key(&page));
                let first = (0..).find(fits).unwrap();
                all.extend((first..first + pages).map(|page| (page, 0)));
            }
            Step::Unmap { name, page, pages } => {
                let all = &mut self.processes.get_mut(name).unwrap().0;
                (*page..page + pages).for_each(|page| {
                    all.remove(&page);
                });
            }
            Step::Kill { name } => {
                self.processes.remove(name);
            }
            Step::Sleep { name } => self.processes.get_mut(name).unwrap().1 = false,
            Step::Wake { name } => self.processes.get_mut(name).unwrap().1 = true,
            Step::Read { .. } | Step::Evict { .. } | Step::Run { .. } => {}
        }
    }
}

/// Whether a step had to fail because one before it has.
pub(super) fn depends(model: &Model, step: &Step) -> bool {
    let lives = |name: &str| model.processes.contains_key(name);
    let has = |name: &str, page: u32| {
        model.processes.get(name).is_some_and(|(pages, _)| pages.contains_key(&page))
    };
    match step {
        Step::Spawn { .. } => false,
        Step::Fork { parent: name, .. }
        | Step::Map { name, .. }
        | Step::Kill { name }
        | Step::Sleep { name }
        | Step::Wake { name } => !lives(name),
        Step::Write { name, page, .. } | Step::Read { name, page } | Step::Evict { name, page } => {
            !has(name, *page)
        }
        Step::Unmap { name, page, pages } => (*page..page + pages).any(|page| !has(name, page)),
        Step::Run { name, first, end, .. } => (*first..*end).any(|page| !has(name, page)),
    }
}
