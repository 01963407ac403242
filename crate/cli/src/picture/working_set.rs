//! The picture of the working set: how many pages were used within the last so many references, over time.

use std::fmt::Write;

use clap::Args;
use faultline_replay::{Stream, WorkingSet, working_set};
use serde_json::{Value, json};

use super::common::{Common, Picture, Read};
use super::ticks::{references, short};
use crate::drawing::{Axis, COLOURS, Panel, escaped, head, names, rule};
use crate::output::visible_line;

#[derive(Args, Debug)]
pub(crate) struct WorkingSetOptions {
    #[command(flatten)]
    common: Common,
    /// How many references back a page counts, as in 1000 or 100,1000,10000; without it a thousandth, a hundredth and a
    /// tenth of the trace.
    #[arg(long, value_name = "N,...", value_delimiter = ',', value_parser = clap::value_parser!(u64).range(1..))]
    windows: Vec<u64>,
    /// How many stretches of time there are at most.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    stretches: u32,
}

/// The parts of a trace that windows are, where none are named.
const USUAL: [usize; 3] = [1000, 100, 10];

/// Returns the windows, each once, the shortest first.
fn windows(asked: &[u64], stream: &Stream) -> Vec<usize> {
    let mut windows: Vec<usize> = if asked.is_empty() {
        USUAL.iter().map(|part| (stream.len() / part).max(1)).collect()
    } else {
        asked.iter().map(|window| usize::try_from(*window).unwrap_or(usize::MAX)).collect()
    };
    windows.sort_unstable();
    windows.dedup();
    windows
}

/// Makes the picture.
pub(super) fn picture(options: &WorkingSetOptions) -> Result<bool, String> {
    let Read { name, stream, drawing, .. } = options.common.read()?;
    let measure = |window| working_set(&stream, window, options.stretches as usize);
    let sets = windows(&options.windows, &stream).into_iter().map(measure).collect();
    let picture = WorkingSets { name, references: stream.len(), pages: stream.pages(), sets };
    options.common.show(drawing, &picture)
}

struct WorkingSets {
    name: String,
    references: usize,
    pages: usize,
    sets: Vec<WorkingSet>,
}

const LEFT: f64 = 64.0;
const RIGHT: f64 = 670.0;
const PANEL: Panel = Panel { top: 92.0, bottom: 400.0 };

impl WorkingSets {
    fn title(&self) -> String {
        format!("{} references to {} pages", self.references, self.pages)
    }
}

impl Picture for WorkingSets {
    fn text(&self) -> String {
        let mut text = format!("{}: {}\n", visible_line(&self.name), self.title());
        text.push_str("Pages that were used within the last so many references.\n\n");
        let _ = writeln!(text, "{:>12}{:>12}{:>12}", "references", "mean", "most");
        for set in &self.sets {
            let most = set.most.iter().max().unwrap_or(&0);
            let _ = writeln!(text, "{:>12}{:>12.1}{most:>12}", set.window, set.mean);
        }
        text
    }

    fn json(&self) -> Value {
        let sets = self.sets.iter().map(|set| {
            json!({"window": set.window, "mean": set.mean, "begins": set.begins, "means": set.means,
                "most": set.most})
        });
        json!({"trace": self.name, "references": self.references, "pages": self.pages,
            "working_sets": sets.collect::<Vec<_>>()})
    }

    fn csv(&self) -> String {
        let mut csv = "window,first_reference,mean,most\n".to_owned();
        for set in &self.sets {
            for ((begin, mean), most) in set.begins.iter().zip(&set.means).zip(&set.most) {
                let _ = writeln!(csv, "{},{begin},{mean},{most}", set.window);
            }
        }
        csv
    }

    fn svg(&self) -> String {
        let words = self.sets.iter().map(|set| {
            format!("Within the last {} references {:.1} pages in the mean.", set.window, set.mean)
        });
        let words = words.collect::<Vec<_>>().join(" ");
        let mut svg = head(&self.name, &words, 800.0, 460.0);
        let note = format!("{}; a line for each window of references", self.title());
        let _ = writeln!(svg, r#"<text class="note" x="20" y="52">{}</text>"#, escaped(&note));
        let most = self.sets.iter().flat_map(|set| &set.means).copied().fold(1.0, f64::max);
        let axis = Axis::to(PANEL, most);
        rule(&mut svg, axis, [LEFT, RIGHT], "pages", &|pages| format!("{pages}"));
        let mut ends = Vec::new();
        for (number, set) in self.sets.iter().enumerate() {
            let class = number % COLOURS;
            let x = |begin: usize| LEFT + begin as f64 / self.references as f64 * (RIGHT - LEFT);
            // A stretch is drawn at its middle.
            let ends_of = set.begins.iter().skip(1).copied().chain([self.references]);
            let points =
                set.begins.iter().zip(ends_of).zip(&set.means).map(|((begin, end), mean)| {
                    format!("{:.1},{:.1}", (x(*begin) + x(end)) / 2.0, axis.at(*mean))
                });
            let points = points.collect::<Vec<_>>().join(" ");
            let _ = writeln!(svg, r#"<polyline class="line c{class}" points="{points}"/>"#);
            ends.push((axis.at(*set.means.last().unwrap_or(&0.0)), number));
        }
        names(&mut svg, ends, PANEL, RIGHT + 8.0, |number| {
            format!("last {}", short(self.sets[number].window))
        });
        references(&mut svg, &(0..self.references), [LEFT, RIGHT], PANEL);
        svg.push_str("</svg>\n");
        svg
    }
}
