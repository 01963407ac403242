//! The engine's tests from outside are one program: a module for each folder of the engine, with which the names
//! of tests begin. `cargo test -p faultline --test it -- memory::lists` runs those of one file.
//!
//! They share a process and its threads. Searches of schedules are another program, `tests/searches`.

#[path = "../support/mod.rs"]
mod support;

/// The events of a run.
mod observe {
    mod events;
}

/// Locks on threads and virtual CPUs.
mod runtime {
    #[cfg(feature = "coherence")]
    mod lines;
    #[cfg(feature = "coherence")]
    mod lock_kinds;
    mod locks;
}

/// Frames, lists, slots and devices.
mod memory {
    mod failing;
    mod layout;
    mod lists;
    mod page_contents;
    mod slots;
    mod slow_devices;
    mod sparse_slots;
    mod swap_devices;
    mod swap_files;
}

/// Faults, and the reclaim of pages.
mod paging {
    mod charges;
    mod divided;
    mod fault_steps;
    mod interruptions;
    mod own_rule;
    mod pages_and_frames;
    mod read_ahead;
    mod reclaim;
    mod replacement_policies;
    mod stepper;
    mod synchronous_eviction;
    mod victims;
}

/// Processes: their states, their relatives and the pages that these share.
mod process {
    mod life_cycle;
    mod sharing;
}

/// The audit, and the report of what threads wait for.
mod audit {
    mod findings;
    mod hashes;
    mod waits;
}

/// Events as sentences and as a timeline.
mod narration {
    mod histories;
    mod timeline;
}

/// The format, the interpreter and the report.
mod scenario {
    mod data_frames;
    mod defaults;
    mod documents;
    mod expectations;
    mod format_page;
    mod inputs_found;
    mod json_schema;
    mod lesson;
    mod mutations;
    mod reader;
    mod refusals;
    mod repeats;
    mod report_figures;
    mod schema;
    mod schema_place;
    #[cfg(feature = "virtual-cpus")]
    mod thrashing;
    mod time_travel;
    mod workloads;
}

/// Scenarios that ship with the project.
mod shipped {
    mod gallery;
    mod ladder;
}

/// Whole machines under scripts, random ones too.
mod machine {
    mod coverage;
    mod determinism;
    mod reference_model;
    mod refusals;
    mod scarce_cases;
    mod scarce_scripts;
    mod storms;
    mod whole_scenarios;
}

/// The repository's files, held against each other.
mod repository {
    mod documents;
    mod files;
    mod layers;
    mod packages;
    mod requirements;
    mod test_programs;
    mod unsafe_code;
}
