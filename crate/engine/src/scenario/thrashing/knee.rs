//! Finds the knee of the curve: where useful work begins to fall.
//!
//! The numbers of processes are gone through from few to many. The first at which useful work is at least a tenth
//! below the most so far shows thrashing, and the knee is the number that did the most. What comes after is not asked:
//! past the knee work can rise again, because more processes keep the disk busier, and it is thrashing all the same.
//!
//! Denning, Thrashing: its causes and prevention, AFIPS 1968; Working sets past and present, 1980, has the curve of
//! throughput over the number of programs.

use serde::{Deserialize, Serialize};

use super::load::Load;

/// The share of the most useful work so far by which it has to fall.
pub const FALL: f64 = 0.1;

/// Where useful work begins to fall.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Knee {
    /// The processes that do the most useful work.
    pub processes: u32,
    /// The fewest processes beyond that do at least a tenth less.
    pub thrashing: u32,
}

/// Finds the knee of loads, which may be in any order; none where useful work never falls.
pub fn knee(loads: &[Load]) -> Option<Knee> {
    let mut loads: Vec<_> = loads.iter().collect();
    loads.sort_by_key(|load| load.processes);
    let mut best: Option<&Load> = None;
    for load in loads {
        match best {
            Some(best) if load.accesses_per_s <= best.accesses_per_s * (1.0 - FALL) => {
                return Some(Knee { processes: best.processes, thrashing: load.processes });
            }
            Some(most) if load.accesses_per_s <= most.accesses_per_s => {}
            _ => best = Some(load),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(work: &[f64]) -> Option<(u32, u32)> {
        let load = |(processes, accesses_per_s): (u32, &f64)| Load {
            processes,
            accesses_per_s: *accesses_per_s,
            faults_per_s: 0.0,
            reads_per_s: 0.0,
            cpu_use: 0.0,
            accesses: 0,
            faults: 0,
            reads: 0,
            time_ns: 0,
            trace_hash: String::new(),
        };
        let mut loads: Vec<_> = (1..).zip(work).map(load).collect();
        loads.reverse();
        knee(&loads).map(|knee| (knee.processes, knee.thrashing))
    }

    #[test]
    fn s6_the_knee_is_the_most_useful_work_before_a_fall_of_a_tenth() {
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[1.0, 2.0, 3.0]), None);
        assert_eq!(found(&[1.0, 2.0, 3.0, 1.0]), Some((3, 4)));
        // A little less is no fall, but adds up.
        assert_eq!(found(&[10.0, 9.6, 9.2]), None);
        assert_eq!(found(&[10.0, 9.6, 9.2, 8.9]), Some((1, 4)));
        // Of equal ones the fewest processes.
        assert_eq!(found(&[5.0, 5.0, 1.0]), Some((1, 3)));
        // What rises again past the knee, and above it, is thrashing all the same.
        assert_eq!(found(&[1.0, 2.0, 0.1, 0.2, 4.0]), Some((2, 3)));
    }
}
