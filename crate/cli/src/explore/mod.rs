//! `faultline explore` searches the schedules of a scenario for one under which something is wrong.

#[cfg(feature = "teaching")]
mod command;
#[cfg(feature = "teaching")]
mod found;
mod options;
#[cfg(feature = "teaching")]
mod search;

#[cfg(feature = "teaching")]
pub use found::{Found, Searched};
#[cfg(feature = "teaching")]
pub use search::{Order, Search};

pub(crate) use options::ExploreOptions;

/// Searches a scenario and prints the result. True if nothing is wrong; an error if the call was
/// wrong.
#[cfg(feature = "teaching")]
pub(crate) fn explore(options: &ExploreOptions) -> Result<bool, String> {
    command::explore(options)
}

/// Fails: this build has no search.
#[cfg(not(feature = "teaching"))]
pub(crate) fn explore(_: &ExploreOptions) -> Result<bool, String> {
    const NOT_HERE: &str = "faultline explore is not in this build, whose memory is not watched. Build it with \
        `cargo run --profile explore -p faultline-cli --features teaching -- explore FILE`, \
        or `npm run --silent explore -- FILE`";
    Err(NOT_HERE.to_owned())
}
