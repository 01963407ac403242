//! Measures how fast the engine is, against the limit of the computer it runs on and against the Linux
//! kernel doing the same. Limit, peer and engine take turns in every round, and the table has
//! medians over the rounds, of the ratios as of the times.

mod engine;
mod figures;
mod hits;
mod instructions;
mod limit;
mod linux;
mod pipeline;
mod report;
mod timing;

use std::process::ExitCode;

/// A call of the program, from its command line.
struct Call {
    json: bool,
    rounds: usize,
    only: Vec<String>,
}

fn parse(parameters: impl Iterator<Item = String>) -> Result<Call, String> {
    let mut call = Call { json: false, rounds: 9, only: Vec::new() };
    let mut parameters = parameters.peekable();
    while let Some(parameter) = parameters.next() {
        match parameter.as_str() {
            "--json" => call.json = true,
            // `cargo bench` adds this.
            "--bench" => {}
            "--rounds" => {
                let value = parameters.next().unwrap_or_default();
                let rounds = value.parse().ok().filter(|rounds| *rounds > 0);
                call.rounds = rounds
                    .ok_or(format!("--rounds: {value:?} is not a number of rounds, 1 or more"))?;
            }
            name if figures::ALL.iter().any(|figure| figure.name == name) => {
                call.only.push(parameter);
            }
            other => {
                let names: Vec<_> = figures::ALL.iter().map(|figure| figure.name).collect();
                return Err(format!(
                    "{other:?} is not known; legal are instructions (first, alone), --json, --rounds N and {}",
                    names.join(", ")
                ));
            }
        }
    }
    Ok(call)
}

fn main() -> ExitCode {
    let parameters: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, rest)) = parameters.split_first()
        && first == "instructions"
    {
        return instructions::main(rest);
    }
    let call = match parse(parameters.into_iter()) {
        Ok(call) => call,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let mut results = Vec::new();
    for figure in figures::ALL {
        if call.only.is_empty() || call.only.iter().any(|name| name == figure.name) {
            eprintln!("{}: {}", figure.name, figure.what);
            results.push((figure, (figure.measure)(call.rounds)));
        }
    }
    if call.json {
        println!("{}", report::json(&results));
    } else {
        print!("{}", report::table(&results));
    }
    ExitCode::SUCCESS
}
