//! A doorbell wakes a daemon, and says whether the daemon is at rest.

use crate::runtime::{Condition, Cpu, Step};
use crate::sync::atomic::{AtomicBool, Ordering, fence};

/// One daemon's bell.
#[derive(Debug, Default)]
pub struct Doorbell {
    condition: Condition,
    /// Whether the bell was rung since the daemon last looked.
    pending: AtomicBool,
    /// Whether the daemon sleeps, having found nothing more to do.
    idle: AtomicBool,
}

impl Doorbell {
    /// Rings the bell; rings before the daemon has looked are one wake-up (S4), for which `note` is called
    /// once.
    ///
    /// A bell that was rung is only read, so that CPUs that ring it again do not take its line from each other.
    /// Both sides fence between what they write and what they read: here the work, then `pending`; there `pending`,
    /// then the work. So either this CPU sees that the daemon has taken the ring, or the daemon sees the work.
    pub fn ring<C: Cpu>(&self, cpu: &C, note: impl FnOnce()) {
        fence(Ordering::SeqCst);
        if !self.pending.load(Ordering::Relaxed) && !self.pending.swap(true, Ordering::SeqCst) {
            note();
            self.condition.signal(cpu);
        }
    }

    /// Sleeps until the bell has rung; false when `stop` says that the daemon is to end. A daemon that
    /// `listens_late` has [`Bug::LostWakeUp`](crate::bugs::Bug::LostWakeUp).
    pub async fn wait_for_ring<C: Cpu>(
        &self,
        cpu: &C,
        stop: &AtomicBool,
        listens_late: bool,
    ) -> bool {
        loop {
            let mut ticket = self.condition.listen();
            if stop.load(Ordering::SeqCst) {
                return false;
            }
            if self.pending.swap(false, Ordering::SeqCst) {
                fence(Ordering::SeqCst);
                return true;
            }
            if listens_late {
                cpu.step(Step::Instruction).await;
                ticket = self.condition.listen();
            }
            // Not idle before `pending` is taken, so that "idle and nothing pending" means at rest.
            self.idle.store(true, Ordering::SeqCst);
            self.condition.wait(cpu, ticket).await;
            self.idle.store(false, Ordering::SeqCst);
        }
    }

    /// Wakes a sleeping daemon so that it looks at `stop`.
    pub fn wake<C: Cpu>(&self, cpu: &C) {
        self.condition.signal(cpu);
    }

    /// Whether the daemon sleeps and has nothing to do.
    fn is_at_rest(&self) -> bool {
        !self.pending.load(Ordering::SeqCst) && self.idle.load(Ordering::SeqCst)
    }

    /// Waits until every daemon sleeps with nothing to do.
    pub async fn wait_for_rest<'a, C: Cpu>(cpu: &C, bells: impl Iterator<Item = &'a Self> + Clone) {
        // Twice in a row, because a daemon may ring another just before it goes to sleep.
        let mut at_rest = 0;
        while at_rest < 2 {
            at_rest = if bells.clone().all(Self::is_at_rest) { at_rest + 1 } else { 0 };
            cpu.step(Step::Relax).await;
        }
    }
}
