//! The q-values of the pairs that get a row, exact without holding |g2| of every pair tested.
//!
//! A q-value is the least p · m / rank among the pair and all below it (Benjamini & Hochberg 1995), so pairs without a row decide
//! too, and there may be tens of millions. They are counted in narrow bins of |g2|, which give the ranks and bounds of that
//! quotient for each bin; only bins that hold a row, or whose bounds leave it open whether they hold the least, are looked into.

use std::collections::BTreeMap;

use crate::stats;

use super::Incidence;
use super::product::{self, Product, UNDEFINED};

/// q-values of the rows of a table, looked up by their g2.
pub(super) struct QValues {
    /// q by the bits of |g2|; nothing where every q-value of the table is below half of its last digit.
    by_magnitude: Option<BTreeMap<u64, f64>>,
}

/// Below this a q-value is printed as 0.000000.
const PRINTED_AS_ZERO: f64 = 4e-7;

impl QValues {
    pub fn new<I: Incidence>(incidence: &I, min_count: u32, product: &Product) -> Self {
        let defined = product.pairs.iter().filter(|pair| pair.g2_millionths != UNDEFINED);
        // No q-value is above p · m. In a large corpus the rows are all far below. Printed g2 is rounded to a millionth: one
        // more on either side reaches every row.
        let lowest = defined.clone().map(|pair| pair.g2_millionths.unsigned_abs()).min().unwrap_or(0);
        let lowest = (lowest as f64 - 1.0) / 1e6;
        if lowest > 0.0 && stats::p_value(lowest) * product.tested as f64 <= PRINTED_AS_ZERO {
            return Self { by_magnitude: None };
        }
        let of_rows = defined.filter_map(|pair| product::contingency(incidence, pair)).filter_map(|table| stats::g2(&table));
        let mut rows: BTreeMap<u64, u64> = BTreeMap::new();
        of_rows.for_each(|g2| *rows.entry(g2.abs().to_bits()).or_insert(0) += 1);
        let by_magnitude = if product.left_out == 0 {
            q_values(product.tested, [(0, 0, rows)].into_iter())
        } else {
            let counts = product::histogram(incidence, min_count, BINS, &bin);
            let mut has_row = vec![false; BINS];
            rows.keys().for_each(|bits| has_row[bin(f64::from_bits(*bits))] = true);
            let open = open_bins(&counts, &has_row);
            let inside = product::magnitudes(incidence, min_count, &|magnitude| open[bin(magnitude)]);
            of_open_bins(&counts, inside)
        };
        Self { by_magnitude: Some(by_magnitude) }
    }

    /// Nothing where g2 is not defined.
    pub fn of(&self, g2: Option<f64>) -> Option<f64> {
        let magnitude = g2?.abs();
        match &self.by_magnitude {
            // p itself is 0 there; the last bin is not looked into.
            Some(_) if stats::p_value(magnitude) == 0.0 => Some(0.0),
            Some(known) => known.get(&magnitude.to_bits()).copied(),
            None => Some(0.0),
        }
    }
}

/// log2 of the bins of a doubling of |g2|: each of the 1,024 is a thousandth wide.
const BIN_BITS: u32 = 10;
/// Exponents from 2⁻⁴, below which p is near 1, to 2¹¹, above which it is 0.
const DOUBLINGS: std::ops::Range<i32> = -4..11;
const BINS: usize = ((DOUBLINGS.end - DOUBLINGS.start) as usize) << BIN_BITS;
/// The bits of 2⁻⁴, less those that tell numbers of a bin apart.
const FIRST: u64 = ((1023 + DOUBLINGS.start) as u64) << BIN_BITS;

/// The bin of a magnitude; the first and the last hold all beyond.
fn bin(magnitude: f64) -> usize {
    let number = magnitude.to_bits() >> (52 - BIN_BITS);
    (number.saturating_sub(FIRST) as usize).min(BINS - 1)
}

/// The numbers between which a bin lies.
fn edges(bin: usize) -> (f64, f64) {
    let edge = |bin: usize| f64::from_bits((bin as u64 + FIRST) << (52 - BIN_BITS));
    (if bin == 0 { 0.0 } else { edge(bin) }, if bin + 1 == BINS { f64::INFINITY } else { edge(bin + 1) })
}

/// More than the rounding of a quotient p · m / rank.
const SLACK: f64 = 1e-9;

/// The bins that hold a row or might hold the least quotient for a row above them.
fn open_bins(counts: &[u64], has_row: &[bool]) -> Vec<bool> {
    let tested = counts.iter().sum::<u64>() as f64;
    let mut open = has_row.to_vec();
    let mut rank = counts.iter().sum::<u64>();
    // Upward, so that ranks fall: the bins passed since the last one with a row, each with the least that it may hold.
    let (mut least, mut waiting): (f64, Vec<(usize, f64)>) = (1.0, Vec::new());
    for bin in 0..counts.len() {
        if has_row[bin] {
            waiting.drain(..).for_each(|(passed, low)| open[passed] |= low <= least * (1.0 + SLACK));
        }
        if counts[bin] > 0 {
            let (low, high) = edges(bin);
            // The last of the bin has this rank and a p of at most that of the lower edge.
            let quotient = |edge: f64| stats::p_value(edge) * tested / rank as f64;
            least = least.min(quotient(low));
            waiting.push((bin, quotient(high)));
            rank -= counts[bin];
        }
    }
    // There p is 0 and so is q.
    open[counts.len() - 1] = false;
    open
}

/// The q-values of all that is inside open bins.
fn of_open_bins(counts: &[u64], inside: BTreeMap<u64, u64>) -> BTreeMap<u64, f64> {
    let mut by_bin: BTreeMap<usize, BTreeMap<u64, u64>> = BTreeMap::new();
    for (bits, pairs) in inside {
        by_bin.entry(bin(f64::from_bits(bits))).or_default().insert(bits, pairs);
    }
    let mut above: Vec<u64> = counts.iter().rev().scan(0, |sum, count| Some(std::mem::replace(sum, *sum + count))).collect();
    above.reverse();
    let tested = counts.iter().sum();
    q_values(tested, by_bin.into_iter().map(|(bin, numbers)| (bin, above[bin], numbers)))
}

/// The q-value of each number of `bins`, from the lowest up: each with how many pairs are above the bin, and of its numbers how
/// many pairs have each.
fn q_values(tested: u64, bins: impl Iterator<Item = (usize, u64, BTreeMap<u64, u64>)>) -> BTreeMap<u64, f64> {
    let (mut found, mut least) = (BTreeMap::new(), 1.0f64);
    for (_, above, numbers) in bins {
        let mut rank = above + numbers.values().sum::<u64>();
        for (bits, pairs) in numbers {
            least = least.min(stats::p_value(f64::from_bits(bits)) * tested as f64 / rank as f64);
            found.insert(bits, least);
            rank -= pairs;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// q of the rows when only open bins are looked into, and how many numbers that were.
    fn through_bins(all: &[f64], rows: &[f64]) -> (Vec<f64>, usize) {
        let mut counts = vec![0; BINS];
        all.iter().for_each(|magnitude| counts[bin(*magnitude)] += 1);
        let mut has_row = vec![false; BINS];
        rows.iter().for_each(|magnitude| has_row[bin(*magnitude)] = true);
        let open = open_bins(&counts, &has_row);
        let mut inside = BTreeMap::new();
        all.iter().filter(|magnitude| open[bin(**magnitude)]).for_each(|m| *inside.entry(m.to_bits()).or_insert(0) += 1);
        let looked_into = inside.values().sum::<u64>() as usize;
        let known = QValues { by_magnitude: Some(of_open_bins(&counts, inside)) };
        (rows.iter().map(|magnitude| known.of(Some(*magnitude)).unwrap()).collect(), looked_into)
    }

    fn by_definition(all: &[f64], rows: &[f64]) -> Vec<f64> {
        let mut sorted = all.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let q = stats::q_values(&sorted);
        rows.iter().map(|row| q[sorted.iter().position(|magnitude| magnitude == row).unwrap()]).collect()
    }

    #[test]
    fn few_of_many_are_looked_into() {
        // A hundred signals and a hundred thousand of noise: p · m / rank rises at once below the signals.
        let all: Vec<f64> = (0..100_000).map(|at| f64::from(at % 997) / 250.0).chain((0..100).map(|at| 30.0 + f64::from(at))).collect();
        let rows = &all[100_050..];
        let (q_values, looked_into) = through_bins(&all, rows);
        assert_eq!(q_values, by_definition(&all, rows));
        assert!(looked_into < 120, "{looked_into}");
    }

    #[test]
    fn a_bin_is_between_its_edges() {
        for magnitude in [0.0, 0.01, 0.0625, 0.0626, 1.0, 3.84, 1000.0, 2046.9, 1e9] {
            let (low, high) = edges(bin(magnitude));
            assert!(low <= magnitude && magnitude < high, "{magnitude} {low} {high}");
        }
    }

    /// Noise, signals, ties, near ties, and magnitudes around those whose p is too small for a float.
    fn magnitudes() -> impl Strategy<Value = Vec<f64>> {
        let one = prop_oneof![
            0.0f64..4.0,
            0.0f64..40.0,
            (0u8..9).prop_map(|g2| f64::from(g2) / 2.0),
            (0u16..900).prop_map(|step| 10.0 + f64::from(step) * 1e-5),
            1380.0f64..2200.0
        ];
        prop_oneof![prop::collection::vec(one, 1..400), prop::collection::vec(0.0f64..2.0, 1..400)]
    }

    proptest! {
        #[test]
        fn rows_have_the_q_values_that_they_have_among_all(all in magnitudes(), every in 1usize..40, first in 0usize..40) {
            let rows: Vec<f64> = all.iter().skip(first).step_by(every).copied().collect();
            prop_assert_eq!(through_bins(&all, &rows).0, by_definition(&all, &rows));
        }
    }
}
