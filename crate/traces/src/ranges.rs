//! Finds the ranges of addresses that a trace touches: by the mappings that it tells, and else by gaps.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::line::{Mapping, RangeKind};

/// A range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Range {
    /// The address of its first page.
    pub first: u64,
    /// The address of its last byte.
    pub last: u64,
    /// What it is used for.
    pub kind: RangeKind,
    /// What is mapped there, if the trace says it.
    pub name: Option<String>,
    /// How many of its pages are touched.
    pub pages: u32,
    /// How many of them are written.
    pub written: u32,
}

impl Range {
    /// Says what it is: its use, and what is mapped there.
    #[must_use]
    pub fn in_words(&self) -> String {
        let name = self.name.as_deref().unwrap_or_default();
        format!("{} {name}", self.kind.name()).trim_end().to_owned()
    }
}

/// Pages whose numbers and addresses follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The number of the first.
    pub page: u32,
    /// How many there are.
    pub count: u32,
    /// The address of the first.
    pub address: u64,
}

/// The most mappings that are kept.
const MAPPINGS: usize = 4096;

/// The mappings that a trace tells, by their first addresses. None overlaps another.
#[derive(Default)]
pub(crate) struct Mappings(BTreeMap<u64, Mapping>);

impl Mappings {
    /// Notes a mapping, in the place of what was there.
    pub(crate) fn map(&mut self, new: Mapping) {
        if self.0.len() >= MAPPINGS {
            return;
        }
        let is_below = |(_, old): &(&u64, &Mapping)| old.last >= new.start;
        let covered: Vec<u64> =
            self.0.range(..=new.last).rev().take_while(is_below).map(|(start, _)| *start).collect();
        for start in covered {
            let Some(old) = self.0.remove(&start) else { continue };
            if let Some(start) = new.last.checked_add(1).filter(|start| *start <= old.last) {
                self.0.insert(start, Mapping { start, ..old.clone() });
            }
            if let Some(last) = new.start.checked_sub(1).filter(|last| *last >= old.start) {
                self.0.insert(old.start, Mapping { last, ..old });
            }
        }
        self.0.insert(new.start, new);
    }

    fn at(&self, address: u64) -> Option<&Mapping> {
        let (_, mapping) = self.0.range(..=address).next_back()?;
        (mapping.last >= address).then_some(mapping)
    }
}

/// A page that a trace touches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touched {
    /// Its first address.
    pub(crate) address: u64,
    pub(crate) is_fetched: bool,
    pub(crate) is_written: bool,
}

/// How many pages lie between two ranges at least, where no mapping tells them apart.
const GAP: u64 = 256;
/// The most ranges that gaps make: where there are more gaps, the longest count.
const RANGES: usize = 64;

/// Finds the ranges, in the order of addresses. `stack` has the addresses of the stack, where the format has a place
/// for it.
pub(crate) fn ranges(
    mut pages: Vec<Touched>,
    page_size: u64,
    mappings: &Mappings,
    stack: Option<(u64, u64)>,
) -> Vec<Range> {
    pages.sort_unstable_by_key(|page| page.address);
    let gap = longest_distance(&pages, GAP.saturating_mul(page_size));
    let mut ranges: Vec<Range> = Vec::new();
    // Of the page before: its address, and where its mapping starts.
    let (mut before, mut mapped) = (0, None);
    for page in &pages {
        let last = page.address.saturating_add(page_size - 1);
        let mapping = mappings.at(page.address);
        let is_stack = stack.is_some_and(|(first, last)| (first..=last).contains(&page.address));
        let start = mapping.map(|mapping| mapping.start);
        let kind = match mapping {
            Some(mapping) => mapping.kind,
            None if is_stack => RangeKind::Stack,
            None => RangeKind::Data,
        };
        let goes_on = |range: &&mut Range| {
            let is_near = start.is_some() || page.address - before <= gap;
            let is_alike = range.kind == kind
                || (start.is_none() && kind == RangeKind::Data && range.kind == RangeKind::Text);
            mapped == start && is_near && is_alike
        };
        match ranges.last_mut().filter(goes_on) {
            Some(range) => {
                range.last = last;
                range.pages += 1;
                range.written += u32::from(page.is_written);
            }
            None => ranges.push(Range {
                first: page.address,
                last,
                kind,
                name: mapping.map(|mapping| mapping.name.clone()).filter(|name| !name.is_empty()),
                pages: 1,
                written: page.is_written.into(),
            }),
        }
        (before, mapped) = (page.address, start);
        // What is fetched from is text, as far as nothing else is known.
        if let Some(range) = ranges.last_mut()
            && page.is_fetched
            && range.kind == RangeKind::Data
        {
            range.kind = RangeKind::Text;
        }
    }
    ranges
}

/// Finds the longest distance of two pages in one range, in bytes: `least`, or more if there are many gaps.
fn longest_distance(pages: &[Touched], least: u64) -> u64 {
    let gaps = pages.windows(2).map(|pair| pair[1].address - pair[0].address);
    let mut gaps: Vec<_> = gaps.filter(|gap| *gap > least).collect();
    gaps.sort_unstable_by(|one, other| other.cmp(one));
    gaps.get(RANGES - 1).copied().unwrap_or(least)
}

/// Joins pages, which come in the order of their numbers with their addresses, to places.
pub(crate) fn places(pages: impl Iterator<Item = (u32, u64)>, page_size: u64) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (page, address) in pages {
        if let Some(last) = places.last_mut()
            && last.page + last.count == page
            && last.address.checked_add(u64::from(last.count) * page_size) == Some(address)
        {
            last.count += 1;
        } else {
            places.push(Place { page, count: 1, address });
        }
    }
    places
}
