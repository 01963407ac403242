//! The shootdown epochs (quiescent-state reclamation) say which CPUs may still use an old translation.
//!
//! A CPU that touches memory is *online*: its word holds the last epoch it has acknowledged. Idle, asleep or
//! waiting for anything it is *offline*. A CPU that takes a right from PTEs first changes them, then advances
//! the epoch and waits until each online CPU of those address spaces has acknowledged it. From then on no CPU
//! uses an old translation.
//!
//! Why no access slips through: coming online publishes an epoch and then fences before the first walk; the
//! unmapper changes the PTEs and then fences before it looks which CPUs are online. One of the two sees the
//! other. A CPU that acknowledges epoch *e* has read *e* with acquire, so it sees every PTE change that came
//! before; its earlier stores are released by the acknowledgement, by going offline, and again by coming
//! online, which hides what going offline released.
//!
//! A CPU in a fault stays online and keeps no translation, so it goes offline only when it has to
//! wait: every runtime does that for it, in one place for each way to wait.
//!
//! What it does keep is its reference to the PTE, which lies in a page table. So before it may wait it says
//! which epoch it walked in (`CpuRecord::hold_table`). `unmap` unlinks a table, begins an epoch, waits for
//! the CPUs that are behind it, and then for those that hold a PTE from before it. A CPU that had walked to
//! the table is either still online and behind, or has said so before it went offline; one that walks later
//! finds no table. A fault ends, and never waits for the process lock, which the CPU that frees the table
//! holds.
//!
//! A CPU that only replaces a PTE, and frees nothing, may leave the waiting to whoever needs it later
//! (`paging/shootdown.rs`). It changes the PTE, fences, and notes the epoch *m* that it reads. A CPU that has
//! acknowledged *m* + 1 sees the change: it has read an epoch that had not begun at the note, and it fences after
//! that, as it does when it comes online. So to wait until each online CPU has acknowledged *m* + 1 is enough,
//! whoever began that epoch. What one has waited for others need not: `passed` is an epoch that no CPU was behind.

use std::sync::Arc;

use crate::parts::MemoryPart;
use crate::sync::Padded;
use crate::sync::atomic::{AtomicU64, Ordering, fence};

/// The epoch of a CPU that touches no memory.
const OFFLINE: u64 = 0;

/// The epoch, and the epoch that each CPU has acknowledged.
#[derive(Debug)]
pub struct Epochs {
    now: Padded<AtomicU64>,
    /// An epoch that no CPU is behind any more, for those who would wait for all.
    passed: Padded<AtomicU64>,
    cpus: Box<[Padded<AtomicU64>]>,
}

impl Epochs {
    /// Returns epochs for this many CPUs, all offline.
    pub fn new(cpus: usize) -> Self {
        let now = Padded(AtomicU64::new(OFFLINE + 1));
        let cpus = (0..cpus).map(|_| Padded::default()).collect();
        Self { now, passed: Padded::default(), cpus }
    }

    /// Returns the parts that the words are in, which tasks share, with their names.
    pub fn parts(&self) -> [(&'static str, MemoryPart); 3] {
        let one = |word| MemoryPart::of(std::slice::from_ref(word));
        [
            ("epoch", one(&self.now)),
            ("epochs_seen", MemoryPart::of(&self.cpus)),
            ("epoch_passed", one(&self.passed)),
        ]
    }

    /// Returns the current epoch.
    pub fn now(&self) -> u64 {
        self.now.0.load(Ordering::Relaxed)
    }

    /// Returns the epoch that a CPU has acknowledged last; none while it is offline.
    pub fn seen(&self, cpu: usize) -> Option<u64> {
        Some(self.cpus[cpu].0.load(Ordering::Relaxed)).filter(|seen| *seen != OFFLINE)
    }

    /// Begins a new epoch, after PTEs have changed, and returns it.
    pub fn advance(&self) -> u64 {
        let epoch = self.now.0.fetch_add(1, Ordering::SeqCst) + 1;
        fence(Ordering::SeqCst);
        epoch
    }

    /// Returns the current epoch, to wait for CPUs that are behind it or one before: what a CPU does from here on
    /// sees who was online.
    pub fn look(&self) -> u64 {
        let epoch = self.now.0.load(Ordering::Acquire);
        fence(Ordering::SeqCst);
        epoch
    }

    /// Whether somebody has found that no CPU uses a translation from before `epoch`.
    pub fn is_passed(&self, epoch: u64) -> bool {
        self.passed.0.load(Ordering::Acquire) >= epoch
    }

    /// Records that no CPU uses a translation from before `epoch`.
    pub fn pass(&self, epoch: u64) {
        let (passed, order) = (&self.passed.0, Ordering::Relaxed);
        let mut seen = passed.load(order);
        while seen < epoch
            && let Err(now) = passed.compare_exchange_weak(seen, epoch, Ordering::AcqRel, order)
        {
            seen = now;
        }
    }

    /// Whether a CPU may still use a translation from before `epoch`.
    pub fn is_behind(&self, cpu: usize, epoch: u64) -> bool {
        let seen = self.cpus[cpu].0.load(Ordering::SeqCst);
        seen != OFFLINE && seen < epoch
    }
}

/// One CPU's handle on the epochs; only that CPU uses it. A daemon has none and is always offline.
#[derive(Debug)]
pub struct Presence {
    epochs: Arc<Epochs>,
    cpu: usize,
}

impl Presence {
    /// Returns the handle of CPU `cpu`.
    pub fn new(epochs: Arc<Epochs>, cpu: usize) -> Self {
        Self { epochs, cpu }
    }

    fn seen(&self) -> Option<&AtomicU64> {
        self.epochs.cpus.get(self.cpu).map(|padded| &padded.0)
    }

    /// Brings the CPU online: from here on it may touch memory.
    pub fn go_online(&self) {
        if let Some(seen) = self.seen() {
            seen.store(self.epochs.now.0.load(Ordering::Acquire), Ordering::Release);
            fence(Ordering::SeqCst);
        }
    }

    /// Takes the CPU offline: from here on it touches no memory, and delays no shootdown.
    pub fn go_offline(&self) {
        if let Some(seen) = self.seen() {
            seen.store(OFFLINE, Ordering::Release);
        }
    }

    /// Takes the CPU offline until the guard is dropped; an offline CPU stays as it is.
    pub fn away(&self) -> Away<'_> {
        let online = self.seen().is_some_and(|seen| seen.load(Ordering::Relaxed) != OFFLINE);
        if online {
            self.go_offline();
        }
        Away(online.then_some(self))
    }

    /// Returns the words that an access compares: it goes on only while they are equal.
    pub fn words(&self) -> Option<EpochWords<'_>> {
        Some(EpochWords { now: &self.epochs.now.0, seen: self.seen()? })
    }
}

/// Keeps a CPU offline until it is dropped.
#[derive(Debug)]
#[must_use = "a CPU comes back when the guard is dropped"]
pub struct Away<'a>(Option<&'a Presence>);

impl Drop for Away<'_> {
    fn drop(&mut self) {
        if let Some(presence) = self.0 {
            presence.go_online();
        }
    }
}

/// The epoch and an online CPU's acknowledgement of it.
#[derive(Clone, Copy, Debug)]
pub struct EpochWords<'a> {
    now: &'a AtomicU64,
    seen: &'a AtomicU64,
}

impl EpochWords<'_> {
    /// Whether there was no shootdown since the CPU last acknowledged one.
    #[inline(always)]
    pub fn are_equal(self) -> bool {
        self.now.load(Ordering::Acquire) == self.seen.load(Ordering::Relaxed)
    }

    /// Returns the epoch acknowledged last.
    pub fn acknowledged(self) -> u64 {
        self.seen.load(Ordering::Relaxed)
    }

    /// Acknowledges the epoch, at the start of an access, if there was a shootdown; returns it then.
    pub fn catch_up(self) -> Option<u64> {
        (!self.are_equal()).then(|| self.acknowledge())
    }

    /// Acknowledges the epoch, and returns it.
    pub fn acknowledge(self) -> u64 {
        let epoch = self.now.load(Ordering::Acquire);
        self.seen.store(epoch, Ordering::Release);
        // From here on it sees PTEs too that were replaced, in an earlier epoch, by CPUs that began none.
        fence(Ordering::SeqCst);
        epoch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g5_a_cpu_tells_which_epoch_it_has_acknowledged() {
        let epochs = Arc::new(Epochs::new(2));
        let presence = Presence::new(Arc::clone(&epochs), 1);
        let words = presence.words().unwrap();
        assert_eq!((epochs.now(), epochs.seen(1)), (1, None));
        presence.go_online();
        let epoch = epochs.advance();
        assert_eq!((words.acknowledged(), epochs.seen(1), epochs.now()), (1, Some(1), epoch));
        assert!(epochs.is_behind(1, epoch) && !epochs.is_behind(0, epoch));
        assert_eq!(words.catch_up(), Some(2));
        assert_eq!((words.acknowledged(), words.catch_up()), (2, None));
        assert!(!epochs.is_behind(1, epoch));
        drop(presence.away());
        assert_eq!(epochs.seen(1), Some(2), "it has come back");
        epochs.pass(2);
        epochs.pass(1);
        assert!(epochs.is_passed(2) && !epochs.is_passed(3) && epochs.look() == 2);
        assert!(Presence::new(epochs, 2).words().is_none(), "a daemon is in no address space");
    }
}
