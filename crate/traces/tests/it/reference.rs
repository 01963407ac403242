//! A reader of each format in a few lines, which knows nothing of streams, errors and speed: what the reader of the
//! crate is held against.

use faultline_traces::Reference;

const PAGE: u64 = 4096;

fn hex(text: &str) -> u64 {
    u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap()
}

/// An access: its address, its bytes, and whether it writes.
type Access = (u64, u64, bool);

fn accesses(format: &str, bytes: &[u8]) -> Vec<Access> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    match format {
        "lackey" => lines
            .filter(|line| !line.starts_with("=="))
            .map(|line| {
                let (kind, rest) = line.trim().split_once(' ').unwrap();
                let (address, size) = rest.trim().split_once(',').unwrap();
                (hex(address), size.parse().unwrap(), kind == "S" || kind == "M")
            })
            .collect(),
        "perf-script" => lines
            .filter(|line| !line.contains("PERF_RECORD"))
            .map(|line| {
                let after = ["faults:", "LATENCY/:", "stores/P:"];
                let rest = after.iter().find_map(|event| line.split(event).nth(1)).unwrap();
                (hex(rest.split_whitespace().next().unwrap()), 1, line.contains("|OP STORE"))
            })
            .filter(|(address, ..)| *address != 0)
            .collect(),
        "perf-mem" => lines
            .map(|line| {
                let words: Vec<_> = line.split_whitespace().collect();
                (hex(&words[3].replace("0x016", "0x")), 1, hex(words[5]) & 4 != 0)
            })
            .collect(),
        "drmemtrace" => lines
            .filter(|line| [" ifetch ", " read ", " write "].iter().any(|word| line.contains(word)))
            .map(|line| {
                let words: Vec<_> = line.split_whitespace().collect();
                (hex(words[7]), words[4].parse().unwrap(), words[3] == "write")
            })
            .collect(),
        "memtrace" => lines
            .skip(1)
            .map(|line| {
                let words: Vec<_> = line.split([',', ':']).map(str::trim).collect();
                match words[..] {
                    [address, size, kind] => (hex(address), size.parse().unwrap(), kind == "w"),
                    _ => (hex(words[3]), words[2].parse().unwrap(), words[1] == "w"),
                }
            })
            .collect(),
        "pinatrace" => lines
            .map(|line| {
                let words: Vec<_> = line.split(' ').collect();
                (hex(words[2]), 1, words[1] == "W")
            })
            .collect(),
        "damo" => lines
            .filter(|line| line.contains("iB)"))
            .map(|line| {
                let words: Vec<_> =
                    line.split(['-', '(', ')', ' ', ':']).filter(|word| !word.is_empty()).collect();
                (hex(words[0]), hex(words[1]) - hex(words[0]), words[4] != "0")
            })
            .filter(|(.., is_accessed)| *is_accessed)
            .map(|(address, bytes, _)| (address, bytes, false))
            .collect(),
        "plain" => lines
            .map(|line| {
                let words = line.split([' ', ',']);
                let numbers: Vec<u64> = words
                    .filter_map(|word| match word.strip_prefix("0x") {
                        Some(digits) => Some(hex(digits)),
                        None => word.parse().ok(),
                    })
                    .collect();
                (numbers[0], numbers.get(1).copied().unwrap_or(1), line.contains('w'))
            })
            .collect(),
        _ => panic!("{format}"),
    }
}

/// Objects, or numbers of pages: each with whether it is written.
fn objects(format: &str, bytes: &[u8]) -> Option<Vec<(u64, bool)>> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    match format {
        "oracleGeneral" => {
            let object = |record: &[u8]| u64::from_le_bytes(record[4..12].try_into().unwrap());
            Some(bytes.chunks(24).map(|record| (object(record), false)).collect())
        }
        "csv" => {
            let object = |line: &str| {
                let fields: Vec<_> = line.split(',').collect();
                (fields[4].trim_matches('"').parse().unwrap(), fields[2] == "2a")
            };
            Some(lines.skip(1).map(object).collect())
        }
        "faultline" => Some(
            lines
                .map(|line| (line.replace('w', "").parse().unwrap(), line.ends_with('w')))
                .collect(),
        ),
        _ => None,
    }
}

/// The references of a trace.
pub(crate) fn references(format: &str, bytes: &[u8]) -> Vec<Reference> {
    let pages = objects(format, bytes).unwrap_or_else(|| {
        let pages = accesses(format, bytes).into_iter().flat_map(|(address, bytes, write)| {
            (address / PAGE..=(address + bytes - 1) / PAGE).map(move |page| (page, write))
        });
        pages.collect()
    });
    let mut seen: Vec<u64> = Vec::new();
    let number = |(page, write)| {
        if format == "faultline" {
            return Reference { page: page as u32, write };
        }
        let known = seen.iter().position(|known| *known == page);
        let page = known.unwrap_or_else(|| {
            seen.push(page);
            seen.len() - 1
        });
        Reference { page: page as u32, write }
    };
    pages.into_iter().map(number).collect()
}
