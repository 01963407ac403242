//! Tests that estimates from a sample are within the bounds that they state.

use super::shipped::shipped;
use super::{policy, reads};
use crate::{Policy, Sample, Stream, curves};

/// How many of the faults in 24 sizes, sampled at four rates, are outside their bounds, and which the first is.
fn outside(stream: &Stream, policy: Policy) -> (usize, Option<String>) {
    let sizes: Vec<u32> = (1..=24).map(|step| step * 12).collect();
    let found = curves(stream, std::slice::from_ref(&policy), &sizes, 2, |_, _| {});
    let mut outside = Vec::new();
    for rate in [0.1, 0.2, 0.5, 0.9] {
        let estimates = Sample::of(stream, rate).unwrap().estimates(&policy, &sizes);
        for (estimate, (frames, faults)) in estimates.iter().zip(&found[0].points) {
            assert_eq!(estimate.frames, *frames);
            if !(estimate.least..=estimate.most).contains(&(*faults as f64)) {
                outside.push(format!("{policy} at {rate}: {faults} in {estimate:?}"));
            }
        }
    }
    (outside.len(), outside.into_iter().next())
}

#[test]
fn s6_the_faults_of_recorded_programs_are_within_the_bounds_of_samples() {
    for name in ["sort", "perl"] {
        let stream = shipped(name);
        for text in ["fifo", "lru", "clock", "s3-fifo", "arc", "2q", "generations", "opt"] {
            assert_eq!(outside(&stream, policy(text)), (0, None), "{name}");
        }
        // In 24 frames it faults three times as often on `sort` as in 25: that is no matter of samples.
        let (count, first) = outside(&stream, policy("sieve"));
        assert!(count <= 3, "{name}: {count}: {first:?}");
    }
}

#[test]
fn s6_a_sample_of_all_pages_is_exact() {
    let stream = shipped("sort");
    let sizes = [1, 10, 100, 200];
    let sample = Sample::of(&stream, 1.0).unwrap();
    assert_eq!((sample.pages(), sample.references()), (stream.pages(), stream.len()));
    for text in ["clock", "lru", "arc"] {
        let exact = curves(&stream, &[policy(text)], &sizes, 1, |_, _| {});
        for (estimate, (_, faults)) in
            sample.estimates(&policy(text), &sizes).iter().zip(&exact[0].points)
        {
            let exact = *faults as f64;
            assert_eq!((estimate.least, estimate.faults, estimate.most), (exact, exact, exact));
        }
    }
}

#[test]
fn s6_bounds_are_narrower_the_more_pages_are_in_the_sample() {
    // Many pages, each used as often as the others, in loops.
    let once: Vec<u64> = (0..20_000).collect();
    let stream = reads(&once.repeat(5));
    let width = |rate: f64| {
        let estimate = Sample::of(&stream, rate).unwrap().estimates(&policy("fifo"), &[25_000])[0];
        assert!((estimate.least..=estimate.most).contains(&20_000.0), "{estimate:?}");
        estimate.most - estimate.least
    };
    assert!(width(0.5) < width(0.1) && width(0.1) < width(0.01));
    assert!(Sample::of(&reads(&[1]), 0.0).is_none());
}
