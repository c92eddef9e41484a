//! How many of the pairs that look interesting are so by chance.

/// p = erfc(√(|g2| / 2)): two-sided, one degree of freedom. 0 from |g2| of about 1,485 on, where it is below the smallest float.
pub fn p_value(g2: f64) -> f64 {
    libm::erfc((g2.abs() / 2.0).sqrt())
}

/// q-values of Benjamini & Hochberg 1995 for |g2| sorted in descending order: q_i = min over j ≥ i of p_j · m / j, at most 1.
/// Equal g2, equal q; monotone in |g2|.
pub fn q_values(magnitudes: &[f64]) -> Vec<f64> {
    q_values_of_top(magnitudes, magnitudes.len())
}

/// The q-values of the first `top` of all hypotheses tested, exactly as if all had been asked for.
pub fn q_values_of_top(magnitudes: &[f64], top: usize) -> Vec<f64> {
    let m = magnitudes.len() as f64;
    let top = top.min(magnitudes.len());
    let mut running = smallest_of_the_rest(magnitudes, top);
    let mut q_values = vec![0.0; top];
    for at in (0..top).rev() {
        running = running.min(p_value(magnitudes[at]) * m / (at + 1) as f64);
        q_values[at] = running;
    }
    q_values
}

/// min over j > `top` of p_j · m / j, at most 1.
///
/// p grows with j, so within a block of ranks first..last no value is below p_first · m / last: a block that cannot beat the
/// minimum so far is passed over after one evaluation.
fn smallest_of_the_rest(magnitudes: &[f64], top: usize) -> f64 {
    const BLOCK: usize = 64;
    let m = magnitudes.len() as f64;
    let mut smallest = 1.0f64;
    for (block, values) in magnitudes[top..].chunks(BLOCK).enumerate() {
        let first = top + block * BLOCK;
        let bound = p_value(values[0]) * m / (first + values.len()) as f64;
        if bound < smallest {
            for (at, value) in values.iter().enumerate() {
                smallest = smallest.min(p_value(*value) * m / (first + at + 1) as f64);
            }
        }
    }
    smallest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn thresholds_of_the_chi_square_distribution() {
        for (g2, p) in [(3.841_459, 0.05), (6.634_897, 0.01), (10.827_566, 0.001), (15.136_705, 0.0001)] {
            assert!((p_value(g2) / p - 1.0).abs() < 1e-6);
        }
    }

    /// The |g2| of a p-value, by bisection.
    fn magnitude(p: f64) -> f64 {
        let (mut low, mut high) = (0.0, 100.0);
        for _ in 0..200 {
            let middle = (low + high) / 2.0;
            if p_value(middle) > p { low = middle } else { high = middle }
        }
        low
    }

    #[test]
    fn worked_example_of_the_1995_paper() {
        let p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
        let q = [
            0.0015, 0.0030, 0.0095, 0.035625, 0.0603, 0.063_857, 0.063_857, 0.0645, 0.0765, 0.486, 0.581_182, 0.714_875, 0.753_231, 0.813_214, 1.0,
        ];
        let magnitudes: Vec<f64> = p.iter().map(|p| magnitude(*p)).collect();
        for (got, expected) in q_values(&magnitudes).iter().zip(q) {
            assert!((got - expected).abs() < 1e-6, "{got} {expected}");
        }
    }

    proptest! {
        #[test]
        fn the_top_alone_has_the_q_values_it_has_among_all(mut g2 in prop::collection::vec(0.0f64..40.0, 0..400), top in 0usize..400) {
            g2.sort_by(|a, b| b.total_cmp(a));
            let all = q_values(&g2);
            let some = q_values_of_top(&g2, top);
            prop_assert_eq!(&all[..top.min(g2.len())], &some[..]);
            prop_assert!(all.windows(2).all(|w| w[0] <= w[1]) && all.iter().all(|q| (0.0..=1.0).contains(q)));
        }
    }
}
