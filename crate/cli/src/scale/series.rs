//! A series is one curve: the values of some switches, which are laid over the scenario.

use std::str::FromStr;

use faultline::scenario::Setting;
use serde_json::Value;

use super::granularity::Granularity;

/// A switch and its values, as the command line has them.
#[derive(Clone, Debug)]
pub(super) struct Switch(Vec<Series>);

/// One curve.
#[derive(Clone, Debug, Default)]
pub(super) struct Series {
    /// What distinguishes it.
    pub(super) name: String,
    pub(super) settings: Vec<Setting>,
}

impl FromStr for Switch {
    type Err = String;

    /// Reads the values as a list of JSON, or as words or numbers with commas between them.
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('=').filter(|(place, _)| place.starts_with('/'));
        let (place, values) =
            parts.ok_or("expected /PLACE=VALUE,..., as in /machine/slot_finder=scan,bitmap")?;
        let values: Vec<String> = match values.trim_start().starts_with('[') {
            true => serde_json::from_str::<Vec<Value>>(values)
                .map_err(|error| format!("{place}: {error}"))?
                .iter()
                .map(Value::to_string)
                .collect(),
            false => values.split(',').map(str::to_owned).collect(),
        };
        let key = place.rsplit('/').next().unwrap_or(place);
        let series = |value: &String| {
            let setting = format!("{place}={value}").parse::<Setting>();
            let settings = vec![setting.map_err(|error| error.to_string())?];
            Ok(Series { name: format!("{key}={}", value.trim_matches('"')), settings })
        };
        values.iter().map(series).collect::<Result<_, String>>().map(Self)
    }
}

impl Series {
    /// Returns a series for each combination of a granularity and a value of each switch; the one of a machine as it
    /// is when there are none.
    pub(super) fn of(locks: &[Granularity], switches: &[Switch]) -> Result<Vec<Self>, String> {
        let lock = |locks: &Granularity| {
            let value = serde_json::to_string(&locks.0).map_err(|error| error.to_string())?;
            let setting = format!("/machine/pte_locks={value}").parse::<Setting>();
            let settings = vec![setting.map_err(|error| error.to_string())?];
            Ok(Self { name: locks.to_string(), settings })
        };
        let locks = locks.iter().map(lock).collect::<Result<Vec<_>, String>>()?;
        let lists = std::iter::once(&locks).filter(|locks| !locks.is_empty());
        let lists = lists.chain(switches.iter().map(|switch| &switch.0));
        let mut all = vec![Self::default()];
        for list in lists {
            all = all.iter().flat_map(|left| list.iter().map(|right| left.with(right))).collect();
        }
        for series in all.iter_mut().filter(|series| series.name.is_empty()) {
            series.name = "as it is".to_owned();
        }
        Ok(all)
    }

    fn with(&self, other: &Self) -> Self {
        let names = [&self.name, &other.name].map(String::as_str);
        let name = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
        Self { name, settings: [self.settings.clone(), other.settings.clone()].concat() }
    }
}
