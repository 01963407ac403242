//! Tests `faultline calibrate` and `faultline scale` as people and scripts call them.

use std::fs;

use faultline::runtime::Costs;
use faultline::scenario::parse;
use serde_json::{Value, json};

use crate::support::{faultline, text};

fn json_of(arguments: &[&str]) -> Value {
    let output = faultline(arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn r2_a_calibration_is_a_table_that_a_scenario_takes() {
    let folder = tempfile::tempdir().unwrap();
    let [file, swap] = ["costs.json", "swap"].map(|name| folder.path().join(name));
    let [file, swap] = [&file, &swap].map(|path| path.to_str().unwrap());
    let found = json_of(&["calibrate", "--rounds", "1", "--json", "--write", file]);
    let costs: Costs = serde_json::from_value(found["costs"].clone()).unwrap();
    let written: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(written, found["costs"]);
    // Nothing that was measured is missing or nothing at all.
    for name in ["hit", "lock pair", "zero, hot", "copy, cold", "look at a frame", "list operation"]
    {
        let sample = &found["measured"][name];
        assert!(sample["median_ns"].as_f64().unwrap() > 0.0, "{name}: {sample}");
        assert_eq!(sample["rounds"], 1, "{name}");
    }
    assert!(costs.zero_cold > 0 && costs.copy_cold > 0 && costs.lock > 0 && costs.look > 0);
    // Between two cores a line is measured; with one core only that is told, and the cost is as shipped.
    let is_measured = found["measured"]["cache line, one way"]["median_ns"].as_f64();
    let told = found["cache_line"].as_str().unwrap();
    let not_measured = found["not_measured"].as_array().unwrap().contains(&json!("line_transfer"));
    assert_eq!(is_measured.is_none(), not_measured);
    assert_eq!(told.contains("one core only"), not_measured, "{told}");
    match is_measured {
        Some(time) => assert!(time > 0.0 && costs.line_transfer == time.round() as u64),
        None => assert_eq!(costs.line_transfer, Costs::default().line_transfer),
    }
    // The costs of a disk are not guessed.
    assert!(found["not_measured"].as_array().unwrap().contains(&json!("disk_read")));
    assert_eq!(costs.disk_read, Costs::default().disk_read);
    let document = json!({"faultline": 1, "runtime": {"kind": "virtual", "costs": written}});
    parse(&document.to_string()).unwrap();

    let on_a_file = json_of(&["calibrate", "--rounds", "1", "--json", "--swap-file", swap]);
    assert!(on_a_file["measured"]["slot read"]["median_ns"].as_f64().unwrap() > 0.0);
    assert!(!on_a_file["not_measured"].as_array().unwrap().contains(&json!("disk_read")));
}

#[test]
fn s2_scale_gives_throughput_and_waits_by_cpus_and_locks() {
    let folder = tempfile::tempdir().unwrap();
    let drawing = folder.path().join("scale.svg");
    let call = |locks: &'static str| {
        let cpus = ["scale", "scenarios/ladder/base.json", "--json", "--cpus", "1,2,8"];
        cpus.into_iter().chain(["--rounds", "1", "--locks", locks]).collect::<Vec<_>>()
    };
    let mut drawn = call("machine,region:64,entry");
    drawn.extend(["--svg", drawing.to_str().unwrap()]);
    let found = json_of(&drawn);
    let points = found["points"].as_array().unwrap();
    let keys: Vec<_> = points.iter().map(|point| (&point["series"], &point["cpus"])).collect();
    let wanted = ["machine", "region:64", "entry"].map(Value::from);
    let cpus = [1, 2, 8].map(Value::from);
    let wanted: Vec<_> =
        wanted.iter().flat_map(|locks| cpus.iter().map(move |n| (locks, n))).collect();
    assert_eq!(keys, wanted);
    let share = |index: usize| points[index]["lock_waits"]["pte"].as_f64().unwrap();
    // One lock for all PTEs is what eight CPUs wait for; a lock for each is not.
    assert!(share(2) > 0.05 && share(8) < share(2) / 4.0, "{} {}", share(2), share(8));
    assert_eq!(points[2]["hottest"]["class"], "pte");
    assert_eq!(points[2]["hottest"]["region"], Value::Null);
    let speed = |index: usize| points[index]["accesses_per_s"].as_f64().unwrap();
    assert!(speed(8) > speed(2) && speed(8) > speed(6));

    let threads = found["threads"].as_array().unwrap();
    assert_eq!(threads.len(), 6);
    assert!(threads.iter().all(|row| row["measured_accesses_per_s"].as_f64().unwrap() > 0.0));
    assert!(threads.iter().all(|row| row["cpus"].as_u64().unwrap() <= 2));

    // The same every time: it is virtual time.
    assert_eq!(json_of(&call("machine,region:64,entry"))["points"], found["points"]);

    let drawing = fs::read_to_string(drawing).unwrap();
    assert_eq!(drawing.matches("<polyline").count(), 6);
    assert_eq!(drawing.matches(r#"class="ring"#).count(), 6);
    for name in ["machine", "region of 64", "entry"] {
        assert_eq!(drawing.matches(&format!(">{name}</text>")).count(), 2, "{name}");
    }
    assert!(drawing.contains("prefers-color-scheme: dark"));
}

#[test]
fn s2_scale_keeps_the_work_of_all_or_of_each_cpu() {
    let accesses = |work: &'static str| {
        let found = json_of(&[
            "scale",
            "scenarios/ladder/base.json",
            "--json",
            "--cpus",
            "4",
            "--locks",
            "entry",
            "--rounds",
            "0",
            "--work",
            work,
            "--set",
            "/script/1/accesses=5000",
        ]);
        assert_eq!(found["work"], work);
        assert_eq!(found["threads"], json!([]));
        let point = &found["points"][0];
        point["accesses_per_s"].as_f64().unwrap() * point["time_ns"].as_f64().unwrap() / 1e9
    };
    assert_eq!(accesses("total").round(), 5_000.0);
    assert_eq!(accesses("per-cpu").round(), 20_000.0);
}

/// Whatever a scenario says of its runtime, or leaves out, it is measured on virtual CPUs that know cache lines.
#[test]
fn s2_a_scenario_that_leaves_its_runtime_out_is_scaled_as_one_that_says_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.json");
    let file = file.to_str().unwrap();
    let points = |runtime: Option<Value>, options: &[&str]| {
        let mut document = json!({"faultline": 1, "machine": {"cpus": 2}, "script": [
            {"op": "spawn", "as": "a", "pages": 64},
            {"op": "run", "process": "a", "pattern": "uniform", "accesses": 400, "writes": 1}]});
        if let Some(runtime) = runtime {
            document["runtime"] = runtime;
        }
        fs::write(file, document.to_string()).unwrap();
        let call = ["scale", file, "--json", "--cpus", "2", "--locks", "table", "--rounds", "0"];
        json_of(&[&call, options].concat())["points"].take()
    };
    let said = points(Some(json!({"kind": "virtual"})), &[]);
    assert!(said[0]["line_share"].as_f64().unwrap() > 0.0, "{said}");
    assert_eq!(points(None, &[]), said);
    assert_eq!(points(Some(json!({"kind": "threads"})), &[]), said);
    let off = points(None, &["--coherence", "off"]);
    assert_eq!(off[0]["line_share"], 0.0);
    assert_eq!(points(None, &["--set", "/runtime/coherence=false"]), off);
}

/// Returns what a fault takes of the time of all CPUs together: how long a point was measured depends on who is first.
fn picoseconds_of_a_fault(point: &Value) -> u64 {
    (1e12 / point["faults_per_s"].as_f64().unwrap()).round() as u64
}

/// Returns the points of the matrix for these options.
fn matrix(options: &[&str]) -> Vec<Value> {
    let found = json_of(&[&["scale", "--json"], options].concat());
    found["points"].as_array().unwrap().clone()
}

#[test]
fn s2_the_matrix_has_each_kind_of_fault_in_regions_apart_and_shared() {
    let folder = tempfile::tempdir().unwrap();
    let drawing = folder.path().join("matrix.svg");
    let drawn = ["--cpus", "1,4", "--pages", "2048", "--svg", drawing.to_str().unwrap()];
    let points = matrix(&drawn);
    let workloads = ["demand-zero", "cow", "rescue", "hard-with-slack", "hard-without", "churn"];
    let keys: Vec<_> = points
        .iter()
        .map(|point| (&point["workload"], &point["regions"], point["cpus"].as_u64().unwrap()))
        .collect();
    let wanted: Vec<_> = workloads.map(Value::from).to_vec();
    let regions = ["apart", "shared"].map(Value::from);
    let rows = wanted.iter().flat_map(|workload| regions.iter().map(move |of| (workload, of)));
    let wanted: Vec<_> =
        rows.flat_map(|(workload, of)| [1, 4].map(|n| (workload, of, n))).collect();
    assert_eq!(keys, wanted);
    for point in &points {
        let speed = |key: &str| point[key].as_f64().unwrap();
        // Each fault is measured, and nothing of what prepares them.
        let faults = speed("faults_per_s") * point["time_ns"].as_f64().unwrap() / 1e9;
        let [least, most] = match point["workload"].as_str().unwrap() {
            "demand-zero" | "cow" => [2048, 2048],
            "rescue" => [2000, 2048],
            "churn" => [16 * 256, 16 * 256],
            _ => [1_500, 4_096],
        };
        // A row but `churn` ends when half of the CPUs have done their parts.
        let is_whole = point["cpus"] == 1 || point["workload"] == "churn";
        let least = if is_whole { least } else { least / 2 };
        let most = f64::from(most) + 0.5;
        assert!((f64::from(least) - 0.5..=most).contains(&faults), "{point}");
        if point["cpus"] == 4 {
            assert!(speed("line_share") > 0.01 && speed("lock_wait_share") < 1.0, "{point}");
            assert!(point["hottest_line"]["word"].is_string(), "{point}");
        }
    }
    let drawing = fs::read_to_string(drawing).unwrap();
    assert_eq!(drawing.matches("<polyline").count(), 12);
    assert!(drawing.contains("hard-without, shared"));
}

#[test]
fn s2_every_switch_can_be_a_series_of_the_matrix() {
    let one_row = ["--workloads", "rescue", "--regions", "apart", "--cpus", "2"];
    let series = |switches: &[&str]| {
        let points = matrix(&[&one_row[..], switches].concat());
        let time = picoseconds_of_a_fault;
        points
            .iter()
            .map(|point| (point["series"].as_str().unwrap().to_owned(), time(point)))
            .collect::<Vec<_>>()
    };
    let [(name, plain)] = &series(&[])[..] else { panic!("one series") };
    assert_eq!(name, "as it is");
    let coherence = series(&["--series", "/runtime/coherence=[true,false]"]);
    let names: Vec<_> = coherence.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["coherence=true", "coherence=false"]);
    assert_eq!(coherence[0].1, *plain, "it is on unless it is switched off");
    assert!(coherence[1].1 < *plain);
    for off in [&["--coherence", "off"][..], &["--set", "/runtime/coherence=false"]] {
        assert_eq!(series(off)[0].1, coherence[1].1, "{off:?}");
    }
    let both =
        series(&["--locks", "machine,entry", "--series", "/machine/slot_finder=scan,bitmap"]);
    let names: Vec<_> = both.iter().map(|(name, _)| name.as_str()).collect();
    let wanted = ["machine slot_finder=scan", "machine slot_finder=bitmap"];
    assert_eq!(names[..2], wanted);
    assert_eq!(names[2..], wanted.map(|name| name.replace("machine ", "entry ")));
    assert!(both[0].1 > both[2].1, "one lock for all PTEs is slower");
}

/// Rescues go through the lock of one list: with many CPUs that spin for it a hand-over takes a transfer for each of them.
#[test]
fn s2_scale_draws_lock_kinds_apart() {
    let one_row = ["--undivided", "--workloads", "rescue", "--regions", "apart", "--cpus", "32"];
    let series = |switches: &[&str]| {
        let points = matrix(&[&one_row[..], switches].concat());
        points.iter().map(picoseconds_of_a_fault).collect::<Vec<_>>()
    };
    let kinds = series(&["--series", "/runtime/lock_kind=queue,ticket,spin,backoff"]);
    let [queue, ticket, spin, backoff] = kinds[..] else { panic!("{kinds:?}") };
    assert_eq!(series(&[]), [queue], "as it is where nothing is said");
    assert!(spin > ticket && ticket > 4 * queue && ticket > 2 * backoff, "{kinds:?}");
}

/// A machine of many CPUs is divided among them unless the call wants it as smaller ones are; a switch holds in both.
#[test]
fn s2_machines_of_many_cpus_are_measured_divided_and_undivided() {
    let row = ["--workloads", "rescue", "--regions", "apart", "--cpus", "8,16"];
    let times = |more: &[&str]| {
        let points = matrix(&[&row[..], more].concat());
        points.iter().map(picoseconds_of_a_fault).collect::<Vec<_>>()
    };
    let [divided, undivided] = [times(&[]), times(&["--undivided"])];
    assert_eq!(divided[0], undivided[0], "8 CPUs are not divided");
    assert!(4 * divided[1] < undivided[1], "{divided:?} {undivided:?}");
    let none = ["free_lists=4", "list_shards=1", "cpu_cache=8", "zeroer=true", "rmap=tree"];
    let daemons = ["trimmers=1", "writers=1", "kill_batch=1"];
    let none = none.iter().chain(&["slot_finder=bitmap", "shootdown=batched"]).chain(&daemons);
    let none: Vec<_> = none.map(|option| format!("/machine/{option}")).collect();
    let set: Vec<_> = none.iter().flat_map(|option| ["--set", option]).collect();
    assert_eq!(times(&set), undivided);
    let all = times(&["--divided"]);
    assert!(4 * all[0] < undivided[0], "8 CPUs are divided too: {all:?} {undivided:?}");
    assert_eq!(all[1], divided[1]);
    let shards = ["--series", "/machine/list_shards=16"];
    assert!(times(&[&["--undivided"], &shards[..]].concat())[1] < undivided[1]);
}

/// Families of processes share nothing that forks and kills write: twice the CPUs do nearly twice the work.
#[test]
fn s2_forks_and_kills_of_families_apart_grow_with_the_cpus() {
    let call = ["--workloads", "churn", "--regions", "apart", "--cpus", "16,32", "--pages", "2048"];
    let points = matrix(&call);
    let speeds: Vec<_> =
        points.iter().map(|point| point["faults_per_s"].as_f64().unwrap()).collect();
    assert!(speeds[1] > 1.7 * speeds[0], "{speeds:?}");
}

/// More pages are more work.
#[test]
fn s2_the_size_of_the_matrix_can_be_chosen() {
    let call = ["--workloads", "demand-zero", "--regions", "apart", "--cpus", "1"];
    let faults = |pages: &str| {
        let points = matrix(&[&call[..], &["--pages", pages]].concat());
        let point = &points[0];
        let time = point["time_ns"].as_f64().unwrap();
        ((point["faults_per_s"].as_f64().unwrap() * time / 1e9).round(), time)
    };
    let [(few, short), (many, long)] = ["1024", "4096"].map(faults);
    assert_eq!((few, many), (1024.0, 4096.0));
    assert!(long > 3.0 * short, "{short} {long}");
}

#[test]
fn s2_scale_prints_tables_for_people() {
    let output = faultline(&[
        "scale",
        "scenarios/ladder/base.json",
        "--cpus",
        "1,4",
        "--locks",
        "table",
        "--rounds",
        "1",
        "--set",
        "/script/1/accesses=3000",
    ]);
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(printed.contains("hottest lock") && printed.contains("predicted"), "{printed}");
    assert_eq!(printed.lines().filter(|line| line.starts_with("table ")).count(), 3, "{printed}");
    let output = faultline(&["scale", "--cpus", "1,2", "--workloads", "churn", "--pages", "2048"]);
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(printed.lines().filter(|line| line.starts_with("churn ")).count(), 2, "{printed}");
}

#[test]
fn r5_a_wrong_call_of_scale_or_calibrate_ends_with_status_2() {
    for (arguments, expected) in [
        (&["scale", "no-such-file.json"][..], "no-such-file.json: No such file"),
        (&["scale", "scenarios/ladder/base.json", "--cpus", "1,129"], "129 is not in 1..=128"),
        (
            &["scale", "scenarios/ladder/base.json", "--locks", "region:3"],
            "legal are machine, table, region:N with N a power of two from 1 to 512, and entry",
        ),
        (
            &["scale", "scenarios/ladder/base.json", "--set", "/machine/frames=3"],
            "/machine/frames: 3 is below",
        ),
        (&["scale", "scenarios/ladder/base.json", "--work", "half"], "invalid value 'half'"),
        (&["scale", "--workloads", "soft"], "invalid value 'soft'"),
        (&["scale", "--pages", "3000"], "legal are powers of two from 1024 to 131072"),
        (&["scale", "scenarios/ladder/base.json", "--pages", "2048"], "cannot be used with"),
        (&["scale", "scenarios/ladder/base.json", "--workloads", "cow"], "cannot be used with"),
        (&["scale", "--series", "slot_finder=scan"], "expected /PLACE=VALUE,..."),
        (&["scale", "--series", "/machine/slot_finder=scan,none"], "/machine/slot_finder: "),
        (&["scale", "--series", "/machine/free_lists=[1,"], "/machine/free_lists: "),
        (&["calibrate", "--rounds", "0"], "0 is not in 1..=1000"),
        (
            &["calibrate", "--rounds", "1", "--swap-file", "/no/such/folder/swap"],
            "--swap-file /no/such/folder/swap: ",
        ),
        (
            &["calibrate", "--rounds", "1", "--write", "/no/such/folder/costs"],
            "--write /no/such/folder/costs: ",
        ),
    ] {
        let output = faultline(arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        assert!(text(&output.stderr).contains(expected), "{expected}: {}", text(&output.stderr));
    }
}
