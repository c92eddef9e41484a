//! Association measures of n_ab and its expectation only, and the odds ratio: asked for by name, since they rank much as others do.

use super::association::{product, sign};
use super::deviation::divergence;
use super::{Contingency, Ratio, pmi};

/// log2(n_ab² · n / (n_a · n_b)) = pmi + log2 n_ab, between pmi and mi3; it is log2 n above the log of P(a|b) · P(b|a). Any sign, at
/// most log2 n. Nothing when n_ab = 0. Daille 1994.
pub fn mi2(t: &Contingency) -> Option<f64> {
    pmi(t).map(|pmi| pmi + libm::log2(t.n_ab() as f64))
}

/// 2 · (n_ab · ln(n_ab / E) − (n_ab − E)) with E = n_a · n_b / n, signed like Δ: the likelihood ratio of one Poisson count. About
/// g2 where both are rare, below it where they are frequent. 0 exactly when Δ = 0; −2E when n_ab = 0; nothing when a margin is
/// empty. Evert 2005 (simple-ll).
pub fn simple_ll(t: &Contingency) -> Option<f64> {
    if t.n_a() == 0 || t.n_b() == 0 {
        return None;
    }
    let delta = t.delta();
    if delta == 0 {
        return Some(0.0);
    }
    // E · ((1 + x) · ln(1 + x) − x) with x = Δ / (n_a · n_b), as in g2: never negative before its sign.
    Some(2.0 * divergence(t.n_ab(), product(t.n_a(), t.n_b()), delta as f64, t.n() as f64) * sign(delta))
}

/// (n_ab − E) / √E with E = n_a · n_b / n. Any sign; overrates rare pairs: not to be read as a normal score when E < 5. Nothing
/// when a margin is empty. Dennis 1965; Evert 2005.
pub fn z_score(t: &Contingency) -> Option<f64> {
    if t.n_a() == 0 || t.n_b() == 0 {
        return None;
    }
    let expected = product(t.n_a(), t.n_b()) / t.n() as f64;
    Some(t.delta() as f64 / t.n() as f64 / expected.sqrt())
}

/// n_ab · log2(n_ab / E) = n_ab · pmi, in bits: what the pair adds to the mutual information, times n; favours frequent pairs. Any
/// sign. Nothing when n_ab = 0, since its limit 0 would place pairs that never meet above those that meet too seldom. Evert 2005.
pub fn local_mi(t: &Contingency) -> Option<f64> {
    let pmi = pmi(t)?;
    // The larger the count, the more of the digits of a small pmi are printed: near independence by ln(1 + x).
    let x = t.delta() as f64 / product(t.n_a(), t.n_b());
    let bits = if x.abs() < 0.5 { libm::log1p(x) * std::f64::consts::LOG2_E } else { pmi };
    Some(t.n_ab() as f64 * bits)
}

/// O11 · O22 / (O12 · O21): how many times the odds of b are raised by a. Range ≥ 0; 1 = independent; nothing when a or b never
/// stands without the other. Cornfield 1951; Evert 2005.
pub fn odds_ratio(t: &Contingency) -> Option<Ratio> {
    let [o11, o12, o21, o22] = t.cells().map(u128::from);
    Ratio::new(o11 * o22, o12 * o21)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn odds(t: &Contingency) -> Option<f64> {
        odds_ratio(t).map(Ratio::value)
    }

    const MEASURES: [fn(&Contingency) -> Option<f64>; 5] = [mi2, simple_ll, z_score, local_mi, odds];

    #[test]
    fn hand_counted() {
        // n_ab 4 where 8 · 8 / 32 = 2 are expected: pmi 1, z 2 / √2; odds (4 · 20) / (4 · 4) = 5.
        let t = Contingency::new(4, 8, 8, 32).unwrap();
        assert_eq!((mi2(&t), local_mi(&t), odds(&t)), (Some(3.0), Some(4.0), Some(5.0)));
        assert!((z_score(&t).unwrap() - 2f64.sqrt()).abs() < 1e-15);
        // 2 · (4 · ln 2 − 2)
        assert!((simple_ll(&t).unwrap() - (8.0 * std::f64::consts::LN_2 - 4.0)).abs() < 1e-14);
    }

    #[test]
    fn impossible_cases_are_empty() {
        let none = Contingency::new(0, 0, 4, 9).unwrap();
        assert!(MEASURES.iter().all(|measure| measure(&none).is_none()));
        let never = Contingency::new(0, 2, 4, 8).unwrap();
        assert_eq!((mi2(&never), local_mi(&never), odds(&never)), (None, None, Some(0.0)));
        assert_eq!((simple_ll(&never), z_score(&never)), (Some(-2.0), Some(-1.0)));
        let always = Contingency::new(2, 2, 4, 8).unwrap();
        assert_eq!(odds(&always), None);
    }

    fn tables() -> impl Strategy<Value = Contingency> {
        (1u64..2000, 1u64..2000, 0u64..2000, 1u64..100_000).prop_filter_map("a table", |(a, b, both, rest)| {
            let both = both.min(a).min(b);
            Contingency::new(both, a, b, a + b - both + rest).ok()
        })
    }

    proptest! {
        #[test]
        fn none_tells_a_from_b(t in tables()) {
            for measure in MEASURES {
                prop_assert_eq!(measure(&t), measure(&t.swapped()));
            }
        }

        #[test]
        fn all_have_the_sign_of_the_deviation(t in tables()) {
            let signed = [simple_ll(&t), z_score(&t), local_mi(&t), odds(&t).map(|odds| odds - 1.0)];
            for value in signed.into_iter().flatten() {
                prop_assert_eq!((value > 0.0, value < 0.0), (t.delta() > 0, t.delta() < 0), "{:?}", signed);
            }
        }

        #[test]
        fn all_grow_with_the_pair(t in tables()) {
            if let Ok(more) = Contingency::new(t.n_ab() + 1, t.n_a(), t.n_b(), t.n()) && t.delta() >= 0 {
                for measure in MEASURES {
                    if let (Some(one), Some(next)) = (measure(&t), measure(&more)) {
                        prop_assert!(next > one);
                    }
                }
            }
        }

        #[test]
        fn simple_ll_is_part_of_g2(t in tables()) {
            // All four terms of g2 are at least 0, and this is one of them.
            prop_assert!(simple_ll(&t).unwrap().abs() <= super::super::g2(&t).unwrap().abs() * (1.0 + 1e-12));
        }
    }
}
