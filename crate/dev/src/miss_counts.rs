//! Counts how often a published trace faults in given numbers of frames under each policy (`npm run miss-counts`).
//!
//! A trace is a file of libCacheSim's `oracleGeneral` records, or of one number a line. Each object is a page.

use std::path::PathBuf;

use clap::Args;

use crate::objects::objects;
use crate::output::print;
use crate::support::misses::run_in;
use crate::support::reference_policies::POLICIES;

#[derive(Args, Debug)]
pub(crate) struct MissCountsOptions {
    /// The trace: oracleGeneral records, or one number a line.
    trace: PathBuf,
    /// The policies.
    #[arg(long, value_delimiter = ',', default_value = "fifo,clock,lru,sieve", value_parser = POLICIES)]
    policies: Vec<String>,
    /// Frames for pages; the machine has some more for its tables.
    #[arg(long, value_delimiter = ',', default_value = "5,20,128,256,512,1024",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    frames: Vec<u32>,
}

/// Prints a line of counts for each policy.
pub(crate) fn miss_counts(options: &MissCountsOptions) -> Result<bool, String> {
    let at = |message: String| format!("{}: {message}", options.trace.display());
    let trace = objects(&options.trace)?;
    print(&format!("{} references", trace.len()))?;
    let line = |name: &str, cells: &[u64]| {
        let cells: String = cells.iter().map(|cell| format!("{cell:>10}")).collect();
        print(&format!("{name:<12}{cells}"))
    };
    let frames: Vec<_> = options.frames.iter().copied().map(u64::from).collect();
    line("frames", &frames)?;
    for policy in &options.policies {
        let faults = |frames: &u32| {
            Ok(run_in(&trace, policy.as_str(), *frames).map_err(at)?.counters.faults)
        };
        let faults = options.frames.iter().map(faults).collect::<Result<Vec<_>, String>>()?;
        line(policy, &faults)?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use faultline::scenario::Reference;
    use faultline_replay::{Reference as Replayed, Stream, curves};
    use faultline_traces::{Options, read};
    use serde_json::{Value, json};

    use super::*;

    /// Returns what is in a folder, with what its folders have.
    fn files_of(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files = |path: PathBuf| if path.is_dir() { files_of(&path) } else { vec![path] };
        entries.flat_map(files).collect()
    }

    /// Returns the traces that a value names anywhere.
    fn traces_of(value: &Value) -> Vec<&str> {
        match value {
            Value::Array(values) => values.iter().flat_map(traces_of).collect(),
            Value::Object(members) => {
                let own = members.get("trace").and_then(Value::as_str);
                own.into_iter().chain(members.values().flat_map(traces_of)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The machine, with one CPU and without daemons, is the textbook's memory: its faults are those of the analysis.
    #[test]
    fn s6_the_machine_faults_as_often_as_its_traces_replayed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let traces = root.join("traces");
        let json_of = |path: &Path| -> Value {
            serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
        };
        let list = json_of(&traces.join("library.json"));
        let names = list.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap());
        let names: Vec<_> = names.collect();
        // These are all that are shipped, as files and as what scenarios name.
        let is_packed = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "gz");
        assert_eq!(files_of(&traces).iter().filter(|path| is_packed(path)).count(), names.len());
        for path in files_of(&root.join("scenarios")) {
            let scenario = json_of(&path);
            for name in traces_of(&scenario) {
                assert!(names.contains(&name), "{}: {name}", path.display());
            }
        }
        for name in names {
            let mut trace = Vec::new();
            let take = &mut |found: &[faultline_traces::Reference]| {
                trace.extend(
                    found.iter().map(|found| Reference { page: found.page, write: found.write }),
                );
            };
            let file = fs::File::open(traces.join(format!("{name}.gz"))).unwrap();
            let summary = read(file, Options::default(), take).unwrap();
            assert!(summary.writes > 0);
            let replayed = |reference: &Reference| Replayed {
                page: reference.page.into(),
                write: reference.write,
            };
            let stream = Stream::new(trace.iter().map(replayed)).unwrap();
            let pages = stream.pages() as u32;
            let sizes = [pages / 8, pages / 3, pages - 10];
            let rules = [
                "accessed ? again : evict",
                "accessed ? keep : evict",
                "note = note >> 1 | accessed << 3; note < 4",
                "note = accessed ? now : note; now - note > 2000 || round > 0 ? evict : keep",
            ];
            let named =
                ["fifo", "lru", "clock", "sieve"].map(|name| (name.to_owned(), json!(name)));
            let own = rules.map(|rule| (format!("rule:{rule}"), json!({"rule": rule})));
            for (policy, of_machine) in named.into_iter().chain(own) {
                let curve =
                    curves(&stream, &[policy.parse().unwrap()], &sizes, 1, |_, _| {}).remove(0);
                for (frames, faults) in curve.points {
                    let report = run_in(&trace, of_machine.clone(), frames).unwrap();
                    assert_eq!(report.counters.faults, faults, "{name} under {policy} in {frames}");
                }
            }
        }
    }
}
