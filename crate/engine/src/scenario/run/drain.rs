//! A drain reads the rings of events and notifies a listener of what is new in them.

use crate::machine::Machine;
use crate::narration::Listener;
use crate::observe::{Place, Record};

/// A drain remembers how far the rings of a machine have been read.
#[derive(Debug)]
pub struct Drain {
    places: Vec<Place>,
    records: Vec<Record>,
}

impl Drain {
    /// Makes a drain that reads the rings from the beginning.
    pub fn new(machine: &Machine) -> Self {
        Self { places: vec![Place::default(); machine.trace.rings()], records: Vec::new() }
    }

    /// Notifies the listener of each new event in the rings, in their order, and of how many were
    /// overwritten before they were read.
    pub fn notify(&mut self, machine: &Machine, listener: &mut dyn Listener) {
        self.records.clear();
        for (ring, place) in self.places.iter_mut().enumerate() {
            let lost = machine.trace.read(ring, place, &mut self.records);
            if lost > 0 {
                listener.lost(ring, lost);
            }
        }
        self.records.sort_by_key(|record| record.stamp);
        self.records.iter().for_each(|record| listener.receive(record));
    }
}
