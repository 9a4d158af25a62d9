//! Division by constants, by multiplication.

use fastdivide::DividerU64;

/// A positive constant to divide by.
#[derive(Debug)]
pub(crate) struct Divisor {
    value: i64,
    reciprocal: DividerU64,
}

impl Divisor {
    /// A divisor of this value, if it is positive.
    pub(crate) fn new(value: i64) -> Option<Self> {
        let unsigned = u64::try_from(value).ok().filter(|value| *value > 0)?;
        Some(Self { value, reciprocal: DividerU64::divide_by(unsigned) })
    }

    /// The quotient, truncated toward zero.
    #[inline]
    pub(crate) fn quotient(&self, dividend: i64) -> i64 {
        match u64::try_from(dividend) {
            // At most the dividend, so that it fits.
            Ok(dividend) => self.reciprocal.divide(dividend).cast_signed(),
            Err(_) => dividend / self.value,
        }
    }

    /// The remainder, with the sign of the dividend.
    #[inline]
    pub(crate) fn remainder(&self, dividend: i64) -> i64 {
        dividend - self.quotient(dividend) * self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_division() {
        let mut dividends =
            vec![0, 1, -1, 6, 7, 8, i64::MAX, i64::MAX - 1, i64::MIN, i64::MIN + 1, 1 << 32, (1 << 53) + 1];
        let mut state = 1_u64;
        dividends.extend((0..1000).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.cast_signed() >> (state % 60)
        }));
        for value in [1, 2, 3, 5, 7, 10, 64, 100, 641, 1000, 32767, 1 << 31, i64::MAX] {
            let divisor = Divisor::new(value).expect("a positive value");
            for dividend in &dividends {
                assert_eq!(divisor.quotient(*dividend), dividend / value, "{dividend} / {value}");
                assert_eq!(divisor.remainder(*dividend), dividend % value, "{dividend} % {value}");
            }
        }
    }

    #[test]
    fn only_positive_constants() {
        assert!([0, -1, i64::MIN].into_iter().all(|value| Divisor::new(value).is_none()));
    }
}
