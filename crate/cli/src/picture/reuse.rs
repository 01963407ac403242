//! The picture of reuse: how many references come to a page again after so many other pages.

use std::fmt::Write;

use clap::Args;
use faultline_replay::{Bucket, buckets, distances};
use serde_json::{Value, json};

use super::common::{Common, Picture, Read};
use crate::drawing::{Axis, Panel, escaped, head, rule};
use crate::output::visible_line;

#[derive(Args, Debug)]
pub(crate) struct ReuseOptions {
    #[command(flatten)]
    common: Common,
}

/// Makes the picture.
pub(super) fn picture(options: &ReuseOptions) -> Result<bool, String> {
    let Read { name, stream, drawing, .. } = options.common.read()?;
    let distances = distances(&stream);
    let picture = Histogram {
        name,
        references: stream.len() as u64,
        pages: stream.pages(),
        first: distances.first,
        buckets: buckets(&distances),
    };
    options.common.show(drawing, &picture)
}

struct Histogram {
    name: String,
    references: u64,
    pages: usize,
    /// References to a page for the first time.
    first: u64,
    buckets: Vec<Bucket>,
}

const LEFT: f64 = 64.0;
const RIGHT: f64 = 780.0;
const PANEL: Panel = Panel { top: 92.0, bottom: 400.0 };
/// The most columns of signs of a bar.
const BAR: f64 = 40.0;

fn distance(bucket: &Bucket) -> String {
    match bucket.least == bucket.most {
        true => bucket.most.to_string(),
        false => format!("{}-{}", bucket.least, bucket.most),
    }
}

impl Histogram {
    fn title(&self) -> String {
        format!("{} references to {} pages", self.references, self.pages)
    }

    fn share(&self, references: u64) -> f64 {
        references as f64 / self.references as f64
    }

    /// The rows: what they are called, and how many references they have. The first uses come last.
    fn rows(&self) -> impl Iterator<Item = (String, u64)> {
        let buckets = self.buckets.iter().map(|bucket| (distance(bucket), bucket.references));
        buckets.chain([("first use".to_owned(), self.first)])
    }
}

impl Picture for Histogram {
    fn text(&self) -> String {
        let mut text = format!("{}: {}\n", visible_line(&self.name), self.title());
        text.push_str(
            "How many pages are used from one use of a page to the next, that one among them. LRU hits in as many frames.\n\n",
        );
        let most = self.rows().map(|(_, references)| references).max().unwrap_or(1).max(1);
        let _ = writeln!(text, "{:>13}{:>14}{:>9}", "distance", "references", "share");
        for (name, references) in self.rows() {
            let bar = "#".repeat((references as f64 / most as f64 * BAR).ceil() as usize);
            let share = self.share(references) * 100.0;
            let row = format!("{name:>13}{references:>14}{share:>8.2}%  {bar}");
            let _ = writeln!(text, "{}", row.trim_end());
        }
        text
    }

    fn json(&self) -> Value {
        let buckets = self.buckets.iter().map(|bucket| {
            json!({"least": bucket.least, "most": bucket.most, "references": bucket.references})
        });
        json!({"trace": self.name, "references": self.references, "pages": self.pages,
            "first_uses": self.first, "distances": buckets.collect::<Vec<_>>()})
    }

    fn csv(&self) -> String {
        let mut csv = "least,most,references\n".to_owned();
        for Bucket { least, most, references } in &self.buckets {
            let _ = writeln!(csv, "{least},{most},{references}");
        }
        let _ = writeln!(csv, ",,{}", self.first);
        csv
    }

    fn svg(&self) -> String {
        let words = self.rows().map(|(name, references)| format!("{name}: {references}."));
        let words = words.collect::<Vec<_>>().join(" ");
        let mut svg = head(&self.name, &words, 800.0, 460.0);
        let note = format!("{}; first uses at the right, which fault in any memory", self.title());
        let _ = writeln!(svg, r#"<text class="note" x="20" y="52">{}</text>"#, escaped(&note));
        let rows: Vec<_> = self.rows().collect();
        let most = rows.iter().map(|(_, references)| self.share(*references)).fold(0.0, f64::max);
        let axis = Axis::to(PANEL, most * 100.0);
        rule(&mut svg, axis, [LEFT, RIGHT], "share of the references", &|share| {
            format!("{share} %")
        });
        let wide = (RIGHT - LEFT) / rows.len() as f64;
        for (number, (name, references)) in rows.iter().enumerate() {
            let left = LEFT + number as f64 * wide;
            let top = axis.at(self.share(*references) * 100.0);
            let (x, bottom) = (left + wide * 0.12, PANEL.bottom);
            let right = left + wide * 0.88;
            let class = if number + 1 == rows.len() { "f5" } else { "f3" };
            // A polygon, because a drawing's colours are those of polygons.
            let _ = writeln!(
                svg,
                r#"<polygon class="{class}" points="{x:.1},{bottom} {x:.1},{top:.1} {right:.1},{top:.1} {right:.1},{bottom}"/>
<text class="tick" x="{:.1}" y="{}" text-anchor="middle">{name}</text>"#,
                left + wide / 2.0,
                bottom + 20.0
            );
        }
        let _ = writeln!(
            svg,
            r#"<text class="axis" x="{}" y="{}" text-anchor="middle">pages used since the last use of the page</text>
</svg>"#,
            (LEFT + RIGHT) / 2.0,
            PANEL.bottom + 44.0
        );
        svg
    }
}
