//! Describes a cache line that was falsely shared, for reports.

/// A line that two tasks fought over though they used different words of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FalseSharing {
    /// The part that the line is in.
    pub part: &'static str,
    /// The records of the part that the two words are in.
    pub records: [usize; 2],
    /// The classes of the two words: the one that was needed, and the one that another task had written.
    pub words: [String; 2],
    /// The tasks that used them.
    pub tasks: [usize; 2],
    /// How many transfers of the line were false sharing; the rest is about the last of them.
    pub transfers: u64,
}
