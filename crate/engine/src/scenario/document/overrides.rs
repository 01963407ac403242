//! Overrides replace parts of a scenario, as a call of the command or of the browser asks.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::ScenarioError;
use super::format::Scenario;
use super::json;
use super::setting::Setting;
use super::textbook;
use super::validate::{parse, parse_document};

/// The overrides of one call. A textbook's machine comes first, then the settings, then the rest.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Overrides {
    /// Makes the machine a textbook's, with so many frames for data.
    pub textbook: Option<u32>,
    /// Values by their places; in text each is written `/PLACE=VALUE`.
    pub set: Vec<Setting>,
    /// What it runs on.
    pub runtime: Option<RuntimeKind>,
    /// The seed of a virtual run; threads have none.
    pub seed: Option<u64>,
    /// How many CPUs the machine has.
    pub cpus: Option<u32>,
}

/// The kind of a runtime, without its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuntimeKind {
    /// Real threads in real time.
    Threads,
    /// Virtual CPUs in virtual time.
    Virtual,
}

impl Overrides {
    /// Makes overrides of settings alone.
    #[must_use]
    pub fn of(set: &[Setting]) -> Self {
        Self { set: set.to_vec(), ..Self::default() }
    }

    /// Reads a scenario, first as it is and then with the overrides.
    ///
    /// # Errors
    /// A [`ScenarioError`] for what is wrong with the scenario itself, with a setting's place, or with
    /// what came of both.
    pub fn parse(&self, text: &str) -> Result<Scenario, ScenarioError> {
        let scenario = parse(text)?;
        if *self == Self::default() {
            return Ok(scenario);
        }
        parse_document(self.document(text)?)
    }

    /// Returns the text of a scenario with the overrides laid over it, which [`parse`] has not read.
    ///
    /// # Errors
    /// A [`ScenarioError`] for a text that is no JSON, or a setting without a place in it.
    pub fn lay_over(&self, text: &str) -> Result<String, ScenarioError> {
        self.document(text).map(|document| document.to_string())
    }

    fn document(&self, text: &str) -> Result<Value, ScenarioError> {
        let mut document = json::read(text)?;
        if let Some(frames) = self.textbook {
            textbook::lay_over(&mut document, frames);
        }
        for setting in &self.set {
            setting.lay_over(&mut document)?;
        }
        if let Some(cpus) = self.cpus {
            Setting::new("/machine/cpus", cpus).lay_over(&mut document)?;
        }
        let own = match document.pointer("/runtime/kind").and_then(Value::as_str) {
            Some("threads") => RuntimeKind::Threads,
            _ => RuntimeKind::Virtual,
        };
        let kind = self.runtime.unwrap_or(own);
        if kind != own {
            // The runtime is replaced as a whole: the other keys of one kind are not legal for the other.
            Setting::new("/runtime", json!({"kind": kind})).lay_over(&mut document)?;
        }
        if let (Some(seed), RuntimeKind::Virtual) = (self.seed, kind) {
            Setting::new("/runtime/kind", "virtual").lay_over(&mut document)?;
            Setting::new("/runtime/seed", seed).lay_over(&mut document)?;
        }
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::RuntimeOptions;
    use super::*;
    use crate::runtime::LockKind;

    const VIRTUAL: &str = r#"{"faultline": 1, "machine": {"cpus": 2},
        "runtime": {"kind": "virtual", "seed": 7, "schedule": [[3, 1]]}}"#;
    const THREADS: &str = r#"{"faultline": 1, "runtime": {"kind": "threads"}}"#;

    fn overrides(text: &str) -> Overrides {
        serde_json::from_str(text).unwrap()
    }

    fn runtime(text: &str, said: &str) -> RuntimeOptions {
        overrides(said).parse(text).unwrap().runtime
    }

    #[test]
    fn r5_what_a_call_says_comes_before_what_the_scenario_says() {
        let usual = RuntimeOptions::default();
        let RuntimeOptions::Virtual { costs, .. } = usual.clone() else { panic!("not virtual") };
        let seeded = |seed, schedule| RuntimeOptions::Virtual {
            seed,
            costs: costs.clone(),
            coherence: false,
            lock_kind: LockKind::default(),
            schedule,
        };
        let threads = RuntimeOptions::Threads {};
        assert_eq!(runtime(VIRTUAL, "{}"), seeded(7, Some(vec![[3, 1]])));
        assert_eq!(runtime(VIRTUAL, r#"{"seed": 8}"#), seeded(8, Some(vec![[3, 1]])));
        assert_eq!(runtime(VIRTUAL, r#"{"runtime": "virtual"}"#), seeded(7, Some(vec![[3, 1]])));
        assert_eq!(runtime(VIRTUAL, r#"{"runtime": "threads", "seed": 8}"#), threads);
        assert_eq!(runtime(THREADS, r#"{"seed": 8}"#), threads);
        assert_eq!(runtime(THREADS, r#"{"runtime": "virtual"}"#), usual);
        assert_eq!(runtime(THREADS, r#"{"runtime": "virtual", "seed": 8}"#), seeded(8, None));
        assert_eq!(runtime(r#"{"faultline": 1}"#, r#"{"seed": 8}"#), seeded(8, None));
        let machine = overrides(r#"{"set": ["/machine/cpus=3"], "cpus": 4}"#).parse(VIRTUAL);
        assert_eq!(machine.unwrap().machine.cpus, 4);
    }

    #[test]
    fn r5_what_comes_of_overrides_is_checked_as_a_scenario_is() {
        let refused = |said: &str| overrides(said).parse(VIRTUAL).unwrap_err().to_string();
        assert_eq!(refused(r#"{"cpus": 129}"#), "/machine/cpus: 129 is above the most, 128");
        assert_eq!(
            refused(r#"{"cpus": 1, "runtime": "virtual", "set": ["/runtime/schedule/0/1=9"]}"#),
            "/runtime/schedule/0/1: 9 is nobody on a machine with 1 CPUs"
        );
        assert_eq!(
            refused(r#"{"set": ["/machine/slots=-1"]}"#),
            "/machine/slots: -1 is below the least, 0"
        );
        assert_eq!(
            refused(r#"{"set": ["/runtime/schedule/2=1"]}"#),
            "/runtime/schedule/2: no such entry, there are 1"
        );
        // What is wrong with the scenario itself is found first.
        let wrong = overrides(r#"{"set": ["/machine/frames=8"]}"#);
        let error = wrong.parse(r#"{"faultline": 1, "machine": {"frames": 3}}"#).unwrap_err();
        assert_eq!(error.path, "/machine/frames");
    }

    #[test]
    fn r5_overrides_are_laid_over_a_text() {
        let said = overrides(r#"{"set": ["/title=other"], "runtime": "threads", "cpus": 2}"#);
        let text = said.lay_over(r#"{"faultline": 1}"#).unwrap();
        let expected = json!({
            "faultline": 1, "title": "other", "machine": {"cpus": 2}, "runtime": {"kind": "threads"}
        });
        assert_eq!(json::read(&text).unwrap(), expected);
        let unread = serde_json::from_str::<Overrides>(r#"{"set": ["slots"]}"#).unwrap_err();
        assert!(unread.to_string().starts_with("expected /PLACE=VALUE"), "{unread}");
    }
}
