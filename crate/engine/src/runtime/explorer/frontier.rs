//! What an exhaustive search has still to do, and what it has done; it can be kept in a file.

use std::io::{self, Read, Write};

use super::guide::States;
use crate::runtime::schedulers::Deviation;

/// How much was searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Executions, each under a schedule of its own, whether or not they came to the end.
    pub schedules: u64,
    /// Executions that came to the end; the others met a state that was seen before.
    pub ends: u64,
    /// Different states in which somebody had to be chosen.
    pub states: u64,
    /// Steps of all executions.
    pub steps: u64,
}

/// A deviation to try, after those of its parent.
#[derive(Clone, Copy, Debug)]
struct Node {
    parent: u32,
    step: u32,
    task: u32,
}

/// The first node: no deviation.
const ROOT: u32 = 0;

/// What is still to be tried, by the number of preemptions it takes.
#[derive(Debug)]
pub struct Frontier {
    nodes: Vec<Node>,
    levels: Vec<Vec<u32>>,
    /// States that were seen.
    pub(super) seen: States,
    /// What was done so far.
    pub counts: Counts,
}

const MAGIC: u64 = 0x0001_4c50_5845_4c46;

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
    /// Takes the next to be tried, with the fewest preemptions, if it takes no more than `most`.
    pub(super) fn pop(&mut self, most: u32) -> Option<(u32, u32)> {
        let levels = self.levels.iter_mut().zip(0..=most);
        levels.into_iter().find_map(|(level, preemptions)| Some((level.pop()?, preemptions)))
    }

    /// Something to be tried: a deviation after those of `parent`.
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

    /// All deviations of a node.
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

    /// How many are to be tried that take at most so many preemptions.
    pub fn waiting(&self, most: u32) -> u64 {
        self.levels.iter().take(most as usize + 1).map(|level| level.len() as u64).sum()
    }

    /// Writes all of it. `subject` says what is searched.
    ///
    /// # Errors
    /// The system's, from `out`.
    pub fn save(&self, subject: u64, out: &mut impl Write) -> io::Result<()> {
        let mut put = |number: u64| out.write_all(&number.to_le_bytes());
        let Counts { schedules, ends, states, steps } = self.counts;
        for number in [MAGIC, subject, schedules, ends, states, steps] {
            put(number)?;
        }
        put(self.nodes.len() as u64)?;
        for Node { parent, step, task } in &self.nodes {
            put(u64::from(*parent) << 32 | u64::from(*step))?;
            put(u64::from(*task))?;
        }
        put(self.levels.len() as u64)?;
        for level in &self.levels {
            put(level.len() as u64)?;
            for node in level {
                put(u64::from(*node))?;
            }
        }
        put(self.seen.len() as u64)?;
        for state in &self.seen {
            put(*state)?;
        }
        Ok(())
    }

    /// Reads what [`Frontier::save`] wrote of the same subject.
    ///
    /// # Errors
    /// The system's, from `from`; `InvalidData` when it is something else or of another subject.
    pub fn load(subject: u64, from: &mut impl Read) -> io::Result<Self> {
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let mut take = || {
            let mut bytes = [0; 8];
            from.read_exact(&mut bytes).map(|()| u64::from_le_bytes(bytes))
        };
        if take()? != MAGIC {
            return Err(wrong("is no state of a search"));
        }
        if take()? != subject {
            return Err(wrong("is the state of a search of something else"));
        }
        let (schedules, ends, states, steps) = (take()?, take()?, take()?, take()?);
        let count = take()?;
        let mut nodes = Vec::new();
        for index in 0..count {
            let (link, task) = (take()?, take()?);
            let (parent, step) = ((link >> 32) as u32, link as u32);
            if index > 0 && u64::from(parent) >= index {
                return Err(wrong("is damaged"));
            }
            nodes.push(Node { parent, step, task: task as u32 });
        }
        let mut levels = Vec::new();
        for _ in 0..take()? {
            let mut level = Vec::new();
            for _ in 0..take()? {
                let node = take()?;
                if node >= count {
                    return Err(wrong("is damaged"));
                }
                level.push(node as u32);
            }
            levels.push(level);
        }
        let mut seen = States::default();
        for _ in 0..take()? {
            seen.insert(take()?);
        }
        Ok(Self { nodes, levels, seen, counts: Counts { schedules, ends, states, steps } })
    }
}
