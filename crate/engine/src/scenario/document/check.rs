//! The check holds a value against the rules of the format, and names the first thing that is wrong.

use std::fmt::Display;

use serde_json::{Map, Value};

use super::error::{ScenarioError, push_index, push_key, show};
use super::page_reference::Reference;
use super::rule::{Keys, Rule};

impl Rule {
    /// Checks `value`, which stands at `path`. A whole number that is written as a fraction
    /// (`3.0`, `1e3`), which JSON Schema counts as an integer, is turned into one.
    pub(super) fn check(&self, value: &mut Value, path: &mut String) -> Result<(), ScenarioError> {
        match self {
            Self::Integer { least, most, multiple } => {
                let number = whole(value).ok_or_else(|| self.mismatch(value, path))?;
                self.check_bounds(value, path, number, [*least, *most], &number.to_string())?;
                if number % multiple != 0 {
                    return Err(self.refuse(
                        value,
                        path,
                        format!("{number} is not a multiple of {multiple}"),
                    ));
                }
                set_whole(value, number);
            }
            Self::Among(numbers) => {
                let number = whole(value).ok_or_else(|| self.mismatch(value, path))?;
                if !numbers.contains(&number) {
                    return Err(self.refuse(
                        value,
                        path,
                        format!("{number} is none of {}", self.legal()),
                    ));
                }
                set_whole(value, number);
            }
            Self::Number { least, most } => {
                let number = value.as_f64().ok_or_else(|| self.mismatch(value, path))?;
                self.check_bounds(value, path, number, [*least, *most], &show(value))?;
            }
            Self::Reference { last } => match value {
                Value::String(text) if Reference::read(text).is_some() => {}
                Value::Number(_) => {
                    let page = whole(value).ok_or_else(|| self.mismatch(value, path))?;
                    self.check_bounds(value, path, page, [0, *last], &page.to_string())?;
                    set_whole(value, page);
                }
                _ => return Err(self.mismatch(value, path)),
            },
            Self::Text { least, most } => {
                let length =
                    value.as_str().ok_or_else(|| self.mismatch(value, path))?.chars().count();
                if length < *least {
                    return Err(self.refuse(value, path, "the text is empty"));
                }
                if length > *most {
                    let message = format!("a text of {length} characters is longer than {most}");
                    return Err(self.refuse(value, path, message));
                }
            }
            Self::Boolean => {
                value.as_bool().ok_or_else(|| self.mismatch(value, path))?;
            }
            Self::List { item, least, most } => {
                let Value::Array(items) = value else { return Err(self.mismatch(value, path)) };
                if items.len() < *least || items.len() > *most {
                    let found = format!("a list of {}", items.len());
                    let message = format!("{found} is not {}", self.legal());
                    return Err(ScenarioError::new(path.as_str(), found, self.legal(), message));
                }
                for (index, value) in items.iter_mut().enumerate() {
                    descend(path, |path| push_index(path, index), |path| item.check(value, path))?;
                }
            }
            Self::Object(keys) => {
                let Value::Object(map) = value else { return Err(self.mismatch(value, path)) };
                keys.check(map, None, path)?;
            }
            Self::Tagged { tag, forms } => self.check_tagged(tag, forms, value, path)?,
            Self::Choice { words, forms } => self.check_choice(words, forms, value, path)?,
            Self::OrNull(_) if value.is_null() => {}
            Self::OrNull(rule) => rule.check(value, path)?,
        }
        Ok(())
    }

    /// Checks that a number, which an error shows as `shown`, is neither below the least nor above the most.
    fn check_bounds<N: PartialOrd + Display>(
        &self,
        value: &Value,
        path: &str,
        number: N,
        [least, most]: [N; 2],
        shown: &str,
    ) -> Result<(), ScenarioError> {
        let (side, limit) = match number {
            below if below < least => ("below", least),
            above if above > most => ("above", most),
            _ => return Ok(()),
        };
        let name = limit_name(path, side == "below");
        Err(self.refuse(value, path, format!("{shown} is {side} {name}, {limit}")))
    }

    fn check_tagged(
        &self,
        tag: &str,
        forms: &[(String, Keys)],
        value: &mut Value,
        path: &mut String,
    ) -> Result<(), ScenarioError> {
        let Value::Object(map) = value else { return Err(self.mismatch(value, path)) };
        let legal = || list(forms.iter().map(|(word, _)| word));
        let at_tag = |found: String, message: String| {
            let mut path = path.clone();
            push_key(&mut path, tag);
            ScenarioError::new(path, found, legal(), message)
        };
        let Some(found) = map.get(tag) else {
            return Err(at_tag("nothing".into(), format!("is missing; it is one of {}", legal())));
        };
        let chosen = forms.iter().filter(|(word, _)| found == word);
        // Forms with the same tag are distinguished by their keys: the form that knows most of those given is
        // chosen, and of several the one whose required keys are all there.
        let familiar = |keys: &Keys| {
            let known = keys.known.iter().filter(|(key, _)| map.contains_key(key)).count();
            (known, keys.required.iter().all(|key| map.contains_key(key)))
        };
        let Some((_, keys)) = chosen.rev().max_by_key(|(_, keys)| familiar(keys)) else {
            return Err(at_tag(show(found), format!("{} is none of {}", show(found), legal())));
        };
        keys.check(map, Some(tag), path)
    }

    fn check_choice(
        &self,
        words: &[String],
        forms: &[(String, Rule)],
        value: &mut Value,
        path: &mut String,
    ) -> Result<(), ScenarioError> {
        match value {
            Value::String(text) if words.contains(text) => Ok(()),
            Value::String(_) => {
                Err(self.refuse(value, path, format!("{} is not {}", show(value), self.legal())))
            }
            Value::Object(map) if !forms.is_empty() => {
                let unknown = map.keys().find(|key| !forms.iter().any(|(word, _)| word == *key));
                if let Some(key) = unknown {
                    return Err(unknown_key(key, path, &list(forms.iter().map(|(word, _)| word))));
                }
                if map.len() != 1 {
                    let found = format!("an object of {} keys", map.len());
                    let message = format!("{found} is not {}", self.legal());
                    return Err(ScenarioError::new(path.as_str(), found, self.legal(), message));
                }
                for (word, rule) in forms {
                    if let Some(value) = map.get_mut(word) {
                        descend(path, |path| push_key(path, word), |path| rule.check(value, path))?;
                    }
                }
                Ok(())
            }
            _ => Err(self.mismatch(value, path)),
        }
    }

    fn mismatch(&self, value: &Value, path: &str) -> ScenarioError {
        self.refuse(value, path, format!("{} is not {}", show(value), self.legal()))
    }

    fn refuse(&self, value: &Value, path: &str, message: impl Into<String>) -> ScenarioError {
        ScenarioError::new(path, show(value), self.legal(), message)
    }

    /// Returns what is legal, in words.
    fn legal(&self) -> String {
        match self {
            Self::Integer { least, most, multiple: 1 } => {
                format!("an integer from {least} to {most}")
            }
            Self::Integer { least, most, multiple } => {
                format!("a multiple of {multiple} from {least} to {most}")
            }
            Self::Among(numbers) => {
                numbers.iter().map(i128::to_string).collect::<Vec<_>>().join(", ")
            }
            Self::Number { least, most } => format!("a number from {least} to {most}"),
            Self::Reference { last } => {
                format!("a page from 0 to {last}, or a text of a page and w for a write: \"3w\"")
            }
            Self::Text { most: usize::MAX, .. } => "a text".into(),
            Self::Text { least, most } => format!("a text of {least} to {most} characters"),
            Self::Boolean => "true or false".into(),
            Self::List { least: 0, most: usize::MAX, .. } => "a list".into(),
            Self::List { least, most: usize::MAX, .. } => format!("a list of at least {least}"),
            Self::List { least, most, .. } if least == most => format!("a list of {least}"),
            Self::List { least, most, .. } => format!("a list of {least} to {most}"),
            Self::Object(_) => "an object".into(),
            Self::Tagged { tag, .. } => format!("an object with the key {tag:?}"),
            Self::OrNull(rule) => format!("{}, or null", rule.legal()),
            Self::Choice { words, forms } => {
                let words = words.iter().map(|word| format!("{word:?}"));
                let forms =
                    forms.iter().map(|(word, rule)| format!("{{{word:?}: {}}}", rule.legal()));
                let all: Vec<_> = words.chain(forms).collect();
                if let [only] = all.as_slice() {
                    only.clone()
                } else {
                    format!("one of {}", all.join(", "))
                }
            }
        }
    }
}

impl Keys {
    fn check(
        &self,
        map: &mut Map<String, Value>,
        tag: Option<&str>,
        path: &mut String,
    ) -> Result<(), ScenarioError> {
        let is_known =
            |key: &str| Some(key) == tag || self.known.iter().any(|(known, _)| known == key);
        if let Some(key) = map.keys().find(|key| !is_known(key)) {
            let known: Vec<_> =
                tag.into_iter().chain(self.known.iter().map(|(key, _)| key.as_str())).collect();
            return Err(unknown_key(key, path, &known.join(", ")));
        }
        if let Some(key) = self.required.iter().find(|key| !map.contains_key(*key)) {
            let rule =
                self.known.iter().find(|(known, _)| known == key).map(|(_, rule)| rule.legal());
            let legal = rule.unwrap_or_default();
            push_key(path, key);
            return Err(ScenarioError::new(
                path.as_str(),
                "nothing",
                &legal,
                format!("is missing; it is {legal}"),
            ));
        }
        if !self.one_of.is_empty() && !self.one_of.iter().any(|key| map.contains_key(key)) {
            let legal = format!("at least one of {}", self.one_of.join(", "));
            return Err(ScenarioError::new(
                path.as_str(),
                "none of them",
                &legal,
                format!("needs {legal}"),
            ));
        }
        for (key, rule) in &self.known {
            if let Some(value) = map.get_mut(key) {
                descend(path, |path| push_key(path, key), |path| rule.check(value, path))?;
            }
        }
        Ok(())
    }
}

fn unknown_key(key: &str, path: &str, legal: &str) -> ScenarioError {
    let mut path = path.to_owned();
    push_key(&mut path, key);
    let found = show(&Value::from(key));
    let message = format!("{found} is no key here; there are {legal}");
    ScenarioError::new(path, found, legal, message)
}

/// Runs `inner` with the path extended, and puts the path back.
fn descend(
    path: &mut String,
    extend: impl FnOnce(&mut String),
    inner: impl FnOnce(&mut String) -> Result<(), ScenarioError>,
) -> Result<(), ScenarioError> {
    let length = path.len();
    extend(path);
    let result = inner(path);
    path.truncate(length);
    result
}

fn list<'word>(words: impl Iterator<Item = &'word String>) -> String {
    let mut names: Vec<&str> = words.map(String::as_str).collect();
    names.dedup();
    names.join(", ")
}

/// Returns what a limit is called, where it has a name.
fn limit_name(path: &str, least: bool) -> &'static str {
    match (path, least) {
        ("/machine/frames", true) => "the smallest machine",
        ("/machine/frames", false) => "the largest machine",
        ("/machine/slots", false) => "the largest swap",
        (_, true) => "the least",
        (_, false) => "the most",
    }
}

/// Returns the whole number that a value is, if it is one.
fn whole(value: &Value) -> Option<i128> {
    let Value::Number(number) = value else { return None };
    if let Some(integer) = number.as_i128() {
        return Some(integer);
    }
    // Casting saturates, far beyond every limit of the format.
    number.as_f64().filter(|float| float.fract() == 0.0).map(|float| float as i128)
}

fn set_whole(value: &mut Value, number: i128) {
    if !value.is_u64()
        && let Ok(number) = u64::try_from(number)
    {
        *value = number.into();
    }
}
