//! A trace that has been read to be analysed: its references, and what it tells of its addresses.

use faultline_replay::{Addresses, Layout, Stream, StreamBuilder};
use faultline_traces::{Limits, Options, format_named, read};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The references of a trace, to be replayed and drawn.
#[wasm_bindgen]
pub struct References {
    pub(crate) stream: Stream,
    pub(crate) layout: Layout,
}

#[wasm_bindgen]
impl References {
    /// Reads the text of a trace in the project's own format. Throws a sentence if it is none.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &[u8]) -> Result<Self, JsValue> {
        Self::read(text).map_err(JsValue::from)
    }

    fn read(text: &[u8]) -> Result<Self, String> {
        let mut builder = StreamBuilder::default();
        let mut pushed = Ok(());
        let limits = Limits { bad_lines: 0, ..Limits::default() };
        let options = Options { format: format_named("faultline"), limits, ..Options::default() };
        let summary = read(text, options, &mut |found| {
            if pushed.is_ok() {
                pushed = builder.extend(found.iter().copied().map(Into::into));
            }
        })
        .map_err(|error| error.to_string())?;
        pushed.map_err(|error| error.to_string())?;
        let stream = builder.finish().map_err(|error| error.to_string())?;
        let layout = Layout::new(&stream, &Addresses::of(&summary));
        Ok(Self { stream, layout })
    }

    /// Returns how many pages are referred to.
    pub fn pages(&self) -> u32 {
        self.stream.pages() as u32
    }

    /// Returns how many references there are.
    pub fn references(&self) -> f64 {
        self.stream.len() as f64
    }
}
