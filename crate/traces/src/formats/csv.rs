//! csv with a line of names first, as libCacheSim and others have it: a line an access to an object, or to an address.
//!
//! ```text
//! version,time,op,size,lbn
//! 1,33898,2a,512,42932745
//! ```
//!
//! Columns have usual names, or those that the options give. Commas, semicolons or tabs separate them, and double
//! quotes may stand around them. An object is a number or any other text, and is a page.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::format::{Format, Unit};
use crate::columns::Columns;
use crate::line::{Kind, Line, Parse};
use crate::number;

pub(crate) const FORMAT: Format = Format {
    name: "csv",
    title: "csv with a line of names",
    legal: "columns as the first line names them, one of them obj_id, object, id, key, lbn, block or page, or address or addr; or one that is named by an option",
    unit: Unit::Lines,
    by_program: false,
    stack: None,
    parser: |columns, _| Box::new(Csv { columns: columns.clone(), places: None, is_first: true }),
};

const OBJECTS: [&str; 11] =
    ["obj_id", "objid", "object_id", "object", "obj", "id", "key", "lbn", "lba", "block", "page"];
const ADDRESSES: [&str; 5] = ["address", "addr", "vaddr", "data_address", "virtual_address"];
const WRITES: [&str; 8] = ["op", "rw", "write", "is_write", "kind", "access", "type", "operation"];

/// Words for reads and for writes, in lower case. Codes of two digits are SCSI's.
const READS: [&str; 16] = [
    "r", "read", "l", "load", "get", "gets", "0", "false", "rs", "rm", "08", "28", "88", "a8",
    "head", "i",
];
const STORES: [&str; 22] = [
    "w", "write", "s", "store", "m", "set", "put", "1", "true", "ws", "wm", "0a", "2a", "8a", "aa",
    "add", "replace", "cas", "append", "prepend", "incr", "decr",
];

struct Csv {
    columns: Columns,
    places: Option<Places>,
    is_first: bool,
}

/// Where the columns are, of which the first is 0.
#[derive(Clone, Copy)]
struct Places {
    separator: u8,
    object: usize,
    is_address: bool,
    write: Option<usize>,
}

impl Parse for Csv {
    fn line(&mut self, line: &[u8]) -> Line {
        if line.is_empty() || (self.is_first && line.starts_with(b"#")) {
            return Line::Nothing;
        }
        if std::mem::take(&mut self.is_first) {
            let found = find(line, &self.columns);
            self.places = found.map(|(places, _)| places);
            // Columns by number need no names; then the first line is an access already, if it can be one.
            match found {
                Some((_, true)) => return Line::Nothing,
                Some((places, false)) if !matches!(access(line, places), Line::Bad(_)) => {}
                Some(_) => return Line::Nothing,
                None => return Line::Bad("names no column of objects or addresses"),
            }
        }
        match self.places {
            Some(places) => access(line, places),
            None => Line::Bad("stands below no column of objects or addresses"),
        }
    }
}

/// Finds the columns by the first line; true if they have names there.
fn find(line: &[u8], columns: &Columns) -> Option<(Places, bool)> {
    let separator = [b',', b';', b'\t'].into_iter().max_by_key(|separator| {
        // Of equally many the first.
        (line.iter().filter(|byte| *byte == separator).count(), *separator == b',')
    })?;
    let names: Vec<String> = fields(line, separator)
        .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
        .collect();
    let named = |wanted: &str| names.iter().position(|name| name == wanted);
    let usual = |wanted: &[&str]| wanted.iter().find_map(|name| named(name));
    let given = |wanted: &String| {
        let wanted = wanted.trim().to_ascii_lowercase();
        named(&wanted).map(|place| (place, true)).or_else(|| {
            let number: usize = wanted.parse().ok()?;
            Some((number.checked_sub(1).filter(|place| *place < names.len())?, false))
        })
    };
    let (object, is_address, has_name) = if let Some(object) = &columns.object {
        let (place, has_name) = given(object)?;
        (place, false, has_name)
    } else if let Some(address) = &columns.address {
        let (place, has_name) = given(address)?;
        (place, true, has_name)
    } else if let Some(place) = usual(&OBJECTS) {
        (place, false, true)
    } else {
        (usual(&ADDRESSES)?, true, true)
    };
    let write = match &columns.write {
        Some(write) => Some(given(write)?.0),
        None => usual(&WRITES),
    };
    Some((Places { separator, object, is_address, write }, has_name))
}

fn access(line: &[u8], places: Places) -> Line {
    let (mut object, mut kind) = (None, Kind::Read);
    for (index, field) in fields(line, places.separator).enumerate() {
        if index == places.object {
            object = Some(field);
        }
        if Some(index) == places.write {
            let is = |names: &[&str]| {
                names.iter().any(|name| field.eq_ignore_ascii_case(name.as_bytes()))
            };
            if is(&STORES) {
                kind = Kind::Write;
            } else if !is(&READS) {
                return Line::Bad("has an operation that neither reads nor writes");
            }
        }
    }
    match object {
        None | Some([]) => Line::Bad("has no such column"),
        Some(address) if places.is_address => match number::any(address) {
            Some(address) => Line::access(address, 1, kind),
            None => Line::Bad("has no address of at most 64 bits"),
        },
        Some(object) => Line::Object { object: identity(object), kind },
    }
}

/// The number that an object is, or one that stands for its name.
fn identity(object: &[u8]) -> u64 {
    number::any(object).unwrap_or_else(|| {
        let mut hasher = DefaultHasher::new();
        object.hash(&mut hasher);
        hasher.finish()
    })
}

/// Splits a line at a separator outside double quotes; the quotes around a field are removed.
fn fields(line: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut is_quoted = false;
    line.split(move |byte| {
        is_quoted ^= *byte == b'"';
        *byte == separator && !is_quoted
    })
    .map(|field| {
        let field = field.trim_ascii();
        field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\"")).unwrap_or(field)
    })
}
