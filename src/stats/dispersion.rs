//! How evenly a term is spread over the parts (documents) of a corpus.

/// The sizes of all parts that hold at least one token, summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// Number of parts, k.
    pub count: u64,
    /// Σ t, tokens of all parts.
    pub total: u64,
    /// Tokens of the smallest part.
    pub smallest: u64,
}

impl Parts {
    /// Sums up the sizes; parts without a token do not count.
    pub fn of(sizes: impl Iterator<Item = u64>) -> Self {
        sizes.filter(|size| *size > 0).fold(Self { count: 0, total: 0, smallest: u64::MAX }, |parts, size| Self {
            count: parts.count + 1,
            total: parts.total + size,
            smallest: parts.smallest.min(size),
        })
    }
}

/// Gries' deviation of proportions, normalised: DP / (1 − smallest t / T) with DP = ½ · Σ |v / f − t / T|.
///
/// `held` gives (v, t), occurrences and tokens, of the parts that hold the term, in any order: the sums are whole numbers.
/// Range 0 (even) to 1 (in one smallest part). Nothing with fewer than two parts or without an occurrence.
/// Gries 2008; divisor after Lijffijt & Gries 2012.
pub fn dp_norm(parts: &Parts, held: impl Iterator<Item = (u64, u64)>) -> Option<f64> {
    let held: Vec<(u64, u64)> = held.collect();
    let frequency: u64 = held.iter().map(|(v, _)| v).sum();
    if parts.count < 2 || frequency == 0 {
        return None;
    }
    let (f, total) = (u128::from(frequency), u128::from(parts.total));
    let with: u128 = held.iter().map(|(v, t)| (u128::from(*v) * total).abs_diff(u128::from(*t) * f)).sum();
    let held_tokens: u64 = held.iter().map(|(_, t)| t).sum();
    // Every part without the term adds t · f.
    let sum = with + f * u128::from(parts.total - held_tokens);
    Some(sum as f64 / (2 * f * u128::from(parts.total - parts.smallest)) as f64)
}

/// Juilland's D: 1 − V / √(k − 1), V = population standard deviation / mean of the rates v / t over all k parts.
///
/// `held` gives (v, t) of the parts that hold the term, always in the same order (that of doc_ids), since a float sum depends
/// on it. Range 0 (in one part) to 1 (even). Nothing with fewer than two parts or without an occurrence.
/// Juilland & Chang-Rodríguez 1964.
pub fn juilland_d(parts: &Parts, held: impl Iterator<Item = (u64, u64)>) -> Option<f64> {
    let rates: Vec<f64> = held.filter(|(v, _)| *v > 0).map(|(v, t)| v as f64 / t as f64).collect();
    if parts.count < 2 || rates.is_empty() {
        return None;
    }
    let k = parts.count as f64;
    let mean = rates.iter().sum::<f64>() / k;
    let without = (parts.count - rates.len() as u64) as f64 * mean * mean;
    let variance = (rates.iter().map(|rate| (rate - mean) * (rate - mean)).sum::<f64>() + without) / k;
    Some(1.0 - variance.sqrt() / mean / (k - 1.0).sqrt())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_part_has_no_dispersion() {
        let one = Parts::of([9].into_iter());
        assert_eq!((dp_norm(&one, [(3, 9)].into_iter()), juilland_d(&one, [(3, 9)].into_iter())), (None, None));
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
    }
}
