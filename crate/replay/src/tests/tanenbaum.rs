//! The worked example of Tanenbaum's problem on aging, for the tests of the policy's counters and of its victim.

/// Four pages come in. After that their used bits before each of eight ticks, of four references each, are those of
/// the problem. Then a fifth page comes.
pub(crate) fn aging() -> Vec<(u64, bool)> {
    let bits = ["0111", "1011", "1010", "1101", "0010", "1010", "1100", "0001"];
    let mut pages: Vec<u64> = (0..4).collect();
    for row in bits {
        let used: Vec<u64> = (0..4).filter(|page| row.as_bytes()[*page as usize] == b'1').collect();
        pages.extend((0..4).map(|at| used[at % used.len()]));
    }
    pages.push(4);
    pages.into_iter().map(|page| (page, false)).collect()
}
