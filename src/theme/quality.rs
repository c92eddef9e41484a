//! How well labels agree with those a person gave: precision, recall, F1.

use std::collections::BTreeSet;

/// Labels found and given, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quality {
    /// Labels found that were given.
    pub true_positives: u64,
    /// Labels found that were not given.
    pub false_positives: u64,
    /// Labels given that were not found.
    pub false_negatives: u64,
}

impl Quality {
    /// True positives / labels found. Nothing when none was found.
    pub fn precision(&self) -> Option<f64> {
        share(self.true_positives, self.true_positives + self.false_positives)
    }

    /// True positives / labels given. Nothing when none was given.
    pub fn recall(&self) -> Option<f64> {
        share(self.true_positives, self.true_positives + self.false_negatives)
    }

    /// 2 · tp / (2 · tp + fp + fn). Nothing when there is no label at all.
    pub fn f1(&self) -> Option<f64> {
        share(2 * self.true_positives, 2 * self.true_positives + self.false_positives + self.false_negatives)
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Compares (sentence, leaf) labels, all leaves together (micro average).
pub fn leaf_quality<L: Ord>(given: &BTreeSet<L>, found: &BTreeSet<L>) -> Quality {
    Quality {
        true_positives: given.intersection(found).count() as u64,
        false_positives: found.difference(given).count() as u64,
        false_negatives: given.difference(found).count() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_agrees_and_what_does_not() {
        let set = |labels: &[u8]| labels.iter().copied().collect::<BTreeSet<u8>>();
        let quality = leaf_quality(&set(&[1, 2, 3]), &set(&[2, 3, 4, 5]));
        assert_eq!(quality, Quality { true_positives: 2, false_positives: 2, false_negatives: 1 });
        assert_eq!((quality.precision(), quality.recall()), (Some(0.5), Some(2.0 / 3.0)));
        assert_eq!(leaf_quality::<u8>(&set(&[]), &set(&[])).f1(), None);
    }
}
