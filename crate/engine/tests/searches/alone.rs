//! Runs a test in a process of its own, because it sets what every thread of its process sees.

use std::env;
use std::process::Command;

/// Set in the process that a test has for itself.
const ALONE: &str = "FAULTLINE_TEST_IS_ALONE";

/// Runs `body` in a process that runs this one test, which is `test` in `module` (a `module_path!()`).
pub(crate) fn alone(module: &str, test: &str, body: impl FnOnce()) {
    if env::var_os(ALONE).is_some() {
        return body();
    }
    let (_, room) = module.split_once("::").unwrap();
    let name = format!("{room}::{test}");
    let mut again = Command::new(env::current_exe().unwrap());
    let output = again.args(["--exact", &name]).env(ALONE, "yes").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    // A name that no test has would end well, too.
    assert!(output.status.success() && text.contains(" 1 passed;"), "{name}: {output:#?}");
}
