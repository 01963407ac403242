//! The document: the types of the format, and the reader that turns text into a scenario or says what is
//! wrong with it.

mod actions;
mod check;
mod data_frames;
mod decode;
mod digits;
mod error;
pub mod format;
mod json;
mod lesson;
mod names;
mod op;
mod overrides;
mod page_reference;
mod pattern;
#[cfg(not(target_arch = "wasm32"))]
mod reference;
mod rule;
mod schema;
mod setting;
mod textbook;
mod validate;

pub use digits::grouped;
pub use error::ScenarioError;
pub(super) use error::push_index;
pub use format::*;
pub use json::read as read_json;
pub use names::*;
pub use overrides::{Overrides, RuntimeKind};
pub use page_reference::Reference;
#[cfg(not(target_arch = "wasm32"))]
pub use reference::reference;
pub use schema::{schema, schema_made_ahead};
pub use setting::Setting;
pub(super) use textbook::differences as textbook_differences;
pub use validate::{check, parse, parse_op};
