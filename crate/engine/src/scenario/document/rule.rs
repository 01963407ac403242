//! Rules, made from the schema, check a value and say what is wrong with it in a person's words.
//!
//! A general JSON Schema validator answers "not valid under any of the given schemas" to a typing
//! error in an op. These rules know the few shapes that the format uses, and pick the branch that
//! the author meant by its tag.

use serde_json::{Map, Value};

use super::schema::branch_word;

/// A rule says what a value has to be.
#[derive(Debug)]
pub(super) enum Rule {
    /// A whole number within bounds, a multiple of `multiple`.
    Integer { least: i128, most: i128, multiple: i128 },
    /// One of these whole numbers.
    Among(Vec<i128>),
    /// Any number within bounds.
    Number { least: f64, most: f64 },
    /// A page up to `last`, or a text of a page and `w`.
    Reference { last: i128 },
    /// A text of so many characters.
    Text { least: usize, most: usize },
    /// True or false.
    Boolean,
    /// A list of so many items.
    List { item: Box<Rule>, least: usize, most: usize },
    /// An object with these keys.
    Object(Keys),
    /// An object whose key `tag` decides which keys it has. Two forms can have the same tag.
    Tagged { tag: String, forms: Vec<(String, Keys)> },
    /// A word, or an object with one key.
    Choice { words: Vec<String>, forms: Vec<(String, Rule)> },
    /// What the rule inside says, or null.
    OrNull(Box<Rule>),
}

/// The keys of an object.
#[derive(Debug, Default)]
pub(super) struct Keys {
    pub(super) known: Vec<(String, Rule)>,
    pub(super) required: Vec<String>,
    /// At least one of these, if there are any.
    pub(super) one_of: Vec<String>,
}

impl Rule {
    /// Makes the rule that a root schema stands for. The schema is ours: a shape that is not known here
    /// is a mistake in the format's types, found by the first test that reads a document.
    pub(super) fn of(root: &Value) -> Self {
        Compiler { definitions: &root["$defs"] }.rule("", root)
    }

    /// Makes the rule of one of the root schema's definitions.
    pub(super) fn of_definition(name: &str, root: &Value) -> Self {
        Compiler { definitions: &root["$defs"] }.rule(name, &root["$defs"][name])
    }
}

struct Compiler<'schema> {
    definitions: &'schema Value,
}

impl Compiler<'_> {
    fn rule(&self, definition: &str, schema: &Value) -> Rule {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            return self.rule(name, &self.definitions[name]);
        }
        if let Some(branches) = schema["oneOf"].as_array() {
            return match branches.as_slice() {
                [rule, null] if null.get("const") == Some(&Value::Null) => {
                    Rule::OrNull(Box::new(self.rule("", rule)))
                }
                _ => self.branches(definition, branches),
            };
        }
        if schema["type"].is_array() {
            return Rule::Reference { last: schema["maximum"].as_i64().unwrap_or_default().into() };
        }
        match schema["type"].as_str() {
            Some("integer") => integer(schema),
            Some("number") => Rule::Number {
                least: schema["minimum"].as_f64().unwrap_or(f64::MIN),
                most: schema["maximum"].as_f64().unwrap_or(f64::MAX),
            },
            Some("string") => match schema["enum"].as_array() {
                Some(words) => {
                    Rule::Choice { words: words.iter().map(word).collect(), forms: Vec::new() }
                }
                None => Rule::Text {
                    least: size(schema, "minLength", 0),
                    most: size(schema, "maxLength", usize::MAX),
                },
            },
            Some("boolean") => Rule::Boolean,
            Some("array") => Rule::List {
                item: Box::new(self.rule("", &schema["items"])),
                least: size(schema, "minItems", 0),
                most: size(schema, "maxItems", usize::MAX),
            },
            Some("object") => Rule::Object(self.keys(schema)),
            other => {
                unreachable!("the format uses no schema of type {other:?} (in {definition:?})")
            }
        }
    }

    fn branches(&self, definition: &str, branches: &[Value]) -> Rule {
        let tag = |branch: &Value| {
            ["op", "kind"]
                .into_iter()
                .find(|tag| branch["properties"][tag]["const"].is_string())
                .map(str::to_owned)
        };
        if let Some(tag) = branches.iter().find_map(tag) {
            let mut forms = Vec::new();
            for branch in branches {
                match self.rule_of_branch(definition, branch) {
                    Rule::Tagged { forms: nested, .. } => forms.extend(nested),
                    Rule::Object(keys) => forms.push((branch_name(branch), keys)),
                    _ => unreachable!("a branch of {definition} is no object"),
                }
            }
            return Rule::Tagged { tag, forms };
        }
        let (mut words, mut forms) = (Vec::new(), Vec::new());
        for branch in branches {
            if branch["const"].is_string() {
                words.push(branch_name(branch));
            } else if let Some(several) = branch["enum"].as_array() {
                words.extend(several.iter().map(word));
            } else {
                let name = branch_name(branch);
                let rule = self.rule("", &branch["properties"][&name]);
                forms.push((name, rule));
            }
        }
        Rule::Choice { words, forms }
    }

    fn rule_of_branch(&self, definition: &str, branch: &Value) -> Rule {
        match self.rule(definition, branch) {
            Rule::Object(mut keys) => {
                keys.known.retain(|(key, _)| !branch["properties"][key]["const"].is_string());
                Rule::Object(keys)
            }
            other => other,
        }
    }

    fn keys(&self, schema: &Value) -> Keys {
        let none = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&none);
        let known = properties
            .iter()
            .filter(|(_, property)| !property["const"].is_string())
            .map(|(key, property)| (key.clone(), self.rule("", property)))
            .collect();
        let texts = |list: &Value| -> Vec<String> {
            list.as_array()
                .into_iter()
                .flatten()
                .filter_map(|text| text.as_str().map(str::to_owned))
                .collect()
        };
        let one_of = schema["anyOf"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|branch| texts(&branch["required"]));
        Keys { known, required: texts(&schema["required"]), one_of: one_of.collect() }
    }
}

fn integer(schema: &Value) -> Rule {
    if let Some(numbers) = schema["enum"].as_array() {
        return Rule::Among(
            numbers.iter().filter_map(|number| number.as_i64().map(i128::from)).collect(),
        );
    }
    let widest = match schema["format"].as_str() {
        Some("uint32") => i128::from(u32::MAX),
        _ => i128::from(u64::MAX),
    };
    let bound = |key: &str| schema[key].as_u64().map(i128::from);
    Rule::Integer {
        least: bound("minimum").unwrap_or(0),
        most: bound("maximum").unwrap_or(widest),
        multiple: bound("multipleOf").unwrap_or(1),
    }
}

fn size(schema: &Value, key: &str, otherwise: usize) -> usize {
    schema[key].as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or(otherwise)
}

fn word(text: &Value) -> String {
    text.as_str().unwrap_or_default().to_owned()
}

fn branch_name(branch: &Value) -> String {
    branch_word(branch).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::schema::{MADE_AHEAD, reading_schema};
    use super::*;

    #[test]
    fn r5_the_schema_made_ahead_gives_the_same_rules() {
        let made_ahead: Value = serde_json::from_str(MADE_AHEAD).unwrap();
        let rules = |schema: &Value| format!("{:?}", Rule::of(schema));
        assert_eq!(rules(&made_ahead), rules(&reading_schema()));
    }
}
