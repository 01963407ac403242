//! Puts the pages of a stream in the order of their addresses, where the trace tells them, and else of their numbers.
//! Pages that are not touched take no room: what lies far apart in the address space is drawn side by side, and the
//! areas say what it is.

use std::ops::{Range, RangeInclusive};

use faultline_traces::Summary;

use super::parts::beginning;
use crate::stream::Stream;

/// Pages whose numbers and addresses follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The number of the first in its trace.
    pub page: u64,
    /// How many there are.
    pub count: u64,
    /// The address of the first.
    pub address: u64,
}

/// What a trace tells of its addresses: nothing, where its numbers are objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// The bytes of a page.
    pub page_size: u64,
    /// Where pages have been.
    pub placed: Vec<Placed>,
    /// The ranges of addresses that have names, the lowest first; none overlaps another.
    pub ranges: Vec<Named>,
}

impl Addresses {
    /// Returns what a trace that was read tells of them.
    #[must_use]
    pub fn of(trace: &Summary) -> Self {
        let Some(page_size) = trace.page_size else { return Self::default() };
        let placed = trace.places.iter().map(|place| Placed {
            page: place.page.into(),
            count: place.count.into(),
            address: place.address,
        });
        let ranges = trace
            .ranges
            .iter()
            .map(|range| Named { addresses: range.first..=range.last, name: range.in_words() });
        Self { page_size, placed: placed.collect(), ranges: ranges.collect() }
    }
}

/// A range of addresses, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The addresses.
    pub addresses: RangeInclusive<u64>,
    /// What it is.
    pub name: String,
}

/// Neighbouring pages that are told together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// What they are: the range that they are in, or their numbers.
    pub name: String,
    /// The addresses of the range, if it is one.
    pub addresses: Option<RangeInclusive<u64>>,
    /// Their places.
    pub places: Range<usize>,
}

/// How many areas there are at most where no range has a name.
const UNNAMED: usize = 8;

/// The pages of a stream in order.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The place of each page.
    places: Vec<usize>,
    /// By place, the number of the page in its trace, and its address.
    pages: Vec<(u64, Option<u64>)>,
    areas: Vec<Area>,
}

impl Layout {
    /// Finds the order. Pages without an address come after those that have one.
    #[must_use]
    pub fn new(stream: &Stream, addresses: &Addresses) -> Self {
        let mut placed = addresses.placed.clone();
        placed.sort_unstable_by_key(|placed| placed.page);
        let address = |name: u64| {
            let before = placed.partition_point(|placed| placed.page <= name).checked_sub(1)?;
            let Placed { page, count, address } = placed[before];
            let offset = name - page;
            (offset < count)
                .then(|| address.saturating_add(offset.saturating_mul(addresses.page_size)))
        };
        let mut order: Vec<(Option<u64>, u64, u32)> = (0..stream.pages() as u32)
            .map(|page| (address(stream.name(page)), stream.name(page), page))
            .collect();
        order.sort_unstable_by_key(|(address, name, _)| (address.unwrap_or(u64::MAX), *name));
        let mut places = vec![0; stream.pages()];
        for (place, (_, _, page)) in order.iter().enumerate() {
            places[*page as usize] = place;
        }
        let pages: Vec<_> = order.into_iter().map(|(address, name, _)| (name, address)).collect();
        let placed = pages.partition_point(|(_, address)| address.is_some());
        let at = |address: u64| pages[..placed].partition_point(|page| page.1 < Some(address));
        let area = |range: &Named| Area {
            name: range.name.clone(),
            addresses: Some(range.addresses.clone()),
            places: at(*range.addresses.start())
                ..range.addresses.end().checked_add(1).map_or(placed, at),
        };
        let areas = addresses.ranges.iter().map(area).filter(|area| !area.places.is_empty());
        let mut areas: Vec<_> = areas.collect();
        if areas.is_empty() {
            areas = by_number(&pages);
        }
        Self { places, pages, areas }
    }

    /// Returns the place of a page.
    pub(crate) fn place(&self, page: u32) -> usize {
        self.places[page as usize]
    }

    /// Returns the number that the page at a place has in its trace.
    #[must_use]
    pub fn page_at(&self, place: usize) -> u64 {
        self.pages[place].0
    }

    /// Returns the address of the page at a place, if the trace tells it.
    #[must_use]
    pub fn address_at(&self, place: usize) -> Option<u64> {
        self.pages[place].1
    }

    /// Returns the areas, the lowest first.
    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }
}

/// Divides pages into areas of as many, which are called by the numbers of the first and the last page.
fn by_number(pages: &[(u64, Option<u64>)]) -> Vec<Area> {
    let parts = pages.len().min(UNNAMED);
    let area = |part: usize| {
        let places = beginning(pages.len(), parts, part)..beginning(pages.len(), parts, part + 1);
        let (first, last) = (pages[places.start].0, pages[places.end - 1].0);
        let name = if first == last {
            format!("page {first}")
        } else {
            format!("pages {first} to {last}")
        };
        Area { name, addresses: None, places }
    };
    (0..parts).map(area).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::Reference;

    #[test]
    fn s6_pages_are_in_the_order_of_their_addresses_with_the_areas_that_they_are_in() {
        let pages = [3, 0, 9, 1, 2].map(|page| Reference { page, write: false });
        let stream = Stream::new(pages).unwrap();
        let names = |layout: &Layout| (0..5).map(|place| layout.page_at(place)).collect::<Vec<_>>();
        let plain = Layout::new(&stream, &Addresses::default());
        assert_eq!((names(&plain), plain.areas().len()), (vec![0, 1, 2, 3, 9], 5));
        assert_eq!(plain.areas()[4].name, "page 9");
        let range =
            |first, last, name: &str| Named { addresses: first..=last, name: name.to_owned() };
        let addresses = Addresses {
            page_size: 16,
            placed: vec![
                Placed { page: 2, count: 2, address: 0x40 },
                Placed { page: 0, count: 2, address: 0x80 },
            ],
            ranges: vec![
                range(0, 0x3f, "nothing"),
                range(0x40, 0x5f, "text"),
                range(0x80, u64::MAX, "stack"),
            ],
        };
        let layout = Layout::new(&stream, &addresses);
        assert_eq!(names(&layout), [2, 3, 0, 1, 9]);
        let found = (0..5).map(|place| layout.address_at(place)).collect::<Vec<_>>();
        assert_eq!(found, [Some(0x40), Some(0x50), Some(0x80), Some(0x90), None]);
        let areas = layout.areas().iter().map(|area| (&*area.name, area.places.clone()));
        assert_eq!(areas.collect::<Vec<_>>(), [("text", 0..2), ("stack", 2..4)]);
        assert_eq!(layout.place(0), 1);
    }
}
