//! Tests the policies against references of a few lines, against textbooks, and curves against each other.

mod curves;
mod naive;
mod policies;
mod rules;
mod samples;
mod shipped;
pub(crate) mod tanenbaum;
mod textbooks;

use crate::{Policy, Reference, Stream, steps};

pub(crate) fn stream(references: &[(u64, bool)]) -> Stream {
    let reference = |(page, write): &(u64, bool)| Reference { page: *page, write: *write };
    Stream::new(references.iter().map(reference)).unwrap()
}

fn reads(pages: &[u64]) -> Stream {
    Stream::new(pages.iter().map(|page| Reference { page: *page, write: false })).unwrap()
}

fn policy(text: &str) -> Policy {
    text.parse().unwrap()
}

/// How often a policy, as it is written, faults.
fn faults(stream: &Stream, text: &str, frames: u32) -> usize {
    steps(stream, &policy(text), frames).iter().filter(|step| step.fault).count()
}
