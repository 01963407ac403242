//! Shows progress on standard error, when that is a terminal and the run takes its time.

use std::time::Duration;

use faultline::scenario::{Op, Scenario};
use indicatif::{ProgressBar, ProgressStyle};

/// A line that shows how far the script is, until the run is done.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Shows the progress of a script's ops; nothing is drawn where standard error is no terminal.
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self::of("op", scenario.script.iter().map(Op::count).sum())
    }

    /// Shows the progress of `count` of something else.
    pub(crate) fn of(what: &str, count: u64) -> Self {
        let bar = ProgressBar::new(count);
        let template = format!("{{spinner}} {what} {{pos}} of {{len}}, {{elapsed}} {{wide_bar}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        // A single op may take minutes: the elapsed time goes on meanwhile.
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    pub(crate) fn show(&self, done: u64) {
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
