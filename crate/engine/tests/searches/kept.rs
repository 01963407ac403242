//! Tests that a search is kept in a file and goes on from there, and what is said of a file that is none (R3).

use std::collections::BTreeSet;

use faultline::runtime::explorer::{Bounds, End, Frontier, exhaustive};

use crate::toys::interpreted;

#[test]
fn r3_a_search_that_was_stopped_goes_on_where_it_stopped() {
    let program = vec![vec![(0, 0), (1, 1), (4, 0), (2, 1)], vec![(1, 0), (0, 1), (4, 0), (3, 1)]];
    let bounds = Bounds { preemptions: 3, steps: 1_000, reduces: true };
    let (mut whole, mut whole_ends) = (Frontier::default(), BTreeSet::new());
    let mut subject = interpreted(program);
    exhaustive(&mut subject, bounds, &mut whole, Some(&mut whole_ends), &mut |_| true);
    assert!(whole.counts.schedules > 100, "{:?}", whole.counts);

    let mut ends = BTreeSet::new();
    let mut file = Vec::new();
    Frontier::default().save(5, &mut file).unwrap();
    let mut pauses = 0;
    loop {
        let mut frontier = Frontier::load(5, &mut file.as_slice()).unwrap();
        let until = frontier.counts.schedules + 7;
        let mut go_on = |frontier: &Frontier| frontier.counts.schedules < until;
        let end = exhaustive(&mut subject, bounds, &mut frontier, Some(&mut ends), &mut go_on);
        file.clear();
        frontier.save(5, &mut file).unwrap();
        match end {
            End::Stopped => pauses += 1,
            _ => {
                assert_eq!(frontier.counts, whole.counts);
                break;
            }
        }
    }
    assert_eq!(ends, whole_ends);
    assert!(pauses > 10);
    let of_another = Frontier::load(6, &mut file.as_slice()).unwrap_err();
    assert!(of_another.to_string().contains("something else"));
    assert!(Frontier::load(5, &mut &file[..file.len() - 3]).is_err());
}

#[test]
fn r3_what_is_no_search_of_this_version_is_refused() {
    let mut file = Vec::new();
    Frontier::default().save(5, &mut file).unwrap();
    let load = |file: &[u8]| Frontier::load(5, &mut &*file).map_err(|error| error.to_string());
    assert!(load(&file).is_ok());

    // As the first version began, which had the number in two bytes.
    let older = load(b"FLEXPL\x01\0\x05\0\0\0\0\0\0\0").unwrap_err();
    assert!(
        older.contains("in format 1, and this version of the program reads format 2"),
        "{older}"
    );
    assert_eq!(load(b"{\"faultline\": 1}").unwrap_err(), "is no state of a search");
    assert_eq!(load(b"").unwrap_err(), "is no state of a search");
    assert_eq!(load(&file[..7]).unwrap_err(), "is cut off");
    assert_eq!(load(&[&file[..], &[0]].concat()).unwrap_err(), "is damaged");
    // Whatever byte is another one: it is refused, or is another search.
    for at in 0..file.len() {
        for byte in 0..=u8::MAX {
            file[at] ^= byte;
            let _ = load(&file);
            file[at] ^= byte;
        }
    }
}

/// Takes so many bytes, and then no more.
struct Full(usize);

impl std::io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn r3_a_search_that_cannot_be_kept_says_why() {
    for room in [0, 7, 8, 12] {
        let error = Frontier::default().save(5, &mut Full(room)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull, "{room}");
    }
}
