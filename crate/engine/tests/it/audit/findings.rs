//! The audit can fail: each of its findings is provoked by one wrong word in a sound machine.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use faultline::audit::audit;
use faultline::machine::Machine;
use faultline::memory::{
    FrameState, Key, ListId, Lists, NIL, PTE_IN_TRANSIT, Pfn, Process, ProcessId, ProcessState,
    Pte, PteFormat, Slot, Vpn,
};
use faultline::observe::Counter;
use faultline::runtime::ThreadCpu;
use serde_json::{Value, json};

use crate::support::devices::{self, Fault, Faults, Transfer};
use crate::support::rig::Rig;
use crate::support::virtual_cpus;

/// A machine with a frame or a slot in every state that lasts.
fn sound() -> Sound {
    let machine = json!({"frames": 40, "slots": 100, "cpus": 1, "free_lists": 2, "list_shards": 2, "cpu_cache": 2,
        "write_batch": 4, "trim": {"low": 4, "high": 12, "batch": 4}});
    let run = |writes: f64| {
        json!({"op": "run", "process": "a", "pattern": "sequential", "pages": [0, 30],
            "accesses": 60, "writes": writes})
    };
    let script: Value = json!([
        {"op": "spawn", "as": "a", "pages": 40}, {"op": "spawn", "as": "b", "pages": 4},
        run(1.0), run(0.0),
        {"op": "write", "process": "a", "page": 31, "value": 1},
        {"op": "fork", "process": "a", "as": "c"},
        {"op": "read", "process": "c", "page": 31, "expect": 1},
        {"op": "write", "process": "b", "page": 1, "value": 9},
        {"op": "evict", "process": "a", "page": 5}, {"op": "settle"}
    ]);
    let (device, faults) = Faults::over(devices::memory(100));
    let mut rig = Rig::on(machine, virtual_cpus(3), device);
    rig.all(&script);
    assert_eq!(audit(rig.machine()), [""; 0]);
    Sound(rig, faults)
}

/// What a corruption needs to find its way about.
struct Sound(Rig, Arc<Faults>);

impl Sound {
    fn machine(&self) -> &Machine {
        self.0.machine()
    }

    fn process(&self, name: &str) -> &Process {
        self.machine().processes.get(self.0.process(name))
    }

    fn store(&self, name: &str, page: u32, pte: u64) {
        let cell = self.machine().pte(self.process(name), Vpn(page)).unwrap();
        cell.store(pte, Ordering::Relaxed);
    }

    /// A page of the first process whose PTE has this format.
    fn page(&self, format: PteFormat) -> (u32, Pte) {
        let ptes = (0..40).map(|page| (page, self.0.pte("a", page)));
        ptes.into_iter().find(|(_, pte)| pte.format() == format).unwrap()
    }

    fn frame(&self, state: FrameState) -> Pfn {
        let machine = self.machine();
        let frames = (1..machine.pfns.count()).map(Pfn);
        frames.into_iter().find(|frame| machine.pfns.peek(*frame).state() == state).unwrap()
    }

    /// A frame that keeps a clean copy on swap, and its slot.
    fn kept(&self) -> (Pfn, Slot) {
        let frame = self.frame(FrameState::Standby);
        (frame, self.machine().pfns.peek(frame).slot().unwrap())
    }

    fn private(&self) -> Pfn {
        self.0.pte("b", 1).frame()
    }

    fn free_slot(&self) -> Slot {
        let swap = &self.machine().swap;
        (1..=swap.slots()).map(Slot).find(|slot| swap.is_free(*slot)).unwrap()
    }
}

fn last(lists: &Lists, list: ListId) -> Pfn {
    *lists.validate(list).unwrap().last().unwrap()
}

type Corruption = fn(&Sound);

/// The words of a finding, as they stand in the source, and a word that provokes it.
const CORRUPTIONS: &[(&str, Corruption)] = &[
    ("frames count as protected", |sound| {
        let cpu = ThreadCpu::new(Arc::default(), sound.machine().local(0));
        sound.machine().add_protected(&cpu, 1);
    }),
    ("no page directory", |sound| sound.process("b").set_tables(Pfn(NIL), 4)),
    ("its record is Unused, but taken", |sound| {
        sound.process("b").set_state(ProcessState::Unused);
    }),
    ("it does not know that CPU 0 has it", |sound| {
        let machine = sound.machine();
        machine.cpus[0].set_current(Some(ProcessId(machine.processes.used())));
    }),
    ("page table of two processes", |sound| {
        let machine = sound.machine();
        let directory = |name| machine.frames.word(sound.process(name).directory().0, 0);
        directory("b").store(directory("a").load(Ordering::Relaxed), Ordering::Relaxed);
    }),
    ("page directory of two processes", |sound| {
        sound.process("b").set_tables(sound.process("a").directory(), 4);
    }),
    ("its last page is not there", |sound| {
        let directory = sound.process("b").directory();
        sound.machine().frames.word(directory.0, 0).store(0, Ordering::Relaxed);
    }),
    ("has no page", |sound| {
        for page in 0..4 {
            sound.store("b", page, Pte::ABSENT.0);
        }
    }),
    ("a page past its last, 4", |sound| {
        let table = sound.machine().table(sound.process("b"), 0).unwrap();
        sound.machine().frames.word(table.0, 4).store(Pte::ZERO.0, Ordering::Relaxed);
    }),
    ("locked, in transit or waited for", |sound| sound.store("a", 39, PTE_IN_TRANSIT)),
    ("names slot 0, which does not exist", |sound| sound.store("a", 39, 3)),
    ("names slot 101, which does not exist", |sound| sound.store("a", 39, 3 | 101 << 12)),
    ("refers to frame 40, which does not exist", |sound| sound.store("a", 39, 1 | 40 << 12)),
    ("Valid to frame", |sound| {
        let (page, pte) = sound.page(PteFormat::Transition);
        sound.store("a", page, pte.mapped().0);
    }),
    ("has the key of another page", |sound| {
        let pfns = &sound.machine().pfns;
        let Key { family, vpn } = pfns.key(sound.private());
        pfns.set_key(sound.private(), Key { family, vpn: Vpn(vpn.0 + 1) });
    }),
    ("as its owner, but has share 1, and the page does not", |sound| {
        let other = sound.0.process("c");
        sound.machine().pfns.set_owner(sound.private(), Some(other));
    }),
    ("writable, but frame", |sound| {
        let pte = sound.0.pte("c", 31);
        sound.store("c", 31, pte.0 | 1 << 2);
    }),
    ("counts as clean", |sound| {
        sound.machine().pfns.corrupt(sound.private(), |entry| entry.set_dirty(false));
    }),
    ("its count says", |sound| {
        let lists = &sound.machine().lists;
        let frame = lists.first(lists.active(0)).unwrap();
        lists.remove(lists.standby(0), frame);
    }),
    ("is longer than its count", |sound| {
        let lists = &sound.machine().lists;
        let frame = lists.next(lists.first(lists.active(0)).unwrap()).unwrap();
        lists.remove(lists.standby(0), frame);
    }),
    ("has a wrong tail", |sound| {
        let lists = &sound.machine().lists;
        lists.corrupt_tail(lists.active(0));
    }),
    ("has a wrong back link", |sound| {
        let lists = &sound.machine().lists;
        lists.corrupt_back_link(last(lists, lists.active(0)));
    }),
    ("but on list", |sound| {
        let free = sound.frame(FrameState::Zeroed);
        sound.machine().pfns.corrupt(free, |entry| entry.set_state(FrameState::Free));
    }),
    ("and on list", |sound| {
        let lists = &sound.machine().lists;
        let frame = lists.first(lists.standby(0)).unwrap();
        assert!(sound.machine().cpus[0].push(frame, 64));
    }),
    ("but on no list", |sound| {
        let lists = &sound.machine().lists;
        lists.remove(lists.list_of(FrameState::Active, sound.private()), sound.private());
    }),
    ("but belongs on", |sound| {
        let (lists, frame) = (&sound.machine().lists, sound.private());
        let home = lists.list_of(FrameState::Active, frame);
        lists.remove(home, frame);
        lists.push_back(lists.active(lists.number(home) + 1), frame);
    }),
    ("in flight at a quiescent point", |sound| {
        sound.machine().pfns.corrupt(sound.private(), |entry| entry.set_in_flight(true));
    }),
    ("in flight at a quiescent point", |sound| {
        sound.machine().pfns.corrupt(sound.private(), |entry| entry.set_state(FrameState::Writing));
    }),
    ("its use says otherwise", |sound| {
        let table = sound.process("a").directory();
        sound.machine().pfns.corrupt(table, |entry| entry.set_state(FrameState::Active));
    }),
    ("its use says otherwise", |sound| {
        let state = FrameState::Protected;
        sound.machine().pfns.corrupt(sound.private(), |entry| entry.set_state(state));
    }),
    ("PTEs refer to it", |sound| {
        sound.machine().pfns.corrupt(sound.private(), |entry| entry.set_share(2));
    }),
    ("but in use", |sound| {
        let (page, _) = sound.page(PteFormat::Zero);
        let free = sound.frame(FrameState::Zeroed);
        sound.store("a", page, Pte::valid(free, true, true).0);
    }),
    ("on a zeroed list, but not zero", |sound| {
        let frame = sound.frame(FrameState::Zeroed);
        sound.machine().frames.word(frame.0, 511).store(1, Ordering::Relaxed);
    }),
    ("on standby, but not on swap", |sound| {
        sound.machine().pfns.corrupt(sound.kept().0, |entry| entry.set_dirty(true));
    }),
    ("clean without a slot, but not zero", |sound| {
        sound.machine().pfns.corrupt(sound.kept().0, |entry| entry.set_slot(None));
    }),
    ("keeps slot 101, which does not exist", |sound| {
        sound.machine().pfns.corrupt(sound.private(), |entry| entry.set_slot(Some(Slot(101))));
    }),
    ("which names another frame", |sound| {
        let slot = sound.kept().1;
        sound.machine().swap.set_cached(slot, Some(sound.private()));
    }),
    ("clean, but differs from slot", |sound| {
        let word = sound.machine().frames.word(sound.kept().0.0, 100);
        word.fetch_add(1, Ordering::Relaxed);
    }),
    ("its copy cannot be read", |sound| sound.1.all(Transfer::Read, Fault::Fails)),
    ("slot 0 was issued", |sound| {
        // It refuses, and says so, but leaves the count wrong, which is what is wanted here.
        let issue = || sound.machine().swap.add_references(Slot(0), 1);
        assert!(catch_unwind(AssertUnwindSafe(issue)).is_err());
    }),
    ("references", |sound| sound.machine().swap.add_references(sound.kept().1, 1)),
    ("references, but free in 1 places", |sound| {
        sound.machine().swap.put_at_hand(0, sound.kept().1);
    }),
    ("references, but free in 2 places", |sound| {
        sound.machine().swap.put_at_hand(0, sound.free_slot());
    }),
    ("does not exist, but counts as free", |sound| {
        sound.machine().swap.put_at_hand(0, Slot(101));
    }),
    ("does not exist, but counts as free", |sound| {
        sound.machine().swap.put_at_hand(0, Slot(0));
    }),
    ("the levels of the slot bitmap disagree", |sound| sound.machine().swap.corrupt_bitmap()),
    ("which keeps another", |sound| {
        sound.machine().swap.set_cached(sound.free_slot(), Some(sound.private()));
    }),
    ("marked as read ahead, but it is", |sound| {
        sound.machine().pfns.corrupt(sound.private(), |entry| entry.set_ahead(true));
    }),
    ("pages were read ahead, but", |sound| {
        sound.machine().stats.add(0, Counter::ReadAhead, 1);
    }),
    ("the zero page is not zero", |sound| {
        sound.machine().frames.word(sound.machine().zero_page.0, 7).store(1, Ordering::Relaxed);
    }),
];

fn provoke(only: impl Fn(&str) -> bool) {
    for (finding, corrupt) in CORRUPTIONS.iter().filter(|(finding, _)| only(finding)) {
        let sound = sound();
        corrupt(&sound);
        let findings = audit(sound.machine());
        assert!(findings.iter().any(|found| found.contains(finding)), "{finding}: {findings:#?}");
    }
}

fn is_about_slots(finding: &str) -> bool {
    finding.contains("slot")
        || ["references", "its copy", "which", "counts as free"]
            .iter()
            .any(|word| finding.contains(word))
}

#[test]
fn g1_the_audit_finds_frames_in_the_wrong_place() {
    provoke(|finding| !is_about_slots(finding) && !finding.contains("zero page"));
}

#[test]
fn g2_the_audit_finds_slots_that_are_counted_wrong() {
    provoke(is_about_slots);
}

#[test]
fn g4_the_audit_finds_a_share_count_that_is_wrong() {
    provoke(|finding| finding.contains("PTEs refer to it"));
}

#[test]
fn s20_the_audit_finds_pages_read_ahead_that_are_nowhere() {
    provoke(|finding| finding.contains("read ahead"));
}

#[test]
fn p14_the_audit_finds_a_zero_page_that_was_written() {
    provoke(|finding| finding.contains("zero page"));
}

/// A finding that is added to the audit needs a corruption here that provokes it.
#[test]
fn g1_each_finding_of_the_audit_is_provoked() {
    let of_machines =
        include_str!("../../../src/audit/invariants.rs").matches("self.find(").count();
    let of_lists = include_str!("../../../src/memory/lists.rs").matches("Err(format!(").count();
    // One stands for all that is wrong with a list; twice two kinds of wrong slots share their words.
    let wanted = of_machines - 1 + of_lists;
    let provoked: BTreeSet<_> = CORRUPTIONS.iter().map(|(finding, _)| finding).collect();
    assert_eq!(provoked.len() - 2, wanted);
}

/// The first fifty findings are told, and how many there are more.
#[test]
fn g1_an_audit_tells_the_first_fifty_findings() {
    for found in [1, 49, 50, 51, 75] {
        let script = json!([{"op": "spawn", "as": "a", "pages": 100}, {"op": "settle"}]);
        let rig = Rig::after(json!({}), virtual_cpus(1), &script);
        let machine = rig.machine();
        for page in (0..found).map(Vpn) {
            let cell = machine.pte(machine.processes.get(rig.process("a")), page).unwrap();
            cell.fetch_or(PTE_IN_TRANSIT, Ordering::Relaxed);
        }
        let findings = audit(machine);
        let told = findings.iter().filter(|finding| finding.contains("in transit")).count();
        assert_eq!(told, found.min(50) as usize);
        let more: Vec<_> =
            (found > 50).then(|| format!("and {} more", found - 50)).into_iter().collect();
        assert_eq!(findings[told..], more);
    }
}

/// A table that is not the first is looked at too, behind the process's last page.
#[test]
fn p19_the_audit_finds_a_page_past_the_last_in_any_table() {
    let script = json!([{"op": "spawn", "as": "a", "pages": 600}, {"op": "settle"}]);
    let rig = Rig::after(json!({}), virtual_cpus(1), &script);
    let machine = rig.machine();
    let table = machine.table(machine.processes.get(rig.process("a")), 1).unwrap();
    assert_eq!(audit(machine), [""; 0]);
    machine.frames.word(table.0, 600 - 512).store(Pte::ZERO.0, Ordering::Relaxed);
    let findings = audit(machine);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].ends_with("a page past its last, 600"), "{findings:?}");
}

/// A page is shared too where the others have it on swap alone.
#[test]
fn p11_the_audit_finds_a_page_that_is_writable_while_others_have_it_on_swap() {
    let script = json!([
        {"op": "spawn", "as": "a", "pages": 4},
        {"op": "write", "process": "a", "page": 0, "value": 1},
        {"op": "fork", "process": "a", "as": "b"},
        {"op": "evict", "process": "a", "page": 0},
        {"op": "read", "process": "a", "page": 0, "expect": 1}, {"op": "settle"}
    ]);
    let rig = Rig::after(json!({}), virtual_cpus(1), &script);
    let machine = rig.machine();
    assert_eq!(audit(machine), [""; 0]);
    let cell = machine.pte(machine.processes.get(rig.process("a")), Vpn(0)).unwrap();
    cell.fetch_or(1 << 2, Ordering::Relaxed);
    assert!(rig.pte("a", 0).is_writable());
    let findings = audit(machine);
    assert!(findings.iter().any(|finding| finding.contains("writable, but frame")), "{findings:?}");
}

#[test]
fn g2_a_slot_freed_twice_is_an_error() {
    let sound = sound();
    let swap = &sound.machine().swap;
    let slot = sound.free_slot();
    assert!(catch_unwind(AssertUnwindSafe(|| swap.free_at_hand(0, slot))).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| swap.free_into_bitmap(0, slot))).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| swap.drop_reference(slot))).is_err());
}

/// A violation that any CPU has met makes the run fail, like a finding of the audit.
#[test]
fn s13_a_run_fails_by_a_violation_of_the_lock_order() {
    let Sound(mut rig, _) = sound();
    rig.machine().report_violations(vec!["lock order: as if".to_owned()]);
    let report = rig.session.finish();
    assert!(!report.ok);
    assert!(report.failures[0].found.contains("as if"), "{:?}", report.failures);
}
