//! Plays random scripts on machines with a frame, a slot or a table too few: forks, kills, evictions, maps and
//! unmaps, and programs that fill memory first. Any op may fail for want of memory; it has changed nothing
//! then, and the effects of the others stay.
//!
//! A script follows from its number alone. Serial scripts do one op after another; others do several
//! lists side by side, each with processes of its own.

mod script;

use faultline::audit::{audit, words_of};
use faultline::machine::Machine;
use faultline::memory::{PAGE_WORDS, ProcessId, Vpn};
use faultline::options::MachineOptions;
use faultline::runtime::{Random, mix};
use faultline::scenario::{Failure, Session, Traces, parse_op};
use serde_json::{Value, json};

use self::script::{Model, Pages, Step, depends};
use super::reference_policies::{POLICIES, RULES};
/// The most processes that live at one time.
const MOST_PROCESSES: usize = 6;

/// Whether the ops of a script come one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Serial,
    SideBySide,
}

/// Why an op may fail on a machine that is short of everything.
const EXCUSES: [&str; 2] = ["out-of-memory", "out-of-swap"];
/// The words of a page below this one belong to the script alone; workloads stamp from the end.
const SCRIPT_WORDS: usize = 480;
/// The outcome of a script.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    pub(crate) ops: u64,
    pub(crate) refused: u64,
}

/// A random machine that is short of something, and its options as they are written.
pub(crate) fn machine(random: &mut Random) -> Value {
    let policies: Vec<Value> = POLICIES
        .into_iter()
        .map(Value::from)
        .chain(RULES.map(|rule| json!({"rule": rule})))
        .collect();
    let mut pick = |words: &[Value]| words[random.below(words.len() as u64) as usize].clone();
    // Five and seven frames are fewer than a scenario can say but as those left for data.
    let small = pick(&[json!(8), json!(5), json!(7), json!(12), json!(16), json!(24), json!(64)]);
    let (key, size) = match small.as_u64() {
        Some(tiny @ 0..8) => ("data_frames", json!(tiny - 1)),
        _ => ("frames", small),
    };
    json!({
        key: size,
        "slots": pick(&[json!(0), json!(1), json!(2), json!(4), json!(8), json!(16)]),
        "cpus": pick(&[json!(1), json!(2), json!(3)]),
        "reads": pick(&[json!("hardware"), json!("hardware"), json!("peek"), json!("allocate")]),
        "eviction": pick(&[json!("pipelined"), json!("synchronous")]),
        "pte_locks": pick(&[json!("machine"), json!("table"), json!("entry"), json!({"region": 8})]),
        "early_release": pick(&[json!(true), json!(false)]),
        "policy": pick(&policies),
        "trim": {
            "trigger": pick(&["watermark", "every-fault", "predictive"].map(Value::from)),
            "low": pick(&[json!(0), json!(1), json!(3)]),
            "high": pick(&[json!(3), json!(if key == "frames" { 8 } else { 5 })]),
            "batch": pick(&[json!(1), json!(2), json!(16)]),
        },
        "write_batch": pick(&[json!(1), json!(4), json!(16)]),
        "standby_batch": pick(&[json!(1), json!(4)]),
        "free_lists": pick(&[json!(1), json!(4)]),
        "trimmers": pick(&[json!(1), json!(2), json!(8)]),
        "writers": pick(&[json!(1), json!(2), json!(8)]),
        "kill_batch": pick(&[json!(1), json!(2), json!(16)]),
        "read_ahead": pick(&[json!(0), json!(0), json!(2), json!(16)]),
        "read_ahead_by": pick(&["slot", "address"].map(Value::from)),
        "list_shards": pick(&[json!(1), json!(2), json!(4), json!(64)]),
        "cpu_cache": pick(&[json!(0), json!(1), json!(8)]),
        "zeroer": pick(&[json!(true), json!(false)]),
        "shootdown": pick(&["batched", "single", "lazy"].map(Value::from)),
        "slot_finder": pick(&["bitmap", "scan", "rows", "clusters", "fixed"].map(Value::from)),
        "drain_hands": pick(&[json!(true), json!(false)]),
        "keep_slots": pick(&["always", "half", "never"].map(Value::from)),
        "rmap": pick(&["tree", "family", "owner"].map(Value::from)),
        "isolate": pick(&[json!(true), json!(false)]),
        "finder": pick(&["list", "tables"].map(Value::from)),
    })
}

/// Plays script `number`.
///
/// # Errors
/// The failures, with the document so far.
pub(crate) fn play(number: u64, order: Order, threads: bool) -> Result<Sum, String> {
    play_with(number, order, threads, &[])
}

/// Plays a script with some of the machine's options as they are given.
pub(crate) fn play_with(
    number: u64,
    order: Order,
    threads: bool,
    given: &[(String, Value)],
) -> Result<Sum, String> {
    let mut random = Random::new(mix(number ^ 0x5ca4ce));
    let mut machine = machine(&mut random);
    for (key, value) in given {
        machine[key] = value.clone();
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
    let options = session.machine().options.clone();
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
            Some(code) => {
                sum.refused += 1;
                let available = session.machine().available();
                if matches!(step, Step::Write { .. } | Step::Read { .. }) && available > 0 {
                    return Err(format!("{code}, and {available} frames are available"));
                }
            }
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
    let options = session.machine().options.clone();
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
    let findings = audit(session.machine());
    if !findings.is_empty() {
        return Err(format!("{findings:?}"));
    }
    let living = session.processes();
    let mut known = 0;
    for (name, (pages, _)) in models.into_iter().flat_map(|model| &model.processes) {
        known += 1;
        let info = living.iter().find(|it| it.name == *name);
        let id = ProcessId(info.ok_or_else(|| format!("{name} does not live"))?.index);
        compare(session.machine(), name, id, pages)?;
    }
    if known == living.len() { Ok(()) } else { Err(format!("{known} of {} live", living.len())) }
}

fn compare(machine: &Machine, name: &str, id: ProcessId, pages: &Pages) -> Result<(), String> {
    let process = machine.processes.get(id);
    for vpn in 0..process.pages() {
        let pte = machine.pte(process, Vpn(vpn)).map(|cell| machine.load(cell));
        let is_there = pte.is_some_and(|pte| !pte.is_absent());
        if is_there != pages.contains_key(&vpn) {
            return Err(format!("page {vpn} of {name} is there: {is_there}"));
        }
        let Some(pte) = pte.filter(|_| is_there) else { continue };
        let words = words_of(machine, pte).map_err(|_| "swap failed".to_owned())?;
        let words = words.unwrap_or([0; PAGE_WORDS]);
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
