//! Formats numbers for the table and the drawing.

/// Formats a number to three digits with its thousands as a letter.
pub(super) fn quantity(value: f64) -> String {
    let (unit, letter) = match value {
        _ if value < 1e3 => (1.0, ""),
        _ if value < 1e6 => (1e3, " k"),
        _ if value < 1e9 => (1e6, " M"),
        _ => (1e9, " G"),
    };
    let scaled = value / unit;
    match scaled {
        _ if scaled < 9.995 => format!("{scaled:.2}{letter}"),
        _ if scaled < 99.95 => format!("{scaled:.1}{letter}"),
        _ => format!("{scaled:.0}{letter}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s2_quantities_have_three_digits() {
        let found = [0.5, 999.4, 1_000.0, 9_999_000.0, 12_345_678.0, 250e6].map(quantity);
        assert_eq!(found, ["0.50", "999", "1.00 k", "10.0 M", "12.3 M", "250 M"]);
    }
}
