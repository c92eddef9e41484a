//! How far a share could be off by chance.

/// z of a two-sided 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// 95 % interval of a share k / n: centre (k + z²/2) / (n + z²), half-width z / (n + z²) · √(k(n − k)/n + z²/4), within 0 to 1.
/// Nothing when n = 0 or k is above n. Wilson 1927; Brown, Cai & DasGupta 2001.
pub fn wilson(k: u64, n: u64) -> Option<(f64, f64)> {
    if n == 0 || k > n {
        return None;
    }
    let (k, n) = (k as f64, n as f64);
    let centre = (k + Z * Z / 2.0) / (n + Z * Z);
    let half = Z / (n + Z * Z) * (k * (n - k) / n + Z * Z / 4.0).sqrt();
    Some(((centre - half).max(0.0), (centre + half).min(1.0)))
}

/// 95 % interval of F1 = 2 tp / (2 tp + fp + fn): Wilson's interval of j = tp / (tp + fp + fn), carried over by f1 = 2j / (1 + j),
/// which grows with j. `wrong` = fp + fn. Nothing when there is no label at all.
pub fn f1_interval(tp: u64, wrong: u64) -> Option<(f64, f64)> {
    let (low, high) = wilson(tp, tp + wrong)?;
    let f1 = |j: f64| 2.0 * j / (1.0 + j);
    Some((f1(low), f1(high)))
}

/// What a rate per token and its uncertainty are computed from: sums over the documents that hold tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RateSums {
    /// k, the documents that hold at least one token.
    pub documents: u64,
    /// Σ t, their tokens.
    pub tokens: u64,
    /// Σ t².
    pub token_squares: u64,
    /// Σ v, occurrences.
    pub occurrences: u64,
    /// Σ v².
    pub squares: u64,
    /// Σ v · t.
    pub products: u64,
}

/// 95 % interval of a rate r = Σv / Σt by the ratio estimator, whose units are documents and not tokens: r ± z · √var, var =
/// k / (k − 1) · Σ(v − r·t)² / (Σt)², the lower end at least 0.
///
/// Σ(v − r·t)² = (Σv² · T² − 2 · V · T · Σvt + V² · Σt²) / T² with V = Σv and T = Σt: whole numbers, so no order of documents
/// matters. Nothing when k < 2 or there are no tokens. Cochran 1977, ch. 6.
pub fn ratio_interval(sums: &RateSums) -> Option<(f64, f64)> {
    if sums.documents < 2 || sums.tokens == 0 {
        return None;
    }
    let (k, t) = (sums.documents as f64, sums.tokens as f64);
    let rate = sums.occurrences as f64 / t;
    let variance = k / (k - 1.0) * residual(sums) / t / t / t / t;
    let half = Z * variance.sqrt();
    Some(((rate - half).max(0.0), rate + half))
}

/// Σ(v − r·t)² · T², at least 0; by floats where the whole numbers are beyond 2¹²⁷, some thousand million tokens.
fn residual(sums: &RateSums) -> f64 {
    let exact = || {
        let [v, t, vv, vt, tt] = [sums.occurrences, sums.tokens, sums.squares, sums.products, sums.token_squares].map(i128::from);
        let first = vv.checked_mul(t)?.checked_mul(t)?;
        let second = v.checked_mul(t)?.checked_mul(vt)?.checked_mul(2)?;
        let third = v.checked_mul(v)?.checked_mul(tt)?;
        first.checked_sub(second)?.checked_add(third)
    };
    let rate = sums.occurrences as f64 / sums.tokens as f64;
    let rounded = || {
        let sum = sums.squares as f64 - 2.0 * rate * sums.products as f64 + rate * rate * sums.token_squares as f64;
        sum * sums.tokens as f64 * sums.tokens as f64
    };
    exact().map_or_else(rounded, |sum| sum as f64).max(0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sums(documents: &[(u64, u64)]) -> RateSums {
        documents.iter().filter(|(_, t)| *t > 0).fold(RateSums::default(), |s, (v, t)| RateSums {
            documents: s.documents + 1,
            tokens: s.tokens + t,
            token_squares: s.token_squares + t * t,
            occurrences: s.occurrences + v,
            squares: s.squares + v * v,
            products: s.products + v * t,
        })
    }

    #[test]
    fn a_rate_is_as_sure_as_its_documents_agree() {
        // v/t = 1/10, 3/10: r = 4/20 = 0.2; residuals −1 and 1; var = 2/1 · 2 / 400 = 0.01; 0.2 ± 1.959964 · 0.1.
        let (low, high) = ratio_interval(&sums(&[(1, 10), (3, 10)])).unwrap();
        assert!((low - 0.004_003_6).abs() < 1e-7 && (high - 0.395_996_4).abs() < 1e-7, "{low} {high}");
        // v/t = 0/10, 4/10: var = 2 · 8 / 400 = 0.04: the lower end would be below 0.
        let (low, high) = ratio_interval(&sums(&[(0, 10), (4, 10)])).unwrap();
        assert!(low == 0.0 && (high - 0.591_992_8).abs() < 1e-7, "{low} {high}");
        assert_eq!(ratio_interval(&sums(&[(1, 10), (2, 20), (3, 30)])), Some((0.1, 0.1)));
        assert_eq!((ratio_interval(&sums(&[(1, 10), (0, 0)])), ratio_interval(&sums(&[]))), (None, None));
    }

    proptest! {
        #[test]
        fn the_ratio_estimator_is_that_of_the_textbook(documents in prop::collection::vec((0u64..9, 9u64..90), 2..20)) {
            let total: f64 = documents.iter().map(|(_, t)| *t as f64).sum();
            let rate = documents.iter().map(|(v, _)| *v as f64).sum::<f64>() / total;
            let squares: f64 = documents.iter().map(|(v, t)| (*v as f64 - rate * *t as f64) * (*v as f64 - rate * *t as f64)).sum();
            let k = documents.len() as f64;
            let half = Z * (k / (k - 1.0) * squares).sqrt() / total;
            let (low, high) = ratio_interval(&sums(&documents)).unwrap();
            prop_assert!((high - rate - half).abs() < 1e-9 && (low - (rate - half).max(0.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn worked_examples() {
        for (k, n, low, high) in [(0, 10, 0.0, 0.277_533), (5, 10, 0.236_593, 0.763_407), (3, 120, 0.008_538, 0.070_930)] {
            let (got_low, got_high) = wilson(k, n).unwrap();
            assert!((got_low - low).abs() < 5e-7 && (got_high - high).abs() < 5e-7, "{k}/{n}: {got_low} {got_high}");
        }
        assert_eq!((wilson(0, 0), wilson(2, 1)), (None, None));
    }

    #[test]
    fn the_interval_holds_the_share_and_mirrors() {
        for (k, n) in [(0, 1), (1, 1), (1, 7), (6, 7), (40, 120), (1 << 52, 1 << 53)] {
            let ((low, high), (other_low, other_high)) = (wilson(k, n).unwrap(), wilson(n - k, n).unwrap());
            let share = k as f64 / n as f64;
            assert!(0.0 <= low && low <= share && share <= high && high <= 1.0, "{k}/{n}: {low} {high}");
            assert!((low + other_high - 1.0).abs() < 1e-12 && (high + other_low - 1.0).abs() < 1e-12);
        }
    }
}
