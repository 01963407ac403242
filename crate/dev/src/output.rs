//! Prints for the subcommands: results and tables on standard output, steps on standard error.

use faultline::runtime::now_ns;

pub(crate) use faultline_cli::output::print;

/// Formats a row of a table in Markdown.
pub(crate) fn row<T: AsRef<str>>(cells: &[T]) -> String {
    let cells: Vec<_> = cells.iter().map(AsRef::as_ref).collect();
    format!("| {} |", cells.join(" | "))
}

/// Runs one step of the work, and prints on standard error its name and how long it took.
pub(crate) fn step<T>(name: &str, body: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    eprintln!("\n== {name}");
    let start = now_ns();
    let result = body()?;
    eprintln!("   {name}: {:.1} s", (now_ns() - start) as f64 / 1e9);
    Ok(result)
}

/// Formats a number with commas between its thousands.
#[cfg(feature = "teaching")]
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_bars_between_its_cells() {
        assert_eq!(row(&["a", "b c"]), "| a | b c |");
    }

    #[cfg(feature = "teaching")]
    #[test]
    fn thousands_are_apart() {
        let found = [0, 999, 1000, 25_600, 1_234_567].map(thousands);
        assert_eq!(found, ["0", "999", "1,000", "25,600", "1,234,567"]);
    }
}
