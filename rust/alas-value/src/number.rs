//! Numbers as text.

/// An int or a float.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A 64-bit int.
    Int(i64),
    /// A double.
    Float(f64),
}

impl Number {
    /// The number as a float; a large int is rounded to the nearest.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the caller asks for the nearest float")]
    pub fn as_float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// Appends an int in decimal.
pub fn write_int(value: i64, out: &mut String) {
    out.push_str(itoa::Buffer::new().format(value));
}

/// Appends the shortest decimal that reads back as the same float, without `.0`: `4`, `0.1`, `1e+21`, `-0`, `NaN`,
/// `Infinity`.
///
/// The form is that of ECMAScript's `Number::toString`, but for negative zero, which keeps its sign.
pub fn write_float(value: f64, out: &mut String) {
    if value == 0.0 && value.is_sign_negative() {
        out.push_str("-0");
    } else {
        out.push_str(ryu_js::Buffer::new().format(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_shortest() {
        let cases = [
            (4.0, "4"),
            (0.1, "0.1"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (1.5e-7, "1.5e-7"),
            (-0.0, "-0"),
            (0.0, "0"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (5e-324, "5e-324"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"),
        ];
        for (value, expected) in cases {
            let mut text = String::new();
            write_float(value, &mut text);
            assert_eq!(text, expected);
        }
    }
}
