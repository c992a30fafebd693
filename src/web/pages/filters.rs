//! How are numbers and foreign addresses written on a page?

#![expect(clippy::inline_always, reason = "askama's attribute writes it")]

use std::borrow::Borrow;
use std::fmt::Display;

use askama::{Result, Values};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A narrow no-break space: the separator of thousands that no European reader mistakes for a decimal sign.
const THOUSANDS: char = '\u{202f}';

/// Writes a count in groups of three digits.
#[askama::filter_fn]
pub fn number(value: impl Borrow<u64>, _: &dyn Values) -> Result<String> {
    Ok(grouped(*value.borrow()))
}

/// Writes text as the value of a parameter of an address.
#[askama::filter_fn]
pub fn in_address(value: impl Display, _: &dyn Values) -> Result<String> {
    Ok(utf8_percent_encode(&value.to_string(), NON_ALPHANUMERIC).to_string())
}

/// Writes an address that came from somebody's metadata; one that would run as a program becomes harmless.
#[askama::filter_fn]
pub fn address(value: impl Display, _: &dyn Values) -> Result<String> {
    let address = value.to_string();
    Ok(if is_safe(&address) {
        address
    } else {
        "#".to_owned()
    })
}

/// Schemes that a browser opens without running them.
const SAFE_SCHEMES: [&str; 6] = ["http", "https", "mailto", "tel", "ftp", "urn"];

fn is_safe(address: &str) -> bool {
    let Some((before, _)) = address.split_once(':') else {
        return true;
    };
    let is_relative = before.contains(['/', '?', '#']);
    is_relative
        || SAFE_SCHEMES
            .iter()
            .any(|scheme| before.eq_ignore_ascii_case(scheme))
}

/// Groups the digits of a number by three.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    if digits.len() <= 4 {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(THOUSANDS);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_runs_as_a_program() {
        for bad in [
            "javascript:alert(1)",
            "JavaScript:x",
            " javascript:x",
            "data:text/html,x",
            "java\nscript:x",
        ] {
            assert!(!is_safe(bad), "{bad}");
        }
        for good in [
            "/search?q=a:b",
            "https://example.org/",
            "mailto:a@example.org",
            "?a=b",
            "#x:y",
            "",
        ] {
            assert!(is_safe(good), "{good}");
        }
    }

    #[test]
    fn thousands_are_separated_from_ten_thousand_on() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(8237), "8237");
        assert_eq!(grouped(14_349), "14\u{202f}349");
        assert_eq!(grouped(9_114_562), "9\u{202f}114\u{202f}562");
    }
}
