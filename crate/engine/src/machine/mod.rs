//! Processes on the machine: their lives, who runs where, and the audit of all invariants.

mod audit;
mod contents;
mod dispatch;
mod fork;
mod image;
mod life;
mod mapping;
mod tables;
mod waits;

pub use audit::audit;
pub use contents::{contents_hash, process_hash, words_of};
pub use dispatch::{put_on_cpu, sleep, wake};
pub use fork::fork;
pub use image::{holdings_hash, image_hash, standing_hash};
pub use life::{Legacy, kill, spawn};
pub use mapping::{map, unmap};
pub use waits::waits;
