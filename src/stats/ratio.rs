//! A quotient of whole numbers, kept whole until it is printed.
//!
//! A float nearest to a tie such as 57 / 800 = 0.07125 may lie below it and would be rounded down. Rounded as whole numbers,
//! a printed cell is right to its last digit.

/// A quotient; its denominator is not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    numerator: i128,
    denominator: u128,
}

impl Ratio {
    /// A quotient; nothing when the denominator is 0 or the numerator beyond 2¹²⁷.
    pub fn new(numerator: impl TryInto<i128>, denominator: impl Into<u128>) -> Option<Self> {
        let denominator = denominator.into();
        let numerator = numerator.try_into().ok()?;
        (denominator > 0).then_some(Self { numerator, denominator })
    }

    /// The nearest float, or one beside it.
    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The whole number nearest to the quotient times 10 to the power of `digits`, halves away from zero. Nothing when the
    /// numbers are too large for this, above some 10³⁸ together: then a float has to do.
    pub fn scaled(self, digits: u8) -> Option<i128> {
        let shift = 10u128.checked_pow(u32::from(digits))?;
        let (numerator, denominator) = (self.numerator.unsigned_abs(), self.denominator);
        // Nearly all are small, so that twice of them and their sum fit too.
        let small = |number: u128| u64::try_from(number).ok().filter(|number| *number <= u64::MAX / 4);
        if let (Some(twice), Some(once)) = (numerator.checked_mul(2 * shift).and_then(small), small(denominator)) {
            let rounded = i128::from((twice + once) / (2 * once));
            return Some(if self.numerator < 0 { -rounded } else { rounded });
        }
        // Whole part and rest by themselves, so that only what is printed need fit.
        let (whole, rest) = (numerator / denominator, numerator % denominator);
        let twice = rest.checked_mul(shift)?.checked_mul(2)?;
        let behind = twice.checked_add(denominator)? / denominator.checked_mul(2)?;
        let rounded = i128::try_from(whole.checked_mul(shift)?.checked_add(behind)?).ok()?;
        Some(if self.numerator < 0 { -rounded } else { rounded })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ties_go_away_from_zero() {
        let scaled = |numerator: i64, denominator: u64, digits| Ratio::new(numerator, denominator).unwrap().scaled(digits).unwrap();
        assert_eq!(scaled(57, 800, 4), 713);
        assert_eq!((scaled(41, 640, 6), scaled(-41, 640, 6)), (64_063, -64_063));
        assert_eq!((scaled(1, 3, 6), scaled(2, 3, 6), scaled(0, 7, 6)), (333_333, 666_667, 0));
        assert_eq!(Ratio::new(1, 0u64), None);
        assert_eq!(Ratio::new(i128::MAX, 1u64).unwrap().scaled(6), None);
    }

    proptest! {
        #[test]
        fn rounding_is_never_further_off_than_half(numerator in -1_000_000_000i64..1_000_000_000, denominator in 1u64..1_000_000_000) {
            let scaled = Ratio::new(numerator, denominator).unwrap().scaled(4).unwrap();
            let off = (i128::from(numerator) * 10_000 - scaled * i128::from(denominator)).abs() * 2;
            prop_assert!(off <= i128::from(denominator));
        }
    }
}
