//! A decimal cell: a whole number of its last digit, which can hold neither NaN nor infinity nor a negative zero.

use std::fmt;

use crate::stats::Ratio;

/// A number rounded to a fixed count of digits after the point. Sorted and printed by integer code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    scaled: i128,
    digits: u8,
}

impl Decimal {
    /// `value` rounded to `digits` (at most 12) after the point, halves away from zero; nothing when it is not finite or
    /// beyond 10²⁴.
    ///
    /// A float that stands for a tie may lie below it by its own rounding: what is within four units of its last place counts
    /// as the tie.
    pub fn rounded(value: f64, digits: u8) -> Option<Self> {
        const POWERS: [f64; 13] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];
        const TOWARDS_TIES: f64 = 1.0 + 4.0 * f64::EPSILON;
        let exact = value * POWERS[usize::from(digits.min(12))];
        // Beyond 10¹² four units of the last place are more than a thousandth: such floats are taken as they are.
        let scaled = if exact.abs() < 1e12 { (exact * TOWARDS_TIES).round() } else { exact.round() };
        // 10³⁶ fits an i128, so the cast is exact for every value that passes.
        (scaled.abs() < 1e36).then(|| Self { scaled: scaled as i128, digits: digits.min(12) })
    }

    /// A quotient rounded exactly, halves away from zero; by its float where the numbers are too large.
    pub fn of_ratio(ratio: Ratio, digits: u8) -> Option<Self> {
        let digits = digits.min(12);
        ratio.scaled(digits).map_or_else(|| Self::rounded(ratio.value(), digits), |scaled| Some(Self { scaled, digits }))
    }

    /// A number of whole millionths.
    pub fn from_millionths(millionths: i64) -> Self {
        Self { scaled: i128::from(millionths), digits: 6 }
    }

    /// The number of its last digit: two decimals of equal digits compare by it.
    pub fn scaled(self) -> i128 {
        self.scaled
    }

    /// Appends the number to a buffer: digits, a point, digits; a minus only when it is not zero.
    pub fn write_to(self, out: &mut Vec<u8>) {
        // Written from the end: at most 39 digits, a point and a minus.
        let mut buffer = [0u8; 48];
        let mut at = buffer.len();
        let mut digit = |byte: u8| {
            at -= 1;
            buffer[at] = byte;
        };
        let mut rest = self.scaled.unsigned_abs();
        for _ in 0..self.digits {
            digit(b'0' + next_digit(&mut rest));
        }
        if self.digits > 0 {
            digit(b'.');
        }
        loop {
            digit(b'0' + next_digit(&mut rest));
            if rest == 0 {
                break;
            }
        }
        if self.scaled < 0 {
            digit(b'-');
        }
        out.extend_from_slice(&buffer[at..]);
    }
}

/// Takes the last digit off. Most numbers fit 64 bits, and dividing those is many times faster.
fn next_digit(rest: &mut u128) -> u8 {
    if let Ok(small) = u64::try_from(*rest) {
        *rest = u128::from(small / 10);
        return (small % 10) as u8;
    }
    let last = (*rest % 10) as u8;
    *rest /= 10;
    last
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Vec::with_capacity(24);
        self.write_to(&mut out);
        f.write_str(&String::from_utf8_lossy(&out))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(value: f64, digits: u8) -> String {
        Decimal::rounded(value, digits).map_or(String::new(), |d| d.to_string())
    }

    #[test]
    fn prints_fixed_digits_and_never_a_negative_zero() {
        assert_eq!(show(0.0, 6), "0.000000");
        assert_eq!(show(-0.0, 6), "0.000000");
        assert_eq!(show(-0.000_000_4, 6), "0.000000");
        assert_eq!(show(-0.000_000_5, 6), "-0.000001");
        assert_eq!(show(8.664_478_38, 6), "8.664478");
        assert_eq!(show(0.236_593, 4), "0.2366");
        assert_eq!(show(12.0, 0), "12");
        assert_eq!(
            (show(57.0 / 800.0, 4), show(-57.0 / 800.0, 4), show(0.071_249_999, 4)),
            ("0.0713".into(), "-0.0713".into(), "0.0712".into())
        );
        assert_eq!(show(9_007_199_254_740_992.0, 6), "9007199254740992.000000");
    }

    #[test]
    fn holds_no_nan_and_no_infinity() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e40] {
            assert_eq!(Decimal::rounded(value, 6), None);
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_formatter_of_integers(millionths in any::<i64>()) {
            let shown = Decimal::from_millionths(millionths).to_string();
            let digits: u64 = shown.replace(['.', '-'], "").parse().unwrap();
            prop_assert_eq!(digits, millionths.unsigned_abs());
            prop_assert_eq!(shown.starts_with('-'), millionths < 0);
            prop_assert_eq!(shown.len() - shown.find('.').unwrap(), 7);
        }
    }
}
