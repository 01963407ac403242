//! Counts the references of a stream by time and page: how many fall in each cell of a grid.

use std::ops::Range;

use super::layout::Layout;
use super::parts::{beginning, part_of};
use crate::stream::Stream;

/// What is shown of a stream: references by their numbers, and pages by their places in the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The references, from 0.
    pub references: Range<usize>,
    /// The places, from 0, the lowest address first.
    pub places: Range<usize>,
}

/// A grid of references. It has a column for each stretch of references and a row for each of places, and no more of
/// them than there are references and places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heat {
    /// What it shows.
    pub part: Part,
    /// How many columns it has.
    pub columns: usize,
    /// How many rows.
    pub rows: usize,
    /// The references of each cell, row by row from the lowest place.
    pub counts: Vec<u32>,
    /// Those of them that write.
    pub writes: Vec<u32>,
}

/// Counts the references of a part. What reaches beyond the stream is cut off; a part that is empty then is all of it.
#[must_use]
pub fn heat(stream: &Stream, layout: &Layout, part: &Part, columns: usize, rows: usize) -> Heat {
    let references = within(&part.references, stream.len());
    let places = within(&part.places, stream.pages());
    let columns = columns.clamp(1, references.len());
    let rows = rows.clamp(1, places.len());
    let row_of: Vec<usize> =
        (0..places.len()).map(|place| part_of(place, places.len(), rows)).collect();
    let mut counts = vec![0; columns * rows];
    let mut writes = vec![0; columns * rows];
    let shown = stream.iter().enumerate().skip(references.start).take(references.len());
    for (index, (page, write)) in shown {
        let Some(place) = layout.place(page).checked_sub(places.start) else { continue };
        let Some(row) = row_of.get(place) else { continue };
        let column = part_of(index - references.start, references.len(), columns);
        counts[row * columns + column] += 1;
        writes[row * columns + column] += u32::from(write);
    }
    Heat { part: Part { references, places }, columns, rows, counts, writes }
}

/// Counts the references to each area in each of so many stretches of time: for each stretch where it begins, and a
/// count for each area of the layout. A part is cut off as [`heat`] does it; what is outside its places is not counted.
#[must_use]
pub fn by_area(
    stream: &Stream,
    layout: &Layout,
    part: &Part,
    stretches: usize,
) -> Vec<(usize, Vec<u64>)> {
    let references = within(&part.references, stream.len());
    let places = within(&part.places, stream.pages());
    let stretches = stretches.clamp(1, references.len());
    let mut area_of = vec![None; stream.pages()];
    for (number, area) in layout.areas().iter().enumerate() {
        area_of[area.places.clone()].fill(Some(number));
    }
    let begin = |index| references.start + beginning(references.len(), stretches, index);
    let mut rows: Vec<_> =
        (0..stretches).map(|index| (begin(index), vec![0; layout.areas().len()])).collect();
    let shown = stream.iter().enumerate().skip(references.start).take(references.len());
    for (index, (page, _)) in shown {
        let place = layout.place(page);
        if let Some(area) = area_of[place].filter(|_| places.contains(&place)) {
            rows[part_of(index - references.start, references.len(), stretches)].1[area] += 1;
        }
    }
    rows
}

/// Returns what of a range is below `end`; all that is, if that is nothing.
fn within(range: &Range<usize>, end: usize) -> Range<usize> {
    let range = range.start.min(end)..range.end.min(end);
    if range.is_empty() { 0..end } else { range }
}

impl Heat {
    /// Returns the references of a column, by their numbers in the stream.
    #[must_use]
    pub fn references_of(&self, column: usize) -> Range<usize> {
        stretch(&self.part.references, self.columns, column)
    }

    /// Returns the places of a row.
    #[must_use]
    pub fn places_of(&self, row: usize) -> Range<usize> {
        stretch(&self.part.places, self.rows, row)
    }

    /// Returns the most references of a cell.
    #[must_use]
    pub fn most(&self) -> u32 {
        self.counts.iter().copied().max().unwrap_or(0)
    }
}

fn stretch(range: &Range<usize>, parts: usize, index: usize) -> Range<usize> {
    let at = |index| range.start + beginning(range.len(), parts, index);
    at(index)..at(index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Addresses;
    use crate::stream::Reference;

    fn stream(length: u64) -> Stream {
        let page = |index: u64| index * index * 7 % 31;
        let reference = |index| Reference { page: page(index), write: index % 3 == 0 };
        Stream::new((0..length).map(reference)).unwrap()
    }

    #[test]
    fn s6_each_reference_is_in_the_cell_of_its_time_and_page() {
        let stream = stream(1000);
        let layout = Layout::new(&stream, &Addresses::default());
        for (references, places, columns, rows) in
            [(0..1000, 0..99, 40, 7), (13..777, 2..9, 100, 100), (5..8, 0..1, 3, 3)]
        {
            let part = Part { references, places };
            let heat = heat(&stream, &layout, &part, columns, rows);
            assert!(heat.columns <= columns && heat.rows <= rows);
            for row in 0..heat.rows {
                for column in 0..heat.columns {
                    let (times, places) = (heat.references_of(column), heat.places_of(row));
                    let is_in = |index: &usize| places.contains(&layout.place(stream.page(*index)));
                    let found: Vec<_> = times.filter(is_in).collect();
                    let writes = found.iter().filter(|index| **index % 3 == 0).count();
                    let cell = row * heat.columns + column;
                    assert_eq!(
                        (heat.counts[cell] as usize, heat.writes[cell] as usize),
                        (found.len(), writes)
                    );
                }
            }
        }
        // Nothing is everything.
        let part = Part { references: 5000..6000, places: 3..3 };
        let all = heat(&stream, &layout, &part, 10, 4);
        assert_eq!(all.part, Part { references: 0..1000, places: 0..stream.pages() });
        assert_eq!(all.counts.iter().sum::<u32>(), 1000);
        assert!(all.most() >= 25);
        // The areas have all pages, and are counted as the grid is.
        let rows = by_area(&stream, &layout, &part, 10);
        for (column, (begin, counts)) in rows.into_iter().enumerate() {
            assert_eq!(begin, column * 100);
            let found: Vec<_> = layout
                .areas()
                .iter()
                .map(|area| {
                    let is_in =
                        |index: &usize| area.places.contains(&layout.place(stream.page(*index)));
                    (begin..begin + 100).filter(is_in).count() as u64
                })
                .collect();
            assert_eq!(counts, found);
        }
    }
}
