//! What pictures of a trace show: references by time and address, the working set over time, and reuse distances.

use faultline_replay::{Part, buckets, by_area, distances, heat, working_set};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::references::References;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "/** Part of a trace: its references, and its pages by their places in the order of addresses. Ends are not in it. */
export interface TracePart { first: number; end: number; first_place: number; end_place: number }
/** Neighbouring pages that are told together. */
export interface TraceArea { name: string; addresses: [string, string] | null; first_place: number; end_place: number }
/** References by time and address. */
export interface TraceHeat {
  part: TracePart;
  columns: number;
  rows: number;
  /** Row by row from the lowest address. */
  counts: number[];
  writes: number[];
  /** Of each row its first page and the address of that, if it is known. */
  places: [number, string | null][];
  /** For each of some stretches of time where it begins, and the references to each area. */
  stretches: { first: number; areas: number[] }[];
}
/** How many pages were used within the last `window` references. */
export interface TraceWorkingSet { window: number; begins: number[]; means: number[]; most: number[]; mean: number }
/** How many pages are used from one use of a page to the next, that one among them. */
export interface TraceReuse { first: number; buckets: { least: number; most: number; references: number }[] }";

/// The Rust side of TypeScript's `TracePart`.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    first: u32,
    end: u32,
    first_place: u32,
    end_place: u32,
}

#[derive(Serialize)]
struct Area<'a> {
    name: &'a str,
    addresses: Option<[String; 2]>,
    first_place: usize,
    end_place: usize,
}

#[derive(Serialize)]
struct Grid {
    part: Shown,
    columns: usize,
    rows: usize,
    counts: Vec<u32>,
    writes: Vec<u32>,
    places: Vec<(u64, Option<String>)>,
    stretches: Vec<Stretch>,
}

#[derive(Serialize)]
struct Stretch {
    first: usize,
    areas: Vec<u64>,
}

#[derive(Serialize)]
struct Set {
    window: usize,
    begins: Vec<usize>,
    means: Vec<f64>,
    most: Vec<u32>,
    mean: f64,
}

#[derive(Serialize)]
struct Reuse {
    first: u64,
    buckets: Vec<Bucket>,
}

#[derive(Serialize)]
struct Bucket {
    least: u32,
    most: u32,
    references: u64,
}

fn hex(address: u64) -> String {
    format!("0x{address:x}")
}

fn value(found: &impl Serialize) -> Result<JsValue, JsValue> {
    found.serialize(&Serializer::json_compatible()).map_err(|error| error.to_string().into())
}

#[wasm_bindgen]
impl References {
    /// Returns the areas, the lowest first.
    #[wasm_bindgen(unchecked_return_type = "TraceArea[]")]
    pub fn areas(&self) -> Result<JsValue, JsValue> {
        let areas = self.layout.areas().iter().map(|area| Area {
            name: &area.name,
            addresses: area
                .addresses
                .as_ref()
                .map(|range| [hex(*range.start()), hex(*range.end())]),
            first_place: area.places.start,
            end_place: area.places.end,
        });
        value(&areas.collect::<Vec<_>>())
    }

    /// Counts the references of a part in a grid of at most so many columns and rows, and to each area in so many
    /// stretches of time.
    #[wasm_bindgen(unchecked_return_type = "TraceHeat")]
    pub fn heat(
        &self,
        #[wasm_bindgen(unchecked_param_type = "TracePart")] part: JsValue,
        columns: u32,
        rows: u32,
        stretches: u32,
    ) -> Result<JsValue, JsValue> {
        let shown: Shown = serde_wasm_bindgen::from_value(part)
            .map_err(|error| JsValue::from(error.to_string()))?;
        let part = Part {
            references: shown.first as usize..shown.end as usize,
            places: shown.first_place as usize..shown.end_place as usize,
        };
        let found = heat(&self.stream, &self.layout, &part, columns as usize, rows as usize);
        let stretches = by_area(&self.stream, &self.layout, &found.part, stretches as usize);
        let place = |row| {
            let place = found.places_of(row).start;
            (self.layout.page_at(place), self.layout.address_at(place).map(hex))
        };
        let grid = Grid {
            part: Shown {
                first: found.part.references.start as u32,
                end: found.part.references.end as u32,
                first_place: found.part.places.start as u32,
                end_place: found.part.places.end as u32,
            },
            places: (0..found.rows).map(place).collect(),
            stretches: stretches
                .into_iter()
                .map(|(first, areas)| Stretch { first, areas })
                .collect(),
            columns: found.columns,
            rows: found.rows,
            counts: found.counts,
            writes: found.writes,
        };
        value(&grid)
    }

    /// Measures the working set with a window of so many references, in at most so many stretches of time.
    #[wasm_bindgen(unchecked_return_type = "TraceWorkingSet")]
    pub fn working_set(&self, window: u32, stretches: u32) -> Result<JsValue, JsValue> {
        let set = working_set(&self.stream, window as usize, stretches as usize);
        let faultline_replay::WorkingSet { window, begins, means, most, mean } = set;
        value(&Set { window, begins, means, most, mean })
    }

    /// Counts how far apart the uses of a page are.
    #[wasm_bindgen(unchecked_return_type = "TraceReuse")]
    pub fn reuse(&self) -> Result<JsValue, JsValue> {
        let distances = distances(&self.stream);
        let bucket = |bucket: faultline_replay::Bucket| Bucket {
            least: bucket.least,
            most: bucket.most,
            references: bucket.references,
        };
        let buckets = buckets(&distances).into_iter().map(bucket).collect();
        value(&Reuse { first: distances.first, buckets })
    }
}
