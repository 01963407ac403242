//! WSClock (Carr and Hennessy, 1981): a clock that spares the working set, the pages used within
//! the last `window` of time. Its clock is the machine's faults, and its window as many faults as
//! the machine has frames. What is dirty is not skipped: trimming it is what schedules its write.

use super::{Look, Replacement, Verdict, read, write};

pub(super) struct WsClock {
    pub(super) window: u64,
}

impl Replacement for WsClock {
    fn judge(&self, look: &Look<'_>) -> Verdict {
        if look.accessed || read(look.note) == 0 {
            // Never 0, which means "not looked at yet".
            write(look.note, look.now + 1);
        }
        let idle = (look.now + 1).saturating_sub(read(look.note));
        // When the whole list is working set, the first that is not in use now has to go.
        if !look.accessed && (idle > self.window || look.round > 0) {
            Verdict::Evict
        } else {
            Verdict::GoRound
        }
    }
}
