//! The picture of addresses over time: a grid of references, the darker the more of them fall in a cell.

use std::fmt::Write;

use clap::Args;
use faultline_replay::{Area, Heat, Layout, Part, by_area, heat};
use serde_json::{Value, json};

use super::common::{Common, Picture, Read};
use super::ticks::references;
use crate::drawing::{Panel, escaped, head, shortened};
use crate::output::visible_line;

#[derive(Args, Debug)]
pub(crate) struct AddressesOptions {
    #[command(flatten)]
    common: Common,
    /// How many stretches of time there are at most.
    #[arg(long, value_name = "N", default_value_t = 240, value_parser = clap::value_parser!(u32).range(1..=4000))]
    columns: u32,
    /// How many stretches of pages there are at most.
    #[arg(long, value_name = "N", default_value_t = 96, value_parser = clap::value_parser!(u32).range(1..=4000))]
    rows: u32,
    /// The first and the last reference that are shown, from 0; without it all are.
    #[arg(long, value_name = "FIRST..LAST", value_parser = range)]
    references: Option<(usize, usize)>,
    /// The first and the last page that are shown, counted from 0 in the order of addresses.
    #[arg(long, value_name = "FIRST..LAST", value_parser = range)]
    places: Option<(usize, usize)>,
}

fn range(text: &str) -> Result<(usize, usize), String> {
    let ends = text.split_once("..").and_then(|(first, last)| {
        Some((first.parse().ok()?, last.parse().ok()?)).filter(|(first, last)| first <= last)
    });
    ends.ok_or_else(|| "legal: two numbers, as in 0..999, the smaller first".to_owned())
}

/// Makes the picture.
pub(super) fn picture(options: &AddressesOptions) -> Result<bool, String> {
    let Read { name, stream, addresses, drawing } = options.common.read()?;
    let layout = Layout::new(&stream, &addresses);
    let cut =
        |option: &str, what: &str, asked: Option<(usize, usize)>, there_are: usize| match asked {
            None => Ok(0..there_are),
            Some((first, last)) if last < there_are => Ok(first..last + 1),
            Some((_, last)) => Err(format!(
                "{option}: there is no {what} {last}; legal: at most {}",
                there_are - 1
            )),
        };
    let part = Part {
        references: cut("--references", "reference", options.references, stream.len())?,
        places: cut("--places", "page", options.places, stream.pages())?,
    };
    let heat = heat(&stream, &layout, &part, options.columns as usize, options.rows as usize);
    let (_, counts) = by_area(&stream, &layout, &part, 1).remove(0);
    let shown = |area: &Area| {
        area.places.start < heat.part.places.end && area.places.end > heat.part.places.start
    };
    let counts = layout.areas().iter().zip(counts).filter(|(area, _)| shown(area));
    let counts = counts.map(|(_, count)| count).collect();
    let picture = Heatmap { name, all: [stream.len(), stream.pages()], layout, heat, counts };
    options.common.show(drawing, &picture)
}

struct Heatmap {
    name: String,
    /// The references and the pages of the whole trace.
    all: [usize; 2],
    layout: Layout,
    heat: Heat,
    /// The references to each area that is shown.
    counts: Vec<u64>,
}

/// The left and the right edge of the panel; the names of the areas stand to its right.
const LEFT: f64 = 20.0;
const RIGHT: f64 = 640.0;
const PANEL: Panel = Panel { top: 72.0, bottom: 520.0 };
const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 580.0;
/// How many shades there are, and how dark the faintest is.
const SHADES: u32 = 12;
const FAINTEST: f64 = 0.14;
/// The least height of an area whose name is written.
const NAMED: f64 = 13.0;

impl Heatmap {
    /// The areas that are shown, and how much of each.
    fn areas(&self) -> impl Iterator<Item = (&Area, std::ops::Range<usize>)> {
        let shown = &self.heat.part.places;
        self.layout.areas().iter().filter_map(|area| {
            let places = area.places.start.max(shown.start)..area.places.end.min(shown.end);
            (!places.is_empty()).then_some((area, places))
        })
    }

    fn y(&self, place: usize) -> f64 {
        let shown = &self.heat.part.places;
        let share = (place - shown.start) as f64 / shown.len() as f64;
        PANEL.bottom - share * (PANEL.bottom - PANEL.top)
    }

    /// Draws the cells, one path for each shade. Neighbours of one shade in a row are one rectangle.
    fn cells(&self, svg: &mut String) {
        let Heat { columns, rows, counts, .. } = &self.heat;
        let most = f64::from(self.heat.most()).ln_1p();
        let shade = |count: u32| {
            let shade = (f64::from(count).ln_1p() / most * f64::from(SHADES)).ceil();
            if count == 0 { 0 } else { (shade as u32).clamp(1, SHADES) }
        };
        let mut paths = vec![String::new(); SHADES as usize + 1];
        let (wide, high) =
            ((RIGHT - LEFT) / *columns as f64, (PANEL.bottom - PANEL.top) / *rows as f64);
        for row in 0..*rows {
            let cells = &counts[row * columns..(row + 1) * columns];
            let mut column = 0;
            while column < *columns {
                let (first, now) = (column, shade(cells[column]));
                while column < *columns && shade(cells[column]) == now {
                    column += 1;
                }
                if now > 0 {
                    let (x, y) =
                        (LEFT + first as f64 * wide, PANEL.bottom - (row + 1) as f64 * high);
                    let width = (column - first) as f64 * wide;
                    let _ = write!(
                        paths[now as usize],
                        "M{x:.1} {y:.1}h{width:.1}v{high:.2}h-{width:.1}z"
                    );
                }
            }
        }
        svg.push_str("<g class=\"heat\" shape-rendering=\"crispEdges\">\n");
        for (shade, path) in paths.iter().enumerate().filter(|(_, path)| !path.is_empty()) {
            let opacity = FAINTEST + (1.0 - FAINTEST) * shade as f64 / f64::from(SHADES);
            let _ = writeln!(svg, r#"<path opacity="{opacity:.2}" d="{path}"/>"#);
        }
        svg.push_str("</g>\n");
    }
}

impl Picture for Heatmap {
    fn text(&self) -> String {
        let [references, pages] = self.all;
        let part = &self.heat.part;
        let mut text = format!(
            "{}: {references} references to {pages} pages; shown: references {} to {}, {} pages\n\n",
            visible_line(&self.name),
            part.references.start,
            part.references.end - 1,
            part.places.len()
        );
        let _ = writeln!(text, "{:>8}{:>12}  area", "pages", "references");
        for ((area, places), count) in self.areas().zip(&self.counts) {
            let addresses = area.addresses.as_ref();
            let addresses = addresses.map_or(String::new(), |range| {
                format!("  0x{:x}-0x{:x}", range.start(), range.end())
            });
            let name = visible_line(&area.name);
            let _ = writeln!(text, "{:>8}{count:>12}  {name}{addresses}", places.len());
        }
        text.push_str("\n--svg draws it; --json and --csv print its cells\n");
        text
    }

    fn json(&self) -> Value {
        let Heat { part, columns, rows, counts, writes } = &self.heat;
        let areas = self.areas().map(|(area, places)| {
            let hex = |address: &u64| format!("0x{address:x}");
            json!({"first": area.addresses.as_ref().map(|range| hex(range.start())),
                "last": area.addresses.as_ref().map(|range| hex(range.end())), "name": area.name, "first_place": places.start, "places": places.len()})
        });
        json!({"trace": self.name, "references": self.all[0], "pages": self.all[1],
            "first_reference": part.references.start, "last_reference": part.references.end - 1,
            "first_place": part.places.start, "last_place": part.places.end - 1,
            "columns": columns, "rows": rows, "areas": areas.collect::<Vec<_>>(),
            "counts": counts, "writes": writes})
    }

    /// Returns a line for each cell that has references.
    fn csv(&self) -> String {
        let mut csv = "first_reference,last_reference,first_page,address,pages,references,writes\n"
            .to_owned();
        for column in 0..self.heat.columns {
            let times = self.heat.references_of(column);
            for row in 0..self.heat.rows {
                let cell = row * self.heat.columns + column;
                if self.heat.counts[cell] == 0 {
                    continue;
                }
                let places = self.heat.places_of(row);
                let address = self.layout.address_at(places.start);
                let address = address.map_or(String::new(), |address| format!("0x{address:x}"));
                let _ = writeln!(
                    csv,
                    "{},{},{},{address},{},{},{}",
                    times.start,
                    times.end - 1,
                    self.layout.page_at(places.start),
                    places.len(),
                    self.heat.counts[cell],
                    self.heat.writes[cell]
                );
            }
        }
        csv
    }

    fn svg(&self) -> String {
        let [references_of_all, pages] = self.all;
        let areas =
            self.areas().map(|(area, places)| format!("{}: {} pages.", area.name, places.len()));
        let words = areas.collect::<Vec<_>>().join(" ");
        let mut svg = head(&self.name, &words, WIDTH, HEIGHT);
        let note = format!(
            "{references_of_all} references to {pages} pages, lowest address at the bottom; pages that are not touched take no room"
        );
        let _ = writeln!(
            svg,
            "<style>.heat path {{ fill: #0f172a; }} .panel {{ fill: none; stroke: #94a3b8; }} .area {{ font-size: 11px; }}
@media (prefers-color-scheme: dark) {{ .heat path {{ fill: #f8fafc; }} }}</style>
<text class=\"note\" x=\"20\" y=\"52\">{}</text>",
            escaped(&note)
        );
        self.cells(&mut svg);
        let _ = writeln!(
            svg,
            r#"<rect class="panel" x="{LEFT}" y="{}" width="{}" height="{}"/>"#,
            PANEL.top,
            RIGHT - LEFT,
            PANEL.bottom - PANEL.top
        );
        for (area, places) in self.areas() {
            let (top, bottom) = (self.y(places.end), self.y(places.start));
            if places.start > self.heat.part.places.start {
                let _ = writeln!(
                    svg,
                    r#"<line class="base" x1="{LEFT}" x2="{}" y1="{bottom:.1}" y2="{bottom:.1}"/>"#,
                    RIGHT + 6.0
                );
            }
            if bottom - top >= NAMED {
                let _ = writeln!(
                    svg,
                    r#"<text class="area" x="{}" y="{:.1}">{}</text>"#,
                    RIGHT + 8.0,
                    (top + bottom) / 2.0 + 4.0,
                    escaped(&shortened(last_part(&area.name), 24))
                );
            }
        }
        references(&mut svg, &self.heat.part.references, [LEFT, RIGHT], PANEL);
        svg.push_str("</svg>\n");
        svg
    }
}

/// A mapping's name without its folders.
fn last_part(label: &str) -> &str {
    label.rsplit('/').next().unwrap_or(label)
}
