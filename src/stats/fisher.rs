//! Fisher's exact test, for pairs too rare for the approximations.

use super::association::sign;
use super::deviation::factorial_excess;
use super::{Contingency, g2};

/// −log10 p of Fisher's exact test, one-sided in the direction of the deviation and signed like it: p = P(X ≥ n_ab) and the value
/// is positive where n_ab is at least expected, p = P(X ≤ n_ab) and the value is negative below; X is hypergeometric. 1.3, 2, 3 for
/// p = .05, .01, .001. Any sign; nothing when a margin is empty or full. Fisher 1935; Pedersen 1996; Evert 2005, whose
/// `Fisher.pv` is the same number for attracted pairs; the sign as in Stefanowitsch & Gries 2003.
///
/// ln P(X = n_ab) is −|g2| / 2 and factorial excesses (Loader 2000), hence exact where p is far below the smallest float; the
/// rest of the tail is a sum of falling quotients of whole numbers.
pub fn fisher(t: &Contingency) -> Option<f64> {
    let magnitude = g2(t)?.abs();
    let [o11, o12, o21, o22] = t.cells();
    let delta = t.delta();
    let tail = if delta >= 0 { tail_sum(o12, o21, o11, o22) } else { tail_sum(o11, o22, o12, o21) };
    let margins = [t.n_a(), t.n() - t.n_a(), t.n_b(), t.n() - t.n_b()];
    let excess = margins.map(factorial_excess).iter().sum::<f64>()
        - [o11, o12, o21, o22].map(factorial_excess).iter().sum::<f64>()
        - factorial_excess(t.n());
    // p is at most 1: rounding must not turn the sign.
    let minus_ln_p = (magnitude / 2.0 - excess - libm::log(tail)).max(0.0);
    Some(minus_ln_p * std::f64::consts::LOG10_E * sign(delta))
}

/// P(tail) / P(table): 1 + r₁ + r₁r₂ + …, where each step moves a unit from both `falling` cells to both `rising` ones.
///
/// The quotients fall, so the rest after a term is at most that of a geometric series; it ends when this no longer counts. About
/// nine standard deviations are walked at most: 10⁵ terms for a thousand million units, and few where the pair stands out.
fn tail_sum(falling_a: u64, falling_b: u64, rising_a: u64, rising_b: u64) -> f64 {
    let [mut down_a, mut down_b, mut up_a, mut up_b] = [falling_a, falling_b, rising_a, rising_b].map(|cell| cell as f64);
    let (mut sum, mut term) = (1.0f64, 1.0f64);
    for _ in 0..falling_a.min(falling_b) {
        (up_a, up_b) = (up_a + 1.0, up_b + 1.0);
        let quotient = down_a * down_b / (up_a * up_b);
        (down_a, down_b) = (down_a - 1.0, down_b - 1.0);
        term *= quotient;
        sum += term;
        if term * quotient < sum * 1e-17 * (1.0 - quotient) {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_lady_tasting_tea() {
        // Eight cups, three of four right: 17 of the 70 ways are as good or better; with one right, 17 of 70 as bad or worse.
        let p: f64 = 17.0 / 70.0;
        let good = fisher(&Contingency::new(3, 4, 4, 8).unwrap()).unwrap();
        let bad = fisher(&Contingency::new(1, 4, 4, 8).unwrap()).unwrap();
        assert!((good + libm::log10(p)).abs() < 1e-14 && (bad - libm::log10(p)).abs() < 1e-14, "{good} {bad}");
    }

    #[test]
    fn certain_and_impossible() {
        assert_eq!(fisher(&Contingency::new(3, 10, 3, 10).unwrap()), None);
        assert_eq!(fisher(&Contingency::new(0, 0, 3, 10).unwrap()), None);
        // Never together in a world of 10: p = P(X = 0) = 9 / 10.
        let p: f64 = 0.9;
        assert!((fisher(&Contingency::new(0, 1, 1, 10).unwrap()).unwrap() - libm::log10(p)).abs() < 1e-14);
    }

    /// p by the definition, over all tables with these margins.
    fn by_definition(t: &Contingency) -> f64 {
        let choose = |n: u64, k: u64| (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product::<f64>();
        let of = |k: u64| choose(t.n_a(), k) * choose(t.n() - t.n_a(), t.n_b() - k);
        let possible = (t.n_a() + t.n_b()).saturating_sub(t.n())..=t.n_a().min(t.n_b());
        let in_tail = |k: &u64| if t.delta() >= 0 { *k >= t.n_ab() } else { *k <= t.n_ab() };
        possible.filter(in_tail).map(of).sum::<f64>() / choose(t.n(), t.n_b())
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(a in 1u64..30, b in 1u64..30, both in 0u64..30, rest in 1u64..30) {
            let both = both.min(a).min(b);
            let t = Contingency::new(both, a, b, a + b - both + rest).unwrap();
            let expected = -libm::log10(by_definition(&t)) * sign(t.delta());
            prop_assert!((fisher(&t).unwrap() - expected).abs() < 1e-11, "{:?} {:?}", fisher(&t), expected);
            prop_assert!((fisher(&t).unwrap() - fisher(&t.swapped()).unwrap()).abs() < 1e-13);
        }

        #[test]
        fn grows_with_the_pair(a in 2u64..1_000_000, b in 2u64..1_000_000, both in 0u64..1000, rest in 1u64..1_000_000_000) {
            let both = both.min(a - 1).min(b - 1);
            let n = a + b - both + rest;
            let one = fisher(&Contingency::new(both, a, b, n).unwrap()).unwrap();
            let next = fisher(&Contingency::new(both + 1, a, b, n).unwrap()).unwrap();
            prop_assert!(next > one, "{one} {next}");
        }
    }
}
