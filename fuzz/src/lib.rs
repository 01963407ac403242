//! The fuzz targets share this crate: the properties that a reader must have, and mutations of documents.

pub mod mutation;
pub mod properties;
