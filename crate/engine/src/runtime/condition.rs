//! A condition variable without a lock, in one word: CPUs wait for its next signal.

use super::cpu::Cpu;
use crate::sync::atomic::{AtomicU64, Ordering, fence};

/// Something that happens again and again and can be waited for: bit 0 says that a CPU listens, the others
/// count the signals.
///
/// A listener takes a ticket, looks once more whether it needs to wait, and only then waits; a
/// signaller changes the machine first and then signals. One of the two always sees the other:
/// each fences between what it writes and what it reads.
#[derive(Debug, Default)]
pub struct Condition(AtomicU64);

const LISTENER: u64 = 1;

impl Condition {
    /// Announces a listener and returns its ticket; the caller looks at the machine after this, then calls
    /// [`Condition::wait`] or leaves.
    pub fn listen(&self) -> u64 {
        let ticket = self.0.fetch_or(LISTENER, Ordering::SeqCst) | LISTENER;
        // The order of the read-modify-write alone does not bind a plain load after it.
        fence(Ordering::SeqCst);
        ticket
    }

    /// Sleeps until a signal that came after the ticket.
    pub async fn wait<C: Cpu>(&self, cpu: &C, ticket: u64) {
        cpu.wait_while(&self.0, u64::MAX, ticket, LISTENER).await;
    }

    /// Wakes all listeners; true when a CPU listened.
    pub fn signal<C: Cpu>(&self, cpu: &C) -> bool {
        fence(Ordering::SeqCst);
        let mut seen = self.0.load(Ordering::Relaxed);
        loop {
            if seen & LISTENER == 0 {
                return false;
            }
            match self.0.compare_exchange_weak(
                seen,
                (seen & !LISTENER).wrapping_add(2),
                Ordering::SeqCst,
                Ordering::Relaxed,
            ) {
                Ok(_) => break,
                Err(now) => seen = now,
            }
        }
        cpu.wake(&self.0, LISTENER);
        true
    }
}
