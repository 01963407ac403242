//! Follows a policy step by step in one memory, as textbooks draw it: which page each frame has after each reference.

use crate::lanes::{NO_PAGE, Sink};
use crate::policy::Policy;
use crate::stream::{Reference, Stream};

/// One reference, and the memory after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The reference.
    pub reference: Reference,
    /// Whether it faults.
    pub fault: bool,
    /// The page that is evicted.
    pub victim: Option<u64>,
    /// The page in each frame: a page comes into the first that is free, or into that of its victim.
    pub frames: Vec<Option<u64>>,
}

/// Keeps each fault: its index, its page and its victim.
struct Faults(Vec<(usize, u32, u32)>);

impl Sink for Faults {
    fn fault(&mut self, index: usize, _: usize, page: u32, victim: u32) {
        self.0.push((index, page, victim));
    }
}

/// Follows a policy in a memory of so many frames, of which there is at least one.
#[must_use]
pub fn steps(stream: &Stream, policy: &Policy, frames: u32) -> Vec<Step> {
    let mut faults = Faults(Vec::new());
    policy.run(stream, &[frames], &mut faults);
    let mut faults = faults.0.into_iter().peekable();
    let mut memory: Vec<Option<u32>> = vec![None; frames as usize];
    let references = stream.iter().enumerate();
    let step = references.map(|(index, (page, write))| {
        let fault = faults.next_if(|(at, ..)| *at == index);
        let mut victim = None;
        if let Some((_, page, gone)) = fault {
            victim = (gone != NO_PAGE).then_some(gone);
            let frame = memory.iter_mut().find(|frame| **frame == victim);
            *frame.expect("a victim is in a frame, and else one is free") = Some(page);
        }
        let name = |page: Option<u32>| page.map(|page| stream.name(page));
        Step {
            reference: Reference { page: stream.name(page), write },
            fault: fault.is_some(),
            victim: name(victim),
            frames: memory.iter().copied().map(name).collect(),
        }
    });
    step.collect()
}
