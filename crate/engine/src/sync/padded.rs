//! A word on cache lines of its own: CPUs that write what lies beside it never take its line.

/// A word, or a record, on cache lines of its own: two, because processors fetch lines in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Padded<T>(pub(crate) T);
