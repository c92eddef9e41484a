//! How strongly two terms attract each other.

use super::deviation::divergence;
use super::{Contingency, Ratio};

/// Expected units with both under independence: n_a · n_b / n. Range ≥ 0; nothing when n = 0. Evert 2005.
pub fn expected(t: &Contingency) -> Option<Ratio> {
    Ratio::new(exact_product(t.n_a(), t.n_b()), t.n())
}

/// Pointwise mutual information, log2(n_ab · n / (n_a · n_b)). Range below 0 (avoid each other), 0 (independent), at most
/// log2(n / n_ab) (only together); favours rare pairs. Nothing when n_ab = 0. Fano 1961; Church & Hanks 1990.
pub fn pmi(t: &Contingency) -> Option<f64> {
    (t.n_ab() > 0).then(|| libm::log2(product(t.n_ab(), t.n()) / product(t.n_a(), t.n_b())))
}

/// pmi / −log2(n_ab / n). Range −1 (never together) to 1 (only together); −1 when n_ab = 0; nothing when n_ab = n or a margin
/// is empty. Bouma 2009.
pub fn npmi(t: &Contingency) -> Option<f64> {
    if t.n_a() == 0 || t.n_b() == 0 || t.n_ab() == t.n() {
        return None;
    }
    match pmi(t) {
        None => Some(-1.0),
        Some(pmi) => Some(pmi / -libm::log2(t.n_ab() as f64 / t.n() as f64)),
    }
}

/// log2(n_ab³ · n / (n_a · n_b)) = pmi + 2 · log2 n_ab: damps rarity; not 3 · pmi. Any sign. Nothing when n_ab = 0.
/// Daille 1994.
pub fn mi3(t: &Contingency) -> Option<f64> {
    pmi(t).map(|pmi| pmi + 2.0 * libm::log2(t.n_ab() as f64))
}

/// Pearson's χ² without continuity correction, Δ² · n / (R1 · R2 · C1 · C2), signed like Δ. Range −n to n; unreliable when an
/// expected count is below 5. Nothing when a margin is empty or full. Pearson 1900; Manning & Schütze 1999 §5.3.
pub fn chi2(t: &Contingency) -> Option<f64> {
    if t.is_degenerate() {
        return None;
    }
    let delta = t.delta() as f64;
    let (rows, columns) = (product(t.n_a(), t.n() - t.n_a()), product(t.n_b(), t.n() - t.n_b()));
    Some((delta / rows) * (delta / columns) * t.n() as f64 * sign(t.delta()))
}

/// Log-likelihood ratio G², natural log, all four cells, signed like Δ. |g2| is χ² distributed with one degree of freedom
/// under independence. 0 exactly when Δ = 0; nothing when a margin is empty or full. Dunning 1993; Evert 2005.
///
/// Since ΣO = ΣE, 2 · Σ O · ln(O / E) equals 2 · Σ E · ((1 + x) · ln(1 + x) − x) with x = ±Δ / (row · column), whose terms are
/// all ≥ 0: no digit is lost where the plain sum loses six, and the result is never negative before its sign.
pub fn g2(t: &Contingency) -> Option<f64> {
    if t.is_degenerate() {
        return None;
    }
    let delta = t.delta();
    if delta == 0 {
        return Some(0.0);
    }
    let (d, n) = (delta as f64, t.n() as f64);
    let (r1, c1) = (t.n_a() as f64, t.n_b() as f64);
    let (r2, c2) = ((t.n() - t.n_a()) as f64, (t.n() - t.n_b()) as f64);
    let [o12, o21] = [t.n_a() - t.n_ab(), t.n_b() - t.n_ab()];
    let o22 = t.n() - t.n_a() - o21;
    // Added diagonal by diagonal: exchanging a and b exchanges the terms of the second sum and changes no bit of the result.
    let together = divergence(t.n_ab(), r1 * c1, d, n) + divergence(o22, r2 * c2, d, n);
    let apart = divergence(o12, r1 * c2, -d, n) + divergence(o21, r2 * c1, -d, n);
    Some(2.0 * (together + apart) * sign(delta))
}

/// Whether g2 is surely below `limit`, without its four logs; false where this does not show. Many times as fast where pairs are
/// weak, as most are.
///
/// Since ln(1 + x) ≤ x, each term E · ((1 + x) · ln(1 + x) − x) of g2 is at most E · x² = Δ² / (n · row · column): so for all four
/// cells, or, where that is too coarse, for three of them beside the exact term of n_ab, which is most of g2.
pub fn g2_stays_below(t: &Contingency, limit: f64) -> bool {
    const ROUNDING: f64 = 1.0 + 1e-9;
    if t.delta() <= 0 {
        return limit > 0.0;
    }
    let (delta, n) = (t.delta() as f64, t.n() as f64);
    let (r1, c1) = (t.n_a() as f64, t.n_b() as f64);
    let (r2, c2) = (n - r1, n - c1);
    let square = delta / n * delta;
    let others = square * (1.0 / (r1 * c2) + 1.0 / (r2 * c1) + 1.0 / (r2 * c2));
    let below = |first: f64| 2.0 * (first + others) * ROUNDING < limit;
    below(square / (r1 * c1)) || below(divergence(t.n_ab(), r1 * c1, delta, n))
}

/// (n_ab − expected) / √n_ab. Range below √n_ab, any sign; favours frequent pairs; a ranking, not a test. Nothing when
/// n_ab = 0. Church, Gale, Hanks & Hindle 1991.
pub fn t_score(t: &Contingency) -> Option<f64> {
    (t.n_ab() > 0).then(|| (t.delta() as f64 / t.n() as f64) / (t.n_ab() as f64).sqrt())
}

/// 2 · n_ab / (n_a + n_b). Range 0 to 1; nothing when neither occurs. Dice 1945; Smadja et al. 1996.
pub fn dice(t: &Contingency) -> Option<Ratio> {
    Ratio::new(2 * t.n_ab(), t.n_a() + t.n_b())
}

/// 14 + log2(dice). At most 14; +1 = twice as strong; comparable between corpora. Nothing when n_ab = 0. Rychlý 2008.
pub fn log_dice(t: &Contingency) -> Option<f64> {
    dice(t).map(Ratio::value).filter(|dice| *dice > 0.0).map(|dice| 14.0 + libm::log2(dice))
}

/// n_ab / (n_a + n_b − n_ab). Range 0 to 1; nothing when neither occurs. Jaccard 1912.
pub fn jaccard(t: &Contingency) -> Option<Ratio> {
    Ratio::new(t.n_ab(), t.n_a() + t.n_b() - t.n_ab())
}

/// n_ab / max(n_a, n_b), the smaller of P(b|a) and P(a|b). Range 0 to 1; nothing when neither occurs. Pedersen 1998.
pub fn min_sensitivity(t: &Contingency) -> Option<Ratio> {
    Ratio::new(t.n_ab(), t.n_a().max(t.n_b()))
}

/// n_ab / n_a − (n_b − n_ab) / (n − n_a): how much seeing a raises the chance of b. Range −1 to 1; nothing when n_a = 0 or
/// n_a = n. Allan 1980; Gries 2013.
pub fn delta_p_b_given_a(t: &Contingency) -> Option<Ratio> {
    // The difference of the two quotients is Δ / (n_a · (n − n_a)): one division, no cancellation.
    Ratio::new(t.delta(), exact_product(t.n_a(), t.n() - t.n_a()))
}

/// n_ab / n_b − (n_a − n_ab) / (n − n_b): how much seeing b raises the chance of a. Range −1 to 1; nothing when n_b = 0 or
/// n_b = n. Allan 1980; Gries 2013.
pub fn delta_p_a_given_b(t: &Contingency) -> Option<Ratio> {
    delta_p_b_given_a(&t.swapped())
}

/// a · b as it is.
fn exact_product(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

/// a · b, rounded once: counts up to 2⁵³ are exact as floats.
pub(super) fn product(a: u64, b: u64) -> f64 {
    a as f64 * b as f64
}

pub(super) fn sign(delta: i128) -> f64 {
    if delta < 0 { -1.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Measure = fn(&Contingency) -> Option<f64>;

    /// The quotients among the measures, as floats.
    macro_rules! as_floats {
        ($($measure:ident),*) => {
            $(fn $measure(t: &Contingency) -> Option<f64> {
                super::$measure(t).map(Ratio::value)
            })*
        };
    }

    as_floats!(expected, dice, jaccard, min_sensitivity, delta_p_b_given_a, delta_p_a_given_b);

    /// Every measure that does not tell a from b.
    const MEASURES: [Measure; 11] = [expected, pmi, npmi, mi3, chi2, g2, t_score, dice, log_dice, jaccard, min_sensitivity];

    #[test]
    fn published_value_that_a_plain_sum_gets_wrong() {
        let table = Contingency::new(0, 42_588_690, 2_165, 21_304_641_202).unwrap();
        assert!((g2(&table).unwrap() + 8.664_478_38).abs() < 5e-9);
        let with = Contingency::new(32, 42_588_690, 2_165, 21_304_641_202).unwrap();
        assert!((g2(&with).unwrap() - 73.053_469_43).abs() < 5e-9);
    }

    #[test]
    fn the_largest_tables_lose_no_digit() {
        // Against 60-digit arithmetic.
        let (half, n) = (1u64 << 52, 1u64 << 53);
        for (n_ab, expected) in [(1, -1.248_662_953_633_057_2e16), (half / 2 + 1, 1.776_356_839_400_250_5e-15)] {
            let value = g2(&Contingency::new(n_ab, half, half, n).unwrap()).unwrap();
            assert!((value / expected - 1.0).abs() < 1e-14, "{value:e} {expected:e}");
        }
    }

    #[test]
    fn worked_window() {
        let table = Contingency::new(4, 20, 13, 72).unwrap();
        assert!((expected(&table).unwrap() - 3.611_111).abs() < 5e-7 && (pmi(&table).unwrap() - 0.147_557).abs() < 5e-7);
    }

    #[test]
    fn nothing_counted_leaves_every_cell_empty() {
        let none = Contingency::new(0, 0, 0, 0).unwrap();
        assert!(MEASURES.iter().chain(&[delta_p_b_given_a, delta_p_a_given_b]).all(|measure| measure(&none).is_none()));
        let absent = Contingency::new(0, 0, 4, 10).unwrap();
        assert_eq!((g2(&absent), chi2(&absent), npmi(&absent), t_score(&absent)), (None, None, None, None));
        assert_eq!((expected(&absent), dice(&absent)), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn full_margins_leave_cells_empty() {
        let table = Contingency::new(3, 10, 3, 10).unwrap();
        assert_eq!((g2(&table), chi2(&table), delta_p_b_given_a(&table)), (None, None, None));
        assert!(delta_p_a_given_b(&table).is_some() && pmi(&table) == Some(0.0));
        let all = Contingency::new(10, 10, 10, 10).unwrap();
        assert_eq!(npmi(&all), None);
        let never = Contingency::new(0, 3, 4, 10).unwrap();
        assert_eq!((pmi(&never), mi3(&never), log_dice(&never), npmi(&never)), (None, None, None, Some(-1.0)));
        assert_eq!((t_score(&never), dice(&never)), (None, Some(0.0)));
    }

    fn tables() -> impl Strategy<Value = Contingency> {
        (1u64..2000, 1u64..2000, 0u64..2000, 1u64..100_000).prop_filter_map("a table", |(a, b, both, rest)| {
            let both = both.min(a).min(b);
            Contingency::new(both, a, b, a + b - both + rest).ok()
        })
    }

    proptest! {
        #[test]
        fn exchanging_the_terms_exchanges_the_two_delta_p_and_nothing_else(t in tables()) {
            let s = t.swapped();
            prop_assert_eq!(delta_p_b_given_a(&t), delta_p_a_given_b(&s));
            prop_assert_eq!(delta_p_a_given_b(&t), delta_p_b_given_a(&s));
            for measure in MEASURES {
                prop_assert_eq!(measure(&t), measure(&s));
            }
        }

        #[test]
        fn bounded_measures_stay_within_their_bounds(t in tables()) {
            let bounded: [(Measure, f64); 6] =
                [(npmi, -1.0), (dice, 0.0), (jaccard, 0.0), (min_sensitivity, 0.0), (delta_p_b_given_a, -1.0), (delta_p_a_given_b, -1.0)];
            for (measure, low) in bounded {
                let value = measure(&t).unwrap();
                prop_assert!(value >= low - 1e-12 && value <= 1.0 + 1e-12);
            }
            prop_assert!(log_dice(&t).is_none_or(|value| value <= 14.0) && chi2(&t).unwrap().abs() <= t.n() as f64 * (1.0 + 1e-12));
        }

        #[test]
        fn the_terms_are_independent_where_the_product_fits(a in 1u64..300, b in 1u64..300, i in 1u64..300, j in 1u64..300) {
            let t = Contingency::new(a * b, a * (b + j), b * (a + i), (a + i) * (b + j)).unwrap();
            prop_assert_eq!((t.delta(), g2(&t), chi2(&t), t_score(&t), pmi(&t)), (0, Some(0.0), Some(0.0), Some(0.0), Some(0.0)));
        }

        #[test]
        fn g2_is_zero_exactly_at_independence_and_has_the_sign_of_delta(t in tables()) {
            let value = g2(&t).unwrap();
            prop_assert_eq!(value == 0.0, t.delta() == 0);
            prop_assert_eq!(value < 0.0, t.delta() < 0);
        }

        #[test]
        fn what_stays_below_is_below(t in tables(), share in 0.5f64..2.0) {
            let value = g2(&t).unwrap();
            let limit = value.abs() * share;
            prop_assert!(!g2_stays_below(&t, limit) || value < limit);
            prop_assert!(!g2_stays_below(&t, value) && (value <= 0.0 || g2_stays_below(&t, 2.0 * t.n() as f64 * (1.0 + 2.0 * chi2(&t).unwrap()))));
        }

        #[test]
        fn g2_grows_with_the_pair_above_expectation(t in tables()) {
            if let Ok(more) = Contingency::new(t.n_ab() + 1, t.n_a(), t.n_b(), t.n()) && t.delta() >= 0 {
                prop_assert!(g2(&more).unwrap() > g2(&t).unwrap());
            }
        }

        #[test]
        fn a_corpus_m_times_as_large_has_m_times_the_g2_and_the_same_pmi(t in tables(), m in 2u64..50) {
            let large = Contingency::new(t.n_ab() * m, t.n_a() * m, t.n_b() * m, t.n() * m).unwrap();
            let (one, many) = (g2(&t).unwrap(), g2(&large).unwrap());
            prop_assert!((one * m as f64 - many).abs() <= 1e-9 * (1.0 + many.abs()));
            if let (Some(x), Some(y)) = (pmi(&t), pmi(&large)) {
                prop_assert!((x - y).abs() < 1e-12);
            }
        }
    }
}
