//! Whether a string of characters is a word: how firmly it holds together, and how freely it stands.

/// log2(c(w) · M / (c(u) · c(v))) at the cut of a string w into u and v: pointwise mutual information of the two parts. `whole`,
/// `left` and `right` are their occurrences, also overlapping ones; `characters` is M, all characters. Range: any; 0 = the parts
/// meet as often as by chance. Nothing when a count is 0. Church & Hanks 1990; with the weakest cut of a string, Luo & Sun 2003.
pub fn cut_pmi(whole: u64, left: u64, right: u64, characters: u64) -> Option<f64> {
    let possible = whole > 0 && left > 0 && right > 0 && characters > 0;
    possible.then(|| libm::log2((whole as f64 * characters as f64) / (left as f64 * right as f64)))
}

/// log2 m − (1/m) · Σ c_j · log2 c_j over the different neighbours on one side of a string, m = its occurrences. An occurrence
/// at the edge of a run counts as a neighbour of its own, since an edge is full freedom. `neighbours` are the counts of the
/// neighbours; what they leave of m is edges. Range 0 (always the same neighbour) to log2 m; nothing when m = 0.
/// Harris 1955; Jin & Tanaka-Ishii 2006; edges: Feng, Chen, Deng & Zheng 2004.
///
/// Summed over the sorted counts, so the value does not depend on their order.
pub fn branching_entropy(mut neighbours: Vec<u32>, occurrences: u64) -> Option<f64> {
    neighbours.sort_unstable();
    let sum: f64 = neighbours.iter().map(|count| c_log_c(*count)).sum();
    // A single neighbour leaves a rounding error of either sign where there is nothing.
    (occurrences > 0).then(|| (libm::log2(occurrences as f64) - sum / occurrences as f64).max(0.0))
}

/// c · log2 c: what a neighbour of c occurrences adds to the sum of [`branching_entropy`]. 0 for 0.
pub fn c_log_c(count: u32) -> f64 {
    if count < 2 { 0.0 } else { f64::from(count) * libm::log2(f64::from(count)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example() {
        // Runs 甲乙丙 / 丁乙丙 / 乙丙戊 / 乙丙戊: M = 12, c(乙) = c(丙) = c(乙丙) = 4.
        assert!((cut_pmi(4, 4, 4, 12).unwrap() - 1.584_963).abs() < 5e-7);
        assert_eq!(branching_entropy(vec![1, 1], 4), Some(2.0));
        assert_eq!(branching_entropy(vec![2], 4), Some(1.5));
    }

    #[test]
    fn one_neighbour_is_no_freedom_and_nothing_is_nothing() {
        assert_eq!((branching_entropy(vec![7], 7), branching_entropy(vec![], 0)), (Some(0.0), None));
        assert_eq!((cut_pmi(0, 1, 1, 1), cut_pmi(1, 0, 1, 1), cut_pmi(1, 1, 1, 0)), (None, None, None));
        assert_eq!(branching_entropy(vec![3, 1, 2, 2], 9), branching_entropy(vec![2, 2, 3, 1], 9));
    }
}
