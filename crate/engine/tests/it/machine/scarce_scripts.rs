//! Plays random scripts on machines with a frame or a slot too few: none hangs, none loses a byte, and an op
//! that fails has changed nothing. It is the short form of `npm run soak -- --scarce`.

use crate::support::scarce::{Order, play};

/// Plays scripts `0` to `scripts`, and asks that enough of their ops were refused to mean something.
fn play_all(scripts: u64, order: Order, threads: bool) {
    let (mut ops, mut refused) = (0, 0);
    for number in 0..scripts {
        let sum = play(number, order, threads).unwrap_or_else(|why| panic!("{why}"));
        ops += sum.ops;
        refused += sum.refused;
    }
    assert!(refused * 50 > ops, "{refused} of {ops} ops were refused");
    assert!(refused * 2 < ops, "{refused} of {ops} ops were refused");
}

#[test]
fn p19_scarce_scripts_end_and_lose_nothing() {
    play_all(600, Order::Serial, false);
}

#[test]
fn g5_scarce_scripts_side_by_side_end_and_lose_nothing() {
    play_all(600, Order::SideBySide, false);
}

#[test]
fn p19_scarce_scripts_on_threads_end_and_lose_nothing() {
    play_all(100, Order::Serial, true);
}

#[test]
fn g5_scarce_scripts_side_by_side_on_threads_end_and_lose_nothing() {
    play_all(100, Order::SideBySide, true);
}
