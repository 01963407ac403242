//! Formats numbers for people, with their digits in groups of three.

/// Formats a number with commas between its thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
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
    fn thousands_are_apart() {
        let found = [0, 999, 1000, 25_600, 1_234_567].map(grouped);
        assert_eq!(found, ["0", "999", "1,000", "25,600", "1,234,567"]);
    }
}
