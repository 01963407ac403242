//! The plan of a workload deals its references to the CPUs that share it, the same on every platform.
//!
//! The run's references are dealt round: share `i` of `n` makes references `i`, `i + n`,
//! `i + 2n`, ... Sequential, strided and recorded references therefore come out as one walk over
//! all shares, and the shares differ by one reference at most. What is drawn at random comes from a
//! stream of the share's own.

use std::sync::Arc;

use super::trace_file::Traces;
use super::zipf::Zipf;
use crate::runtime::{Random, mix};
use crate::scenario::document::{
    FailureCode, MAX_SAFE_INTEGER, Pattern, Phase, Reference, Run, SteadyPattern,
};

/// Computes the word that lane `lane` of a run writes with its `n`-th store: 1 to 2^53 - 1.
///
/// It depends on nothing that a schedule decides, so that every runtime leaves the same bytes,
/// provided that each lane has a word of its own in the pages it shares with others.
#[must_use]
#[inline]
pub const fn stamp(seed: u64, lane: u32, n: u64) -> u64 {
    let stamp = mix(mix(seed ^ mix(lane as u64 + 1)).wrapping_add(n)) & MAX_SAFE_INTEGER;
    if stamp == 0 { 1 } else { stamp }
}

/// The plan of a run: its tables, built once and shared by its CPUs.
#[derive(Clone, Debug)]
pub struct Plan {
    seed: u64,
    cpus: u32,
    accesses: u64,
    parts: Arc<[Part]>,
    /// The sum of the parts' lengths.
    cycle: u64,
}

/// A part of the run with one pattern.
#[derive(Debug)]
struct Part {
    length: u64,
    first: u32,
    count: u32,
    /// A reference is a write if 32 random bits are below it.
    writes: u64,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Walk { stride: u32 },
    Uniform,
    Zipf(Zipf),
    Recorded(Arc<[Reference]>),
}

impl Plan {
    /// Plans a run for a process with `pages` pages.
    ///
    /// Fails with `out-of-range` if the run, a phase or the trace reaches past those pages.
    pub fn new(run: &Run, pages: u32, traces: &Traces) -> Result<Self, (FailureCode, String)> {
        let range = range(run.pages, pages)?;
        let parts = match &run.pattern {
            Pattern::Sequential => vec![steady(&SteadyPattern::Sequential, range, run.writes)],
            Pattern::Uniform => vec![steady(&SteadyPattern::Uniform, range, run.writes)],
            Pattern::Stride(stride) => {
                vec![steady(&SteadyPattern::Stride(*stride), range, run.writes)]
            }
            Pattern::Zipf(s) => vec![steady(&SteadyPattern::Zipf(*s), range, run.writes)],
            Pattern::Trace(name) => {
                let references = traces.get(name).map(Arc::clone);
                let references = references.ok_or_else(|| {
                    (FailureCode::OutOfRange, format!("there is no trace {name:?}"))
                })?;
                vec![recorded(&format!("the trace {name:?}"), references, range)?]
            }
            Pattern::Pages(references) => {
                vec![recorded("the list of references", references.as_slice().into(), range)?]
            }
            Pattern::Phases(phases) => phases
                .iter()
                .map(|phase| part_of(phase, run, range, pages, phases.len() as u64))
                .collect::<Result<_, _>>()?,
        };
        let cycle = parts.iter().map(|part| part.length).sum();
        Ok(Self {
            seed: run.seed,
            cpus: run.cpus,
            accesses: run.accesses.unwrap_or(cycle),
            parts: parts.into(),
            cycle,
        })
    }

    /// Returns how many references the whole run makes.
    #[must_use]
    pub const fn accesses(&self) -> u64 {
        self.accesses
    }

    /// Returns how many shares there are.
    #[must_use]
    pub const fn shares(&self) -> u32 {
        self.cpus
    }

    /// Returns the references of one share, counted from 0.
    #[must_use]
    pub fn share(&self, index: u32) -> Workload {
        let (index_wide, cpus) = (u64::from(index), u64::from(self.cpus));
        let left = self.accesses / cpus + u64::from(index_wide < self.accesses % cpus);
        let mut workload = Workload {
            parts: Arc::clone(&self.parts),
            cycle: self.cycle,
            cpus,
            stream: Random::lane(self.seed, index),
            left,
            position: index_wide,
            part: 0,
            left_in_part: 0,
            at: 0,
            step: 0,
        };
        workload.enter_part();
        workload
    }
}

fn range(pages: Option<[u32; 2]>, all: u32) -> Result<(u32, u32), (FailureCode, String)> {
    let [first, end] = pages.unwrap_or([0, all]);
    if first >= end || end > all {
        let message = format!("pages {first} to {end} of a process with {all}");
        return Err((FailureCode::OutOfRange, message));
    }
    Ok((first, end - first))
}

fn steady(pattern: &SteadyPattern, (first, count): (u32, u32), writes: f64) -> Part {
    let source = match *pattern {
        SteadyPattern::Sequential => Source::Walk { stride: 1 },
        SteadyPattern::Stride(stride) => Source::Walk { stride: stride % count },
        SteadyPattern::Uniform => Source::Uniform,
        SteadyPattern::Zipf(s) => Source::Zipf(Zipf::new(count, s)),
    };
    Part { length: count.into(), first, count, writes: (writes * 4_294_967_296.0) as u64, source }
}

/// Makes the part that replays recorded references, which are called `what`.
fn recorded(
    what: &str,
    references: Arc<[Reference]>,
    (first, count): (u32, u32),
) -> Result<Part, (FailureCode, String)> {
    let needed = references.iter().map(|reference| reference.page + 1).max().unwrap_or(0);
    if needed > count || needed == 0 {
        let message = format!("{what} needs {needed} pages, and there are {count}");
        return Err((FailureCode::OutOfRange, message));
    }
    let length = references.len() as u64;
    Ok(Part { length, first, count, writes: 0, source: Source::Recorded(references) })
}

fn part_of(
    phase: &Phase,
    run: &Run,
    all: (u32, u32),
    pages: u32,
    phases: u64,
) -> Result<Part, (FailureCode, String)> {
    let range = phase.pages.map_or(Ok(all), |own| range(Some(own), pages))?;
    let mut part = steady(&phase.pattern, range, phase.writes.unwrap_or(run.writes));
    if let Some(length) = phase.accesses.or(run.accesses.map(|all| all.div_ceil(phases).max(1))) {
        part.length = length;
    }
    Ok(part)
}

/// A workload is the references of one share of a run.
#[derive(Clone, Debug)]
pub struct Workload {
    parts: Arc<[Part]>,
    cycle: u64,
    cpus: u64,
    stream: Random,
    /// References that the share has left to make.
    left: u64,
    /// The place of its next reference in the whole run.
    position: u64,
    part: usize,
    left_in_part: u64,
    /// Where a walk or a trace stands, and how far the share moves in it: below its length.
    at: u32,
    step: u32,
}

impl Workload {
    /// Finds the part in which `position` lies, and where in it.
    fn enter_part(&mut self) {
        let (cycles, mut offset) = (self.position / self.cycle, self.position % self.cycle);
        self.part = 0;
        while offset >= self.parts[self.part].length {
            offset -= self.parts[self.part].length;
            self.part += 1;
        }
        let part = &self.parts[self.part];
        self.left_in_part = if self.parts.len() == 1 {
            u64::MAX
        } else {
            (part.length - offset).div_ceil(self.cpus)
        };
        // A phase that comes round again goes on where it stopped.
        let done = u128::from(cycles) * u128::from(part.length) + u128::from(offset);
        let along = |stride: u128, length: u128| {
            ((done * stride % length) as u32, (u128::from(self.cpus) * stride % length) as u32)
        };
        (self.at, self.step) = match &part.source {
            Source::Walk { stride } => along((*stride).into(), part.count.into()),
            Source::Recorded(references) => along(1, references.len() as u128),
            Source::Uniform | Source::Zipf(_) => (0, 0),
        };
    }
}

/// Returns the place `step` further on, modulo `length`; both are below it.
#[inline]
const fn advance(at: u32, step: u32, length: u32) -> u32 {
    let left = length - at;
    if step < left { at + step } else { step - left }
}

impl Iterator for Workload {
    type Item = Reference;

    #[inline]
    fn next(&mut self) -> Option<Reference> {
        if self.left == 0 {
            return None;
        }
        if self.left_in_part == 0 {
            self.enter_part();
        }
        self.left -= 1;
        self.left_in_part -= 1;
        self.position += self.cpus;
        let part = &self.parts[self.part];
        let bits = self.stream.bits();
        let write = (bits & 0xffff_ffff) < part.writes;
        let page = match &part.source {
            Source::Walk { .. } => {
                let page = self.at;
                self.at = advance(self.at, self.step, part.count);
                page
            }
            Source::Uniform => self.stream.below(part.count.into()) as u32,
            Source::Zipf(table) => table.draw(&mut self.stream, (bits >> 32) as u32),
            Source::Recorded(references) => {
                let reference = references[self.at as usize];
                self.at = advance(self.at, self.step, references.len() as u32);
                return Some(Reference { page: part.first + reference.page, ..reference });
            }
        };
        Some(Reference { page: part.first + page, write })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        (left, Some(left))
    }
}
