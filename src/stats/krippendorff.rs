//! How well two coders agree beyond chance.

use super::Ratio;

/// What two coders said of the same units, present or absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Agreement {
    /// Units that both marked.
    pub both: u64,
    /// Units that only the first marked.
    pub only_a: u64,
    /// Units that only the second marked.
    pub only_b: u64,
    /// Units that neither marked.
    pub neither: u64,
}

impl Agreement {
    /// All units.
    pub fn n(&self) -> u64 {
        self.both + self.only_a + self.only_b + self.neither
    }

    /// Units of which both say the same.
    pub fn agreed(&self) -> u64 {
        self.both + self.neither
    }

    /// Adds those of other units or labels.
    pub fn merge(&mut self, other: &Self) {
        self.both += other.both;
        self.only_a += other.only_a;
        self.only_b += other.only_b;
        self.neither += other.neither;
    }
}

/// Krippendorff's α for nominal data, two coders, two values and no missing values: 1 − D_o / D_e. With d units of disagreement
/// among n, N = 2n values of which n₁ are "present" and n₀ "absent", D_o = d / n and D_e = 2 n₀ n₁ / (N (N − 1)), so
/// α = 1 − d (N − 1) / (n₀ n₁). From below 0 (worse than chance) to 1. Nothing when all values are equal: there is nothing to
/// agree on. Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
pub fn krippendorff_alpha(agreement: &Agreement) -> Option<Ratio> {
    let present = u128::from(2 * agreement.both + agreement.only_a + agreement.only_b);
    let values = 2 * u128::from(agreement.n());
    let product = present * (values - present);
    if product == 0 {
        return None;
    }
    let disagreement = u128::from(agreement.only_a + agreement.only_b) * (values - 1);
    Ratio::new(i128::try_from(product).ok()?.checked_sub(i128::try_from(disagreement).ok()?)?, product)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alpha(both: u64, only_a: u64, only_b: u64, neither: u64) -> Option<f64> {
        krippendorff_alpha(&Agreement { both, only_a, only_b, neither }).map(Ratio::value)
    }

    #[test]
    fn alpha_is_that_of_the_definition() {
        // Ten units: both mark 1, the first alone 1, the second alone 3. N = 20, n₁ = 6, n₀ = 14, d = 4: α = 1 − 4 · 19 / 84. The
        // binary example of Krippendorff 2011 has these counts and this result, 0.095.
        assert!((alpha(1, 1, 3, 5).unwrap() - 0.095_238).abs() < 1e-6);
        assert_eq!(alpha(3, 0, 0, 4), Some(1.0));
        assert_eq!((alpha(0, 0, 0, 5), alpha(5, 0, 0, 0), alpha(0, 0, 0, 0)), (None, None, None));
        // Two coders who never agree: below 0.
        assert_eq!(alpha(0, 1, 1, 0), Some(-0.5));
    }
}
