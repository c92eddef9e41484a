//! How evenly a term is spread over the parts (documents) of a corpus.

use super::Ratio;

/// The sizes of all parts that hold at least one token, summed up once for all terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// Number of parts.
    pub k: u64,
    /// Σ t, tokens of all parts.
    pub total: u64,
    /// Tokens of the smallest part; 0 when there is none.
    pub smallest: u64,
}

impl Parts {
    /// Sums up the sizes in tokens, in any order; parts without a token do not count.
    pub fn of(sizes: impl Iterator<Item = u64>) -> Self {
        sizes.filter(|size| *size > 0).fold(Self::default(), |parts, size| Self {
            k: parts.k + 1,
            total: parts.total + size,
            smallest: if parts.k == 0 { size } else { parts.smallest.min(size) },
        })
    }
}

/// Gries' deviation of proportions, normalised: DP / (1 − smallest t / T) with DP = ½ · Σ |v / f − t / T|, over all parts.
///
/// `held` gives (v, t), occurrences and tokens, of the parts that hold the term, each once, in any order: the sums are whole
/// numbers. It is walked twice; parts without the term cost nothing.
/// Range 0 (even) to 1 (in one smallest part). Nothing with fewer than two parts or without an occurrence.
/// Gries 2008; divisor after Lijffijt & Gries 2012.
pub fn dp_norm(parts: &Parts, held: impl Iterator<Item = (u64, u64)> + Clone) -> Option<Ratio> {
    let (frequency, held_tokens) = held.clone().fold((0, 0), |(f, tokens), (v, t)| (f + v, tokens + t));
    if parts.k < 2 || frequency == 0 {
        return None;
    }
    let (f, total) = (u128::from(frequency), u128::from(parts.total));
    let with: u128 = held.map(|(v, t)| (u128::from(v) * total).abs_diff(u128::from(t) * f)).sum();
    // Every part without the term adds t · f.
    let sum = with + f * u128::from(parts.total - held_tokens);
    Ratio::new(sum, 2 * f * u128::from(parts.total - parts.smallest))
}

/// Juilland's D: 1 − V / √(k − 1), V = population standard deviation / mean of the rates v / t over all k parts.
///
/// `held` gives (v, t) of the parts that hold the term, each once and always in the same order (that of doc_ids), since a
/// float sum depends on it. It is walked twice; parts without the term cost nothing.
/// Range 0 (in one part) to 1 (even); it runs opposite to [`dp_norm`]. Nothing with fewer than two parts or without an
/// occurrence. Juilland & Chang-Rodríguez 1964.
pub fn juilland_d(parts: &Parts, held: impl Iterator<Item = (u64, u64)> + Clone) -> Option<f64> {
    let rates = held.filter(|(v, _)| *v > 0).map(|(v, t)| v as f64 / t as f64);
    let (df, sum) = rates.clone().fold((0, 0.0), |(df, sum), rate| (df + 1, sum + rate));
    if parts.k < 2 || df == 0 {
        return None;
    }
    let k = parts.k as f64;
    let mean = sum / k;
    let with: f64 = rates.map(|rate| (rate - mean) * (rate - mean)).sum();
    let variance = (with + (parts.k - df) as f64 * mean * mean) / k;
    Some(1.0 - variance.sqrt() / mean / (k - 1.0).sqrt())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dp_norm(parts: &Parts, held: impl Iterator<Item = (u64, u64)> + Clone) -> Option<f64> {
        super::dp_norm(parts, held).map(Ratio::value)
    }

    #[test]
    fn one_part_has_no_dispersion() {
        let one = Parts::of([9].into_iter());
        assert_eq!((dp_norm(&one, [(3, 9)].into_iter()), juilland_d(&one, [(3, 9)].into_iter())), (None, None));
        let none = Parts::of([0, 0].into_iter());
        assert_eq!((none, dp_norm(&none, [].into_iter()), juilland_d(&none, [].into_iter())), (Parts::default(), None, None));
    }

    #[test]
    fn a_term_that_does_not_occur_has_no_dispersion() {
        let two = Parts::of([9, 0, 4].into_iter());
        assert_eq!(two, Parts { k: 2, total: 13, smallest: 4 });
        assert_eq!((dp_norm(&two, [].into_iter()), juilland_d(&two, [].into_iter())), (None, None));
        assert_eq!((dp_norm(&two, [(0, 9)].into_iter()), juilland_d(&two, [(0, 9)].into_iter())), (None, None));
    }

    #[test]
    fn the_smallest_part_alone_is_as_uneven_as_can_be() {
        let parts = Parts::of([400, 30, 20].into_iter());
        assert_eq!(dp_norm(&parts, [(5, 20)].into_iter()), Some(1.0));
        assert!(juilland_d(&parts, [(5, 20)].into_iter()).unwrap().abs() < 1e-12);
    }

    #[test]
    fn counts_near_the_largest_do_not_overflow() {
        let large = 1u64 << 52;
        let parts = Parts::of([large, large].into_iter());
        assert_eq!(dp_norm(&parts, [(large, large)].into_iter()), Some(1.0));
    }

    proptest! {
        #[test]
        fn even_is_zero_and_one_part_is_one(parts in prop::collection::vec((0u64..20, 20u64..400), 2..12)) {
            let sizes = Parts::of(parts.iter().map(|(_, t)| *t));
            let held = || parts.iter().filter(|(v, _)| *v > 0).copied();
            if let Some(dp) = dp_norm(&sizes, held()) {
                prop_assert!((0.0..=1.0).contains(&dp));
                let d = juilland_d(&sizes, held()).unwrap();
                prop_assert!((-1e-12..=1.0 + 1e-12).contains(&d));
            }
            let even = parts.iter().map(|(_, t)| (*t, *t));
            prop_assert_eq!(dp_norm(&sizes, even.clone()), Some(0.0));
            prop_assert!((juilland_d(&sizes, even).unwrap() - 1.0).abs() < 1e-12);
        }

        /// The sparse sums against the definitions, part by part.
        #[test]
        fn parts_without_the_term_need_no_visit(parts in prop::collection::vec((0u64..4, 20u64..400), 2..30)) {
            let sizes = Parts::of(parts.iter().map(|(_, t)| *t));
            let held = || parts.iter().filter(|(v, _)| *v > 0).copied();
            let (f, k) = (parts.iter().map(|(v, _)| *v).sum::<u64>() as f64, parts.len() as f64);
            prop_assume!(f > 0.0);
            let dp = parts.iter().map(|(v, t)| (*v as f64 / f - *t as f64 / sizes.total as f64).abs()).sum::<f64>() / 2.0;
            let norm = dp / (1.0 - sizes.smallest as f64 / sizes.total as f64);
            prop_assert!((dp_norm(&sizes, held()).unwrap() - norm).abs() < 1e-12);
            prop_assert_eq!(dp_norm(&sizes, held()), dp_norm(&sizes, parts.iter().rev().copied()));
            let rates: Vec<f64> = parts.iter().map(|(v, t)| *v as f64 / *t as f64).collect();
            let mean = rates.iter().sum::<f64>() / k;
            let sd = (rates.iter().map(|rate| (rate - mean) * (rate - mean)).sum::<f64>() / k).sqrt();
            prop_assert!((juilland_d(&sizes, held()).unwrap() - (1.0 - sd / mean / (k - 1.0).sqrt())).abs() < 1e-12);
        }
    }
}
