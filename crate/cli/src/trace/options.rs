//! What a call says about a trace that is read.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use faultline_traces::{
    Columns, FORMATS, Format, LARGEST_PAGE, Limits, MOST_RECENT, Options, format_named,
};

/// What is kept of a trace.
#[derive(Args, Debug)]
pub(crate) struct KeepOptions {
    /// The bytes of a page, a power of two up to 2^30.
    #[arg(long, value_name = "BYTES", default_value_t = 4096, value_parser = page_size)]
    page_size: u64,
    /// Leave out instruction fetches, which are kept as reads otherwise.
    #[arg(long)]
    no_fetches: bool,
    /// Make one reference of those to the same page that follow each other; it writes if one of them does.
    #[arg(long)]
    merge: bool,
    /// Leave out references to the N pages touched last, but for the first write to such a page. In many more frames LRU
    /// faults nearly as often without them.
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with = "merge",
        value_parser = clap::value_parser!(u32).range(..=i64::from(MOST_RECENT)))]
    recent: u32,
    /// Stop at a trace that touches more pages.
    #[arg(long, value_name = "N", default_value_t = Limits::default().pages)]
    max_pages: u32,
    /// Stop at a trace that has more references.
    #[arg(long, value_name = "N", default_value_t = Limits::default().references)]
    max_references: u64,
}

/// How a trace is read that somebody else wrote.
#[derive(Args, Debug)]
pub(crate) struct ReadOptions {
    /// The format; without this option the first lines tell it.
    #[arg(long, value_name = "NAME", value_parser = formats())]
    format: Option<&'static Format>,
    #[command(flatten)]
    keep: KeepOptions,
    /// Of csv: the column of objects, each of which is a page, by its name or number.
    #[arg(long, value_name = "COLUMN", conflicts_with = "address")]
    object: Option<String>,
    /// Of csv: the column of addresses.
    #[arg(long, value_name = "COLUMN")]
    address: Option<String>,
    /// Of csv: the column that says what is written.
    #[arg(long, value_name = "COLUMN")]
    write: Option<String>,
    /// Pass over so many lines that are none of the format, and stop at the next.
    #[arg(long, value_name = "N", default_value_t = Limits::default().bad_lines)]
    bad_lines: u64,
    /// Stop at a trace that has more bytes, unpacked.
    #[arg(long, value_name = "N", default_value_t = Limits::default().bytes)]
    max_bytes: u64,
}

impl KeepOptions {
    /// The reader's options, for a trace that is all right.
    pub(crate) fn reader(&self) -> Options {
        let limits =
            Limits { pages: self.max_pages, references: self.max_references, ..Limits::default() };
        Options {
            page_size: self.page_size,
            fetches: !self.no_fetches,
            merge: self.merge,
            recent: self.recent,
            limits,
            ..Options::default()
        }
    }
}

impl ReadOptions {
    /// The reader's options.
    pub(crate) fn reader(&self) -> Options {
        let options = self.keep.reader();
        let columns = Columns {
            object: self.object.clone(),
            address: self.address.clone(),
            write: self.write.clone(),
        };
        let limits = Limits { bad_lines: self.bad_lines, bytes: self.max_bytes, ..options.limits };
        Options { format: self.format, columns, limits, ..options }
    }
}

fn formats() -> impl TypedValueParser<Value = &'static Format> {
    let values = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.title));
    PossibleValuesParser::new(values)
        .try_map(|name| format_named(&name).ok_or("this is no format's name"))
}

fn page_size(text: &str) -> Result<u64, String> {
    let size = text.parse().ok().filter(|size: &u64| size.is_power_of_two());
    size.filter(|size| *size <= LARGEST_PAGE)
        .ok_or_else(|| format!("found {text:?}, expected a power of two from 1 to {LARGEST_PAGE}"))
}
