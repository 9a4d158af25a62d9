//! From decimal text to floats.

/// The most bytes of a text that holds a number, in JSON as in a string. Longer ones would be read for long, and nobody needs
/// them.
pub const LONGEST_NUMBER: usize = 1 << 20;

/// Exponents of so many digits are read as they are by the standard library, which cuts longer ones off.
const SHORT: usize = 5;

/// Beyond this power of ten every float is zero or infinite.
const FAR: i64 = 400;

/// The float nearest to a decimal number, as `str::parse` reads it, but right for every exponent: a long row of zeros in
/// front of the digits, or behind them, makes up for a large one.
///
/// ```
/// use alas_syntax::parse_float;
///
/// assert_eq!(parse_float("2.5e-1"), Some(0.25));
/// let zeros = "0".repeat(700_000);
/// assert_eq!(parse_float(&format!("0.{zeros}1e700001")), Some(1.0));
/// assert_eq!(parse_float("1e"), None);
/// ```
#[must_use]
pub fn parse_float(text: &str) -> Option<f64> {
    let Some((mantissa, exponent)) = text.rsplit_once(['e', 'E']) else { return text.parse().ok() };
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.len() <= SHORT {
        return text.parse().ok();
    }
    // What stands before and behind has to be right by itself.
    let is_decimal = mantissa.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
    if !is_decimal || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    mantissa.parse::<f64>().ok()?;
    // More digits than an i64 has are far beyond what any text can make up for.
    let magnitude = match digits.trim_start_matches('0') {
        "" => 0,
        digits => digits.parse().unwrap_or(i64::MAX / 2),
    };
    let exponent = if exponent.starts_with('-') { -magnitude } else { magnitude };
    Some(scaled(mantissa, exponent))
}

/// A decimal number times a power of ten.
fn scaled(mantissa: &str, exponent: i64) -> f64 {
    let (sign, unsigned) = match mantissa.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    if significant.is_empty() {
        return 0.0 * sign;
    }
    // The number is 0.DIGITS times ten to this power.
    let leading_zeros = all.len() - significant.len();
    let power =
        (whole.len().cast_signed() as i64 - leading_zeros.cast_signed() as i64).saturating_add(exponent);
    let value = if power < -FAR {
        0.0
    } else if power > FAR {
        f64::INFINITY
    } else {
        format!("0.{significant}e{power}").parse().unwrap_or_default()
    };
    value * sign
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_exponents() {
        let zeros = |count: usize| "0".repeat(count);
        let table = [
            (format!("1{}e-700000", zeros(700_000)), Some(1.0)),
            (format!("-1{}e-700001", zeros(700_000)), Some(-0.1)),
            (format!("0.{}25e700001", zeros(700_000)), Some(2.5)),
            (format!(".{}25e+0700001", zeros(700_000)), Some(2.5)),
            (format!("{}7.5e000000", zeros(10)), Some(7.5)),
            (format!("17976931348623157{}e-1000000", zeros(1_000_292)), Some(f64::MAX)),
            (format!("2{}e-1000000", zeros(1_000_308)), Some(f64::INFINITY)),
            (format!("0.{}5e1000000", zeros(1_000_323)), Some(5e-324)),
            (format!("0.{}1e1000000", zeros(1_000_330)), Some(0.0)),
            ("1e655360".to_owned(), Some(f64::INFINITY)),
            ("-1e999999999999999999999".to_owned(), Some(f64::NEG_INFINITY)),
            ("1e-999999999999999999999".to_owned(), Some(0.0)),
            ("0e999999999999999999999".to_owned(), Some(0.0)),
            ("00.00e999999999999999999999".to_owned(), Some(0.0)),
            ("1e0000000000000000000000002".to_owned(), Some(100.0)),
            ("1e-00000000".to_owned(), Some(1.0)),
            ("1.e100000000".to_owned(), Some(f64::INFINITY)),
        ];
        for (text, expected) in table {
            assert_eq!(parse_float(&text), expected, "{}", &text[..text.len().min(40)]);
        }
        assert!(parse_float("-0e1000000").is_some_and(f64::is_sign_negative));
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "",
            "e1000000",
            ".e1000000",
            "1e+-100000",
            "1e1000000x",
            "1ee1000000",
            "--1e1000000",
            "infe1000000",
            "1_0e1000000",
            "1e 1000000",
            "1.2.3e1000000",
            "+",
            "1e",
        ] {
            assert_eq!(parse_float(text), None, "{text}");
        }
    }

    /// The two ways agree wherever both are right.
    #[test]
    fn near_exponents() {
        for mantissa in ["1", "0.1", "123.456", "9007199254740993", "0.000001", "99999.99999", "00012.5"] {
            for exponent in [-330_i32, -300, -20, -1, 0, 1, 15, 22, 290, 308, 320] {
                let text = format!("{mantissa}e{exponent}");
                let padded =
                    format!("{mantissa}e{}{:09}", if exponent < 0 { "-" } else { "" }, exponent.abs());
                assert_eq!(parse_float(&padded), text.parse().ok(), "{text}");
            }
        }
    }
}
