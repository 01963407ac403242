//! Support of the command's tests: calls the command in the repository's folder, and reads its output as text.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The repository's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Calls the command and waits for its end.
pub(crate) fn faultline(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faultline"));
    command.args(arguments).current_dir(root()).output().unwrap()
}

/// What the command wrote, which has to be text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
