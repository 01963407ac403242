//! Tests that curves have the faults of their policies, however the work is divided.

use proptest::prelude::*;

use super::shipped::shipped;
use super::{faults, policy, reads};
use crate::{Curve, Policy, curves, distances, jobs, joined, steps, summaries};

/// Pages of which some are used often, and some in loops.
fn pages() -> impl Strategy<Value = Vec<u64>> {
    let moves = prop::collection::vec((any::<u8>(), 0..60_u64), 1..600);
    moves.prop_map(|moves| {
        let mut at = 0;
        let page = |(kind, far): (u8, u64)| {
            at = if kind % 3 == 0 { far } else { (at + u64::from(kind % 2)) % 60 };
            at
        };
        moves.into_iter().map(page).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn s6_all_sizes_at_once_fault_as_each_alone(pages in pages(), workers in 1..4_usize) {
        let stream = reads(&pages);
        let policies: Vec<Policy> = summaries().iter().map(|summary| summary.policy.clone()).collect();
        // Out of order, one twice, more than one pass takes, and larger than all pages.
        let sizes: Vec<u32> = (1..45).rev().chain([7, 100]).collect();
        let found = curves(&stream, &policies, &sizes, workers, |_, _| {});
        for Curve { policy, points } in found {
            prop_assert_eq!(points.len(), 45);
            for (frames, count) in points {
                let alone = faults(&stream, &policy.to_string(), frames);
                prop_assert_eq!(count, alone as u64, "{} in {}", policy, frames);
            }
        }
    }

    #[test]
    fn s6_lru_faults_where_the_stack_distance_is_larger_than_the_memory(pages in pages()) {
        let stream = reads(&pages);
        let distances = distances(&stream);
        prop_assert_eq!(distances.first + distances.counts.iter().sum::<u64>(), pages.len() as u64);
        for frames in 1..65 {
            let alone = faults(&stream, "lru", frames);
            prop_assert_eq!(distances.faults(frames), alone as u64);
        }
    }

    /// What a smaller memory has every larger one has too, under LRU and the optimal policy.
    #[test]
    fn s6_stack_policies_keep_in_larger_memories_what_smaller_ones_have(pages in pages()) {
        let stream = reads(&pages);
        for text in ["lru", "opt", "opt:ties=used"] {
            prop_assert!(policy(text).is_stack());
            let all: Vec<_> = (1..40).map(|frames| steps(&stream, &policy(text), frames)).collect();
            for pair in all.windows(2) {
                for (small, large) in pair[0].iter().zip(&pair[1]) {
                    let has = |page: &Option<u64>| page.is_none() || large.frames.contains(page);
                    prop_assert!(small.frames.iter().all(has), "{}", text);
                }
            }
        }
    }
}

/// The slots of time are used up many times.
#[test]
fn s6_distances_of_long_streams_are_those_of_short_ones_again() {
    let once: Vec<u64> = (0..700).chain((0..700).rev()).collect();
    let times = 40;
    let stream = reads(&once.repeat(times));
    let found = distances(&stream);
    assert_eq!((found.first, found.counts.len()), (700, 700));
    // To and fro, each distance comes as often as the others, but for the two turns and the first time.
    for (frames, count) in [(1, 700 * 2 * times - (2 * times - 1)), (350, 0), (700, 700)] {
        if count > 0 {
            assert_eq!(found.faults(frames), count as u64, "{frames}");
        }
        assert_eq!(found.faults(frames), faults(&stream, "lru", frames) as u64);
    }
}

#[test]
fn s6_curves_of_recorded_programs_do_not_depend_on_the_workers() {
    for name in ["sort", "perl"] {
        let stream = shipped(name);
        let policies: Vec<_> = summaries().iter().map(|summary| summary.policy.clone()).collect();
        let sizes: Vec<u32> = (1..=40).map(|step| step * 8).collect();
        let found = curves(&stream, &policies, &sizes, 2, |_, _| {});
        let jobs = jobs(&policies, &sizes, 1);
        let counts: Vec<_> = jobs.iter().map(|job| job.run(&stream)).collect();
        assert_eq!(joined(&policies, &jobs, &counts), found);
        let of =
            |name: &str| &found.iter().find(|curve| curve.policy.name() == name).unwrap().points;
        for curve in &found {
            assert!(curve.points.iter().zip(of("opt")).all(|(own, least)| own.1 >= least.1));
            if curve.policy.is_stack() {
                assert!(curve.points.is_sorted_by(|small, large| small.1 >= large.1));
            }
        }
    }
}

#[test]
#[should_panic(expected = "a memory has a frame")]
fn s6_a_memory_without_a_frame_is_refused() {
    let _ = jobs(&[Policy::Fifo], &[3, 0], 1);
}
