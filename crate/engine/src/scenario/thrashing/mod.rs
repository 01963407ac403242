//! This folder runs the same program in more and more processes on one memory, and finds where useful work begins to
//! fall: Denning's curve of thrashing.

mod crowd;
mod knee;
mod load;
mod program;

pub use crowd::{Crowd, LEAST_ROUNDS, USUAL_ACCESSES, USUAL_ROOM};
pub use knee::{FALL, Knee, knee};
pub use load::Load;
pub use program::usual_program;
