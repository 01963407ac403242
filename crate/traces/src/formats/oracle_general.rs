//! libCacheSim's `oracleGeneral`: records of 24 bytes, little-endian: a time (u32), an object (u64), its size (u32),
//! and the number of the object's next access (i64), or -1. Each object is a page, and each access a read.

use super::format::{Format, Unit};
use crate::line::{Kind, Line};

const RECORD: usize = 24;

pub(crate) const FORMAT: Format = Format {
    name: "oracleGeneral",
    title: "libCacheSim's oracleGeneral records",
    legal: "records of 24 bytes: a time, an object, its size and its next access",
    unit: Unit::Records(RECORD),
    by_program: true,
    stack: None,
    parser: |_, _| Box::new(record),
};

fn record(record: &[u8]) -> Line {
    match record.as_chunks::<RECORD>() {
        ([record], []) => Line::Object { object: object(record), kind: Kind::Read },
        _ => Line::Bad("is no record of 24 bytes"),
    }
}

fn bytes<const COUNT: usize>(record: &[u8; RECORD], at: usize) -> [u8; COUNT] {
    std::array::from_fn(|index| record[at + index])
}

fn object(record: &[u8; RECORD]) -> u64 {
    u64::from_le_bytes(bytes(record, 4))
}

/// Whether bytes are such records, as far as can be known: times do not fall, sizes are there, and the next access
/// comes later.
pub(crate) fn are_records(head: &[u8]) -> bool {
    let (records, _) = head.as_chunks::<RECORD>();
    let mut last = 0;
    (1..).zip(records).all(|(number, record)| {
        let time = u32::from_le_bytes(bytes(record, 0));
        let size = u32::from_le_bytes(bytes(record, 12));
        let next = i64::from_le_bytes(bytes(record, 16));
        let in_order = time >= last;
        last = time;
        // Some writers count accesses from 0 and some from 1, and some write the largest number for none.
        in_order && size > 0 && (next == -1 || next >= number)
    }) && !records.is_empty()
}
