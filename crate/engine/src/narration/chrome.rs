//! Writes a run as a timeline for Perfetto, in the Trace Event Format's JSON, as the events come.
//!
//! Each CPU and daemon is a lane with slices that nest: jobs, faults and their phases, waits for locks
//! and frames, transfers, shootdowns. A flow leads from the write that put a page on swap, by way of
//! its frame's repurposing, to the fault that got the frame. Counters follow the lists and the slots.
//! Memory is bounded by the number of frames and of open slices.
//!
//! The format: "Trace Event Format", Google, docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use super::chrome_counters::Counters;
use super::listener::Listener;
use super::names::{Births, ProcessNames};
use crate::machine::Machine;
use crate::memory::{Entry, FrameState};
use crate::observe::{EventKind, FaultKind, FaultPhase, JobKind, NO_PROCESS, Record};
use crate::runtime::{DaemonId, LockClass};

/// The one process of the trace.
const PID: u32 = 1;

/// A slice that has begun and not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Job,
    Fault,
    Phase,
    LockWait,
    FrameWait,
    Transfer,
    Shootdown,
    Daemon,
}

#[derive(Debug, Default)]
struct Lane {
    open: Vec<Open>,
    /// The time of its last event.
    at: u64,
    /// The time at which its transfer began.
    transfer: u64,
}

/// A ring and a time.
#[derive(Clone, Copy, Debug)]
struct Moment {
    ring: usize,
    at: u64,
}

/// How a frame came free.
#[derive(Clone, Copy, Debug, Default)]
struct Freed {
    written: Option<Moment>,
    repurposed: Option<Moment>,
}

/// Writes the timeline of one machine.
#[derive(Debug)]
pub struct ChromeTrace<W: Write> {
    out: W,
    /// The first error of `out`; nothing is written after it.
    error: Option<io::Error>,
    is_first: bool,
    is_finished: bool,
    /// The time at which the timeline begins.
    start: u64,
    lanes: Vec<Lane>,
    names: Arc<ProcessNames>,
    births: Births,
    frames: Vec<Freed>,
    flows: u64,
    counters: Counters,
    counted_at: u64,
    lost: u64,
}

impl<W: Write> ChromeTrace<W> {
    /// Begins the timeline of a machine at boot, at a time in nanoseconds.
    pub fn new(
        out: W,
        title: &str,
        machine: &Machine,
        names: Arc<ProcessNames>,
        start: u64,
    ) -> Self {
        let rings = machine.trace.rings();
        let mut trace = Self {
            out,
            error: None,
            is_first: true,
            is_finished: false,
            start,
            lanes: (0..rings).map(|_| Lane::default()).collect(),
            names,
            births: Births::default(),
            frames: vec![Freed::default(); machine.pfns.count() as usize],
            flows: 0,
            counters: Counters::new(machine),
            counted_at: start,
            lost: 0,
        };
        trace.raw("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
        let process = text(&format!("Faultline: {title}"));
        trace.item(&format!(
            "\"ph\":\"M\",\"pid\":{PID},\"name\":\"process_name\",\"args\":{{\"name\":{process}}}"
        ));
        for ring in 0..rings {
            let name = text(&machine.task(ring).ring_name());
            let tid = ring + 1;
            trace.item(&format!("\"ph\":\"M\",\"pid\":{PID},\"tid\":{tid},\"name\":\"thread_name\",\"args\":{{\"name\":{name}}}"));
            trace.item(&format!("\"ph\":\"M\",\"pid\":{PID},\"tid\":{tid},\"name\":\"thread_sort_index\",\"args\":{{\"sort_index\":{ring}}}"));
        }
        trace
    }

    /// Ends what is open and the file.
    ///
    /// # Errors
    /// The first error of the writer.
    pub fn finish(&mut self) -> io::Result<()> {
        if !self.is_finished {
            self.is_finished = true;
            let end = self.lanes.iter().map(|lane| lane.at).max().unwrap_or_default();
            for ring in 0..self.lanes.len() {
                while self.lanes[ring].open.pop().is_some() {
                    self.end(Moment { ring, at: end }, "");
                }
            }
            self.counted_at = end.max(self.start);
            self.write_counts();
            let lost = self.lost;
            self.raw(&format!("\n],\"otherData\":{{\"lost_events\":\"{lost}\"}}}}\n"));
            if self.error.is_none() {
                self.error = self.out.flush().err();
            }
        }
        self.error.take().map_or(Ok(()), Err)
    }

    fn slice(&mut self, now: Moment, record: &Record) {
        let event = record.event;
        let number = event.number;
        match event.kind {
            EventKind::JobBegin => {
                let job = JobKind::ALL.get(event.a as usize).map_or("?", |(_, name)| name);
                let about = match JobKind::ALL.get(event.a as usize).map(|(kind, _)| kind) {
                    Some(JobKind::Read | JobKind::Write | JobKind::Evict | JobKind::Unmap) => {
                        format!("{job} page {number} of {}", self.name(event.process))
                    }
                    _ if event.process == NO_PROCESS => job.to_owned(),
                    _ => format!("{job} {}", self.name(event.process)),
                };
                self.begin(now, Open::Job, &about);
            }
            EventKind::JobEnd => {
                let failed = if event.b == 1 { "\"failed\":true" } else { "" };
                self.close(now, Open::Job, failed);
            }
            EventKind::FaultBegin => {
                let access = if event.a == 1 { "write" } else { "read" };
                let name = self.name(event.process);
                self.begin(now, Open::Fault, &format!("fault: {access} page {number} of {name}"));
            }
            EventKind::FaultPhase => {
                if self.lanes[now.ring].open.last() == Some(&Open::Phase) {
                    self.close(now, Open::Phase, "");
                }
                let phase = FaultPhase::of_number(event.a).map_or("?", FaultPhase::name);
                self.begin(now, Open::Phase, phase);
            }
            EventKind::FaultEnd => {
                let kind = FaultKind::of_end(event.a).map_or("failed", |(_, name)| name);
                self.close(now, Open::Fault, &format!("\"kind\":{}", text(kind)));
            }
            EventKind::LockWait => {
                let class = LockClass::ALL.get(number as usize).map_or("?", |class| class.name());
                self.begin(now, Open::LockWait, &format!("wait for {class} lock {:#x}", event.a));
            }
            EventKind::LockWaited => self.close(now, Open::LockWait, ""),
            EventKind::FrameWaitBegin => self.begin(now, Open::FrameWait, "make room"),
            EventKind::FrameWaitEnd => self.close(now, Open::FrameWait, ""),
            EventKind::SwapReadBegin => {
                let what = format!("read slot {number} into frame {}", event.a);
                self.begin(now, Open::Transfer, &what);
            }
            EventKind::SwapWriteBegin => {
                self.lanes[now.ring].transfer = now.at;
                let what = format!("write frame {} to slot {number}", event.a);
                self.begin(now, Open::Transfer, &what);
            }
            EventKind::SwapReadEnd => self.close(now, Open::Transfer, failed(event.b)),
            EventKind::SwapWriteEnd => {
                self.close(now, Open::Transfer, failed(event.b));
                let begun = Moment { at: self.lanes[now.ring].transfer, ..now };
                if let Some(freed) = self.frames.get_mut(event.a as usize) {
                    freed.written = (event.b == 0).then_some(begun);
                }
            }
            EventKind::ShootdownBegin => {
                let what = format!("shootdown {}: {number} pages, {} CPUs", event.a, event.b);
                self.begin(now, Open::Shootdown, &what);
            }
            EventKind::ShootdownEnd => self.close(now, Open::Shootdown, ""),
            EventKind::ShootdownAcknowledge => {
                self.instant(now, &format!("acknowledges shootdown {}", event.a));
            }
            EventKind::DaemonWake => {
                let name = DaemonId::of_code(number).map(DaemonId::name).unwrap_or_default();
                self.begin(now, Open::Daemon, &format!("{name} at work"));
            }
            EventKind::DaemonRest => self.close(now, Open::Daemon, ""),
            EventKind::Wakeup => {
                let daemon = DaemonId::of_code(number).map(|daemon| daemon.to_string());
                self.instant(now, &format!("rings {}", daemon.unwrap_or_default()));
            }
            EventKind::Switch => {
                let to = if event.process == NO_PROCESS {
                    "nobody".to_owned()
                } else {
                    self.name(event.process)
                };
                self.instant(now, &format!("CPU {number} is given to {to}"));
            }
            EventKind::Spawn | EventKind::Fork => self.births.born(event.process.into()),
            EventKind::Pfn => self.flow(now, number, Entry(event.a), Entry(event.b)),
            _ => {}
        }
    }

    /// Follows a frame from its write to the fault that gets it.
    fn flow(&mut self, now: Moment, frame: u32, old: Entry, new: Entry) {
        let Some(freed) = self.frames.get_mut(frame as usize) else { return };
        match (old.state(), new.state()) {
            (FrameState::Standby, FrameState::Free) => freed.repurposed = Some(now),
            (FrameState::Free | FrameState::Zeroed, FrameState::Zeroed) => {}
            (FrameState::Free | FrameState::Zeroed, FrameState::Active | FrameState::Reading) => {
                let Freed { written, repurposed } = std::mem::take(freed);
                let Some(repurposed) = repurposed else { return };
                // A flow hangs on slices, at both its ends.
                if !self.lanes[now.ring].open.is_empty() {
                    self.flows += 1;
                    let first = written.unwrap_or(repurposed);
                    self.flow_point('s', first);
                    if written.is_some() {
                        self.flow_point('t', repurposed);
                    }
                    self.flow_point('f', now);
                }
            }
            (_, FrameState::Active | FrameState::Free | FrameState::Protected) => {
                *freed = Freed::default();
            }
            _ => {}
        }
    }

    fn flow_point(&mut self, phase: char, Moment { ring, at }: Moment) {
        let id = self.flows;
        let end = if phase == 'f' { ",\"bp\":\"e\"" } else { "" };
        let place = self.place(Moment { ring, at });
        self.item(&format!("\"ph\":\"{phase}\",\"id\":{id},\"cat\":\"frame\",\"name\":\"a frame made free\"{end},{place}"));
    }

    /// Writes the counters that have changed.
    fn write_counts(&mut self) {
        let ts = self.microseconds(self.counted_at);
        let mut items = Vec::new();
        self.counters.show_changed(|name, values| {
            let name = text(name);
            items.push(format!(
                "\"ph\":\"C\",\"pid\":{PID},\"ts\":{ts},\"name\":{name},\"args\":{{{values}}}"
            ));
        });
        for item in items {
            self.item(&item);
        }
    }

    fn name(&self, process: u16) -> String {
        let process = u32::from(process);
        self.names.of(process, self.births.of(process))
    }

    fn begin(&mut self, now: Moment, open: Open, name: &str) {
        self.lanes[now.ring].open.push(open);
        let place = self.place(now);
        self.item(&format!("\"ph\":\"B\",\"name\":{},{place}", text(name)));
    }

    /// Ends a slice and those inside it; nothing if it has begun before a gap.
    fn close(&mut self, now: Moment, open: Open, about: &str) {
        if !self.lanes[now.ring].open.contains(&open) {
            return;
        }
        while let Some(top) = self.lanes[now.ring].open.pop() {
            self.end(now, if top == open { about } else { "" });
            if top == open {
                break;
            }
        }
    }

    fn end(&mut self, now: Moment, about: &str) {
        let place = self.place(now);
        self.item(&format!("\"ph\":\"E\",{place},\"args\":{{{about}}}"));
    }

    fn instant(&mut self, now: Moment, name: &str) {
        let place = self.place(now);
        self.item(&format!("\"ph\":\"i\",\"s\":\"t\",\"name\":{},{place}", text(name)));
    }

    fn place(&self, Moment { ring, at }: Moment) -> String {
        format!("\"pid\":{PID},\"tid\":{},\"ts\":{}", ring + 1, self.microseconds(at))
    }

    /// Returns a time as the format has it: microseconds, to the nanosecond.
    fn microseconds(&self, at: u64) -> String {
        let nanoseconds = at.saturating_sub(self.start);
        let mut ts = String::new();
        let _ = write!(ts, "{}.{:03}", nanoseconds / 1000, nanoseconds % 1000);
        ts
    }

    fn item(&mut self, fields: &str) {
        let separator = if self.is_first { "\n" } else { ",\n" };
        self.is_first = false;
        self.raw(separator);
        self.raw("{");
        self.raw(fields);
        self.raw("}");
    }

    fn raw(&mut self, part: &str) {
        if self.error.is_none() {
            self.error = self.out.write_all(part.as_bytes()).err();
        }
    }
}

impl<W: Write + Default> ChromeTrace<W> {
    /// Takes what was written since the last call.
    pub fn take(&mut self) -> W {
        std::mem::take(&mut self.out)
    }
}

impl<W: Write> Listener for ChromeTrace<W> {
    fn receive(&mut self, record: &Record) {
        let ring = usize::from(record.cpu);
        let time = record.time().max(self.start);
        if self.lanes.len() <= ring {
            return;
        }
        self.lanes[ring].at = self.lanes[ring].at.max(time);
        let now = Moment { ring, at: self.lanes[ring].at };
        if now.at > self.counted_at {
            self.write_counts();
            self.counted_at = now.at;
        }
        self.counters.count(record);
        self.slice(now, record);
    }

    fn lost(&mut self, ring: usize, events: u64) {
        self.lost += events;
        let now = Moment { ring, at: self.lanes[ring].at.max(self.start) };
        while self.lanes[ring].open.pop().is_some() {
            self.end(now, "");
        }
        self.instant(now, &format!("{events} events lost"));
    }
}

impl<W: Write> Drop for ChromeTrace<W> {
    /// Ends the file, so that it is whole whatever became of the run.
    fn drop(&mut self) {
        let _ = self.finish();
    }
}

fn failed(b: u64) -> &'static str {
    if b == 1 { "\"failed\":true" } else { "" }
}

/// Returns a string as JSON.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
