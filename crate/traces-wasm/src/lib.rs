//! The reader of traces in the browser, and what is counted of them: this crate has the functions that JavaScript calls, and nothing else.
//!
//! It is a module of its own, which the page loads in a worker when a trace is opened, and not before.

mod curves;
mod pictures;
mod references;

use faultline_replay::in_sample;
use faultline_traces::{
    Attached, Attachment, Columns, InSample, Limits, Options, TraceError, format_named,
};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "/** What is said of a trace that the reader does not recognise: its format, and columns of csv by name or number. */
export interface TraceFormat { format?: string; object?: string; address?: string; write?: string }
/** How a trace is read: the bytes of a page, one page in how many is taken, and the most bytes of its text. */
export interface TraceWish extends TraceFormat { page_size: number; one_page_in: number; room: number }
/** What was taken of a trace, and what was in it. */
export interface TraceFound {
  format: string;
  /** gzip or zstd, if it was packed. */
  packing: string | null;
  /** The references that were taken, those of them that write, and the pages that a process needs for them. */
  references: number;
  writes: number;
  pages: number;
  /** The bytes of the text, whether there was room for it or not. */
  bytes: number;
  /** The same for all traces with these references. */
  mark: string;
  /** All that the trace has, taken or not. */
  all_references: number;
  all_pages: number;
  /** Lines that were passed over, and the first of them in a sentence. */
  bad_lines: number;
  problem: string | null;
  /** Where it is cut, in a sentence. */
  cut: string | null;
}";

/// The Rust side of TypeScript's `TraceWish`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    page_size: u32,
    one_page_in: u32,
    room: u32,
    format: Option<String>,
    object: Option<String>,
    address: Option<String>,
    write: Option<String>,
}

/// The Rust side of TypeScript's `TraceFound`.
#[derive(Serialize)]
struct Found {
    format: &'static str,
    packing: Option<&'static str>,
    references: u64,
    writes: u64,
    pages: u64,
    bytes: u64,
    mark: String,
    all_references: u64,
    all_pages: u32,
    bad_lines: u64,
    problem: Option<String>,
    cut: Option<String>,
}

/// What a trace may have at most on the page, where somebody waits for it.
fn limits() -> Limits {
    Limits { bytes: 4 << 30, references: 1 << 29, ..Limits::default() }
}

/// A reader of one trace.
#[wasm_bindgen]
pub struct TraceReader {
    /// None once it ended.
    attachment: Option<Attachment>,
    /// The last of the text, when it ended.
    rest: Vec<u8>,
}

/// Tells the console where the reader panicked.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

#[wasm_bindgen]
impl TraceReader {
    /// Prepares for a trace. Throws a sentence if it cannot be read as is wished.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "TraceWish")] wish: JsValue,
    ) -> Result<Self, JsValue> {
        let wish = serde_wasm_bindgen::from_value(wish);
        let Wish { page_size, one_page_in, room, format, object, address, write } =
            wish.map_err(|error| JsValue::from(error.to_string()))?;
        let named = |name: String| {
            format_named(&name).ok_or_else(|| JsValue::from(format!("{name:?} is no format")))
        };
        let format = format.map(named).transpose()?;
        let rate = 1.0 / f64::from(one_page_in);
        let sample = (one_page_in > 1)
            .then(|| Box::new(move |page: u32| in_sample(page.into(), rate)) as InSample);
        let options = Options {
            format,
            page_size: page_size.into(),
            columns: Columns { object, address, write },
            limits: limits(),
            ..Options::default()
        };
        let attachment =
            Attachment::new(options, room.into(), sample).map_err(|error| sentence(&error))?;
        Ok(Self { attachment: Some(attachment), rest: Vec::new() })
    }

    /// Takes the next bytes of the trace, and returns the text of the references that they complete, as long as there
    /// is room. Throws a sentence if it cannot be read further.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<u8>, JsValue> {
        match &mut self.attachment {
            Some(attachment) => attachment.push(chunk).map_err(|error| sentence(&error)),
            None => Ok(Vec::new()),
        }
    }

    /// Returns how many references have been taken.
    pub fn references(&self) -> f64 {
        self.attachment.as_ref().map_or(0.0, |attachment| attachment.references() as f64)
    }

    /// Ends the trace, and returns what was in it. Throws a sentence if the trace has no reference.
    #[wasm_bindgen(unchecked_return_type = "TraceFound")]
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        let Some(attachment) = self.attachment.take() else {
            return Err(JsValue::from("the trace has ended"));
        };
        let attached = attachment.finish().map_err(|error| sentence(&error))?;
        let found = Found::of(&attached).serialize(&Serializer::json_compatible());
        self.rest = attached.text;
        found.map_err(|error| JsValue::from(error.to_string()))
    }

    /// Returns the last of the text, once it ended.
    pub fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.rest)
    }
}

impl Found {
    fn of(attached: &Attached) -> Self {
        let summary = &attached.summary;
        Self {
            format: summary.format,
            packing: summary.packing,
            references: attached.references,
            writes: attached.writes,
            pages: attached.pages,
            bytes: attached.bytes,
            mark: format!("{:016x}", attached.mark),
            all_references: summary.references,
            all_pages: summary.pages,
            bad_lines: summary.bad_lines,
            problem: summary.problems.first().map(ToString::to_string),
            cut: summary.cut.map(|cut| cut.to_string()),
        }
    }
}

/// Says why a reader stopped. A limit of the page cannot be raised: the command's can.
fn sentence(error: &TraceError) -> JsValue {
    const COMMAND: &str = "legal: at most so many; `faultline trace convert` reads larger ones";
    JsValue::from(match error {
        TraceError::Pages(limit) => {
            format!(
                "touches more than {limit} pages; legal: at most so many: larger pages are fewer"
            )
        }
        TraceError::Bytes(limit) => format!("has more than {limit} bytes, unpacked; {COMMAND}"),
        TraceError::References(limit) => format!("has more than {limit} references; {COMMAND}"),
        error => error.to_string(),
    })
}
