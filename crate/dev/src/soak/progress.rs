//! Shows on standard error how far the soak is: a bar on a terminal, elsewhere a line now and then.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Lines that are written where there is no terminal.
const LINES: u64 = 20;

pub(super) struct Progress {
    bar: Option<ProgressBar>,
    accesses: u64,
    lines: u64,
}

impl Progress {
    /// Begins the progress towards a number of accesses.
    pub(super) fn new(accesses: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(accesses);
            const TEMPLATE: &str = "{msg} {human_pos} of {human_len} accesses, {elapsed} of about {duration} {wide_bar}";
            if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, accesses, lines: 0 }
    }

    /// Shows that `rounds` and `accesses` are done.
    pub(super) fn show(&mut self, rounds: u64, accesses: u64) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("round {rounds}:"));
            bar.set_position(accesses.min(self.accesses));
            return;
        }
        let due = u128::from(accesses) * u128::from(LINES) / u128::from(self.accesses);
        if due > u128::from(self.lines) {
            self.lines = due as u64;
            eprintln!("{rounds} rounds, {accesses} of {} accesses", self.accesses);
        }
    }

    /// Clears the line, for other output.
    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
