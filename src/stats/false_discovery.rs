//! How many of the pairs that look interesting are so by chance.

/// p = erfc(√(|g2| / 2)): two-sided, one degree of freedom. Range 0 to 1; 1 at g2 = 0, and 0 from |g2| of about 1,485 on,
/// where it is below the smallest float. Always defined. Dunning 1993.
pub fn p_value(g2: f64) -> f64 {
    libm::erfc((g2.abs() / 2.0).sqrt())
}

/// q_i = min over j ≥ i of p_j · m / j, at most 1, for the |g2| of all m hypotheses tested, sorted in descending order.
///
/// Sorted by |g2| and not by p, since p is 0 for large |g2|. Range 0 to 1, never falling along the list; equal g2, equal q;
/// empty when nothing was tested. Benjamini & Hochberg 1995.
pub fn q_values(sorted_desc_magnitudes: &[f64]) -> Vec<f64> {
    q_values_of_top(sorted_desc_magnitudes, sorted_desc_magnitudes.len())
}

/// The first `top` of [`q_values`], exactly as if all had been asked for, at a cost of little more than `top`.
///
/// Takes the |g2| of **all** m hypotheses, sorted in descending order: those below the cut decide too. Gives as many values
/// as there are when `top` is above m.
pub fn q_values_of_top(sorted_desc_magnitudes: &[f64], top: usize) -> Vec<f64> {
    debug_assert!(sorted_desc_magnitudes.windows(2).all(|pair| pair[0] >= pair[1]), "|g2| must be sorted in descending order");
    let m = sorted_desc_magnitudes.len() as f64;
    let top = top.min(sorted_desc_magnitudes.len());
    let mut running = smallest_of_the_rest(sorted_desc_magnitudes, top);
    let mut q_values = vec![0.0; top];
    for at in (0..top).rev() {
        running = running.min(p_value(sorted_desc_magnitudes[at]) * m / (at + 1) as f64);
        q_values[at] = running;
    }
    q_values
}

/// [`q_values`] where many hypotheses have one |g2|: each |g2| once, in descending order, with how many have it. One value for each |g2|.
///
/// Exactly the values of the list written out, since of equals the last has the least p · m / j.
pub fn q_values_of_groups(sorted_desc_groups: &[(f64, u64)]) -> Vec<f64> {
    debug_assert!(sorted_desc_groups.windows(2).all(|pair| pair[0].0 > pair[1].0), "each |g2| once, in descending order");
    let mut rank: u64 = sorted_desc_groups.iter().map(|(_, hypotheses)| hypotheses).sum();
    let m = rank as f64;
    let mut running = 1.0f64;
    let mut q_values = vec![0.0; sorted_desc_groups.len()];
    for (q_value, (magnitude, hypotheses)) in q_values.iter_mut().zip(sorted_desc_groups).rev() {
        running = running.min(p_value(*magnitude) * m / rank as f64);
        *q_value = running;
        rank -= hypotheses;
    }
    q_values
}

/// Far more than the rounding of erfc (one part in 2⁵²), of the product and of the quotients; costs one rank in 2⁴⁰.
const SLACK: f64 = 1.0 - 1.0 / (1u64 << 40) as f64;

/// Ranks evaluated before each jump: values that do not wait for one another take less than half the time each (measured).
const BLOCK: usize = 64;

/// min over the ranks j above `top` of p_j · m / j, at most 1.
///
/// Most ranks need no erfc. Let s be the minimum so far and p the value at rank i. |g2| falls along the list, so every later
/// p_j is at least p, and for i < j ≤ p · m / s we have p_j · m / j ≥ p · m / j ≥ s: none of these ranks can lower s, and the
/// walk goes on behind p · m / s. Once p ≥ s no rank is left. Computed values obey this up to rounding, which [`SLACK`]
/// covers; below the smallest normal float rounding is not relative any more, so there no rank is passed over.
fn smallest_of_the_rest(sorted_desc_magnitudes: &[f64], top: usize) -> f64 {
    let m = sorted_desc_magnitudes.len();
    let mut smallest = 1.0f64;
    let mut passed = top; // ranks done with; the next one has this index
    while passed < m && smallest > 0.0 {
        let end = m.min(passed + BLOCK);
        let mut p = 0.0;
        for (rank, magnitude) in (passed + 1..).zip(&sorted_desc_magnitudes[passed..end]) {
            p = p_value(*magnitude);
            smallest = smallest.min(p * m as f64 / rank as f64);
        }
        let cannot_matter = if p >= f64::MIN_POSITIVE { p * m as f64 / smallest * SLACK } else { 0.0 };
        passed = end.max(cannot_matter as usize);
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
            0.0015, 0.0030, 0.0095, 0.035625, 0.0603, 0.063_857, 0.063_857, 0.0645, 0.0765, 0.486, 0.581_182, 0.714_875, 0.753_231,
            0.813_214, 1.0,
        ];
        let magnitudes: Vec<f64> = p.iter().map(|p| magnitude(*p)).collect();
        for (got, expected) in q_values(&magnitudes).iter().zip(q) {
            assert!((got - expected).abs() < 1e-6, "{got} {expected}");
        }
    }

    #[test]
    fn nothing_tested_and_nothing_found() {
        assert!(q_values(&[]).is_empty() && q_values_of_top(&[3.0], 0).is_empty());
        assert_eq!((q_values(&[0.0, 0.0]), q_values(&[2000.0, 1600.0, 1600.0])), (vec![1.0, 1.0], vec![0.0, 0.0, 0.0]));
        assert_eq!((p_value(0.0), p_value(-4.5), p_value(1490.0)), (1.0, p_value(4.5), 0.0));
    }

    /// By the definition, without passing over any rank.
    fn slow(magnitudes: &[f64]) -> Vec<f64> {
        let m = magnitudes.len() as f64;
        let scaled: Vec<f64> = magnitudes.iter().enumerate().map(|(at, g2)| p_value(*g2) * m / (at + 1) as f64).collect();
        (0..scaled.len()).map(|at| scaled[at..].iter().copied().fold(1.0, f64::min)).collect()
    }

    /// Noise, signals, ties, and magnitudes around those whose p is too small for a float.
    fn magnitudes() -> impl Strategy<Value = Vec<f64>> {
        let one = prop_oneof![0.0f64..4.0, 0.0f64..40.0, (0u8..9).prop_map(|g2| f64::from(g2) / 2.0), 1380.0f64..1500.0];
        let many = prop_oneof![
            prop::collection::vec(one, 0..400),
            prop::collection::vec(0.0f64..2.0, 0..400),
            prop::collection::vec(1400.0f64..1500.0, 0..400)
        ];
        many.prop_map(|mut all| {
            all.sort_by(|a, b| b.total_cmp(a));
            all
        })
    }

    proptest! {
        #[test]
        fn the_top_alone_has_the_q_values_it_has_among_all(g2 in magnitudes(), top in 0usize..400) {
            let expected = slow(&g2);
            prop_assert_eq!(&q_values(&g2), &expected);
            prop_assert_eq!(&q_values_of_top(&g2, top)[..], &expected[..top.min(g2.len())]);
        }

        #[test]
        fn groups_of_equals_have_the_q_values_of_their_members(g2 in magnitudes()) {
            let groups: Vec<(f64, u64)> = g2.chunk_by(|a, b| a == b).map(|equals| (equals[0], equals.len() as u64)).collect();
            let q_values = q_values_of_groups(&groups);
            let written_out: Vec<f64> = groups.iter().zip(q_values).flat_map(|((_, count), q)| vec![q; *count as usize]).collect();
            prop_assert_eq!(written_out, slow(&g2));
        }

        #[test]
        fn q_never_falls_and_is_equal_for_equals(g2 in magnitudes()) {
            let q = q_values(&g2);
            prop_assert!(q.windows(2).all(|w| w[0] <= w[1]) && q.iter().all(|q| (0.0..=1.0).contains(q)));
            prop_assert!((1..q.len()).all(|at| g2[at - 1] != g2[at] || q[at - 1] == q[at]));
        }
    }
}
