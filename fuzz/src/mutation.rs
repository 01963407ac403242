//! Mutates a JSON document in one place to another JSON document: bytes changed at random are seldom JSON, and get
//! no further than its reader.

use std::sync::OnceLock;

use serde_json::{Number, Value, json};

/// A generator of numbers (SplitMix64, Steele, Lea and Flood 2014): the fuzzer gives a seed for each change.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }
}

/// The vocabulary of the format's schema: its keys, and its words and limits as values.
struct Vocabulary {
    keys: Vec<String>,
    values: Vec<Value>,
}

impl Vocabulary {
    fn of_the_format() -> &'static Self {
        static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
        VOCABULARY.get_or_init(|| {
            let schema = faultline::scenario::schema();
            let schema = serde_json::from_str(&schema).expect("a schema is JSON");
            let usual = [json!(null), json!(true), json!(false), json!(""), json!([]), json!({})];
            let numbers = [json!(0), json!(-1), json!(0.5), json!(1e300), json!(u64::MAX)];
            let values = usual.into_iter().chain(numbers).collect();
            let mut vocabulary = Self { keys: Vec::new(), values };
            vocabulary.collect(&schema);
            vocabulary
        })
    }

    fn collect(&mut self, schema: &Value) {
        match schema {
            Value::Object(map) => {
                for (key, value) in map {
                    match key.as_str() {
                        "properties" => {
                            let properties = value.as_object().into_iter().flatten();
                            self.keys.extend(properties.map(|(key, _)| key.clone()));
                        }
                        "const" | "default" => self.values.push(value.clone()),
                        "minimum" | "maximum" | "minLength" | "maxLength" => {
                            self.values.push(value.clone());
                            if let Some(limit) = value.as_i64() {
                                self.values.extend([json!(limit - 1), json!(limit + 1)]);
                            }
                        }
                        _ => {}
                    }
                    self.collect(value);
                }
            }
            Value::Array(list) => list.iter().for_each(|value| self.collect(value)),
            _ => {}
        }
    }
}

/// Collects the values of a document, each by its path from the root.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Array(list) => {
            for (index, item) in list.iter().enumerate() {
                places(item, &format!("{path}/{index}"), found);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(item, &format!("{path}/{key}"), found);
            }
        }
        _ => {}
    }
}

/// Returns the document with one value changed; `None` when it is no JSON, and for each fourth seed: then its bytes
/// are to be changed.
#[must_use]
pub fn mutate(document: &[u8], seed: u32) -> Option<String> {
    let mut random = Random(seed.into());
    if random.below(4) == 0 {
        return None;
    }
    let mut document: Value = serde_json::from_slice(document).ok()?;
    let mut all = Vec::new();
    places(&document, "", &mut all);
    let vocabulary = Vocabulary::of_the_format();
    let other = match random.below(3) {
        0 => document.pointer(&all[random.below(all.len())])?.clone(),
        _ => vocabulary.values[random.below(vocabulary.values.len())].clone(),
    };
    let place = document.pointer_mut(&all[random.below(all.len())])?;
    let change = random.below(4);
    match place {
        Value::Object(map) if change > 0 => {
            if change == 1 && !map.is_empty() {
                let key = map.keys().nth(random.below(map.len()))?.clone();
                map.remove(&key);
            } else {
                map.insert(vocabulary.keys[random.below(vocabulary.keys.len())].clone(), other);
            }
        }
        Value::Array(list) if change > 0 => {
            let at = random.below(list.len() + 1);
            if change == 1 && at < list.len() {
                list.remove(at);
            } else {
                list.insert(at, other);
            }
        }
        Value::Number(number) if change > 0 => {
            let near = number.as_i64().and_then(|n| n.checked_add([-1, 1, 8][change - 1]));
            *number = near.map_or(number.clone(), Number::from);
        }
        place => *place = other,
    }
    serde_json::to_string(&document).ok()
}
