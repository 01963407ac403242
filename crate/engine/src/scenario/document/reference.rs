//! The reference of the format is generated from the schema: a table for each part, with the descriptions and
//! limits that stand there, and nowhere else.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::digits::grouped;
use super::schema::{branch_word, schema};

/// Generates the reference of the format in Markdown: every key, op, word, limit and default.
#[must_use]
pub fn reference() -> String {
    let root: Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    let mut reference = Reference { root: &root, text: String::new(), met: Vec::new() };
    reference.text.push_str("## The document\n\n");
    reference.keys(&root, None);
    let mut next = 0;
    while let Some(name) = reference.met.get(next).cloned() {
        next += 1;
        reference.definition(&name);
    }
    reference.text
}

struct Reference<'a> {
    root: &'a Value,
    text: String,
    /// Definitions in the order in which they were met.
    met: Vec<String>,
}

/// Definitions that stand for ops; all are described where the script is.
const OPS: [&str; 4] = ["Op", "SimpleOp", "ListedOp", "RepeatedOp"];

impl Reference<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn definition(&mut self, name: &str) {
        let definition = &self.root["$defs"][name];
        if OPS.contains(&name) {
            if name == "Op" {
                self.ops();
            }
            return;
        }
        self.line(&format!("\n## {name}\n\n{}\n", described(definition)));
        match definition["oneOf"].as_array() {
            None => self.keys(definition, None),
            Some(branches) => self.branches(branches),
        }
    }

    /// Writes the words and forms that a value can have.
    fn branches(&mut self, branches: &[Value]) {
        if let Some(tagged) =
            branches.iter().find(|branch| branch["properties"]["kind"].is_object())
        {
            debug_assert!(tagged["properties"]["kind"]["const"].is_string());
            for branch in branches {
                let kind = branch_word(branch).unwrap_or_default();
                self.line(&format!("`\"kind\": \"{kind}\"`: {}\n", described(branch)));
                self.keys(branch, Some("kind"));
                self.line("");
            }
            return;
        }
        self.line("| | |\n| --- | --- |");
        for branch in branches {
            let form = self.form(branch);
            self.line(&format!("| {form} | {} |", described(branch)));
        }
    }

    /// Writes one of the forms of a value.
    fn form(&mut self, branch: &Value) -> String {
        match branch["properties"].as_object().and_then(|keys| keys.iter().next()) {
            Some((key, value)) => format!("`{key}`: {}", self.kind(value)),
            None if branch.get("const").is_some() => format!("`{}`", word_of(&branch["const"])),
            None => self.kind(branch),
        }
    }

    /// Writes a table of the keys of an object, those that are required first.
    fn keys(&mut self, object: &Value, tag: Option<&str>) {
        let none = Map::new();
        let properties = object["properties"].as_object().unwrap_or(&none);
        let texts = |list: &Value| -> BTreeSet<String> {
            list.as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let required = texts(&object["required"]);
        let one_of: BTreeSet<_> = object["anyOf"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|branch| texts(&branch["required"]))
            .collect();
        let mut keys: Vec<_> =
            properties.iter().filter(|(key, _)| Some(key.as_str()) != tag).collect();
        keys.sort_by_key(|(key, _)| (!required.contains(*key), !one_of.contains(*key)));
        if keys.is_empty() {
            return;
        }
        self.line("| key | what it is | left out | |\n| --- | --- | --- | --- |");
        for (key, value) in keys {
            let left_out = if required.contains(key) {
                "not possible".to_owned()
            } else if one_of.contains(key) {
                "one of these at least".to_owned()
            } else {
                default_of(&value["default"])
            };
            let kind = self.kind(value);
            self.line(&format!("| `{key}` | {kind} | {left_out} | {} |", described(value)));
        }
    }

    /// Describes the type of a value in words.
    fn kind(&mut self, value: &Value) -> String {
        if let Some(name) = value["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            if !self.met.iter().any(|met| met == name) {
                self.met.push(name.to_owned());
            }
            return match name {
                "Op" | "ListedOp" | "RepeatedOp" => "[ops](#ops)".to_owned(),
                "SimpleOp" => "[ops](#ops) but `together` and `repeat`".to_owned(),
                name => format!("[{name}](#{})", name.to_lowercase()),
            };
        }
        let bound = |key: &str| value[key].as_f64();
        if value["type"].is_array() {
            return "a page, or a text of a page and `w`".to_owned();
        }
        match value["type"].as_str() {
            Some("integer") => integer(value),
            Some("number") => {
                let [least, most] =
                    ["minimum", "maximum"].map(|key| bound(key).unwrap_or_default());
                format!("a number, {least} to {most}")
            }
            Some("string") => match (bound("minLength"), bound("maxLength")) {
                (Some(least), Some(most)) => format!("a text of {least} to {most} characters"),
                _ => "a text".to_owned(),
            },
            Some("boolean") => "`true` or `false`".to_owned(),
            Some("array") => {
                let items = self.kind(&value["items"]);
                match (bound("minItems"), bound("maxItems")) {
                    (Some(least), Some(most)) if least == most => {
                        format!("a list of {most}: {items}")
                    }
                    (Some(least), None) => format!("a list of at least {least}: {items}"),
                    (least, Some(most)) => {
                        format!("a list of {} to {most}: {items}", least.unwrap_or_default())
                    }
                    (None, None) => format!("a list: {items}"),
                }
            }
            _ if value.get("const").is_some() => format!("`{}`", value["const"]),
            _ => "an object".to_owned(),
        }
    }

    fn ops(&mut self) {
        let definitions = &self.root["$defs"];
        let branches =
            ["SimpleOp", "Op"].map(|name| definitions[name]["oneOf"].as_array().cloned());
        self.line("\n## Ops\n");
        self.line("Each op has the key `op`, which says which it is, and may have one of these.\n");
        let common = definitions["SimpleOp"]["oneOf"][0]["properties"].clone();
        self.line("| key | what it is | |\n| --- | --- | --- |");
        for key in COMMON {
            let kind = self.kind(&common[key]);
            self.line(&format!("| `{key}` | {kind} | {} |", described(&common[key])));
        }
        for branch in branches.into_iter().flatten().flatten() {
            let Some(name) = branch_word(&branch).filter(|_| branch["properties"].is_object())
            else {
                continue;
            };
            let name = name.to_owned();
            // The forms of an op differ by what each has to have.
            let keys = branch["required"].as_array().into_iter().flatten().skip(1);
            let keys: Vec<_> = keys.map(|key| format!("`{}`", word_of(key))).collect();
            let form =
                if name == "expect" { format!(" {}", keys.join(", ")) } else { String::new() };
            self.line(&format!("\n### {name}{form}\n\n{}\n", described(&branch)));
            let mut own = branch.clone();
            if let Some(keys) = own["properties"].as_object_mut() {
                keys.retain(|key, _| !COMMON.contains(&key.as_str()));
            }
            self.keys(&own, Some("op"));
        }
    }
}

/// The keys that every op may have.
const COMMON: [&str; 4] = ["fails", "may_fail", "note", "question"];

fn integer(value: &Value) -> String {
    if let Some(numbers) = value["enum"].as_array() {
        let numbers: Vec<_> = numbers.iter().map(Value::to_string).collect();
        return numbers.join(", ");
    }
    let bound = |key: &str| value[key].as_u64();
    let least = grouped(bound("minimum").unwrap_or_default());
    let most = bound("maximum").map_or_else(
        || "2^64 - 1".to_owned(),
        |most| match most {
            super::format::MAX_SAFE_INTEGER => "2^53 - 1".to_owned(),
            most if most == u64::from(u32::MAX) => "2^32 - 1".to_owned(),
            most => grouped(most),
        },
    );
    match bound("multipleOf") {
        Some(multiple) => format!("a multiple of {multiple}, {least} to {most}"),
        None if least == most => least,
        None => format!("{least} to {most}"),
    }
}

/// Returns what holds when a key is left out. A value with keys of its own has their defaults.
fn default_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Number(number) => match number.as_u64() {
            Some(number) => grouped(number),
            None => number.to_string(),
        },
        Value::Object(keys) if keys.len() > 1 => "their defaults".to_owned(),
        value => format!("`{value}`"),
    }
}

fn word_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns a description on one line.
fn described(value: &Value) -> String {
    let text = value["description"].as_str().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
