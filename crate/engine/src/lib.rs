//! Faultline: a virtual-memory engine.
pub mod machine;
pub mod memory;
pub mod observe;
pub mod options;
pub mod paging;
pub mod runtime;
pub mod scenario;
