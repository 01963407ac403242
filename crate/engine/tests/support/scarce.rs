//! Random scripts on machines with a frame, a slot or a table too few: forks, kills, evictions, maps and
//! unmaps, and programs that fill memory first. Any op may fail for want of memory; what it has done
//! then is nothing, and what the others have done stays.
//!
//! A script follows from its number alone. Serial scripts do one op after another; others do several
//! lists side by side, each with processes of its own.

use std::collections::BTreeMap;

use faultline::machine::audit;
use faultline::memory::{Memory, PAGE_WORDS, ProcessId, PteFormat, Vpn};
use faultline::options::MachineOptions;
use faultline::runtime::{Random, mix};
use faultline::scenario::{Failure, Session, Traces, parse_op};
use serde_json::{Value, json};

use super::reference_policies::POLICIES;

/// The most processes that live at one time.
const MOST_PROCESSES: usize = 6;
/// The most pages of a process that a script reaches for.
const MOST_PAGES: u64 = 24;

/// Whether the ops of a script come one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Serial,
    SideBySide,
}

/// Why an op may fail on a machine that is short of everything.
const EXCUSES: [&str; 2] = ["out-of-memory", "out-of-swap"];

/// A process as a program sees it: the word stored in each of its pages, 0 unless written.
type Pages = BTreeMap<u32, u64>;

/// One op, and what it does to the processes if it succeeds.
#[derive(Clone, Debug)]
enum Step {
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

/// The words of a page below this one are nobody's but the script's; workloads stamp from the end.
const SCRIPT_WORDS: usize = 480;

impl Step {
    fn op(&self) -> Value {
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
struct Model {
    processes: BTreeMap<String, (Pages, bool)>,
    names: u32,
    list: usize,
    /// The most CPUs of a workload.
    cpus: u64,
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

    /// The next op, whatever fits; none when there is nobody for it.
    fn step(&mut self, random: &mut Random, most: usize) -> Option<Step> {
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

    /// What a step that succeeded has done.
    fn apply(&mut self, step: &Step) {
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

/// What came of a script.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    pub(crate) ops: u64,
    pub(crate) refused: u64,
}

/// A random machine that is short of something, and its options as they are written.
pub(crate) fn machine(random: &mut Random) -> Value {
    let mut pick = |words: &[Value]| words[random.below(words.len() as u64) as usize].clone();
    let small = pick(&[json!(8), json!(9), json!(10), json!(12), json!(16), json!(24), json!(64)]);
    json!({
        "frames": small,
        "slots": pick(&[json!(0), json!(1), json!(2), json!(4), json!(8), json!(16)]),
        "cpus": pick(&[json!(1), json!(2), json!(3)]),
        "reads": pick(&[json!("hardware"), json!("hardware"), json!("peek"), json!("allocate")]),
        "eviction": pick(&[json!("pipelined"), json!("synchronous")]),
        "pte_locks": pick(&[json!("machine"), json!("table"), json!("entry"), json!({"region": 8})]),
        "early_release": pick(&[json!(true), json!(false)]),
        "policy": pick(&POLICIES.map(Value::from)),
        "trim": {
            "trigger": pick(&["watermark", "every-fault", "predictive"].map(Value::from)),
            "low": pick(&[json!(0), json!(1), json!(3)]),
            "high": pick(&[json!(3), json!(8)]),
            "batch": pick(&[json!(1), json!(2), json!(16)]),
        },
        "write_batch": pick(&[json!(1), json!(4), json!(16)]),
        "standby_batch": pick(&[json!(1), json!(4)]),
        "free_lists": pick(&[json!(1), json!(4)]),
        "cpu_cache": pick(&[json!(0), json!(1), json!(8)]),
        "zeroer": pick(&[json!(true), json!(false)]),
        "slot_finder": pick(&[json!("bitmap"), json!("scan")]),
        "shootdown": pick(&[json!("batched"), json!("single")]),
    })
}

/// Plays script `number` and says what did not hold.
///
/// # Errors
/// What did not hold, with the document so far.
pub(crate) fn play(number: u64, order: Order, threads: bool) -> Result<Sum, String> {
    play_with(number, order, threads, &[])
}

/// The same with bugs switched on.
pub(crate) fn play_with(
    number: u64,
    order: Order,
    threads: bool,
    bugs: &[&str],
) -> Result<Sum, String> {
    let mut random = Random::new(mix(number ^ 0x5ca4ce));
    let mut machine = machine(&mut random);
    if !bugs.is_empty() {
        machine["bugs"] = json!(bugs);
    }
    if order == Order::SideBySide {
        machine["cpus"] = (2 + random.below(3)).into();
    }
    let runtime =
        if threads { super::threads() } else { super::virtual_cpus(random.below(1 << 30)) };
    let scenario = super::scenario(machine.clone(), runtime.clone(), json!([]));
    let mut session = Session::open(&scenario, Traces::default()).map_err(|it| it.to_string())?;
    session.start_threads().map_err(|error| error.to_string())?;
    let mut script = Vec::new();
    let played = match order {
        Order::Serial => serial(&mut random, &mut session, &mut script),
        Order::SideBySide => side_by_side(&mut random, &mut session, &mut script),
    };
    let end = |why: String| {
        let document =
            json!({"faultline": 1, "machine": machine, "runtime": runtime, "script": script});
        format!("script {number} ({order:?}, threads: {threads}): {why}\n{document}")
    };
    let sum = played.map_err(end)?;
    let report = session.finish();
    // The script's own were looked at one by one.
    match report.failures.iter().find(|failure| !failure.at.starts_with("/script/")) {
        None => Ok(sum),
        Some(failure) => Err(end(failure.to_string())),
    }
}

fn serial(
    random: &mut Random,
    session: &mut Session,
    script: &mut Vec<Value>,
) -> Result<Sum, String> {
    let options = session.memory().options.clone();
    let mut model = Model { cpus: options.cpus.min(2).into(), ..Model::default() };
    let mut sum = Sum::default();
    // Half of them begin with a program that fills memory.
    if random.below(2) == 0 {
        let hog = json!({"op": "spawn", "as": "hog", "pages": 2 * options.frames});
        if apply(session, &hog, &options, script)?.is_none() {
            model.apply(&Step::Spawn { name: "hog".to_owned(), pages: 2 * options.frames });
            for page in 0..2 * options.frames {
                let step = Step::Write { name: "hog".to_owned(), page, value: u64::from(page) + 1 };
                if apply(session, &step.op(), &options, script)?.is_some() {
                    break;
                }
                model.apply(&step);
            }
        }
    }
    for _ in 0..20 + random.below(60) {
        let Some(step) = model.step(random, MOST_PROCESSES) else { continue };
        sum.ops += 1;
        match apply(session, &step.op(), &options, script)? {
            None => model.apply(&step),
            Some(_) => sum.refused += 1,
        }
    }
    settle_and_compare(session, &options, script, [&model])?;
    Ok(sum)
}

fn side_by_side(
    random: &mut Random,
    session: &mut Session,
    script: &mut Vec<Value>,
) -> Result<Sum, String> {
    let options = session.memory().options.clone();
    let lists = 2 + random.below(2) as usize;
    let mut models: Vec<_> =
        (0..lists).map(|list| Model { list, cpus: 2, ..Model::default() }).collect();
    let mut sum = Sum::default();
    for _ in 0..1 + random.below(4) {
        // What each list does is drawn as if every op succeeded; an op on a process that never came
        // to be, or on a page that is not there, is refused by name and left out of the account.
        let mut planned = Vec::new();
        for model in &models {
            let mut guess = model.clone();
            let mut steps = Vec::new();
            for _ in 0..5 + random.below(12) {
                let most = MOST_PROCESSES / lists;
                if let Some(step) = guess.step(random, most) {
                    guess.apply(&step);
                    steps.push(step);
                }
            }
            planned.push((steps, guess.names));
        }
        let ops = planned.iter().map(|(steps, _)| steps.iter().map(Step::op).collect::<Vec<_>>());
        let op = json!({"op": "together", "scripts": ops.collect::<Vec<_>>()});
        let at = format!("/script/{}", script.len());
        script.push(op.clone());
        let op = parse_op(&op.to_string(), &options).map_err(|error| error.to_string())?;
        let failures = session.apply(&op, &at).failures;
        for (list, (steps, names)) in planned.iter().enumerate() {
            let model = &mut models[list];
            for (index, step) in steps.iter().enumerate() {
                sum.ops += 1;
                let at = format!("{at}/scripts/{list}/{index}");
                match failures.iter().find(|failure| failure.at == at) {
                    None => model.apply(step),
                    Some(failure) if is_excused(failure) || depends(model, step) => {
                        sum.refused += 1;
                    }
                    Some(failure) => return Err(failure.to_string()),
                }
            }
            model.names = *names;
        }
        if let Some(failure) = failures.iter().find(|it| !it.at.contains("/scripts/")) {
            return Err(failure.to_string());
        }
    }
    settle_and_compare(session, &options, script, &models)?;
    Ok(sum)
}

/// Whether a step had to fail because one before it has.
fn depends(model: &Model, step: &Step) -> bool {
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

fn is_excused(failure: &Failure) -> bool {
    EXCUSES.iter().any(|code| failure.found.starts_with(code))
}

/// Does one op; the code with which it failed, if that is excused.
fn apply(
    session: &mut Session,
    op: &Value,
    options: &MachineOptions,
    script: &mut Vec<Value>,
) -> Result<Option<String>, String> {
    let at = format!("/script/{}", script.len());
    script.push(op.clone());
    let op = parse_op(&op.to_string(), options).map_err(|error| error.to_string())?;
    let outcome = session.apply(&op, &at);
    match outcome.failures.first() {
        None => Ok(None),
        Some(failure) if is_excused(failure) => Ok(Some(failure.found.clone())),
        Some(failure) => Err(failure.to_string()),
    }
}

/// Lets the daemons come to rest, audits, and compares every page of every process.
fn settle_and_compare<'a>(
    session: &mut Session,
    options: &MachineOptions,
    script: &mut Vec<Value>,
    models: impl IntoIterator<Item = &'a Model>,
) -> Result<(), String> {
    apply(session, &json!({"op": "settle"}), options, script)?;
    let findings = audit(session.memory());
    if !findings.is_empty() {
        return Err(format!("{findings:?}"));
    }
    let living = session.processes();
    let mut known = 0;
    for (name, (pages, _)) in models.into_iter().flat_map(|model| &model.processes) {
        known += 1;
        let info = living.iter().find(|it| it.name == *name);
        let id = ProcessId(info.ok_or_else(|| format!("{name} does not live"))?.index);
        compare(session.memory(), name, id, pages)?;
    }
    if known == living.len() { Ok(()) } else { Err(format!("{known} of {} live", living.len())) }
}

fn compare(memory: &Memory, name: &str, id: ProcessId, pages: &Pages) -> Result<(), String> {
    let process = memory.processes.get(id);
    for vpn in 0..process.pages() {
        let pte = memory.pte(process, Vpn(vpn)).map(|cell| memory.load(cell));
        let is_there = pte.is_some_and(|pte| !pte.is_absent());
        if is_there != pages.contains_key(&vpn) {
            return Err(format!("page {vpn} of {name} is there: {is_there}"));
        }
        let Some(pte) = pte.filter(|_| is_there) else { continue };
        let words = match pte.format() {
            PteFormat::Zero => [0; PAGE_WORDS],
            PteFormat::Valid | PteFormat::Transition => memory.frames.page(pte.frame().0),
            PteFormat::Swapped => {
                memory.swap.page(pte.slot()).map_err(|_| "swap failed".to_owned())?
            }
        };
        let rest_is_zero = words[1..SCRIPT_WORDS].iter().all(|word| *word == 0);
        if words[0] != pages[&vpn] || !rest_is_zero {
            let found = (words[0], rest_is_zero);
            return Err(format!("page {vpn} of {name}: {found:?}, not {}", pages[&vpn]));
        }
    }
    match pages.keys().next_back() {
        Some(last) if *last >= process.pages() => Err(format!("page {last} of {name} is gone")),
        _ => Ok(()),
    }
}
