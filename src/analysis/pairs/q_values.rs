//! The q-values of the pairs that get a row.

use rayon::prelude::*;

use crate::stats;

use super::product::Pair;

/// q-values of the rows of a table, looked up by their g2.
pub(super) struct QValues {
    /// |g2| of all pairs tested, descending; empty where every q-value of the table is below half of its last digit.
    magnitudes: Vec<f64>,
    q_values: Vec<f64>,
}

/// Below this a q-value is printed as 0.000000.
const PRINTED_AS_ZERO: f64 = 4e-7;

impl QValues {
    pub fn new(mut magnitudes: Vec<f64>, pairs: &[Pair]) -> Self {
        // Printed g2 is rounded to a millionth: one more on either side reaches every row.
        let lowest = pairs.iter().filter(|p| p.g2_millionths != i64::MIN).map(|p| p.g2_millionths.unsigned_abs()).min().unwrap_or(0);
        let lowest = (lowest as f64 - 1.0) / 1e6;
        // No q-value is above p · m. In a large corpus the top rows are all far below, and millions need not be sorted.
        if lowest > 0.0 && stats::p_value(lowest) * magnitudes.len() as f64 <= PRINTED_AS_ZERO {
            return Self { magnitudes: Vec::new(), q_values: Vec::new() };
        }
        magnitudes.par_sort_unstable_by(|x, y| y.total_cmp(x));
        let needed = magnitudes.partition_point(|m| *m >= lowest);
        let q_values = stats::q_values_of_top(&magnitudes, needed);
        Self { magnitudes, q_values }
    }

    /// Nothing where g2 is not defined.
    pub fn of(&self, g2: Option<f64>) -> Option<f64> {
        let magnitude = g2?.abs();
        if self.magnitudes.is_empty() {
            return Some(0.0);
        }
        self.q_values.get(self.magnitudes.partition_point(|m| *m > magnitude)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3 pairs at the top and noise below them.
    fn q_values_of(top: f64, noise: usize) -> Vec<String> {
        let magnitudes: Vec<f64> = (0..noise).map(|n| n as f64 / noise as f64).chain([top; 3]).collect();
        let pair = Pair { a: 0, b: 1, n_ab: 3, g2_millionths: (top * 1e6) as i64 };
        let q_values = QValues::new(magnitudes, &[pair]);
        [Some(top), None].iter().map(|g2| crate::table::Decimal::rounded(q_values.of(*g2).unwrap_or(9.0), 6).unwrap().to_string()).collect()
    }

    #[test]
    fn tiny_q_values_are_printed_as_zero_with_or_without_sorting() {
        // p(30) · 1,003 is 4.3e-5, p(60) · 1,003 is 9.5e-12: the first is sorted and divided by its rank, the second is not.
        assert_eq!(q_values_of(30.0, 1_000), ["0.000014", "9.000000"]);
        assert_eq!(q_values_of(60.0, 1_000), ["0.000000", "9.000000"]);
    }
}
