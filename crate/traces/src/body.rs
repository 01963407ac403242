//! A trace whose format is known: takes its bytes in pieces, line by line or record by record, and gives references on.

use std::collections::BTreeMap;

use crate::error::{Problem, TraceError, quoted};
use crate::formats::{Format, Unit, trim_end};
use crate::line::{Kind, Line, Parse};
use crate::options::Options;
use crate::page_lines::{self, BLOCK, Lately, Short};
use crate::pages::Pages;
use crate::ranges::{Mappings, Touched, places, ranges};
use crate::reference::Reference;
use crate::summary::{Cut, Summary};
use crate::thinning::Thinning;
use crate::unpack::Unpacker;

/// The most bytes of a line. A longer one is a bad line; no more of it is kept.
pub const LONGEST_LINE: usize = 64 << 10;

/// How many bad lines a summary has.
const PROBLEMS: usize = 10;

/// Takes references, one or more at a time.
pub(crate) type Sink<'sink> = &'sink mut dyn FnMut(&[Reference]);

/// A trace whose format is known.
pub(crate) struct Body {
    format: &'static Format,
    parser: Box<dyn Parse>,
    options: Options,
    /// A line, or record, that is not complete; of one that is too long its beginning.
    carry: Vec<u8>,
    pages: Pages,
    /// Lines of the project's own format.
    lately: Lately,
    mappings: Mappings,
    /// The addresses of pages that the trace itself numbers: count and address by the first number.
    told: BTreeMap<u32, (u32, u64)>,
    page_size: Option<u64>,
    thinning: Thinning,
    pub(crate) lines: u64,
    references: u64,
    writes: u64,
    fetches: u64,
    crossing: u64,
    highest_page: u32,
    bad_lines: u64,
    problems: Vec<Problem>,
    /// Whether it ended amid a line.
    pub(crate) cut: bool,
}

impl Body {
    pub(crate) fn new(format: &'static Format, parser: Box<dyn Parse>, options: Options) -> Self {
        Self {
            format,
            parser,
            carry: Vec::new(),
            pages: Pages::new(options.limits.pages),
            lately: Lately::new(),
            mappings: Mappings::default(),
            told: BTreeMap::new(),
            page_size: None,
            thinning: Thinning::new(&options),
            lines: 0,
            references: 0,
            writes: 0,
            fetches: 0,
            crossing: 0,
            highest_page: 0,
            bad_lines: 0,
            problems: Vec::new(),
            cut: false,
            options,
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8], sink: Sink<'_>) -> Result<(), TraceError> {
        match self.format.unit {
            Unit::Lines => self.push_lines(bytes, sink),
            Unit::Records(size) => self.push_records(bytes, size, sink),
        }
    }

    fn push_lines(&mut self, mut bytes: &[u8], sink: Sink<'_>) -> Result<(), TraceError> {
        if !self.carry.is_empty() {
            let Some(end) = memchr::memchr(b'\n', bytes) else {
                self.keep(bytes);
                return Ok(());
            };
            self.keep(&bytes[..end]);
            bytes = &bytes[end + 1..];
            self.end_carried(sink)?;
        }
        if self.format.name == "faultline" {
            bytes = self.page_lines(bytes, sink)?;
        }
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            self.line(&bytes[..end], sink)?;
            bytes = &bytes[end + 1..];
        }
        self.keep(bytes);
        Ok(())
    }

    /// Reads the lines that end in whole blocks, of the project's own format, and returns the rest. It is as
    /// [`Self::line`] reads them, in a fraction of the time.
    fn page_lines<'bytes>(
        &mut self,
        bytes: &'bytes [u8],
        sink: Sink<'_>,
    ) -> Result<&'bytes [u8], TraceError> {
        let mut start = 0;
        // Of many lines, so that none is taken out while the processor is still putting it in.
        let mut run = [Reference { page: 0, write: false }; 8 * BLOCK];
        let (mut count, mut writes) = (0, 0);
        let first = page_lines::first_window(bytes);
        for place in (0..).step_by(BLOCK) {
            let Some(window) = page_lines::window(bytes, place, &first) else { break };
            let mut ends = page_lines::ends(window);
            while ends != 0 {
                let at = ends.trailing_zeros() as usize;
                ends &= ends - 1;
                let end = place + at;
                let line = Short::of(window, at, end - start);
                let known = line.and_then(|line| self.lately.find(line));
                let found = known.map_or_else(|| self.new_line(line), |known| Ok(Some(known)));
                if let Ok(Some(reference)) = found {
                    run[count] = reference;
                    count += 1;
                    writes += u64::from(reference.write);
                } else {
                    self.give_run(&run[..count], writes, sink)?;
                    (count, writes) = (0, 0);
                    found?;
                    self.line(&bytes[start..end], sink)?;
                }
                start = end + 1;
            }
            if count > run.len() - BLOCK {
                self.give_run(&run[..count], writes, sink)?;
                (count, writes) = (0, 0);
            }
        }
        self.give_run(&run[..count], writes, sink)?;
        Ok(&bytes[start..])
    }

    /// Notes the page of a line that was not read lately. None if the line is none of those that are read at once.
    fn new_line(&mut self, line: Option<Short>) -> Result<Option<Reference>, TraceError> {
        let Some(line) = line else { return Ok(None) };
        let Some(reference) = self.lately.read(line) else { return Ok(None) };
        self.pages.number(reference.page.into(), Kind::of_write(reference.write))?;
        self.highest_page = self.highest_page.max(reference.page);
        Ok(Some(reference))
    }

    /// Gives the references of some lines on, of which so many are writes, unless they are left out; their pages have
    /// been noted.
    fn give_run(
        &mut self,
        run: &[Reference],
        writes: u64,
        sink: Sink<'_>,
    ) -> Result<(), TraceError> {
        let count = run.len() as u64;
        self.lines += count;
        if self.thinning.leaves_all() && self.references + count <= self.options.limits.references {
            self.references += count;
            self.writes += writes;
            sink(run);
            return Ok(());
        }
        run.iter().try_for_each(|reference| self.refer(*reference, sink))
    }

    fn push_records(
        &mut self,
        mut bytes: &[u8],
        size: usize,
        sink: Sink<'_>,
    ) -> Result<(), TraceError> {
        if !self.carry.is_empty() {
            let count = bytes.len().min(size - self.carry.len());
            self.carry.extend_from_slice(&bytes[..count]);
            bytes = &bytes[count..];
            if self.carry.len() < size {
                return Ok(());
            }
            self.end_carried(sink)?;
        }
        let records = bytes.chunks_exact(size);
        self.carry.extend_from_slice(records.remainder());
        for record in records {
            self.line(record, sink)?;
        }
        Ok(())
    }

    /// Keeps some of a line until its end comes.
    fn keep(&mut self, part: &[u8]) {
        // One byte more than is legal tells that it is too long.
        let room = (LONGEST_LINE + 1).saturating_sub(self.carry.len());
        self.carry.extend_from_slice(&part[..part.len().min(room)]);
    }

    fn end_carried(&mut self, sink: Sink<'_>) -> Result<(), TraceError> {
        let mut line = std::mem::take(&mut self.carry);
        let read = self.line(&line, sink);
        line.clear();
        self.carry = line;
        read
    }

    fn line(&mut self, line: &[u8], sink: Sink<'_>) -> Result<(), TraceError> {
        self.lines += 1;
        if line.len() > LONGEST_LINE {
            return self.bad(line, "is longer than a line may be, 65536 bytes");
        }
        let said = match self.format.unit {
            Unit::Lines => self.parser.line(trim_end(line)),
            Unit::Records(_) => self.parser.line(line),
        };
        match said {
            Line::Nothing => Ok(()),
            Line::Access { address, bytes, kind } => self.access(address, bytes, kind, sink),
            Line::Object { object, kind } => {
                let page = self.pages.number(object, kind)?;
                self.refer(Reference::of(page, kind), sink)
            }
            Line::Page { page, kind } => {
                self.pages.number(page.into(), kind)?;
                self.refer(Reference::of(page, kind), sink)
            }
            Line::Mapping(mapping) => {
                self.mappings.map(mapping);
                Ok(())
            }
            Line::PageSize(size) => {
                self.page_size = Some(size);
                Ok(())
            }
            Line::Place { page, count, address } => {
                if self.told.len() < self.options.limits.pages as usize {
                    self.told.insert(page, (count, address));
                }
                Ok(())
            }
            Line::Bad(message) => self.bad(line, message),
        }
    }

    fn bad(&mut self, line: &[u8], message: &str) -> Result<(), TraceError> {
        self.bad_lines += 1;
        if self.problems.len() < PROBLEMS {
            self.problems.push(Problem {
                line: self.lines,
                found: quoted(line),
                message: message.to_owned(),
                legal: self.format.legal.to_owned(),
            });
        }
        let limit = self.options.limits.bad_lines;
        if self.bad_lines <= limit {
            return Ok(());
        }
        let problem = self.problems[0].clone();
        Err(TraceError::BadLines { problem, count: self.bad_lines, limit })
    }

    fn access(
        &mut self,
        address: u64,
        bytes: u64,
        kind: Kind,
        sink: Sink<'_>,
    ) -> Result<(), TraceError> {
        if kind == Kind::Fetch {
            self.fetches += 1;
            if !self.options.fetches {
                return Ok(());
            }
        }
        let size = self.options.page_size;
        self.page_size = Some(size);
        let shift = size.trailing_zeros();
        let first = address >> shift;
        let last = address.saturating_add(bytes - 1) >> shift;
        self.crossing += u64::from(first != last);
        for page in first..=last {
            let page = self.pages.number(page, kind)?;
            self.refer(Reference::of(page, kind), sink)?;
        }
        Ok(())
    }

    /// Gives a reference on unless it is left out.
    #[inline]
    fn refer(&mut self, reference: Reference, sink: Sink<'_>) -> Result<(), TraceError> {
        if self.thinning.leaves_all() {
            return self.give(reference, sink);
        }
        match self.thinning.take(reference) {
            Some(reference) => self.give(reference, sink),
            None => Ok(()),
        }
    }

    #[inline]
    fn give(&mut self, reference: Reference, sink: Sink<'_>) -> Result<(), TraceError> {
        if self.references >= self.options.limits.references {
            return Err(TraceError::References(self.options.limits.references));
        }
        self.references += 1;
        self.writes += u64::from(reference.write);
        self.highest_page = self.highest_page.max(reference.page);
        sink(&[reference]);
        Ok(())
    }

    /// Reads a last line without an end. It is cut if a program writes the format, or if packed data is cut.
    pub(crate) fn finish(&mut self, is_whole: bool, sink: Sink<'_>) -> Result<(), TraceError> {
        if !self.carry.is_empty() {
            if !is_whole || self.format.by_program {
                self.cut = true;
            } else {
                self.end_carried(sink)?;
            }
        }
        match self.thinning.finish() {
            Some(reference) => self.give(reference, sink),
            None => Ok(()),
        }
    }

    pub(crate) fn summary(
        self,
        unpacker: &Unpacker,
        cut: Option<Cut>,
    ) -> Result<Summary, TraceError> {
        if self.references == 0 {
            let problem = self.problems.into_iter().next();
            return Err(TraceError::Empty(problem.map(Box::new)));
        }
        let size = self.page_size.unwrap_or(1);
        let numbers = || (0..).zip(self.pages.pages().iter().copied());
        // The number and the address of each page that has one.
        let addresses: Vec<(u32, u32, u64)> = if self.page_size.is_none() {
            Vec::new()
        } else if self.told.is_empty() {
            // Without numbers of its own.
            match self.format.name {
                "faultline" => Vec::new(),
                _ => numbers().map(|(number, page)| (number, number, page * size)).collect(),
            }
        } else {
            let place = |(number, page): (u32, u64)| {
                let page = u32::try_from(page).ok()?;
                let (first, (count, address)) = self.told.range(..=page).next_back()?;
                let offset = page - first;
                let address = address.checked_add(u64::from(offset) * size)?;
                (offset < *count).then_some((number, page, address))
            };
            let mut placed: Vec<_> = numbers().filter_map(place).collect();
            placed.sort_unstable_by_key(|(_, page, _)| *page);
            placed
        };
        let touched = addresses.iter().map(|(number, _, address)| Touched {
            address: *address,
            is_fetched: self.pages.was(*number, Kind::Fetch),
            is_written: self.pages.was(*number, Kind::Write),
        });
        Ok(Summary {
            format: self.format.name,
            packing: unpacker.packing(),
            bytes: unpacker.packed,
            unpacked_bytes: unpacker.unpacked,
            lines: self.lines,
            references: self.references,
            reads: self.references - self.writes,
            writes: self.writes,
            fetches: self.fetches,
            fetches_left_out: !self.options.fetches,
            crossing: self.crossing,
            merged: self.thinning.merged,
            repeated: self.thinning.repeated,
            pages: self.pages.count(),
            pages_written: self.pages.used(Kind::Write),
            highest_page: self.highest_page,
            page_size: self.page_size.filter(|_| !addresses.is_empty()),
            ranges: ranges(touched.collect(), size, &self.mappings, self.format.stack),
            places: places(addresses.iter().map(|(_, page, address)| (*page, *address)), size),
            bad_lines: self.bad_lines,
            problems: self.problems,
            cut,
        })
    }
}
