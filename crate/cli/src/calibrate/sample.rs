//! A sample has the rounds of a measurement, with their median and outliers.

use serde_json::{Value, json};

/// A round counts as an outlier if it is further from the median than this part of it.
const FAR: f64 = 0.25;

/// A sample is the nanoseconds of a measurement, round by round.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample(Vec<f64>);

impl Sample {
    pub(super) fn add(&mut self, nanoseconds: f64) {
        self.0.push(nanoseconds);
    }

    pub(super) fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        match sorted.len() {
            0 => f64::NAN,
            count if count % 2 == 1 => sorted[count / 2],
            count => (sorted[count / 2 - 1] + sorted[count / 2]) / 2.0,
        }
    }

    pub(super) fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(super) fn most(&self) -> f64 {
        self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    pub(super) fn rounds(&self) -> usize {
        self.0.len()
    }

    /// Counts the rounds far from the median.
    pub(super) fn outliers(&self) -> usize {
        let median = self.median();
        self.0.iter().filter(|value| (**value - median).abs() > FAR * median.abs()).count()
    }

    pub(super) fn json(&self) -> Value {
        let round = |value: f64| (value * 100.0).round() / 100.0;
        json!({
            "median_ns": round(self.median()),
            "least_ns": round(self.least()),
            "most_ns": round(self.most()),
            "rounds": self.rounds(),
            "outliers": self.outliers(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r2_a_calibration_takes_medians_and_tells_outliers() {
        let mut sample = Sample::default();
        for nanoseconds in [10.0, 11.0, 500.0, 9.0, 10.0] {
            sample.add(nanoseconds);
        }
        assert_eq!((sample.median(), sample.outliers(), sample.rounds()), (10.0, 1, 5));
        assert_eq!((sample.least(), sample.most()), (9.0, 500.0));
        sample.add(12.0);
        assert_eq!(sample.median(), 10.5);
    }
}
