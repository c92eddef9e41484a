//! One slice of a corpus against another: a = tf and c = tokens of the target, b = tf and d = tokens of the reference.

/// log2((a / c) / (b / d)), a zero count replaced by 0.5: 1 = twice as frequent in the target. Nothing when a slice is empty or
/// the term is in neither. Hardie 2014.
pub fn log_ratio(a: u64, c: u64, b: u64, d: u64) -> Option<f64> {
    if c == 0 || d == 0 || (a == 0 && b == 0) {
        return None;
    }
    let count = |tf: u64| if tf == 0 { 0.5 } else { tf as f64 };
    Some(libm::log2((count(a) / c as f64) / (count(b) / d as f64)))
}

/// 100 · (a/c − b/d) / (b/d). Nothing when b = 0 or a slice is empty. Gabrielatos & Marchi 2012.
pub fn percent_diff(a: u64, c: u64, b: u64, d: u64) -> Option<f64> {
    if b == 0 || c == 0 || d == 0 {
        return None;
    }
    let (target, reference) = (u128::from(a) * u128::from(d), u128::from(b) * u128::from(c));
    Some(100.0 * (target as f64 - reference as f64) / reference as f64)
}

/// |g2| − ln(c + d): below 0 no evidence, 0–2 bare, 2–6 positive, 6–10 strong, above 10 very strong. Nothing when both slices
/// are empty. Wilson 2013.
pub fn bic(g2: f64, c: u64, d: u64) -> Option<f64> {
    let n = u128::from(c) + u128::from(d);
    (n > 0).then(|| g2.abs() - libm::log(n as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_kept_apart_from_unknowns() {
        assert_eq!(log_ratio(4, 10, 2, 10), Some(1.0));
        assert_eq!(log_ratio(1, 10, 0, 10), Some(1.0));
        assert_eq!((log_ratio(0, 10, 0, 10), log_ratio(1, 10, 1, 0)), (None, None));
        assert_eq!((percent_diff(3, 10, 2, 10), percent_diff(3, 10, 0, 10)), (Some(50.0), None));
        assert_eq!(bic(0.0, 0, 0), None);
    }
}
