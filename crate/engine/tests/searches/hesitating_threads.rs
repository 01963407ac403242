//! Tests threads that yield between any two writes, where a busy computer preempts them once in a million.
//!
//! The explorer switches at awaits alone. What it cannot see, two writes in a wrong order between the
//! same two awaits, can show here: the bugs `found-before-free` and `named-before-counted`, switched on,
//! do within a few hundred storms. These are the first few, and short; `npm run soak -- --hesitate 40` goes on.

use faultline::runtime::hesitate_after_one_in;

use crate::alone::alone;
use crate::support::storm::Round;

#[test]
fn g5_storms_lose_nothing_when_threads_hesitate_after_any_write() {
    // All threads of a process yield, those of other tests too.
    let test = "g5_storms_lose_nothing_when_threads_hesitate_after_any_write";
    alone(module_path!(), test, || {
        hesitate_after_one_in(40);
        for seed in 0..16 {
            let round = Round::new(seed, 1_000);
            let outcome = round.play(&mut round.open(), || {});
            assert!(outcome.failures.is_empty(), "{:#?}\n{}", outcome.failures, round.document());
        }
    });
}
