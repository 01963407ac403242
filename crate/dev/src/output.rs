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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_bars_between_its_cells() {
        assert_eq!(row(&["a", "b c"]), "| a | b c |");
    }
}
