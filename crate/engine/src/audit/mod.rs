//! Examines a machine at rest, or one that stands still: its invariants, contents and waits.

mod contents;
mod image;
mod invariants;
mod waits;

pub use contents::{contents_hash, words_of};
pub use image::{holdings_hash, image_hash, standing_hash};
pub use invariants::audit;
pub use waits::waits;
