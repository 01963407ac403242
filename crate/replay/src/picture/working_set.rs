//! Measures the working set over time: how many pages were referred to within the last so many references (Denning,
//! "The working set model for program behavior", 1968).

use super::parts::{beginning, part_of};
use crate::stream::Stream;

/// The size of a working set over time.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkingSet {
    /// How many references back a page still counts.
    pub window: usize,
    /// Where each stretch of time begins, by references.
    pub begins: Vec<usize>,
    /// Its mean size in each stretch.
    pub means: Vec<f64>,
    /// Its largest size in each.
    pub most: Vec<u32>,
    /// Its mean size over the whole stream.
    pub mean: f64,
}

/// Measures the working set with a window of so many references, one or more, over so many stretches of time.
#[must_use]
pub fn working_set(stream: &Stream, window: usize, stretches: usize) -> WorkingSet {
    const NEVER: usize = usize::MAX;
    let window = window.max(1);
    let stretches = stretches.clamp(1, stream.len());
    let mut last_use = vec![NEVER; stream.pages()];
    let (mut sums, mut most) = (vec![0_u64; stretches], vec![0; stretches]);
    let mut size = 0;
    for (index, (page, _)) in stream.iter().enumerate() {
        // The reference that is now too old takes its page with it, unless the page was used again.
        if let Some(old) = index.checked_sub(window)
            && last_use[stream.page(old) as usize] == old
        {
            size -= 1;
            last_use[stream.page(old) as usize] = NEVER;
        }
        let last_use = &mut last_use[page as usize];
        size += u32::from(*last_use == NEVER);
        *last_use = index;
        let stretch = part_of(index, stream.len(), stretches);
        sums[stretch] += u64::from(size);
        most[stretch] = size.max(most[stretch]);
    }
    let begins: Vec<_> =
        (0..stretches).map(|stretch| beginning(stream.len(), stretches, stretch)).collect();
    let ends = begins.iter().skip(1).copied().chain([stream.len()]);
    let lengths = begins.iter().zip(ends).map(|(begin, end)| end - begin);
    let means = sums.iter().zip(lengths).map(|(sum, length)| *sum as f64 / length as f64);
    let means = means.collect();
    let mean = sums.iter().sum::<u64>() as f64 / stream.len() as f64;
    WorkingSet { window, begins, means, most, mean }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::stream::Reference;

    #[test]
    fn s6_the_working_set_is_what_was_used_within_the_window() {
        let page = |index: u64| (index * index * 11 % 47).min(index / 9 % 20);
        let pages: Vec<u64> = (0..700).map(page).collect();
        let stream =
            Stream::new(pages.iter().map(|page| Reference { page: *page, write: false })).unwrap();
        for (window, stretches) in [(1, 7), (2, 13), (50, 700), (699, 3), (10_000, 9999)] {
            let found = working_set(&stream, window, stretches);
            let size = |index: usize| {
                let from = (index + 1).saturating_sub(window);
                pages[from..=index].iter().collect::<HashSet<_>>().len()
            };
            let ends: Vec<_> = found.begins.iter().skip(1).copied().chain([700]).collect();
            for (stretch, end) in ends.into_iter().enumerate() {
                let sizes: Vec<_> = (found.begins[stretch]..end).map(size).collect();
                let mean = sizes.iter().sum::<usize>() as f64 / sizes.len() as f64;
                assert!((found.means[stretch] - mean).abs() < 1e-9, "{window} {stretch}");
                assert_eq!(found.most[stretch] as usize, *sizes.iter().max().unwrap());
            }
            let mean = (0..700).map(size).sum::<usize>() as f64 / 700.0;
            assert!((found.mean - mean).abs() < 1e-9);
        }
    }
}
