//! Progress on standard error, when that is a terminal and the run takes its time.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A line that shows how far the script is; it is gone when the run is done.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Nothing is drawn where standard error is no terminal.
    pub(crate) fn new(ops: usize) -> Self {
        Self::of("op", ops as u32)
    }

    /// The same for so many of something else.
    pub(crate) fn of(what: &str, count: u32) -> Self {
        let bar = ProgressBar::new(count.into());
        let template = format!("{{spinner}} {what} {{pos}} of {{len}}, {{elapsed}} {{wide_bar}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        // A single op may take minutes: the clock goes on meanwhile.
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    pub(crate) fn show(&self, done: u32) {
        self.0.set_position(done.into());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
