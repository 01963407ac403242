//! Counts the instructions of the hottest paths. Valgrind executes the program on a processor of its own and counts what
//! that executes: the same for the same program, however busy the machine is, where times differ from run to run.
//!
//! Each path is counted twice, with few operations and with many; what only the many have is divided by their number. So
//! boot and preparations do not count, and no marks are needed in the program.

use std::env;
use std::fmt::Write;
use std::hint::black_box;
use std::process::{Command, ExitCode};

use faultline::memory::Vpn;
use faultline::paging::evict;
use faultline::process::{fork, wake};
use faultline::runtime::block_on;
use faultline::scenario::{Session, Traces, parse};
use serde_json::{Map, Value, json};

use crate::engine::{Rig, SPARE, load, store, touch};

/// One path. `run` prepares as much for few operations as for many, does that many, and says how many they were.
struct Path {
    name: &'static str,
    what: &'static str,
    run: fn(usize) -> u64,
}

const FEW: usize = 1024;
const MANY: usize = 3072;

const PATHS: &[Path] = &[
    Path { name: "hit", what: "a load or a store of a page that is mapped, threads", run: hits },
    Path { name: "zero", what: "a first store to a page: demand-zero fault, threads", run: zero },
    Path {
        name: "copy",
        what: "a store to a shared page: copy-on-write fault, threads",
        run: copy,
    },
    Path { name: "rescue", what: "a load of a page that was just trimmed, threads", run: rescue },
    Path { name: "hard", what: "a load of a page on swap: hard fault, threads", run: hard },
    Path {
        name: "step",
        what: "a step of a virtual CPU that draws, makes and checks accesses which hit",
        run: steps,
    },
];

fn hits(operations: usize) -> u64 {
    const PAGES: usize = 64;
    let rig = Rig::new(PAGES + SPARE, 0);
    let cpu = rig.cpu(0);
    let space = rig.enter(&cpu, rig.process(&cpu, PAGES));
    touch(&space, 0, PAGES, 1);
    for turn in 0..operations / 2 {
        let (page, word) = ((turn % PAGES) as u32, turn / PAGES % 512);
        store(&space, page, word, black_box(load(&space, page, word)) + 1);
    }
    operations as u64
}

fn zero(operations: usize) -> u64 {
    let rig = Rig::new(MANY + SPARE, 0);
    let cpu = rig.cpu(0);
    let space = rig.enter(&cpu, rig.process(&cpu, MANY));
    touch(&space, 0, operations, 1);
    operations as u64
}

fn copy(operations: usize) -> u64 {
    let rig = Rig::new(2 * MANY + SPARE, 0);
    let cpu = rig.cpu(0);
    let child = {
        let parent = rig.enter(&cpu, rig.process(&cpu, MANY));
        touch(&parent, 0, MANY, 1);
        block_on(fork(&cpu, &rig.machine, &parent)).expect("room for tables")
    };
    block_on(wake(&cpu, &rig.machine, child)).expect("it sleeps");
    touch(&rig.enter(&cpu, child), 0, operations, 1);
    operations as u64
}

fn rescue(operations: usize) -> u64 {
    let rig = Rig::new(MANY + SPARE, 0);
    let cpu = rig.cpu(0);
    let space = rig.enter(&cpu, rig.process(&cpu, MANY));
    touch(&space, 0, MANY, 1);
    rig.trim(&cpu, &space, MANY);
    for page in 0..operations as u32 {
        black_box(load(&space, page, 0));
    }
    operations as u64
}

fn hard(operations: usize) -> u64 {
    let rig = Rig::new(MANY + SPARE, MANY + 64);
    let cpu = rig.cpu(0);
    let process = rig.process(&cpu, MANY);
    let space = rig.enter(&cpu, process);
    touch(&space, 0, MANY, 1);
    {
        let _away = space.leave_for_a_while();
        for page in 0..MANY as u32 {
            block_on(evict(&cpu, &rig.machine, process, Vpn(page))).expect("room on swap");
        }
    }
    for page in 0..operations as u32 {
        black_box(load(&space, page, 0));
    }
    operations as u64
}

fn steps(operations: usize) -> u64 {
    let run = |accesses: usize| json!({"op": "run", "process": "a", "cpus": 2, "pattern": "uniform", "accesses": accesses, "writes": 0.5});
    let document = json!({"faultline": 1, "machine": {"frames": 256, "cpus": 2}, "script": [
        {"op": "spawn", "as": "a", "pages": 64},
        {"op": "run", "process": "a", "pattern": "sequential", "accesses": 64, "writes": 1},
        run(32 * operations)]});
    let scenario = parse(&document.to_string()).expect("it is legal");
    let mut session = Session::open(&scenario, Traces::default()).expect("it fits");
    for (index, op) in scenario.script.iter().enumerate() {
        assert!(session.apply(op, &format!("/script/{index}")).ok, "op {index}");
    }
    session.steps().expect("virtual CPUs count steps")
}

/// Runs this program under valgrind, and returns its count of instructions and the operations of the path.
fn count(path: &Path, operations: usize) -> Result<(u64, u64), String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        // A `rep stosb` counts as often as it stores, which is 4,096 for a page: plain stores instead.
        .env("GLIBC_TUNABLES", "glibc.cpu.x86_rep_stosb_threshold=1048576")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["instructions", path.name, &operations.to_string()])
        .output()
        .map_err(|error| {
            format!(
                "valgrind cannot be started ({error}); install it, on Debian: apt-get install valgrind"
            )
        })?;
    let words = String::from_utf8_lossy(&output.stderr);
    let counted = words
        .lines()
        .find_map(|line| line.split_once("Collected : "))
        .and_then(|(_, number)| number.trim().parse().ok());
    let done = String::from_utf8_lossy(&output.stdout).trim().parse();
    match (output.status.success(), counted, done) {
        (true, Some(counted), Ok(done)) => Ok((counted, done)),
        _ => Err(format!("{} under valgrind: {}\n{words}", path.name, output.status)),
    }
}

/// Computes the instructions of one operation.
fn each(path: &Path) -> Result<f64, String> {
    let (least, few) = count(path, FEW)?;
    let (most, many) = count(path, MANY)?;
    Ok((most - least) as f64 / (many - few) as f64)
}

fn print(json: bool) -> Result<String, String> {
    let mut table = String::from("| | what | instructions |\n|---|---|---:|\n");
    let mut object = Map::new();
    for path in PATHS {
        eprintln!("{}: {}", path.name, path.what);
        let instructions = each(path)?;
        let _ = writeln!(table, "| {} | {} | {instructions:.1} |", path.name, path.what);
        object.insert(path.name.to_owned(), json!(instructions));
    }
    Ok(if json { format!("{}\n", Value::Object(object)) } else { table })
}

/// The command `instructions`: prints the table, or with `--json` one object. With a path and a number it does that many
/// operations of that path, which is how it calls itself under valgrind.
pub(crate) fn main(parameters: &[String]) -> ExitCode {
    let parameters: Vec<&str> =
        parameters.iter().map(String::as_str).filter(|&parameter| parameter != "--bench").collect();
    let printed = match parameters.as_slice() {
        [] => print(false),
        ["--json"] => print(true),
        [name, operations] => {
            let path = PATHS.iter().find(|path| path.name == *name);
            match (path, operations.parse()) {
                (Some(path), Ok(operations)) => Ok(format!("{}\n", (path.run)(operations))),
                _ => Err(format!("{name} {operations}: no path and number of operations")),
            }
        }
        other => Err(format!("{other:?} is not known; legal after instructions is --json")),
    };
    match printed {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}
