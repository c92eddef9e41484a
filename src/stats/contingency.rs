//! The 2×2 table that every association measure is made of.

use std::fmt;

/// Counts of two terms in n units: all, with a, with b, with both. Always possible as a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contingency {
    n_ab: u64,
    n_a: u64,
    n_b: u64,
    n: u64,
}

/// Above 2⁵³ a count has no exact float.
const LARGEST_COUNT: u64 = 1 << 53;

/// Counts that cannot be a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContingencyError {
    /// More units hold both than hold one of them.
    BothAboveMargin {
        /// Units with both.
        n_ab: u64,
        /// The smaller of the two margins.
        margin: u64,
    },
    /// More units hold a or b than there are.
    UnionAboveTotal {
        /// Units with a or b.
        union: u128,
        /// All units.
        n: u64,
    },
    /// More units than a float can count exactly.
    TooLarge {
        /// All units.
        n: u64,
    },
}

impl fmt::Display for ContingencyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BothAboveMargin { n_ab, margin } => write!(f, "expected n_ab of at most {margin} (the smaller margin), found {n_ab}"),
            Self::UnionAboveTotal { union, n } => write!(f, "expected n_a + n_b - n_ab of at most n = {n}, found {union}"),
            Self::TooLarge { n } => write!(f, "expected n of at most 2^53, found {n}"),
        }
    }
}

impl std::error::Error for ContingencyError {}

impl Contingency {
    /// A table from its margins.
    ///
    /// # Errors
    /// When n_ab is above n_a or n_b, n_a + n_b − n_ab above n, or n above 2⁵³.
    pub fn new(n_ab: u64, n_a: u64, n_b: u64, n: u64) -> Result<Self, ContingencyError> {
        let margin = n_a.min(n_b);
        if n_ab > margin {
            return Err(ContingencyError::BothAboveMargin { n_ab, margin });
        }
        let union = u128::from(n_a) + u128::from(n_b) - u128::from(n_ab);
        if union > u128::from(n) {
            return Err(ContingencyError::UnionAboveTotal { union, n });
        }
        if n > LARGEST_COUNT { Err(ContingencyError::TooLarge { n }) } else { Ok(Self { n_ab, n_a, n_b, n }) }
    }

    /// The table of a term in two slices of a corpus that do not overlap: target against reference.
    ///
    /// # Errors
    /// As [`Self::new`]: a term more frequent than its slice is large.
    pub fn from_slices(tf_target: u64, tokens_target: u64, tf_reference: u64, tokens_reference: u64) -> Result<Self, ContingencyError> {
        Self::new(tf_target, tokens_target, tf_target.saturating_add(tf_reference), tokens_target.saturating_add(tokens_reference))
    }

    /// Units with both.
    pub fn n_ab(&self) -> u64 {
        self.n_ab
    }

    /// Units with a.
    pub fn n_a(&self) -> u64 {
        self.n_a
    }

    /// Units with b.
    pub fn n_b(&self) -> u64 {
        self.n_b
    }

    /// All units.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// n_ab · n − n_a · n_b, exactly: positive when a and b meet more often than by chance. Every cell differs from its
    /// expectation by ± this over n.
    pub fn delta(&self) -> i128 {
        // Both products are below 2¹⁰⁶.
        i128::from(self.n_ab) * i128::from(self.n) - i128::from(self.n_a) * i128::from(self.n_b)
    }

    /// The four cells: both, a alone, b alone, neither.
    pub(super) fn cells(&self) -> [u64; 4] {
        let b_alone = self.n_b - self.n_ab;
        [self.n_ab, self.n_a - self.n_ab, b_alone, self.n - self.n_a - b_alone]
    }

    /// The same with a and b exchanged.
    #[must_use]
    pub fn swapped(&self) -> Self {
        Self { n_a: self.n_b, n_b: self.n_a, ..*self }
    }

    /// Whether some margin is empty or full, so that there is nothing to compare with: no g2, no test.
    pub fn is_degenerate(&self) -> bool {
        self.n_a == 0 || self.n_b == 0 || self.n_a == self.n || self.n_b == self.n
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_counts_are_refused_with_what_was_expected() {
        assert!(Contingency::new(3, 2, 5, 10).unwrap_err().to_string().contains("at most 2"));
        assert!(Contingency::new(1, 6, 6, 10).unwrap_err().to_string().contains("found 11"));
        assert!(Contingency::new(5, 5, 5, 5).is_ok());
    }

    #[test]
    fn a_term_more_frequent_than_its_slice_is_refused() {
        assert_eq!(Contingency::from_slices(10, 100, 5, 200), Contingency::new(10, 100, 15, 300));
        assert!(Contingency::from_slices(101, 100, 5, 200).is_err());
        assert!(Contingency::from_slices(10, 100, 201, 200).is_err());
        assert!(Contingency::from_slices(u64::MAX, u64::MAX, u64::MAX, u64::MAX).is_err());
    }

    #[test]
    fn the_largest_count_is_2_to_the_53() {
        assert!(Contingency::new(0, 0, 0, LARGEST_COUNT).is_ok());
        let error = Contingency::new(0, 0, 0, LARGEST_COUNT + 1).unwrap_err();
        assert_eq!(error, ContingencyError::TooLarge { n: LARGEST_COUNT + 1 });
        assert!(Contingency::new(1, u64::MAX, u64::MAX, u64::MAX).is_err());
    }

    #[test]
    fn delta_is_exact_where_floats_are_not() {
        let large = 1u64 << 52;
        let table = Contingency::new(large / 2, large / 2 + 1, large / 2 + 1, large).unwrap();
        assert_eq!(table.delta(), i128::from(large / 2) * i128::from(large) - i128::from(large / 2 + 1).pow(2));
    }
}
