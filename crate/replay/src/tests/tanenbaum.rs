//! Strings of references by their used bits at each tick, for the tests of aging: of its counters and of its victim.
//!
//! The bits are those of examples in Tanenbaum, "Modern Operating Systems", as they were remembered: the book was not
//! at hand, so nothing here was compared with it. What the tests expect follows from the bits by the rule of aging: a
//! page's counter is its used bits, the one of the last tick on top.

/// Four pages come in. After that their used bits before each of eight ticks, of four references each, are those of the
/// rows. Then a fifth page comes.
pub(crate) fn aging() -> Vec<(u64, bool)> {
    let rows = ["0111", "1011", "1010", "1101", "0010", "1010", "1100", "0001"];
    let mut references = used(&rows);
    references.push((4, false));
    references
}

/// Pages come in, as many as each row has bits. Before each tick that follows, after so many references, those are used
/// whose bits are set in the tick's row.
pub(crate) fn used(rows: &[&str]) -> Vec<(u64, bool)> {
    let count = rows[0].len();
    let mut pages: Vec<u64> = (0..count as u64).collect();
    for row in rows {
        let bits = (0_u64..).zip(row.bytes());
        let used: Vec<u64> = bits.filter(|(_, bit)| *bit == b'1').map(|(page, _)| page).collect();
        pages.extend(used.iter().copied().cycle().take(count));
    }
    pages.into_iter().map(|page| (page, false)).collect()
}
