//! Reads what valgrind writes of a program's system calls (`--trace-syscalls=yes`): from `openat`, `mmap`, `mremap` and
//! `brk` follow the mappings of its memory and their names.
//!
//! ```text
//! SYSCALL[18632,1](257) sys_openat ( 4294967196, 0x4835540(/lib/x86_64-linux-gnu/libc.so.6), 524288 ) --> [async] ...
//! SYSCALL[18632,1](257) ... [async] --> Success(0x4)
//! SYSCALL[18632,1](9) sys_mmap ( 0x0, 1974096, 1, 2050, 4, 0 ) --> [pre-success] Success(0x4847000)
//! SYSCALL[18632,1](12) sys_brk ( 0x4056000 ) --> [pre-success] Success(0x4056000)
//! ```
//!
//! The program itself and its loader are mapped by valgrind, without a call.

use std::collections::BTreeMap;

use crate::line::{Line, Mapping, RangeKind};
use crate::number;

/// The most files whose names are kept: a program may open more, and mappings of those have no name.
const FILES: usize = 1024;
/// A mapping whose instructions may be executed, and one of no file, as `mmap` is asked for them.
const EXECUTABLE: u64 = 4;
const ANONYMOUS: u64 = 0x20;

/// What a program has opened and allocated so far.
#[derive(Default)]
pub(super) struct SystemCalls {
    /// The file that is being opened, with the call as its lines begin: the process, the thread and the number.
    opening: Option<(String, String)>,
    /// Files by their descriptors.
    files: BTreeMap<u64, String>,
    /// Where the heap begins.
    heap: Option<u64>,
}

impl SystemCalls {
    /// Reads a line that begins with `SYSCALL`. One that tells no mapping touches nothing.
    pub(super) fn line(&mut self, line: &[u8]) -> Line {
        self.call(&String::from_utf8_lossy(line)).map_or(Line::Nothing, Line::Mapping)
    }

    fn call(&mut self, line: &str) -> Option<Mapping> {
        let result = line.rsplit_once("Success(").and_then(|(_, result)| {
            number::prefixed_hex(result.trim_end().strip_suffix(')')?.as_bytes())
        });
        let (call, said) = line.split_once(' ')?;
        if said.starts_with("... [async] --> ") {
            if let Some((_, file)) = self.opening.take_if(|(opening, _)| opening == call)
                && let Some(descriptor) = result
                && (self.files.len() < FILES || self.files.contains_key(&descriptor))
            {
                self.files.insert(descriptor, file);
            }
            return None;
        }
        let (name, rest) = said.split_once(" ( ")?;
        if name == "sys_openat" {
            let (_, file) = rest.split_once('(')?;
            self.opening = Some((call.to_owned(), file.rsplit_once("), ")?.0.to_owned()));
            return None;
        }
        let arguments = rest.split_once(" )")?.0.split(", ");
        let arguments: Option<Vec<u64>> =
            arguments.map(|argument| number::any(argument.as_bytes())).collect();
        self.mapping(name, &arguments?, result?)
    }

    /// Returns what a call that succeeded has mapped.
    fn mapping(&mut self, name: &str, arguments: &[u64], result: u64) -> Option<Mapping> {
        let (start, bytes, kind, name) = match (name, arguments) {
            ("sys_mmap", [_, bytes, protection, flags, file, _]) => {
                let is_executable = protection & EXECUTABLE != 0;
                let kind = if is_executable { RangeKind::Text } else { RangeKind::Mapping };
                let name = self.files.get(file).filter(|_| flags & ANONYMOUS == 0);
                (result, *bytes, kind, name.cloned().unwrap_or_default())
            }
            ("sys_mremap", [_, _, bytes, ..]) => {
                (result, *bytes, RangeKind::Mapping, String::new())
            }
            ("sys_brk", [_]) => {
                let start = *self.heap.get_or_insert(result);
                (start, result.checked_sub(start)?, RangeKind::Heap, String::new())
            }
            _ => return None,
        };
        // Whole pages are mapped.
        let last = start.checked_add(bytes.checked_sub(1)?)? | 0xfff;
        Some(Mapping { start, last, kind, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r5_system_calls_tell_mappings_by_their_files_and_the_heap() {
        let mut calls = SystemCalls::default();
        let mut told = |line: &str| match calls.line(line.as_bytes()) {
            Line::Mapping(Mapping { start, last, kind, name }) => {
                format!("{start:x} {last:x} {} {name}", kind.name())
            }
            line => format!("{line:?}"),
        };
        let nothing = "Nothing";
        for (line, expected) in [
            ("SYSCALL[7,1](12) sys_brk ( 0x0 ) --> [pre-success] Success(0x4035000) ", nothing),
            (
                "SYSCALL[7,1](257) sys_openat ( 4294967196, 0x40(/a (b), c.so), 524288 ) --> [async] ... ",
                nothing,
            ),
            ("SYSCALL[7,1](257) ... [async] --> Success(0x4) ", nothing),
            (
                "SYSCALL[7,1](9) sys_mmap ( 0x0, 5000, 1, 2050, 4, 0 ) --> [pre-success] Success(0x4847000) ",
                "4847000 4848fff mapping /a (b), c.so",
            ),
            (
                "SYSCALL[7,1](9) sys_mmap ( 0x4848000, 4096, 5, 2066, 4, 0 ) --> [pre-success] Success(0x4848000) ",
                "4848000 4848fff text /a (b), c.so",
            ),
            (
                "SYSCALL[7,1](9) sys_mmap ( 0x0, 8192, 3, 34, 4294967295, 0 ) --> [pre-success] Success(0x9000) ",
                "9000 afff mapping ",
            ),
            ("SYSCALL[7,1](257) sys_openat ( 1, 0x40(/none), 0 ) --> [async] ... ", nothing),
            ("SYSCALL[7,1](257) ... [async] --> Failure(0x2) ", nothing),
            (
                "SYSCALL[7,1](9) sys_mmap ( 0x0, 8192, 3, 34, 4, 0 ) --> [pre-fail] Failure(0x16) ",
                nothing,
            ),
            (
                "SYSCALL[7,1](12) sys_brk ( 0x4056000 ) --> [pre-success] Success(0x4056000) ",
                "4035000 4055fff heap ",
            ),
            (
                "SYSCALL[7,1](25) sys_mremap ( 0x9000, 8192, 12288, 1, 0x0 ) --> [pre-success] Success(0xb000) ",
                "b000 dfff mapping ",
            ),
            ("SYSCALL[7,1](3) sys_close ( 4 )[sync] --> Success(0x0) ", nothing),
            ("SYSCALL", nothing),
            ("SYSCALL[7,1](9) sys_mmap ( 0x0, 8192, 3", nothing),
        ] {
            assert_eq!(told(line), expected, "{line}");
        }
    }
}
