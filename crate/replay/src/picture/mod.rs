//! What pictures of a stream show, before anything is drawn: where it refers to and when (`heat`, with the order of
//! pages from `layout`), how many pages it works on at a time (`working_set`), and how far apart the uses of a page
//! are (`reuse`).

mod heat;
mod layout;
mod parts;
mod reuse;
mod working_set;

pub use heat::{Heat, Part, by_area, heat};
pub use layout::{Addresses, Area, Layout, Named, Placed};
pub use reuse::{Bucket, buckets};
pub use working_set::{WorkingSet, working_set};
