//! The soak plays storms on real threads until a number of accesses is made (`npm run soak`), or random scripts
//! on machines that are short of frames and slots (`npm run soak -- --scarce`).

mod ends;
mod progress;
mod watch;

use std::time::Duration;

use clap::Args;
use faultline::options::MachineOptions;
use faultline::runtime::now_ns;
use serde_json::{Value, json};

use crate::output::print;
use crate::support::scarce::{self, Order};
use crate::support::storm::Round;
use ends::ends;
use progress::Progress;
use watch::{Watch, again};

/// Accesses of a round: a hundred million make more than the 540 rounds that have every combination
/// of shape, PTE locks, policy and trigger.
const ROUND: u64 = 180_000;

#[derive(Args, Debug)]
pub(crate) struct SoakOptions {
    /// Play rounds until at least this many accesses are made.
    #[arg(long, value_name = "N", default_value_t = 100_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    accesses: u64,
    /// The number of the first round; the rest are counted from it.
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Seconds without an access or an op after which the machine counts as hung.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    patience: u64,
    /// Random scripts on machines with a frame or a slot too few instead: each number is played serially
    /// and side by side on virtual CPUs, and each tenth on threads too.
    #[arg(long)]
    scarce: bool,
    /// How many numbers, with --scarce.
    #[arg(long, value_name = "N", default_value_t = 20_000, requires = "scarce", value_parser = clap::value_parser!(u64).range(1..))]
    scripts: u64,
    /// Seconds after which no further number is begun, with --scarce; then N may be any number.
    #[arg(long, value_name = "S", requires = "scarce", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    seconds: Option<u64>,
    /// Every thread yields after about one write in N to what threads share.
    #[cfg(feature = "footprints")]
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "scarce")]
    hesitate: u32,
    /// Give every machine this option, as in rmap=owner; can be given more than once.
    #[arg(long, value_name = "KEY=VALUE", value_parser = given)]
    set: Vec<(String, Value)>,
    /// Play as many accesses with each end of each switch of reclaim, slots and lists, one after the other.
    #[arg(long, conflicts_with = "scarce")]
    ends: bool,
}

/// Reads an option of a machine: its key, and its value as JSON or as a word.
fn given(text: &str) -> Result<(String, Value), String> {
    let (key, value) = text.split_once('=').ok_or("it has no '='")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    let options = json!({ key: value });
    serde_json::from_value::<MachineOptions>(options).map_err(|error| error.to_string())?;
    Ok((key.to_owned(), value))
}

/// Plays storms, or scripts on scarce machines. True if nothing was lost.
pub(crate) fn soak(options: &SoakOptions) -> Result<bool, String> {
    if options.scarce {
        return play_scarce(options);
    }
    #[cfg(feature = "footprints")]
    faultline::runtime::hesitate_after_one_in(options.hesitate);
    let watch = Watch::start(Duration::from_secs(options.patience));
    if !options.ends {
        return play_storms(options, &options.set, &watch, "");
    }
    for end in ends() {
        let mut set = options.set.clone();
        set.push(given(&end)?);
        if !play_storms(options, &set, &watch, &format!("{end}: "))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Plays storms on machines with these options, and prints their sums after a name. True if nothing was lost.
fn play_storms(
    options: &SoakOptions,
    set: &[(String, Value)],
    watch: &Watch,
    name: &str,
) -> Result<bool, String> {
    let mut progress = Progress::new(options.accesses);
    let start = now_ns();
    let (mut rounds, mut accesses, mut faults, mut copies, mut evictions) = (0_u64, 0, 0, 0, 0);
    while accesses < options.accesses {
        let mut round = Round::new(options.seed.wrapping_add(rounds), ROUND);
        for (key, value) in set {
            round.machine[key] = value.clone();
        }
        let mut session = round.open();
        watch.attend(&round, session.workers());
        let outcome = round.play(&mut session, || watch.note_op());
        watch.attend(&round, None);
        drop(session);
        if !outcome.failures.is_empty() {
            progress.clear();
            eprintln!("{}", failed(&round, &outcome.failures));
            return Ok(false);
        }
        rounds += 1;
        accesses += outcome.counters.accesses;
        faults += outcome.counters.faults;
        copies += outcome.counters.copies;
        evictions += outcome.counters.evictions;
        progress.show(rounds, accesses);
    }
    progress.clear();
    let seconds = (now_ns() - start) / 1_000_000_000;
    print(&format!(
        "{name}nothing was lost in {rounds} rounds, seeds {} to {}: {accesses} accesses, {faults} faults, \
         {copies} copies, {evictions} evictions, {seconds} s",
        options.seed,
        options.seed.wrapping_add(rounds - 1),
    ))?;
    Ok(true)
}

/// Plays random scripts on scarce machines.
fn play_scarce(options: &SoakOptions) -> Result<bool, String> {
    let start = now_ns();
    let mut played = [0_u64; 4];
    let (mut ops, mut refused, mut numbers) = (0, 0, 0);
    let goes_on = |numbers: u64| match options.seconds {
        Some(seconds) => (now_ns() - start) / 1_000_000_000 < seconds,
        None => numbers < options.scripts,
    };
    while goes_on(numbers) {
        let number = options.seed.wrapping_add(numbers);
        let ways = [
            (Order::Serial, false),
            (Order::SideBySide, false),
            (Order::Serial, true),
            (Order::SideBySide, true),
        ];
        let few = if number.is_multiple_of(10) { 4 } else { 2 };
        for (way, (order, threads)) in ways.into_iter().enumerate().take(few) {
            match scarce::play_with(number, order, threads, &options.set) {
                Ok(sum) => {
                    ops += sum.ops;
                    refused += sum.refused;
                    played[way] += 1;
                }
                Err(why) => {
                    eprintln!(
                        "{why}\nplay it again, with the same --set: npm run soak -- --scarce --scripts 1 --seed {number}"
                    );
                    return Ok(false);
                }
            }
        }
        numbers += 1;
        if numbers.is_multiple_of(1000) {
            eprintln!("{numbers} numbers");
        }
    }
    print(&format!(
        "none hung and nothing was lost, seeds {} to {}: {} scripts one op after another and {} side by \
         side on virtual CPUs, {} and {} on threads; {ops} ops, of which {refused} were refused, {} s",
        options.seed,
        options.seed.wrapping_add(numbers.saturating_sub(1)),
        played[0],
        played[1],
        played[2],
        played[3],
        (now_ns() - start) / 1_000_000_000,
    ))?;
    Ok(true)
}

/// Says what failed, and how to play it again.
fn failed(round: &Round, failures: &[String]) -> String {
    const MOST: usize = 20;
    let mut text = format!("round {} failed on {}\n", round.seed, round.machine);
    for failure in failures.iter().take(MOST) {
        text.push_str(&format!("  {failure}\n"));
    }
    if failures.len() > MOST {
        text.push_str(&format!("  and {} more\n", failures.len() - MOST));
    }
    text + &again(round)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_given_as_json_or_as_a_word() {
        assert_eq!(given("rmap=owner"), Ok(("rmap".to_owned(), json!("owner"))));
        assert_eq!(given("isolate=true"), Ok(("isolate".to_owned(), json!(true))));
        for (text, says) in [("isolate", "no '='"), ("ramp=owner", "ramp"), ("rmap=own", "own")] {
            assert!(given(text).unwrap_err().contains(says), "{text}");
        }
    }
}
