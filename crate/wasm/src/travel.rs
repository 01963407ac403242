//! Steps a machine for the page's time travel: begins an op, goes on to a place, looks for events.

use faultline::observe::{EventKind, Filter, Watch};
use faultline::scenario::{self, ScenarioError, Until};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::laboratory::Laboratory;
use crate::scenario::to_js;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "import type { Place } from '../src/generated/types.d.ts';
/** Which events are looked for: kinds by name; what is left out fits all. The first operand of a lock's event is which lock of its class. */
export interface Sought { kinds: string[]; process?: number; number?: number; operand?: number }
/** How far to go: to whichever comes first, else to the end of the op. */
export interface Reach { events?: number; time_ns?: number; fits?: Sought[] }
/** How many events had happened with the last that fitted, and which of the sought were fitted by any. */
export interface Found { events: number; sought: number[] }";

/// The Rust side of TypeScript's `Sought`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sought {
    kinds: Vec<String>,
    process: Option<u16>,
    number: Option<u32>,
    operand: Option<u64>,
}

/// The Rust side of TypeScript's `Reach`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reach {
    events: Option<u64>,
    time_ns: Option<u64>,
    #[serde(default)]
    fits: Vec<Sought>,
}

/// The Rust side of TypeScript's `Found`.
#[derive(Serialize)]
struct FoundEvents {
    events: u64,
    sought: Vec<u32>,
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
        let Self { process, number, operand, .. } = *self;
        Ok(Filter { kinds, process, number, operand })
    }
}

fn filters(sought: &[Sought]) -> Result<Vec<Filter>, ScenarioError> {
    let most = Watch::MOST;
    if sought.len() > most {
        let found = sought.len().to_string();
        let message = format!("{found} kinds of places are looked for at one time");
        return Err(ScenarioError::new("", found, format!("at most {most}"), message));
    }
    sought.iter().map(Sought::filter).collect()
}

fn read<T: for<'a> Deserialize<'a>>(value: JsValue) -> Result<T, ScenarioError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| {
        ScenarioError::new("", "something else", "a place of a run", error.to_string())
    })
}

#[wasm_bindgen]
impl Laboratory {
    /// Begins an op of a script, the one at this index, which `advance` goes on with. Throws if the op is none.
    pub fn begin(&mut self, op: &str, index: u32) -> Result<(), JsValue> {
        let op = scenario::parse_op(op, &self.options).map_err(|problem| to_js(&problem))?;
        self.session.begin(&op, &format!("/script/{index}"));
        Ok(())
    }

    /// Goes on with the op that was begun, and returns its outcome when it is done; undefined when a virtual
    /// run stopped before. Throws if there is no such place.
    #[wasm_bindgen(unchecked_return_type = "OpOutcome | undefined")]
    pub fn advance(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Reach")] reach: JsValue,
    ) -> Result<JsValue, JsValue> {
        let Reach { events, time_ns, fits } = read(reach).map_err(|problem| to_js(&problem))?;
        let fits = filters(&fits).map_err(|problem| to_js(&problem))?;
        let outcome = self.session.advance(Until { events, time_ns, fits: &fits, ..Until::DONE });
        Ok(outcome.map_or(JsValue::UNDEFINED, |outcome| to_js(&outcome)))
    }

    /// Takes memory from the host ahead of need, so that a run that is put back to an earlier state does
    /// not take it again and again.
    pub fn reserve(&self, bytes: usize) {
        drop(std::hint::black_box(Vec::<u8>::with_capacity(bytes)));
    }

    /// Returns the place of the run.
    #[wasm_bindgen(unchecked_return_type = "Place")]
    pub fn place(&self) -> JsValue {
        to_js(&self.session.place())
    }

    /// Looks for events that fit any of these from here on, without stopping for them; `found` returns them.
    #[wasm_bindgen(js_name = lookFor)]
    pub fn look_for(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Sought[]")] sought: JsValue,
    ) -> Result<(), JsValue> {
        let sought = read(sought).and_then(|sought: Vec<Sought>| filters(&sought));
        self.session.watch().look_for(&sought.map_err(|problem| to_js(&problem))?, false);
        Ok(())
    }

    /// Returns what was found of what was looked for; undefined if nothing was.
    #[wasm_bindgen(unchecked_return_type = "Found | undefined")]
    pub fn found(&self) -> JsValue {
        self.session.watch().found().map_or(JsValue::UNDEFINED, |found| {
            let bits = 0..Watch::MOST as u32;
            let sought = bits.filter(|place| found.filters >> place & 1 == 1).collect();
            to_js(&FoundEvents { events: found.events, sought })
        })
    }

    /// Returns a hash of the whole machine, 16 hexadecimal digits: two runs that stand at the same place have
    /// the same.
    #[wasm_bindgen(js_name = imageHash)]
    pub fn image_hash(&self) -> String {
        scenario::hash_text(faultline::audit::image_hash(self.session.machine()))
    }
}
