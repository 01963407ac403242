//! Tests swap files: a page for each slot, the place of nothing else taken, a file that is cut off, and the same run as in memory.

use std::io::ErrorKind;

use faultline::memory::{PAGE_SIZE, Slot, SwapDevice, SwapFile};
use serde_json::{Value, json};

use super::failing::{evict, fails, read, runtimes, write};
use crate::support::rig::Rig;
use crate::support::{devices, hold, hold_on, scenario, threads, virtual_cpus};

/// Slot n is the n-th page of the file; the page before them says what it is.
#[test]
fn r2_a_swap_file_has_a_page_for_each_slot() {
    let named = tempfile::NamedTempFile::new().unwrap();
    let mut file = SwapFile::create(named.path(), 5).unwrap();
    let length = || named.as_file().metadata().unwrap().len();
    assert_eq!(length(), 6 * PAGE_SIZE as u64);
    let page = |slot: u32| [slot as u8; PAGE_SIZE];
    for slot in [3, 5, 1, 2, 4] {
        file.write(Slot(slot), &page(slot)).unwrap();
    }
    for slot in 1..=5 {
        let mut read = [0; PAGE_SIZE];
        file.read(Slot(slot), &mut read).unwrap();
        assert_eq!(read, page(slot), "slot {slot}");
    }
    let bytes = std::fs::read(named.path()).unwrap();
    assert!(bytes.starts_with(b"Faultline swap file\n"));
    for (index, found) in bytes.chunks(PAGE_SIZE).enumerate().skip(1) {
        assert_eq!(found, page(index as u32), "page {index} of the file");
    }
    assert_eq!(length(), 6 * PAGE_SIZE as u64);
    // Another machine may not have it meanwhile, and finds it empty afterwards.
    assert_eq!(kind_of(SwapFile::create(named.path(), 2)), Some(ErrorKind::ResourceBusy));
    drop(file);
    file = SwapFile::create(named.path(), 2).unwrap();
    assert_eq!(length(), 3 * PAGE_SIZE as u64);
    let mut read = page(9);
    file.read(Slot(2), &mut read).unwrap();
    assert_eq!(read, page(0));
    assert!(file.read(Slot(3), &mut read).is_err(), "it has no third slot");
}

fn kind_of<T>(result: std::io::Result<T>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}

#[test]
fn r2_a_swap_file_takes_the_place_of_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let created = |path: &std::path::Path| kind_of(SwapFile::create(path, 4));
    assert_eq!(created(folder.path()), Some(ErrorKind::InvalidInput));
    if cfg!(unix) {
        assert_eq!(created("/dev/null".as_ref()), Some(ErrorKind::InvalidInput));
    }
    let text = folder.path().join("text");
    for words in ["my thesis", "Faultline swap file", "Faultline swap file?"] {
        std::fs::write(&text, words).unwrap();
        assert_eq!(created(&text), Some(ErrorKind::AlreadyExists), "{words}");
        assert_eq!(std::fs::read(&text).unwrap(), words.as_bytes(), "it is as it was");
    }
    for words in ["", "Faultline swap file\n and what an earlier run left"] {
        std::fs::write(&text, words).unwrap();
        assert_eq!(created(&text), None, "{words}");
    }
    assert_eq!(created(&folder.path().join("new")), None);
}

/// Another program empties the file under a running machine.
#[test]
fn g3_a_page_whose_file_was_cut_off_is_an_error_until_it_is_written_again() {
    for runtime in runtimes() {
        let named = tempfile::NamedTempFile::new().unwrap();
        let file = SwapFile::create(named.path(), 40).unwrap();
        let options = json!({"frames": 16, "slots": 40});
        let mut rig = Rig::on(options, runtime, Box::new(file));
        rig.all(&json!([{"op": "spawn", "as": "a", "pages": 8},
            {"op": "spawn", "as": "b", "pages": 8}, write("a", 3, 7), write("b", 3, 8)]));
        rig.all(&json!([evict("a", 3), evict("b", 3)]));
        let cut = |length: u64| named.as_file().set_len(length).unwrap();
        cut(0);
        rig.all(&json!([fails(read("a", 3, 7)), fails(write("b", 3, 9))]));
        // As long again as it was, but the bytes are gone.
        cut(41 * PAGE_SIZE as u64);
        rig.all(&json!([fails(read("a", 3, 7)), {"op": "kill", "process": "a"}]));
        cut(0);
        rig.all(&json!([write("b", 4, 5), evict("b", 4), read("b", 4, 5)]));
        rig.all(&json!([fails(read("b", 3, 8)), {"op": "kill", "process": "b"}]));
        assert_eq!(rig.machine().swap.free(), 40);
        rig.close();
    }
}

#[test]
fn r2_a_file_and_memory_give_the_same_run() {
    for seed in 0..10 {
        for reads in ["hardware", "peek"] {
            let options = json!({"frames": 30, "slots": 300, "cpus": 3, "reads": reads});
            let script = json!([{"op": "spawn", "as": "a", "pages": 60},
                {"op": "run", "process": "a", "cpus": 2, "pattern": {"zipf": 0.7},
                 "accesses": 2000, "writes": 0.5, "seed": seed},
                {"op": "fork", "process": "a", "as": "b"},
                {"op": "run", "process": "b", "cpus": 3, "pattern": "uniform",
                 "accesses": 2000, "writes": 0.5, "seed": seed}]);
            let run = |runtime: Value, device: fn(u32) -> Box<dyn SwapDevice>| {
                hold_on(&scenario(options.clone(), runtime, script.clone()), device(300))
            };
            let machine = hold(&scenario(options.clone(), virtual_cpus(seed), script.clone()));
            assert!(machine.counters.swap_reads > 0);
            let file = run(virtual_cpus(seed), devices::file);
            assert_eq!(machine, file, "to the last event");
            assert_eq!(machine.state_hash, run(threads(), devices::file).state_hash);
            assert_eq!(machine.state_hash, run(threads(), devices::memory).state_hash);
        }
    }
}
