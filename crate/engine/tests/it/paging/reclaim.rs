//! Tests reclaim: the watermarks of the trimmer, exact to the frame, and the work that daemons share (S4, S5, P13).

use faultline::observe::{Counter, Event, EventKind};
use faultline::runtime::{Costs, DaemonId, DaemonKind};
use serde_json::{Value, json};

use crate::support::rig::Rig;
use crate::support::virtual_cpus;

const FRAMES: u32 = 64;
/// All but the zero page, a directory and a table.
const AT_FIRST: u32 = FRAMES - 3;

/// A machine whose free frames are all on one list, and a process on it.
fn rig(trim: Value) -> Rig {
    let options = json!({"frames": FRAMES, "cpus": 1, "free_lists": 1, "cpu_cache": 0,
        "zeroer": false, "trim": trim});
    let script = json!([{"op": "spawn", "as": "a", "pages": 200}]);
    Rig::after(options, virtual_cpus(3), &script)
}

/// Writes pages, one after the other, until the trimmer is woken. Returns how many frames were
/// available then.
fn write_until_woken(rig: &mut Rig, page: &mut u32) -> u32 {
    let woken = rig.counter(Counter::TrimWakeups);
    loop {
        let before = rig.machine().available();
        rig.apply(json!({"op": "write", "process": "a", "page": *page, "value": 1}));
        *page += 1;
        if rig.counter(Counter::TrimWakeups) > woken {
            assert_eq!(rig.counter(Counter::TrimWakeups), woken + 1);
            return before - 1;
        }
        assert_eq!(rig.machine().available(), before - 1);
    }
}

fn settle(rig: &mut Rig) {
    rig.apply(json!({"op": "settle"}));
}

#[test]
fn s4_the_trimmer_is_woken_below_low_and_trims_up_to_high() {
    for trigger in ["watermark", "predictive"] {
        for (low, high) in [(8, 16), (5, 5), (1, 12), (20, 30)] {
            for batch in [1, 4, 16] {
                let trim = json!({"trigger": trigger, "low": low, "high": high, "batch": batch});
                let mut rig = rig(trim);
                assert_eq!(rig.machine().available(), AT_FIRST);
                assert_eq!(write_until_woken(&mut rig, &mut 0), low - 1);
                settle(&mut rig);
                // Nothing was measured between the first wake-up and its batches, so nothing is
                // forecast. The last batch may go beyond the mark.
                let batches = (high - (low - 1)).div_ceil(batch);
                let available = low - 1 + batch * batches;
                assert_eq!(rig.machine().available(), available, "{trigger} {low} {high} {batch}");
                assert_eq!(rig.counter(Counter::Trims), u64::from(batch * batches));
                assert_eq!(rig.counter(Counter::UsefulWakeups), 1);
                rig.close();
            }
        }
    }
}

/// Asked to look, the trimmer trims up to the high mark from wherever it is, and from there not at all.
#[test]
fn s4_settling_makes_as_many_frames_available_as_the_high_mark_says() {
    let mut rig = rig(json!({"low": 8, "high": 16, "batch": 1}));
    for page in 0..AT_FIRST - 12 {
        rig.apply(json!({"op": "write", "process": "a", "page": page, "value": 1}));
    }
    assert_eq!((rig.machine().available(), rig.counter(Counter::TrimWakeups)), (12, 0));
    settle(&mut rig);
    assert_eq!((rig.machine().available(), rig.counter(Counter::Trims)), (16, 4));
    settle(&mut rig);
    assert_eq!((rig.machine().available(), rig.counter(Counter::Trims)), (16, 4));
    // Two wake-ups, of which one trimmed.
    assert_eq!(rig.counter(Counter::TrimWakeups), 2);
    assert_eq!(rig.counter(Counter::UsefulWakeups), 1);
    rig.close();
}

/// How much of a counter each daemon of a kind has.
fn shares(rig: &Rig, kind: DaemonKind, counter: Counter) -> Vec<u64> {
    let (machine, tasks) = (rig.machine(), rig.machine().tasks());
    let daemons = tasks.daemons().filter(|daemon| daemon.kind == kind);
    let rows = daemons.map(|daemon| tasks.cpus + tasks.place(daemon));
    rows.map(|row| machine.stats.of_cpu(row, counter)).collect()
}

/// Several trimmers share what one would trim, to the frame; one that is woken wakes the next while there is more to do.
#[test]
fn s4_several_trimmers_trim_what_one_would() {
    for trimmers in [1, 2, 3, 8] {
        let options = json!({"frames": FRAMES, "cpus": 1, "free_lists": 1, "cpu_cache": 0, "zeroer": false,
            "trimmers": trimmers, "trim": {"low": 20, "high": 50, "batch": 4}});
        let script = json!([{"op": "spawn", "as": "a", "pages": 200}]);
        let mut rig = Rig::after(options, virtual_cpus(3), &script);
        for page in 0..AT_FIRST - 19 {
            rig.apply(json!({"op": "write", "process": "a", "page": page, "value": 1}));
        }
        settle(&mut rig);
        assert_eq!(rig.machine().available(), 19 + 32, "eight batches, by however many");
        let second = DaemonId { nth: 1, ..DaemonId::TRIMMER };
        let rung = |(ring, event): &(usize, Event)| {
            event.kind == EventKind::Wakeup && event.number == second.code() && *ring == 1
        };
        assert_eq!(rig.events().iter().any(rung), trimmers > 1, "the first has rung the second");
        let shares = shares(&rig, DaemonKind::Trimmer, Counter::Trims);
        assert_eq!((shares.len(), shares.iter().sum::<u64>()), (trimmers, 32));
        assert!(shares.iter().take(3).all(|trimmed| *trimmed > 0), "{shares:?}");
        rig.close();
    }
}

/// Several writers share what there is to write; they rest when all of it is written.
#[test]
fn s4_several_writers_write_what_one_would() {
    for writers in [1, 2, 8] {
        let options = json!({"frames": FRAMES, "cpus": 1, "free_lists": 1, "cpu_cache": 0, "zeroer": false,
            "writers": writers, "write_batch": 2, "trim": {"low": 20, "high": 50, "batch": 32}});
        let script = json!([{"op": "spawn", "as": "a", "pages": 200}]);
        let mut rig = Rig::after(options, virtual_cpus(3), &script);
        write_until_woken(&mut rig, &mut 0);
        settle(&mut rig);
        assert_eq!((rig.machine().on_their_way(), rig.machine().available()), (0, 51));
        let shares = shares(&rig, DaemonKind::Writer, Counter::SwapWrites);
        assert_eq!((shares.len(), shares.iter().sum::<u64>()), (writers, 32));
        assert!(shares.iter().all(|written| *written > 0), "{shares:?}");
        rig.close();
    }
}

/// A forecast moves the low mark to itself and the high mark to twice itself, never below the options'.
#[test]
fn s5_a_forecast_moves_the_marks() {
    for (forecast, low) in [(12, 12), (3, 8)] {
        let trim = json!({"trigger": "predictive", "low": 8, "high": 16, "batch": 1});
        let mut rig = rig(trim);
        rig.machine().forecast.set_frames(forecast);
        assert_eq!(write_until_woken(&mut rig, &mut 0), low - 1);
        settle(&mut rig);
        // The first batch of the first wake-up forecasts anew: nothing.
        assert_eq!((rig.machine().available(), rig.machine().forecast.frames()), (16, 0));
        rig.machine().forecast.set_frames(10);
        settle(&mut rig);
        let available = rig.machine().available();
        let forecast = rig.machine().forecast.frames();
        assert!(available >= 17 && available >= 2 * forecast, "{available} {forecast}");
        rig.close();
    }
}

/// Every fault that takes a frame from a list wakes the trimmer, however many frames there are.
#[test]
fn s4_with_the_naive_trigger_every_fault_wakes_the_trimmer() {
    let mut rig = rig(json!({"trigger": "every-fault", "low": 8, "high": 16, "batch": 1}));
    let woken = rig.counter(Counter::TrimWakeups);
    for page in 0..5 {
        rig.apply(json!({"op": "write", "process": "a", "page": page, "value": 1}));
        settle(&mut rig);
    }
    // A signal of the fault and one of the settling, which are one wake-up if the trimmer has not looked between.
    let rings = rig.counter(Counter::TrimWakeups) - woken;
    assert!((5..=10).contains(&rings), "{rings}");
    assert_eq!(rig.counter(Counter::Trims), 0);
    rig.close();
}

/// Of all frames an eighth, but four at least, is kept zeroed once a page was wanted zeroed.
#[test]
fn p13_the_zeroer_keeps_an_eighth_of_the_frames_zeroed() {
    for (frames, zeroed) in [(24, 4), (64, 8), (100, 12)] {
        let options = json!({"frames": frames, "cpus": 1, "free_lists": 1, "cpu_cache": 0,
            "trim": {"low": 1, "high": 2}});
        let script = json!([{"op": "spawn", "as": "a", "pages": 8},
            {"op": "write", "process": "a", "page": 0, "value": 1}]);
        let mut rig = Rig::after(options, virtual_cpus(1), &script);
        settle(&mut rig);
        let lists = &rig.machine().lists;
        assert_eq!(lists.count(lists.zeroed(0)), zeroed, "of {frames}");
        rig.close();
    }
}

/// The writer measures its batches where the trimmer's trigger forecasts by them, and nowhere else.
#[test]
fn s5_the_writer_measures_how_long_a_batch_takes() {
    let written = |trigger: &str| {
        let trim = json!({"trigger": trigger, "low": 8, "high": 16, "batch": 1});
        let options = json!({"frames": FRAMES, "cpus": 1, "free_lists": 1, "cpu_cache": 0,
            "zeroer": false, "write_batch": 1, "trim": trim});
        let script = json!([{"op": "spawn", "as": "a", "pages": 200}]);
        let mut rig = Rig::after(options, virtual_cpus(3), &script);
        write_until_woken(&mut rig, &mut 0);
        settle(&mut rig);
        assert!(rig.counter(Counter::SwapWrites) > 1);
        rig.machine().forecast.write_time()
    };
    let disk = Costs::default().disk_write;
    let took = written("predictive");
    assert!(took >= disk && took < 2 * disk, "{took} ns for a batch of one");
    assert_eq!(written("watermark"), 0);
}
