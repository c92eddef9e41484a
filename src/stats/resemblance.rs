//! How alike two texts are, measured on the sets of their shingles: strings of a fixed number of characters (Broder 1997).

use super::ratio::Ratio;

/// Two sets and what they share: whole numbers that no longer change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// |A ∩ B|.
    pub shared: u64,
    /// |A|, not below `shared`.
    pub a: u64,
    /// |B|, not below `shared`.
    pub b: u64,
}

impl Overlap {
    /// What two sets share, each sorted and without repetition.
    pub fn of_sorted<T: Ord>(a: &[T], b: &[T]) -> Self {
        let (mut x, mut y, mut shared) = (0, 0, 0);
        while let (Some(left), Some(right)) = (a.get(x), b.get(y)) {
            shared += u64::from(left == right);
            (x, y) = (x + usize::from(left <= right), y + usize::from(right <= left));
        }
        Self { shared, a: a.len() as u64, b: b.len() as u64 }
    }

    /// Size of the smaller set.
    pub fn smaller(self) -> u64 {
        self.a.min(self.b)
    }

    /// The same two sets, named the other way round.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { shared: self.shared, a: self.b, b: self.a }
    }
}

/// Resemblance: |A ∩ B| / |A ∪ B|. 0 = nothing in common, 1 = the same set. Nothing for two empty sets. Jaccard 1912; Broder 1997.
pub fn resemblance(overlap: Overlap) -> Option<Ratio> {
    Ratio::new(overlap.shared, overlap.a + overlap.b - overlap.shared)
}

/// Containment of the smaller set in the larger: |A ∩ B| / min(|A|, |B|). 0 to 1, and 1 for equal sets. Nothing when one is empty.
/// Broder 1997.
pub fn containment(overlap: Overlap) -> Option<Ratio> {
    Ratio::new(overlap.shared, overlap.smaller())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_small_case_by_hand() {
        // A = {1, 2, 3, 4}, B = {2, 3, 5}: A ∩ B = {2, 3}, A ∪ B = {1, 2, 3, 4, 5}.
        let overlap = Overlap::of_sorted(&[1, 2, 3, 4], &[2, 3, 5]);
        assert_eq!(overlap, Overlap { shared: 2, a: 4, b: 3 });
        assert_eq!((resemblance(overlap), containment(overlap)), (Ratio::new(2, 5u64), Ratio::new(2, 3u64)));
        let empty = Overlap::of_sorted::<u8>(&[], &[]);
        assert_eq!((resemblance(empty), containment(empty)), (None, None));
    }

    proptest! {
        #[test]
        fn overlaps_are_those_of_sets(a: BTreeSet<u8>, b: BTreeSet<u8>) {
            let (x, y): (Vec<u8>, Vec<u8>) = (a.iter().copied().collect(), b.iter().copied().collect());
            let overlap = Overlap::of_sorted(&x, &y);
            prop_assert_eq!(overlap.shared as usize, a.intersection(&b).count());
            prop_assert_eq!(overlap.a + overlap.b - overlap.shared, a.union(&b).count() as u64);
            prop_assert_eq!(Overlap::of_sorted(&y, &x), overlap.swapped());
        }
    }
}
