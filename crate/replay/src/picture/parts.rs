//! Divides things into parts as evenly as can be.

/// Where part `index` of `parts` begins.
pub(crate) fn beginning(things: usize, parts: usize, index: usize) -> usize {
    (things as u128 * index as u128 / parts as u128) as usize
}

/// The part that a thing is in; the inverse of [`beginning`].
pub(crate) fn part_of(thing: usize, things: usize, parts: usize) -> usize {
    (((thing as u128 + 1) * parts as u128 - 1) / things as u128) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s6_parts_are_even_and_leave_nothing_out() {
        for (things, parts) in [(1, 1), (7, 3), (100, 7), (7, 7), (1 << 40, 900)] {
            for index in 0..parts {
                let (first, next) =
                    (beginning(things, parts, index), beginning(things, parts, index + 1));
                assert!(first < next && next - first <= things / parts + 1);
                assert_eq!(part_of(first, things, parts), index);
                assert_eq!(part_of(next - 1, things, parts), index);
            }
            assert_eq!((beginning(things, parts, 0), beginning(things, parts, parts)), (0, things));
        }
    }
}
