//! The frontier of an exhaustive search, what it has still to do, and what it has done; it can be kept in a
//! file.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::guide::States;
use crate::runtime::schedulers::Deviation;

/// How much was searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Executions, each under a schedule of its own, whether or not they came to the end.
    pub schedules: u64,
    /// Executions that came to the end; the others met a state that was seen before.
    pub ends: u64,
    /// Different states in which a task had to be chosen.
    pub states: u64,
    /// Steps of all executions.
    pub steps: u64,
}

/// A deviation to try, after those of its parent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Node {
    parent: u32,
    step: u32,
    task: u32,
}

/// The first node: no deviation.
const ROOT: u32 = 0;

/// The deviations that are still to be tried, by the number of preemptions they take.
#[derive(Debug, Serialize, Deserialize)]
pub struct Frontier {
    nodes: Vec<Node>,
    levels: Vec<Vec<u32>>,
    /// States that were seen.
    pub(super) seen: States,
    /// What was done so far.
    pub counts: Counts,
}

/// The first bytes of a file of a search; after them comes the version of what follows, one byte.
const MAGIC: [u8; 6] = *b"FLEXPL";
/// Raised with every change of what the file holds: [`Frontier`] as postcard writes it, after its subject.
const VERSION: u8 = 2;

impl Default for Frontier {
    fn default() -> Self {
        Self {
            nodes: vec![Node { parent: ROOT, step: 0, task: 0 }],
            levels: vec![vec![ROOT]],
            seen: States::default(),
            counts: Counts::default(),
        }
    }
}

impl Frontier {
    /// Takes the next deviation to be tried, with the fewest preemptions, if it takes no more than `most`.
    pub(super) fn pop(&mut self, most: u32) -> Option<(u32, u32)> {
        let levels = self.levels.iter_mut().zip(0..=most);
        levels.into_iter().find_map(|(level, preemptions)| Some((level.pop()?, preemptions)))
    }

    /// Adds a deviation to be tried after those of `parent`.
    pub(super) fn push(&mut self, parent: u32, (step, task): Deviation, preemptions: u32) {
        let node = self.nodes.len() as u32;
        self.nodes.push(Node { parent, step: step as u32, task: task as u32 });
        self.push_again(node, preemptions);
    }

    pub(super) fn push_again(&mut self, node: u32, preemptions: u32) {
        let level = preemptions as usize;
        if self.levels.len() <= level {
            self.levels.resize(level + 1, Vec::new());
        }
        self.levels[level].push(node);
    }

    /// Returns all deviations of a node.
    pub(super) fn schedule(&self, mut node: u32) -> Vec<Deviation> {
        let mut schedule = Vec::new();
        while node != ROOT {
            let Node { parent, step, task } = self.nodes[node as usize];
            schedule.push((u64::from(step), task as usize));
            node = parent;
        }
        schedule.reverse();
        schedule
    }

    /// Returns how many deviations are to be tried that take at most so many preemptions.
    pub fn waiting(&self, most: u32) -> u64 {
        self.levels.iter().take(most as usize + 1).map(|level| level.len() as u64).sum()
    }

    /// Writes all of it. `subject` says what is searched.
    ///
    /// # Errors
    /// The system's, from `out`.
    pub fn save(&self, subject: u64, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&MAGIC)?;
        out.write_all(&[VERSION])?;
        let mut out = Written { out, failed: None };
        match postcard::to_io(&(subject, self), &mut out) {
            Ok(_) => Ok(()),
            Err(error) => Err(out.failed.unwrap_or_else(|| io::Error::other(error))),
        }
    }

    /// Reads what [`Frontier::save`] wrote of the same subject.
    ///
    /// # Errors
    /// The system's, from `from`; `InvalidData` when it is something else, of another version or of another
    /// subject.
    pub fn load(subject: u64, from: &mut impl Read) -> io::Result<Self> {
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes)?;
        let Some((&version, rest)) = bytes.strip_prefix(&MAGIC).and_then(<[u8]>::split_first)
        else {
            return Err(wrong("is no state of a search"));
        };
        if version != VERSION {
            return Err(wrong(&format!(
                "is the state of a search in format {version}, and this version of the program reads format \
                 {VERSION}: search anew, with another file"
            )));
        }
        // The subject comes first: what is left of the search of another subject need not be read.
        let (found, rest) =
            postcard::take_from_bytes::<u64>(rest).map_err(|_| wrong("is cut off"))?;
        if subject != found {
            return Err(wrong("is the state of a search of something else"));
        }
        match postcard::take_from_bytes::<Self>(rest) {
            Ok((frontier, [])) if frontier.is_whole() => Ok(frontier),
            _ => Err(wrong("is damaged")),
        }
    }

    /// Whether each node that is named is there, and each but the first comes after its parent.
    fn is_whole(&self) -> bool {
        let parents = self.nodes.iter().zip(0..).skip(1);
        let mut named = self.levels.iter().flatten();
        parents.into_iter().all(|(node, index)| node.parent < index)
            && named.all(|&node| (node as usize) < self.nodes.len())
    }
}

/// A writer of a search that keeps the system's reason when a write fails: postcard reports only that it did.
struct Written<'out, Out> {
    out: &'out mut Out,
    failed: Option<io::Error>,
}

impl<Out: Write> Write for Written<'_, Out> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(bytes).map(|()| bytes.len()).map_err(|error| {
            self.failed = Some(error);
            io::ErrorKind::Other.into()
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
