//! Counts the faults of policies in memories of many sizes: a curve for each policy, made of independent jobs.

use crate::distances::distances;
use crate::lanes::{LANES, Sink};
use crate::policy::Policy;
use crate::stream::Stream;

/// How often a policy faults, by the size of the memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The policy.
    pub policy: Policy,
    /// For each size, in frames, the faults, those that bring a page in for the first time among them.
    pub points: Vec<(u32, u64)>,
}

/// A part of the work: one policy in memories of some of the sizes. Jobs do not depend on each other.
#[derive(Clone, Debug)]
pub struct Job {
    /// Which curve it is for, by its number.
    curve: usize,
    policy: Policy,
    sizes: Vec<u32>,
}

/// Counts faults by lane. A fixed length spares each fault a check.
struct Faults([u64; Policy::MOST_AT_ONCE]);

impl Sink for Faults {
    fn fault(&mut self, _: usize, lane: usize, _: u32, _: u32) {
        self.0[lane] += 1;
    }
}

/// Sizes above which LRU is counted for all sizes at once.
const FEW: usize = LANES;

impl Job {
    /// Counts the faults in each of the job's sizes.
    #[must_use]
    pub fn run(&self, stream: &Stream) -> Vec<u64> {
        if self.policy == Policy::Lru && self.sizes.len() > FEW {
            let distances = distances(stream);
            return self.sizes.iter().map(|frames| distances.faults(*frames)).collect();
        }
        let mut faults = Faults([0; Policy::MOST_AT_ONCE]);
        self.policy.run(stream, &self.sizes, &mut faults);
        faults.0[..self.sizes.len()].to_vec()
    }
}

/// Returns the jobs that make a curve for each policy over `sizes`, which need not be in order, for so many
/// `workers`. Those that may take longest come first.
///
/// # Panics
/// A size is 0.
#[must_use]
pub fn jobs(policies: &[Policy], sizes: &[u32], workers: usize) -> Vec<Job> {
    let sizes = ascending(sizes);
    let mut jobs = Vec::new();
    for (curve, policy) in policies.iter().enumerate() {
        let mut at_once = policy.sizes_at_once();
        if *policy == Policy::Lru && sizes.len() > FEW {
            at_once = sizes.len();
        } else if policies.len() < workers && !policy.is_stack() {
            // Idle workers take a part of the sizes.
            at_once = at_once.min(sizes.len().div_ceil(workers)).max(1);
        }
        // Each job has small sizes, which fault often, and large ones.
        let count = sizes.len().div_ceil(at_once);
        for first in 0..count {
            let sizes = sizes.iter().copied().skip(first).step_by(count).collect();
            jobs.push(Job { curve, policy: policy.clone(), sizes });
        }
    }
    jobs.sort_by_key(|job| !job.policy.is_stack());
    jobs
}

fn ascending(sizes: &[u32]) -> Vec<u32> {
    assert!(!sizes.contains(&0), "a memory has a frame");
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

/// Joins what the jobs counted to curves, with their points in ascending order of sizes.
#[must_use]
pub fn joined(policies: &[Policy], jobs: &[Job], counts: &[Vec<u64>]) -> Vec<Curve> {
    let empty = |policy: &Policy| Curve { policy: policy.clone(), points: Vec::new() };
    let mut curves: Vec<_> = policies.iter().map(empty).collect();
    for (job, counts) in jobs.iter().zip(counts) {
        let points = job.sizes.iter().copied().zip(counts.iter().copied());
        curves[job.curve].points.extend(points);
    }
    curves.iter_mut().for_each(|curve| curve.points.sort_unstable());
    curves
}

/// Counts the faults of each policy in memories of `sizes` frames, on so many threads. Calls `progress` with the
/// number of jobs that are done and of all.
#[cfg(not(target_arch = "wasm32"))]
pub fn curves(
    stream: &Stream,
    policies: &[Policy],
    sizes: &[u32],
    workers: usize,
    progress: impl FnMut(usize, usize),
) -> Vec<Curve> {
    let jobs = jobs(policies, sizes, workers);
    let counts = in_parallel(&jobs, workers, |job| job.run(stream), progress);
    joined(policies, &jobs, &counts)
}

/// Does jobs on so many threads, in their order as threads come free. Returns what each results in. Calls
/// `progress` with the number of jobs that are done and of all.
#[cfg(not(target_arch = "wasm32"))]
pub fn in_parallel<Job: Sync, Result: Send>(
    jobs: &[Job],
    workers: usize,
    work: impl Fn(&Job) -> Result + Sync,
    mut progress: impl FnMut(usize, usize),
) -> Vec<Result> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::thread;

    let next = AtomicUsize::new(0);
    let mut results: Vec<Option<Result>> = jobs.iter().map(|_| None).collect();
    thread::scope(|scope| {
        let (send, receive) = mpsc::channel();
        for _ in 0..workers.clamp(1, jobs.len().max(1)) {
            let (send, next, work) = (send.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(index) else { break };
                    if send.send((index, work(job))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        for (done, (index, result)) in receive.into_iter().enumerate() {
            results[index] = Some(result);
            progress(done + 1, jobs.len());
        }
    });
    results.into_iter().map(|result| result.expect("each job was done")).collect()
}
