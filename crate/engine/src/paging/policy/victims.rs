//! Takes victims off the active list by the machine's policy.

use super::replacement::{Look, Replacement};
use super::rule::OwnRule;
use super::search::{lowest, search};
use super::{aging, clock, clock_dirty, fifo, lru, nru, random, sieve, wsclock};
use crate::machine::Machine;
use crate::memory::Pfn;
use crate::observe::Counter;
use crate::options::Policy;
use crate::paging::arrivals::admit_all_arrivals;
use crate::paging::progress::Progress;
use crate::policy_rule::PolicyRule;
use crate::runtime::Cpu;

/// Takes up to `want` victims off the active list into flight.
pub(in crate::paging) async fn victims<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
) -> Vec<Pfn> {
    if machine.lists.are_divided() {
        // What CPUs hold back is youngest, and many lines and locks away: a search takes it only if it finds nothing else.
        let victims = victims_on_lists(cpu, machine, want, progress).await;
        if !victims.is_empty() {
            return victims;
        }
    }
    admit_all_arrivals(cpu, machine).await;
    victims_on_lists(cpu, machine, want, progress).await
}

/// Takes up to `want` victims of those that are on the active list.
async fn victims_on_lists<C: Cpu>(
    cpu: &C,
    machine: &Machine,
    want: usize,
    progress: &mut Progress,
) -> Vec<Pfn> {
    let own;
    let policy: &dyn Replacement = match &machine.options.policy {
        Policy::Fifo => &fifo::Fifo,
        Policy::Clock => &clock::Clock,
        Policy::ClockDirty => &clock_dirty::ClockDirty,
        Policy::Sieve => &sieve::Sieve,
        Policy::Rule(PolicyRule(rule)) => {
            let now = if rule.knows_time() { machine.stats.total(Counter::Accesses) } else { 0 };
            own = OwnRule { rule, now };
            &own
        }
        Policy::Random => return random::victims(cpu, machine, want).await,
        Policy::Lru => return lru::victims(cpu, machine, want, progress).await,
        Policy::Wsclock => return wsclock::victims(cpu, machine, want, progress).await,
        Policy::Aging => return lowest(cpu, machine, want, progress, aging::rank).await,
        Policy::Nru => {
            let rank = |look: &Look<'_>| nru::rank(look, &mut cpu.local().random.borrow_mut());
            return lowest(cpu, machine, want, progress, rank).await;
        }
    };
    search(cpu, machine, want, progress, policy).await
}
