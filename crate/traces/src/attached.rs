//! Makes of a trace what the page attaches to a scenario: its references in the project's own format, as far as there
//! is room for them, of all its pages or of a sample.

use std::collections::HashMap;

use crate::error::TraceError;
use crate::options::Options;
use crate::reader::Reader;
use crate::reference::Reference;
use crate::summary::Summary;
use crate::text::Text;

/// Tells of a page whether it is in the sample.
pub type InSample = Box<dyn Fn(u32) -> bool>;

/// A trace on its way to be attached. Past its room it is read on, so that its end tells how much room it takes.
pub struct Attachment {
    reader: Reader,
    taken: Taken,
}

/// What was taken of a trace that ended.
pub struct Attached {
    /// What was in the trace, whole.
    pub summary: Summary,
    /// The references that were taken.
    pub references: u64,
    /// Those that write.
    pub writes: u64,
    /// The number of pages that a process needs for them: one more than the highest that is taken.
    pub pages: u64,
    /// The bytes of their text, whether there was room for it or not.
    pub bytes: u64,
    /// Two traces with the same references have the same mark. Whoever wants to can make one of a mark.
    pub mark: u64,
    /// The last of the text.
    pub text: Vec<u8>,
}

struct Taken {
    text: Text,
    room: u64,
    sample: Option<Sample>,
    references: u64,
    writes: u64,
    pages: u64,
    bytes: u64,
    mark: u64,
}

/// Some of the pages, numbered by their first use among themselves.
struct Sample {
    has: InSample,
    numbers: HashMap<u32, u32>,
}

impl Attachment {
    /// Prepares for a trace, of which the pages of the sample are taken, or all. `room` is how many bytes of text there
    /// may be.
    ///
    /// # Errors
    /// As of [`Reader::new`].
    pub fn new(options: Options, room: u64, sample: Option<InSample>) -> Result<Self, TraceError> {
        let sample = sample.map(|has| Sample { has, numbers: HashMap::new() });
        let reader = Reader::new(options)?;
        let (references, writes, pages, bytes) = (0, 0, 0, 0);
        let taken = Taken {
            text: Text::new(),
            room,
            sample,
            references,
            writes,
            pages,
            bytes,
            mark: BASIS,
        };
        Ok(Self { reader, taken })
    }

    /// Takes the next bytes of the trace, and returns the text of the references that they complete: nothing once there
    /// is no room.
    ///
    /// # Errors
    /// As of [`Reader::push`].
    pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<u8>, TraceError> {
        let Self { reader, taken } = self;
        reader.push(chunk, &mut |references| taken.take_all(references))?;
        Ok(taken.text.take())
    }

    /// Returns how many references have been taken.
    #[must_use]
    pub fn references(&self) -> u64 {
        self.taken.references
    }

    /// Ends the trace.
    ///
    /// # Errors
    /// As of [`Reader::finish`]; and that no page is in the sample.
    pub fn finish(self) -> Result<Attached, TraceError> {
        let Self { reader, mut taken } = self;
        let summary = reader.finish(&mut |references| taken.take_all(references))?;
        if taken.references == 0 {
            return Err(TraceError::Empty(None));
        }
        taken.take_places(&summary);
        let Taken { mut text, references, writes, pages, bytes, mark, .. } = taken;
        Ok(Attached { summary, references, writes, pages, bytes, mark, text: text.take() })
    }
}

/// FNV-1a (Fowler, Noll, Vo), with a reference for a byte.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

impl Taken {
    /// Adds where the pages have been, for pictures, as far as there is room. The pages of a sample have other numbers.
    fn take_places(&mut self, summary: &Summary) {
        let mut places = Text::new();
        places.places(summary);
        let added = places.as_bytes().len() as u64;
        if self.sample.is_none() && self.bytes + added <= self.room {
            self.text.append(&places);
            self.bytes += added;
        }
    }

    fn take_all(&mut self, references: &[Reference]) {
        references.iter().for_each(|reference| self.take(*reference));
    }

    fn take(&mut self, reference: Reference) {
        let Reference { page, write } = reference;
        let page = match &mut self.sample {
            None => page,
            Some(sample) if (sample.has)(page) => {
                let next = sample.numbers.len() as u32;
                *sample.numbers.entry(page).or_insert(next)
            }
            Some(_) => return,
        };
        self.references += 1;
        self.writes += u64::from(write);
        self.pages = self.pages.max(u64::from(page) + 1);
        self.mark = (self.mark ^ (u64::from(page) << 1 | u64::from(write))).wrapping_mul(PRIME);
        let before = self.text.as_bytes().len();
        self.text.reference(Reference { page, write });
        self.bytes += (self.text.as_bytes().len() - before) as u64;
        if self.bytes > self.room {
            self.text.clear();
        }
    }
}
