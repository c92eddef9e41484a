//! Parts of likelihoods that lose no digit where the textbook formulas cancel.

/// E · ((1 + x) · ln(1 + x) − x) of one cell, where E = margins / n and x = difference / margins; E where nothing was observed.
pub(super) fn divergence(observed: u64, margins: f64, difference: f64, n: f64) -> f64 {
    let expected = margins / n;
    if observed == 0 {
        return expected;
    }
    // 1 + x = O / E is at least 2⁻⁵¹ here, four times the rounding of x near −1, so its log is always finite.
    expected * deviation(difference / margins)
}

/// (1 + x) · ln(1 + x) − x. Near 0 by its series, since there the two parts nearly cancel.
pub(super) fn deviation(x: f64) -> f64 {
    if x.abs() < 1e-2 {
        // Σ (−1)^k · x^k / (k · (k − 1)) for k ≥ 2; eight terms leave less than 10⁻¹⁷ of the first.
        let tail = (2..10).rev().fold(0.0, |sum, k| {
            let k = f64::from(k);
            1.0 / (k * (k - 1.0)) - x * sum
        });
        return x * x * tail;
    }
    (1.0 + x) * libm::log1p(x) - x
}

/// ln(m!) − m · ln m + m, which is 0 for m = 0 and tends to ln(2πm) / 2: what a factorial is more than m^m · e^−m. Loader 2000.
///
/// Logs of probabilities are sums of these and of divergences, all of them small beside the ln(m!) that they stand for.
pub(super) fn factorial_excess(m: u64) -> f64 {
    const SMALL: u64 = 16;
    let float = m as f64;
    if m == 0 {
        return 0.0;
    }
    if m < SMALL {
        let factorial = (2..=m).product::<u64>() as f64;
        return libm::log(factorial) - float * libm::log(float) + float;
    }
    // Stirling's series; from 16 on the first term left out is below 10⁻¹⁶.
    let square = 1.0 / (float * float);
    let series = [1.0 / 1188.0, -1.0 / 1680.0, 1.0 / 1260.0, -1.0 / 360.0, 1.0 / 12.0];
    let tail = series.iter().fold(0.0, |sum, coefficient| sum * square + coefficient) / float;
    0.5 * libm::log(std::f64::consts::TAU * float) + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_meets_the_formula() {
        for x in [0.0099f64, -0.0099] {
            let exact = (1.0 + x) * libm::log1p(x) - x;
            assert!((deviation(x) / exact - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn factorials_are_those_that_are_multiplied_out() {
        for m in [1u64, 2, 7, 15, 16, 17, 20] {
            let exact = libm::log((1..=m).product::<u64>() as f64) - m as f64 * libm::log(m as f64) + m as f64;
            assert!((factorial_excess(m) - exact).abs() < 1e-13, "{m}");
        }
        assert_eq!(factorial_excess(0), 0.0);
    }
}
