//! Tests that native tests are few programs, because each is linked anew when the engine changes.

use std::env;
use std::process::Command;

use serde_json::Value;

/// The crate whose tests run in a browser; another step builds it.
const NOT_NATIVE: &str = "faultline-wasm";

/// Counts what `cargo test` links for a target: a program of its tests, and a command for tests that call it.
fn programs(target: &Value) -> usize {
    let is_command = target["kind"].as_array().unwrap().iter().any(|kind| kind == "bin");
    usize::from(target["test"] == true) + usize::from(is_command)
}

#[test]
fn native_tests_link_fewer_than_ten_programs() {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let call = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output =
        Command::new(cargo).args(call).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = found["packages"].as_array().unwrap();
    let native = packages.iter().filter(|package| package["name"] != NOT_NATIVE);
    let targets: Vec<_> =
        native.flat_map(|package| package["targets"].as_array().unwrap()).collect();
    for name in ["it", "faultline"] {
        assert!(targets.iter().any(|target| target["name"] == name), "{name} is no target");
    }
    let linked: Vec<_> = targets
        .iter()
        .filter(|target| programs(target) > 0)
        .map(|target| format!("{} of {}", programs(target), target["name"]))
        .collect();
    let count: usize = targets.iter().map(|target| programs(target)).sum();
    assert!(count < 10, "{linked:?}: put tests into a module of tests/it/main.rs");
}
