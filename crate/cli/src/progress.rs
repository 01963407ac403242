//! Progress on standard error, when that is a terminal and the run takes its time.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A line that shows how far the script is; it is gone when the run is done.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Nothing is drawn where standard error is no terminal.
    pub(crate) fn new(ops: usize) -> Self {
        let bar = ProgressBar::new(ops as u64);
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} op {pos} of {len}, {elapsed} {wide_bar}")
        {
            bar.set_style(style);
        }
        // A single op may take minutes: the clock goes on meanwhile.
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    pub(crate) fn show(&self, done: usize) {
        self.0.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
