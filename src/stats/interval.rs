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

#[cfg(test)]
mod tests {
    use super::*;

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
