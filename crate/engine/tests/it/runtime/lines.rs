//! Tests that virtual CPUs know cache lines: what travels, what it costs, and who fights over which (R2, S2).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use faultline::observe::{LineCost, LineCosts};
use faultline::parts::{LineKind, LinePart, MemoryPart};
use faultline::runtime::{
    Costs, Cpu, CpuLocal, Epochs, FalseSharing, Lines, LockProfile, Presence, Step, VirtualRuntime,
    Word,
};
use faultline::scenario::{Report, Scenario, Session, Traces};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{hold, run_it, scenario, virtual_cpus};

/// What one CPU does: accesses, each after so many list steps; whether it writes, and which word.
type Program = Vec<(u32, bool, usize)>;
/// An access as it happened: when its step began, by which CPU, whether it wrote, which word.
type Happened = (u64, usize, bool, usize);

/// Words of 8 bytes in a line.
const IN_A_LINE: usize = 8;
const TRANSFER: u64 = 40;

struct Ran {
    happened: Vec<Happened>,
    cost: LineCost,
    false_sharing: Vec<FalseSharing>,
    time: u64,
}

/// Runs programs on virtual CPUs that know the lines of an array of words.
fn run(programs: Vec<Program>) -> Ran {
    run_in_parts(programs, 2 * IN_A_LINE)
}

/// The same where the first words are one part, and the others, which follow at once, another.
fn run_in_parts(programs: Vec<Program>, first: usize) -> Ran {
    let words: Rc<[Word]> = (0..2 * IN_A_LINE).map(|_| Word::new(0)).collect();
    let costs = Arc::new(LineCosts::default());
    let (one, other) = words.split_at(first);
    let parts = [("words", one), ("others", other)];
    let parts = parts.map(|(name, words)| LinePart::new(name, MemoryPart::of(words), &[]));
    let lines = Lines::new(parts.into(), |_| false, TRANSFER, Arc::clone(&costs));
    let mut runtime = VirtualRuntime::new(1, Costs::default(), Arc::default());
    runtime.know_lines(lines);
    let happened = Rc::new(RefCell::new(Vec::new()));
    let count = programs.len();
    let epochs = Arc::new(Epochs::new(count));
    for (index, program) in programs.into_iter().enumerate() {
        let presence = Presence::new(Arc::clone(&epochs), count);
        let profile = Arc::new(LockProfile::default());
        let cpu = runtime.cpu(CpuLocal::new(index, 1, profile, presence));
        let (words, happened) = (Rc::clone(&words), Rc::clone(&happened));
        runtime.add(async move {
            for (steps, writes, word) in program {
                if steps > 0 {
                    cpu.step(Step::List { frames: steps }).await;
                }
                happened.borrow_mut().push((cpu.now(), index, writes, word));
                if writes {
                    words[word].fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                } else {
                    words[word].load(std::sync::atomic::Ordering::Relaxed);
                }
            }
            cpu.step(Step::Instruction).await;
        });
    }
    let _ = runtime.run(u64::MAX, || false);
    let lines = runtime.lines().unwrap();
    assert_eq!(lines.strangers(), 0);
    let false_sharing = lines.false_sharing(16);
    let mut cost = costs.of(0);
    cost += costs.of(1);
    Ran { happened: happened.take(), cost, false_sharing, time: runtime.now() }
}

/// The reference: what accesses cost that happened in this order, in a few lines.
fn reference(happened: &[Happened]) -> LineCost {
    reference_in_parts(happened, 2 * IN_A_LINE)
}

/// The same of two parts, the second of which begins a line.
fn reference_in_parts(happened: &[Happened], first: usize) -> LineCost {
    let line_of = |word: usize| match word.checked_sub(first) {
        None => word / IN_A_LINE,
        Some(word) => 2 * IN_A_LINE + word / IN_A_LINE,
    };
    let mut cost = LineCost::default();
    let mut has = BTreeMap::<usize, (BTreeSet<usize>, Option<usize>, u64)>::new();
    let (mut at, mut word_writers) = (BTreeMap::new(), BTreeMap::new());
    for &(now, cpu, writes, word) in happened {
        let at = at.entry(cpu).or_insert(0);
        *at = now.max(*at);
        let (holders, writer, free_at) = has.entry(line_of(word)).or_default();
        let alone = holders.iter().all(|holder| *holder == cpu);
        let hit = if writes { alone } else { writer.is_none() || holders.contains(&cpu) };
        if !hit {
            let start = (*free_at).max(*at);
            let others = |writer: Option<usize>| writer.is_some_and(|writer| writer != cpu);
            let is_false = others(*writer) && !others(word_writers.get(&word).copied());
            cost += LineCost {
                transfers: 1,
                false_sharing: is_false.into(),
                queued: start - *at,
                lost: start + TRANSFER - *at,
            };
            (*free_at, *at) = (start + TRANSFER, start + TRANSFER);
        }
        if writes {
            holders.clear();
            *writer = Some(cpu);
            word_writers.insert(word, cpu);
        }
        holders.insert(cpu);
    }
    cost
}

fn programs() -> impl Strategy<Value = Vec<Program>> {
    let access = (0..40_u32, any::<bool>(), 0..2 * IN_A_LINE);
    prop::collection::vec(prop::collection::vec(access, 0..40), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// What stands behind the end of a part is no word of the part's last line, wherever the host put it.
    #[test]
    fn r2_a_line_ends_with_its_part(programs in programs(), first in 1..2 * IN_A_LINE) {
        let ran = run_in_parts(programs, first);
        prop_assert_eq!(ran.cost, reference_in_parts(&ran.happened, first));
    }

    #[test]
    fn r2_transfers_are_those_of_a_reference_model(programs in programs()) {
        let ran = run(programs);
        prop_assert_eq!(ran.cost, reference(&ran.happened));
        let falsely: u64 = ran.false_sharing.iter().map(|line| line.transfers).sum();
        prop_assert_eq!(falsely, ran.cost.false_sharing);
    }
}

/// Atomic steps on one word queue: each CPU waits for all before it.
#[test]
fn r2_a_line_serves_one_transfer_at_a_time() {
    for cpus in 1..=64_u64 {
        let ran = run(vec![vec![(0, true, 0)]; cpus as usize]);
        // The first finds the line in no cache.
        let transfers = cpus - 1;
        let lost = TRANSFER * transfers * cpus / 2;
        let queued = lost - TRANSFER * transfers;
        let cost = LineCost { transfers, false_sharing: 0, queued, lost };
        assert_eq!(ran.cost, cost, "{cpus}");
        assert_eq!(ran.time, TRANSFER * transfers + Costs::default().step);
    }
    // Each on a line of its own: nobody waits.
    let apart = vec![vec![(0, true, 0); 9], vec![(0, true, IN_A_LINE); 9]];
    assert_eq!(run(apart).cost, LineCost::default());
}

#[test]
fn r2_what_a_cpu_has_read_it_reads_again_for_nothing_until_another_writes() {
    // CPU 1 writes at once; CPU 0 reads long after it, three times, before CPU 1 writes again.
    let reader = vec![(100, false, 3), (1, false, 3), (1, false, 3), (300, false, 3)];
    let writer = vec![(0, true, 3), (200, true, 3)];
    assert_eq!(run(vec![reader, writer]).cost.transfers, 3, "read, written again, read again");
    let readers = vec![vec![(0, false, 3); 5]; 4];
    assert_eq!(run(readers).cost.transfers, 0, "nobody has written it");
}

#[test]
fn s2_two_words_of_one_line_with_different_writers_are_named_as_falsely_shared() {
    let writes = |word| vec![(1, true, word); 20];
    let ran = run(vec![writes(2), writes(5)]);
    let [line] = &ran.false_sharing[..] else { panic!("{:?}", ran.false_sharing) };
    assert_eq!((line.part, line.transfers), ("words", ran.cost.false_sharing));
    assert_eq!(ran.cost.false_sharing, ran.cost.transfers, "they share no word");
    assert!(ran.cost.transfers > 10);
    let mut uses: Vec<_> = line.records.iter().zip(line.tasks).collect();
    uses.sort();
    assert_eq!(uses, [(&2, 0), (&5, 1)]);
    assert_eq!(run(vec![writes(2), writes(2)]).cost.false_sharing, 0, "one word is truly shared");
    assert!(run(vec![writes(2), writes(5 + IN_A_LINE)]).false_sharing.is_empty());
}

#[test]
fn s2_words_have_classes_by_the_record_they_are_in() {
    let words: Vec<Word> = (0..8).map(|_| Word::new(0)).collect();
    let part = MemoryPart { stride: 32, count: 2, ..MemoryPart::of(&words) };
    let part = LinePart::new("records", part, &[("lock", 0), ("links", 8)]);
    assert_eq!(part.classes(), ["records.lock", "records.links"]);
    assert!(part.with_lines(LineKind::Unasked).classes().is_empty());
}

fn knowing_lines(seed: u64) -> Value {
    json!({"kind": "virtual", "seed": seed, "coherence": true})
}

/// Four CPUs that fault, evict, share and kill.
pub(crate) fn busy(runtime: Value) -> Scenario {
    let machine = json!({"frames": 96, "slots": 200, "cpus": 4, "trim": {"low": 16, "high": 24}});
    let run = |process: &str, cpus, seed| {
        json!({"op": "run", "process": process, "cpus": cpus, "pattern": "uniform",
            "accesses": 2000, "writes": 0.5, "seed": seed})
    };
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 120}, run("a", 4, 1),
        {"op": "fork", "process": "a", "as": "b"},
        {"op": "together", "scripts": [[run("a", 2, 2)], [run("b", 2, 3)]]},
        {"op": "kill", "process": "b"}, run("a", 4, 4), {"op": "settle"}, {"op": "audit"}
    ]);
    scenario(machine, runtime, script)
}

#[test]
fn r2_runs_that_know_lines_are_the_same_every_time_and_end_as_others_do() {
    for seed in 0..4 {
        let first = hold(&busy(knowing_lines(seed)));
        assert_eq!(first, run_it(&busy(knowing_lines(seed))));
        let without = hold(&busy(virtual_cpus(seed)));
        assert_eq!(first.state_hash, without.state_hash);
        assert!(without.lines.is_empty() && without.false_sharing.is_empty());
        for class in ["ptes", "pfn.word", "lists.lock", "lists.count", "links", "slot_counts"] {
            let line = first.lines.get(class).unwrap_or_else(|| panic!("{class}"));
            assert!(line.transfers > 0 && line.lost_ns >= Costs::default().line_transfer);
            assert!(line.queued_ns < line.lost_ns && line.false_sharing <= line.transfers);
        }
    }
}

/// Written down from the engine as it was before it knew lines.
#[test]
fn r2_a_document_that_does_not_ask_for_lines_has_the_trace_it_always_had() {
    let off = json!({"kind": "virtual", "seed": 3, "coherence": false});
    let (said, unsaid) = (hold(&busy(off)), hold(&busy(virtual_cpus(3))));
    assert_eq!(said, unsaid);
    assert_eq!(unsaid.trace_hash.as_deref(), Some("4a159d923fa31c2f"));
}

#[test]
fn r2_every_word_that_tasks_share_is_in_a_named_part() {
    let mut seen = BTreeSet::new();
    for policy in ["clock", "lru", "aging", "wsclock"] {
        for finder in ["bitmap", "scan"] {
            let mut document = serde_json::to_value(busy(knowing_lines(1))).unwrap();
            document["machine"]["policy"] = policy.into();
            document["machine"]["slot_finder"] = finder.into();
            let scenario = faultline::scenario::parse(&document.to_string()).unwrap();
            let mut session = Session::open(&scenario, Traces::default()).unwrap();
            session.apply_all(&scenario.script);
            assert_eq!(session.line_strangers(), Some(0), "{policy}, {finder}");
            let report: Report = session.finish();
            assert!(report.ok, "{:?}", report.failures);
            seen.extend(report.lines.0.into_iter().map(|(class, _)| class));
        }
    }
    assert!(seen.len() > 20, "{seen:?}");
}

/// First stores to many pages on many CPUs, each of which takes frames from a list of its own.
fn first_stores(pages: u32, cpus: u32) -> Report {
    let machine = json!({"frames": 2 * pages, "cpus": cpus, "free_lists": cpus, "cpu_cache": 32, "zeroer": false});
    let part = |cpu| {
        let pages = [pages * cpu / cpus, pages * (cpu + 1) / cpus];
        json!([{"op": "run", "process": "a", "pattern": "sequential", "pages": pages,
            "accesses": pages[1] - pages[0], "writes": 1, "seed": 1}])
    };
    let lists: Vec<_> = (0..cpus).map(part).collect();
    let script =
        json!([{"op": "spawn", "as": "a", "pages": pages}, {"op": "together", "scripts": lists}]);
    hold(&scenario(machine, knowing_lines(1), script))
}

/// Whether the trimmer is needed a CPU says by the list that it takes from itself, as long as that has enough.
#[test]
fn s4_a_fault_looks_at_no_more_counts_than_it_needs() {
    let report = first_stores(2048, 8);
    let transfers = |class| report.lines.get(class).map_or(0, |line| line.transfers);
    // Each CPU takes 2048 / 8 / 17 times from its list, and each time the counts of all lists would travel.
    assert!(transfers("lists.count") < 2 * 8 * 8, "{}", transfers("lists.count"));
    // What every access reads of the process travels to each CPU once.
    assert!(transfers("processes.state") <= 8, "{}", transfers("processes.state"));
}

/// What a CPU writes in each fault and what it keeps to itself share no line with what others read or write.
#[test]
fn s2_records_of_cpus_and_processes_share_no_line_between_owner_and_others() {
    let parts = ["cpus.", "processes.", "slots_at_hand"];
    let mut transfers = 0;
    for seed in 0..4 {
        let report = hold(&busy(knowing_lines(seed)));
        transfers += report.lines.get("cpus.cache").map_or(0, |line| line.transfers);
        for line in &report.false_sharing {
            let (needed, written) = (&line.needed, &line.written);
            if parts.iter().any(|part| needed.word.starts_with(part)) {
                let same = (&needed.word, needed.record) == (&written.word, written.record);
                assert!(same, "{line:?}");
            }
        }
    }
    assert!(transfers > 0, "some CPU looks into another's hand");
}

/// Where a schedule decides, lines cost time, and time decides nothing.
#[test]
fn r3_a_schedule_is_the_same_run_with_lines_and_without() {
    let schedule = json!([[0, 0], [40, 1], [90, 0], [130, 1]]);
    let run = |coherence: bool| {
        let runtime = json!({"kind": "virtual", "coherence": coherence, "schedule": schedule});
        let script = json!([{"op": "spawn", "as": "a", "pages": 8}, {"op": "together", "scripts": [
            [{"op": "write", "process": "a", "page": 0, "value": 1}],
            [{"op": "write", "process": "a", "page": 0, "offset": 8, "value": 2}]]}]);
        run_it(&scenario(json!({"cpus": 2}), runtime, script))
    };
    let (with, without) = (run(true), run(false));
    assert_eq!(with, run(true));
    assert_eq!((&with.counters, &with.state_hash), (&without.counters, &without.state_hash));
    assert_eq!(with.failures, without.failures);
}
