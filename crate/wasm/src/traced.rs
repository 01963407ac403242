//! A run as a timeline for Perfetto, part by part: whoever writes the file keeps up with the rings.

use faultline::narration::ChromeTrace;
use faultline::observe::Detail;
use faultline::runtime::now_ns;
use faultline::scenario::Drain;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::laboratory::Laboratory;

/// What reads the rings, and what it tells.
pub(crate) struct Traced {
    drain: Drain,
    timeline: ChromeTrace<Vec<u8>>,
}

#[wasm_bindgen]
impl Laboratory {
    /// Begins the timeline. At boot it will have all that happens; later, what the rings still have.
    #[wasm_bindgen(js_name = beginTrace)]
    pub fn begin_trace(&mut self, title: &str) {
        self.session.observe(Detail::Moves);
        let (machine, names) = (self.session.machine(), self.session.process_names());
        let start = if self.session.workers().is_some() { now_ns() } else { 0 };
        let timeline = ChromeTrace::new(Vec::new(), title, machine, names, start);
        self.traced = Some(Traced { drain: Drain::new(machine), timeline });
    }

    /// The part of the file with what has happened since the last one. The last part ends the file.
    #[wasm_bindgen(js_name = traceMore)]
    pub fn trace_more(&mut self, is_last: bool) -> String {
        let Some(Traced { drain, timeline }) = &mut self.traced else { return String::new() };
        drain.notify(self.session.machine(), timeline);
        if is_last {
            timeline.finish().expect("memory takes what is written");
        }
        let part = timeline.take();
        if is_last {
            self.traced = None;
        }
        String::from_utf8(part).expect("the format is text")
    }
}
