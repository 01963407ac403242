//! Writes the timeline of a run to a file, which is whole and in its place also when the run is interrupted.

use std::fs::File;
use std::io::BufWriter;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use faultline::narration::{ChromeTrace, Listener};
use faultline::observe::{Detail, Record};
use faultline::runtime::now_ns;
use faultline::scenario::Session;

use crate::files::{Draft, Output};

/// The exit status of a run that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// A timeline file, which takes the events of a run. Dropped unfinished, it leaves the old file.
pub(crate) struct Timeline(Shared);

/// The file until the run is over, shared with the thread that waits for signals.
type Shared = Arc<Mutex<Option<Open>>>;

struct Open {
    trace: ChromeTrace<BufWriter<File>>,
    draft: Draft,
}

impl Timeline {
    /// Begins the timeline of a session at boot.
    ///
    /// From now on a signal that would end the process (interrupt, terminate, hang up) first ends the
    /// file.
    pub(crate) fn begin(output: Output, session: &Session, title: &str) -> Result<Self, String> {
        let draft = output.begin()?;
        let timeline = Self(Shared::default());
        let mut open = open(&timeline.0);
        let shared = Arc::clone(&timeline.0);
        ctrlc::set_handler(move || interrupt(&shared))
            .map_err(|error| format!("signals cannot be waited for: {error}"))?;
        session.observe(Detail::Moves);
        let (machine, names) = (session.shared_machine(), session.process_names());
        let start = if session.workers().is_some() { now_ns() } else { 0 };
        let trace = ChromeTrace::new(draft.writer()?, title, &machine, names, start);
        *open = Some(Open { trace, draft });
        drop(open);
        Ok(timeline)
    }

    /// Ends the file and puts it in its place.
    pub(crate) fn finish(self) -> Result<(), String> {
        // Locked to the end, so that a signal does not end the process half way.
        let mut open = open(&self.0);
        open.take().map_or(Ok(()), Open::finish)
    }
}

impl Drop for Timeline {
    fn drop(&mut self) {
        *open(&self.0) = None;
    }
}

/// Ends the file and the process.
fn interrupt(shared: &Shared) {
    let mut open = open(shared);
    if let Some(open) = open.take() {
        let name = open.draft.name().to_owned();
        match open.finish() {
            Ok(()) => eprintln!("interrupted: {name}: has the run as far as it came"),
            Err(message) => eprintln!("interrupted: {message}"),
        }
    }
    std::process::exit(INTERRUPTED);
}

fn open(shared: &Shared) -> MutexGuard<'_, Option<Open>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Open {
    fn finish(mut self) -> Result<(), String> {
        self.trace.finish().map_err(|error| format!("{}: {error}", self.draft.name()))?;
        self.draft.finish()
    }
}

impl Listener for Timeline {
    fn receive(&mut self, record: &Record) {
        if let Some(open) = &mut *open(&self.0) {
            open.trace.receive(record);
        }
    }

    fn lost(&mut self, ring: usize, events: u64) {
        if let Some(open) = &mut *open(&self.0) {
            open.trace.lost(ring, events);
        }
    }
}
