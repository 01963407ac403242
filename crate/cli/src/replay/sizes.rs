//! The sizes of memories, as they are written: `3`, `1..64`, `64-1024:64`.

use std::str::FromStr;

/// Sizes from one number of frames to another by even steps; the first is among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sizes {
    first: u32,
    last: u32,
    step: u32,
}

/// The most frames of a memory.
const LARGEST: u32 = 1 << 30;

/// The most sizes of one call.
const MOST: u64 = 100_000;

/// Sizes where the call says none.
const USUAL: usize = 20;

impl FromStr for Sizes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number =
            |text: &str| text.trim().parse().ok().filter(|frames| (1..=LARGEST).contains(frames));
        let (range, step) = match text.split_once(':') {
            None => (text, Some(1)),
            Some((range, step)) => (range, number(step)),
        };
        let ends = match range.split_once("..").or_else(|| range.split_once('-')) {
            None => number(range).map(|frames| (frames, frames)),
            Some((first, last)) => number(first).zip(number(last)),
        };
        match ends.zip(step) {
            Some(((first, last), step)) if first <= last => Ok(Self { first, last, step }),
            _ => Err(format!(
                "legal: a number of frames from 1 to {LARGEST}, or two with .. or - between them, the smaller first, and \
                 after them a step, as in 64..1024:64"
            )),
        }
    }
}

impl Sizes {
    /// Returns all sizes in ascending order, each once; without any so many that they show the whole curve.
    pub(super) fn all(given: &[Self], pages: usize) -> Result<Vec<u32>, String> {
        let count_of = |sizes: &Self| u64::from((sizes.last - sizes.first) / sizes.step) + 1;
        let count: u64 = given.iter().map(count_of).sum();
        if count > MOST {
            return Err(format!("--frames: there are {count} sizes; legal: at most {MOST}"));
        }
        let listed = |sizes: &Self| (sizes.first..=sizes.last).step_by(sizes.step as usize);
        let mut all: Vec<u32> = given.iter().flat_map(listed).collect();
        if given.is_empty() {
            all = (1..=USUAL).map(|step| (pages * step).div_ceil(USUAL) as u32).collect();
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_sizes_are_numbers_and_ranges() {
        let all = |texts: &[&str]| {
            let given: Vec<Sizes> = texts.iter().map(|text| text.parse().unwrap()).collect();
            Sizes::all(&given, 6).unwrap()
        };
        assert_eq!(all(&["10", "3..5", "4"]), [3, 4, 5, 10]);
        assert_eq!(all(&["3", "64-256:64", "10..15:2"]), [3, 10, 12, 14, 64, 128, 192, 256]);
        assert_eq!(all(&[]), [1, 2, 3, 4, 5, 6]);
        assert_eq!(Sizes::all(&[], 200).unwrap()[..3], [10, 20, 30]);
        for wrong in ["0", "5..3", "..3", "3..", "x", "-1", "1073741825", "1-9:0", "1-9:", "1-9:-1"]
        {
            assert!(wrong.parse::<Sizes>().unwrap_err().starts_with("legal: a number"), "{wrong}");
        }
        let many = Sizes::all(&["1..100001".parse().unwrap()], 6).unwrap_err();
        assert_eq!(many, "--frames: there are 100001 sizes; legal: at most 100000");
    }
}
