//! One slice of a corpus against another: a = tf and c = tokens of the target, b = tf and d = tokens of the reference.
//!
//! The two slices do not overlap. `g2` of a term is [`super::g2`] of [`Contingency::from_slices`]: all four cells.

use std::cmp::Ordering;
use std::fmt;

use super::{Contingency, Ratio};

/// log2((a / c) / (b / d)), a zero count replaced by 0.5. Any sign; 1 = twice as frequent in the target. Nothing when a slice is empty or
/// the term is in neither. Hardie 2014.
pub fn log_ratio(a: u64, c: u64, b: u64, d: u64) -> Option<f64> {
    if c == 0 || d == 0 || (a == 0 && b == 0) {
        return None;
    }
    let count = |tf: u64| if tf == 0 { 0.5 } else { tf as f64 };
    Some(libm::log2((count(a) / c as f64) / (count(b) / d as f64)))
}

/// 100 · (a/c − b/d) / (b/d) = 100 · (a · d − b · c) / (b · c). Range ≥ −100; nothing when b = 0 or a slice is empty. Gabrielatos & Marchi 2012.
pub fn percent_diff(a: u64, c: u64, b: u64, d: u64) -> Option<Ratio> {
    if b == 0 || c == 0 || d == 0 {
        return None;
    }
    let (target, reference) = (i128::from(a) * i128::from(d), i128::from(b) * i128::from(c));
    Ratio::new((target - reference).checked_mul(100)?, reference.unsigned_abs())
}

/// |g2| − ln(c + d): below 0 no evidence, 0–2 bare, 2–6 positive, 6–10 strong, above 10 very strong. Nothing when both slices
/// are empty. Wilson 2013.
pub fn bic(g2: f64, c: u64, d: u64) -> Option<f64> {
    let n = u128::from(c) + u128::from(d);
    (n > 0).then(|| g2.abs() - libm::log(n as f64))
}

/// The slice in which a term is the more frequent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More frequent in the target: g2 > 0.
    Target,
    /// More frequent in the reference: g2 < 0.
    Reference,
    /// Equally frequent, or nothing to compare with: g2 is 0 or not defined.
    Equal,
}

impl Direction {
    /// The word in the column `direction`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Reference => "reference",
            Self::Equal => "equal",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The sign of g2, read from the whole number Δ and so never a matter of rounding. Always defined: a margin that leaves g2
/// empty makes Δ = 0.
pub fn direction(t: &Contingency) -> Direction {
    match t.delta().cmp(&0) {
        Ordering::Greater => Direction::Target,
        Ordering::Less => Direction::Reference,
        Ordering::Equal => Direction::Equal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_kept_apart_from_unknowns() {
        let percent = |a, c, b, d| percent_diff(a, c, b, d).map(Ratio::value);
        assert_eq!(log_ratio(4, 10, 2, 10), Some(1.0));
        assert_eq!(log_ratio(1, 10, 0, 10), Some(1.0));
        assert_eq!((log_ratio(0, 10, 0, 10), log_ratio(1, 10, 1, 0)), (None, None));
        assert_eq!((percent(3, 10, 2, 10), percent(3, 10, 0, 10)), (Some(50.0), None));
        assert_eq!(bic(0.0, 0, 0), None);
        assert_eq!((log_ratio(1, 0, 1, 10), percent(1, 0, 1, 10), percent(0, 10, 2, 10)), (None, None, Some(-100.0)));
    }

    #[test]
    fn nearly_equal_rates_keep_their_difference() {
        let n = 1u64 << 53;
        let exact = 100.0 / ((n - 3) as f64 * (n - 1) as f64);
        assert!((percent_diff(n - 2, n - 1, n - 3, n - 2).unwrap().value() / exact - 1.0).abs() < 1e-12);
        // 142 of 7,376 tokens beside 1 of 999,999,999,999,999: 100 · (142 · d − 7376) / 7376, to the last digit.
        assert_eq!(percent_diff(142, 7_376, 1, 999_999_999_999_999).unwrap().scaled(6), Some(1_925_162_689_804_670_309_111));
    }

    #[test]
    fn direction_is_the_sign_of_g2() {
        for (counts, expected) in
            [([9, 100, 5, 200], Direction::Target), ([9, 100, 32, 100], Direction::Reference), ([2, 10, 4, 20], Direction::Equal)]
        {
            let [a, c, b, d] = counts;
            let t = Contingency::from_slices(a, c, b, d).unwrap();
            let g2 = super::super::g2(&t).unwrap();
            assert_eq!((direction(&t), g2 > 0.0, g2 < 0.0), (expected, expected == Direction::Target, expected == Direction::Reference));
        }
        assert_eq!(Direction::Reference.to_string(), "reference");
        assert_eq!(direction(&Contingency::from_slices(3, 3, 4, 4).unwrap()), Direction::Equal);
    }

    #[test]
    fn log_ratio_is_the_ratio_of_the_two_rates() {
        let rate = |tf, n| super::super::per_million(tf, n).unwrap();
        let expected = libm::log2(rate(1189, 168_329).value() / rate(968, 19_552_238).value());
        assert!((log_ratio(1189, 168_329, 968, 19_552_238).unwrap() - expected).abs() < 1e-12);
    }
}
