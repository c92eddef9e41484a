//! A log ratio that is surely not too large: the end of its confidence interval that lies nearer to 0.

use std::cmp::Ordering;

use super::Contingency;
use super::deviation::{deviation, factorial_excess};

/// Share of intervals that do not hold the true value.
const ERROR: f64 = 0.05;

/// Conservative log ratio: the end nearer to 0 of the 95 % interval of log2((a / c) / (b / d)); 0 when the interval holds 0. a and b
/// are occurrences in two slices of c and d units, which do not overlap. Any sign; nothing when a slice is empty or the term is in
/// neither. `tests` divides the error among so many terms (Bonferroni); 1 = an interval for each on its own. Evert 2022 (LRC).
///
/// The interval is exact under Poisson counts: given a + b, a is binomial with odds that are the ratio of rates times c / d, and
/// Clopper & Pearson 1934 give its ends. So it needs no substitute for a zero, which the normal approximation does. Where counts
/// are large shares of their slices it is wider than need be, never narrower.
pub fn conservative_log_ratio([a, c]: [u64; 2], [b, d]: [u64; 2], tests: u64) -> Option<f64> {
    if c == 0 || d == 0 || (a == 0 && b == 0) {
        return None;
    }
    let ln_error = libm::log(ERROR / 2.0 / tests.max(1) as f64);
    let ln_sizes = libm::log(d as f64 / c as f64);
    // The lower end of the ratio, or minus that of the inverse ratio: only the end towards 0 is needed.
    let end = match (u128::from(a) * u128::from(d)).cmp(&(u128::from(b) * u128::from(c))) {
        Ordering::Greater => (lowest_log_odds(a, b, ln_error) + ln_sizes).max(0.0),
        Ordering::Less => -(lowest_log_odds(b, a, ln_error) - ln_sizes).max(0.0),
        Ordering::Equal => 0.0,
    };
    Some(end * std::f64::consts::LOG2_E)
}

/// [`conservative_log_ratio`] of the units with b among those with a (target) and among those without a (reference), an interval
/// for each pair on its own. Not symmetric. Nothing when all units or none hold a, or none b.
pub fn log_ratio_low(t: &Contingency) -> Option<f64> {
    let [both, _, b_alone, _] = t.cells();
    conservative_log_ratio([both, t.n_a()], [b_alone, t.n() - t.n_a()], 1)
}

/// The log odds θ at which `hits` or more hits among `hits + misses` have the probability e^`ln_error`: the lower end of the
/// interval of Clopper & Pearson. `hits` is above 0.
///
/// ln P(X ≥ hits) is a concave, rising function of θ, so Newton's method comes to the root from the left after its first step.
fn lowest_log_odds(hits: u64, misses: u64, ln_error: f64) -> f64 {
    // From where a normal distribution of the log odds would have it.
    let (above, below) = (hits as f64, misses as f64 + 1.0);
    let normal = (-2.0 * ln_error - libm::log(-2.0 * ln_error * std::f64::consts::TAU)).sqrt();
    let mut odds = libm::log(above / below) - normal * (1.0 / above + 1.0 / below).sqrt();
    for _ in 0..100 {
        let Tail { ln_probability, slope } = tail(hits, misses, odds);
        let step = (ln_error - ln_probability) / slope;
        odds += step;
        if step.abs() < 1e-13 * odds.abs().max(1.0) {
            break;
        }
    }
    odds
}

struct Tail {
    ln_probability: f64,
    /// Its derivative by the log odds.
    slope: f64,
}

/// ln P(X ≥ hits) for X binomial among `hits + misses` with log odds `odds`.
///
/// P(X = hits) after Loader 2000. The rest of the tail by the continued fraction of the incomplete beta function, or, where misses are
/// so few that the fraction would lose digits, by the sum of its few terms.
fn tail(hits: u64, misses: u64, odds: f64) -> Tail {
    let all = hits + misses;
    let (share, rest) = (1.0 / (1.0 + libm::exp(-odds)), 1.0 / (1.0 + libm::exp(odds)));
    let divergence = |observed: u64, share: f64| {
        let expected = all as f64 * share;
        if observed == 0 { expected } else { expected * deviation((observed as f64 - expected) / expected) }
    };
    let excess = factorial_excess(all) - factorial_excess(hits) - factorial_excess(misses);
    let ln_point = excess - divergence(hits, share) - divergence(misses, rest);
    let few_misses = misses < hits / 10_000;
    let to_point = if few_misses { tail_sum(hits, misses, odds) } else { rest * beta_fraction(hits as f64, misses as f64 + 1.0, share) };
    Tail { ln_probability: ln_point + libm::log(to_point), slope: hits as f64 * rest / to_point }
}

/// P(X ≥ hits) / P(X = hits), term by term; each is a smaller part of the one before it.
fn tail_sum(hits: u64, misses: u64, odds: f64) -> f64 {
    let (odds, mut sum, mut term) = (libm::exp(odds), 1.0f64, 1.0f64);
    let (mut up, mut down) = (hits as f64, misses as f64);
    for _ in 0..misses {
        up += 1.0;
        term *= down / up * odds;
        down -= 1.0;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// I_x(a, b) · a · B(a, b) / (x^a · (1 − x)^b), by Lentz's method: DLMF 8.17.22. Converges fast for x below the mean of the
/// distribution, in some √(a + b) steps at it.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const MOST_STEPS: u32 = 100_000;
    let (mut c, mut d) = (1.0, 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0), TINY));
    let mut value = d;
    for step in 1..MOST_STEPS {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for coefficient in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + coefficient * d, TINY);
            c = away_from_zero(1.0 + coefficient / c, TINY);
            change = c * d;
            value *= change;
        }
        if (change - 1.0f64).abs() < 1e-15 {
            break;
        }
    }
    value
}

fn away_from_zero(value: f64, tiny: f64) -> f64 {
    if value.abs() < tiny { tiny } else { value }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::log_ratio;
    use super::*;

    #[test]
    fn one_of_one_hit_is_solved_by_hand() {
        // P(X ≥ 1) of one trial is its share: 0.025 at the lower end, so odds 1 : 39; the slices are 1 : 1000.
        let expected = libm::log2(1000.0 / 39.0);
        assert!((conservative_log_ratio([1, 10], [0, 10_000], 1).unwrap() - expected).abs() < 1e-12);
        assert!((conservative_log_ratio([0, 10_000], [1, 10], 1).unwrap() + expected).abs() < 1e-12);
        // Two of two: the share is √0.025.
        let share = 0.025f64.sqrt();
        let expected = libm::log2(share / (1.0 - share) * 100.0);
        assert!((conservative_log_ratio([2, 10], [0, 1000], 1).unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn an_interval_that_holds_zero_says_zero_and_nothing_says_nothing() {
        assert_eq!(conservative_log_ratio([5, 100], [4, 100], 1), Some(0.0));
        assert_eq!(conservative_log_ratio([1, 10], [0, 10], 1), Some(0.0));
        assert_eq!((conservative_log_ratio([0, 10], [0, 10], 1), conservative_log_ratio([1, 10], [1, 0], 1)), (None, None));
    }

    #[test]
    fn a_slice_without_misses_loses_no_digit() {
        // All hits: share^hits = 0.025, so the odds are 1 / (0.025^(−1 / hits) − 1).
        for hits in [1u64, 1000, 446_057_209, 1 << 50] {
            let odds = 1.0 / libm::expm1(-libm::log(0.025) / hits as f64);
            let expected = libm::log2(odds) + 10.0;
            let got = conservative_log_ratio([hits, 1 << 50], [0, 1 << 60], 1).unwrap();
            assert!((got - expected).abs() < 1e-11, "{hits}: {got} {expected}");
        }
    }

    #[test]
    fn the_largest_counts_come_to_an_end() {
        let n = 1u64 << 52;
        let value = conservative_log_ratio([n / 2, n], [n / 4, n], 1).unwrap();
        assert!((value - 1.0).abs() < 1e-6 && value < 1.0);
    }

    fn binomial_tail(hits: u64, all: u64, share: f64) -> f64 {
        let term = |k: u64| (0..k).map(|i| (all - i) as f64 / (i + 1) as f64 * share / (1.0 - share)).product::<f64>();
        (hits..=all).map(term).sum::<f64>() * (0..all).map(|_| 1.0 - share).product::<f64>()
    }

    proptest! {
        #[test]
        fn the_end_is_where_the_tail_is_the_error(hits in 1u64..60, misses in 0u64..60, tests in 1u64..1000) {
            let error = 0.025 / tests as f64;
            let odds = lowest_log_odds(hits, misses, libm::log(error));
            let share = 1.0 / (1.0 + libm::exp(-odds));
            prop_assert!((binomial_tail(hits, hits + misses, share) / error - 1.0).abs() < 1e-9);
        }

        #[test]
        fn between_zero_and_the_log_ratio(a in 0u64..1_000_000, b in 0u64..1_000_000, c in 1u64..1 << 40, d in 1u64..1 << 40) {
            if let (Some(bound), Some(ratio)) = (conservative_log_ratio([a, c], [b, d], 1), log_ratio(a, c, b, d)) {
                prop_assert!(bound.abs() <= ratio.abs() + 1e-9 || a == 0 || b == 0, "{bound} {ratio}");
                prop_assert!(bound == 0.0 || (bound > 0.0) == (ratio > 0.0));
                let corrected = conservative_log_ratio([a, c], [b, d], 100).unwrap();
                prop_assert!(corrected.abs() <= bound.abs() && corrected * bound >= 0.0);
                prop_assert!((conservative_log_ratio([b, d], [a, c], 1).unwrap() + bound).abs() < 1e-9);
            }
        }

        #[test]
        fn grows_with_the_target(a in 0u64..100_000, b in 0u64..100_000, c in 1u64..1 << 40, d in 1u64..1 << 40) {
            if let Some(bound) = conservative_log_ratio([a, c], [b, d], 1) {
                prop_assert!(conservative_log_ratio([a + 1, c], [b, d], 1).unwrap() >= bound - 1e-10);
            }
        }
    }
}
