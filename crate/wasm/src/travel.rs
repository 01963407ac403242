//! Stopping and going on, for the page's timeline.

use faultline::observe::{EventKind, Filter};
use faultline::scenario::{self, ScenarioError, Until};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::laboratory::Laboratory;
use crate::scenario::to_js;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { Place } from '../src/generated/types.d.ts';
/** Which events are looked for: kinds by name; what is left out fits all. */
export interface Sought { kinds: string[]; process?: number; number?: number }
/** How far to go: to whichever comes first, else to the end of the op. */
export interface Reach { events?: number; time_ns?: number; fits?: Sought }";

/// As `Sought` of TypeScript.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sought {
    kinds: Vec<String>,
    process: Option<u16>,
    number: Option<u32>,
}

/// As `Reach` of TypeScript.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reach {
    events: Option<u64>,
    time_ns: Option<u64>,
    fits: Option<Sought>,
}

impl Sought {
    fn filter(&self) -> Result<Filter, ScenarioError> {
        let mut kinds = 0;
        for name in &self.kinds {
            let number = EventKind::NAMES.iter().position(|known| known == name);
            let legal = || EventKind::NAMES[1..].join(", ");
            kinds |= 1
                << number.filter(|number| *number > 0).ok_or_else(|| {
                    let message = format!("there are no events of the kind {name:?}");
                    ScenarioError::new("/kinds", format!("{name:?}"), legal(), message)
                })?;
        }
        Ok(Filter { kinds, process: self.process, number: self.number })
    }
}

fn read<T: for<'a> Deserialize<'a>>(value: JsValue) -> Result<T, ScenarioError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| {
        ScenarioError::new("", "something else", "a place of a run", error.to_string())
    })
}

#[wasm_bindgen]
impl Laboratory {
    /// Begins an op of a script, the one at this index; `advance` does it. Throws if the op is none.
    pub fn begin(&mut self, op: &str, index: u32) -> Result<(), JsValue> {
        let op = scenario::parse_op(op, &self.options).map_err(|problem| to_js(&problem))?;
        self.session.begin(&op, &format!("/script/{index}"));
        Ok(())
    }

    /// Goes on with the op that was begun. Its outcome when it is done; undefined when a virtual run
    /// stopped before. Throws if there is no such place.
    #[wasm_bindgen(unchecked_return_type = "OpOutcome | undefined")]
    pub fn advance(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Reach")] reach: JsValue,
    ) -> Result<JsValue, JsValue> {
        let until = Self::until(reach).map_err(|problem| to_js(&problem))?;
        let outcome = self.session.advance(until);
        Ok(outcome.map_or(JsValue::UNDEFINED, |outcome| to_js(&outcome)))
    }

    fn until(reach: JsValue) -> Result<Until, ScenarioError> {
        let Reach { events, time_ns, fits } = read(reach)?;
        let fits = fits.map(|sought| sought.filter()).transpose()?;
        Ok(Until { events, time_ns, fits })
    }

    /// Takes memory from the host ahead of need, so that a run that is put back to an earlier state does
    /// not take it again and again.
    pub fn reserve(&self, bytes: usize) {
        drop(std::hint::black_box(Vec::<u8>::with_capacity(bytes)));
    }

    /// Where the run stands.
    #[wasm_bindgen(unchecked_return_type = "Place")]
    pub fn place(&self) -> JsValue {
        to_js(&self.session.place())
    }

    /// Looks for events from here on without stopping for them; `found` has the last.
    #[wasm_bindgen(js_name = lookFor)]
    pub fn look_for(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Sought")] sought: JsValue,
    ) -> Result<(), JsValue> {
        let filter = read(sought).and_then(|sought: Sought| sought.filter());
        self.session.watch().look_for(filter.map_err(|problem| to_js(&problem))?, false);
        Ok(())
    }

    /// How many events had happened with the last one that was looked for; undefined if none came.
    #[wasm_bindgen(unchecked_return_type = "number | undefined")]
    pub fn found(&self) -> JsValue {
        self.session.watch().last().map_or(JsValue::UNDEFINED, |last| JsValue::from(last as f64))
    }

    /// A hash of the whole machine, 16 hexadecimal digits: two runs that stand at the same place have
    /// the same.
    #[wasm_bindgen(js_name = imageHash)]
    pub fn image_hash(&self) -> String {
        scenario::hash_text(faultline::machine::image_hash(self.session.memory()))
    }
}
