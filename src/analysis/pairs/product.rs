//! The pair product: counts of all pairs, tested row by row, and the best of them.

use rayon::prelude::*;

use crate::stats::{self, Contingency};
use crate::table::Decimal;

use super::{Incidence, Items, Limits, OrderKey};

/// A pair that gets a row. `a` and `b` are paired numbers, a < b while counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub a: u32,
    pub b: u32,
    /// Units (or token pairs) that hold both.
    pub n_ab: u32,
    /// g2 in whole millionths, as it is printed; the smallest number where it is not defined.
    pub g2_millionths: i64,
}

impl Pair {
    /// The same with a and b exchanged.
    pub fn swapped(self) -> Self {
        Self { a: self.b, b: self.a, ..self }
    }
}

/// The pairs with the highest g2, in the order of the table, and what is needed for their q-values.
pub(super) struct Product {
    pub pairs: Vec<Pair>,
    /// |g2| of every pair tested, in no particular order.
    pub magnitudes: Vec<f64>,
    /// Pairs that reached `min_count` but not the top.
    pub left_out: u64,
    /// Pairs that were seen, but fewer than `min_count` times.
    pub rare: u64,
}

const UNDEFINED: i64 = i64::MIN;

/// Counts all pairs and keeps those of `limits`.
pub(super) fn count<I: Incidence>(incidence: &I, items: &Items, limits: Limits) -> Product {
    let keep = if limits.top == 0 { usize::MAX } else { limits.top };
    // Rows of about equal work: the product of a frequent item costs a thousand times that of a rare one.
    let rows: Vec<usize> = (0..items.len()).collect();
    let collected = rows
        .par_iter()
        .with_max_len(16)
        .fold(
            || Collector::new(items, keep),
            |mut collector, a| {
                collector.row(incidence, *a, limits.min_count.max(1));
                collector
            },
        )
        .map(Collector::finish)
        .reduce(Collected::default, |one, two| join(items, keep, one, two));
    let Collected { mut pairs, magnitudes, seen, rare } = collected;
    pairs.par_sort_unstable_by_key(|pair| order_key(items, pair));
    let left_out = seen - pairs.len() as u64;
    Product { pairs, magnitudes, left_out, rare }
}

/// The table of a pair.
pub(super) fn contingency<I: Incidence>(incidence: &I, pair: &Pair) -> Option<Contingency> {
    let (n_a, n_b) = (incidence.marginal(pair.a as usize), incidence.marginal(pair.b as usize));
    Contingency::new(u64::from(pair.n_ab), n_a, n_b, incidence.n()).ok()
}

/// The order of the table: g2 descending (undefined last), then the items in the order of their texts.
pub(super) fn order_key(items: &Items, pair: &Pair) -> OrderKey {
    let (a, b) = (items.text_rank(pair.a), items.text_rank(pair.b));
    (std::cmp::Reverse(pair.g2_millionths), a.min(b), a.max(b))
}

/// What came of some rows of the product.
#[derive(Default)]
struct Collected {
    pairs: Vec<Pair>,
    magnitudes: Vec<f64>,
    /// Pairs that reached `min_count`.
    seen: u64,
    /// Pairs that did not.
    rare: u64,
}

/// What one thread has counted so far.
struct Collector<'a> {
    items: &'a Items,
    keep: usize,
    counts: Vec<u32>,
    touched: Vec<u32>,
    found: Collected,
}

impl<'a> Collector<'a> {
    fn new(items: &'a Items, keep: usize) -> Self {
        let counts = vec![0; items.len()];
        Self { items, keep, counts, touched: Vec::new(), found: Collected::default() }
    }

    fn row<I: Incidence>(&mut self, incidence: &I, a: usize, min_count: u32) {
        let (counts, touched) = (&mut self.counts, &mut self.touched);
        incidence.meetings(a, |b| {
            let count = &mut counts[b as usize];
            if *count == 0 {
                touched.push(b);
            }
            *count += 1;
        });
        let found = &mut self.found;
        for b in self.touched.drain(..) {
            let n_ab = std::mem::take(&mut self.counts[b as usize]);
            if n_ab < min_count {
                found.rare += 1;
                continue;
            }
            let a = u32::try_from(a).unwrap_or(u32::MAX);
            let mut pair = Pair { a, b, n_ab, g2_millionths: UNDEFINED };
            if let Some(g2) = contingency(incidence, &pair).and_then(|table| stats::g2(&table)) {
                found.magnitudes.push(g2.abs());
                pair.g2_millionths = millionths(g2);
            }
            found.seen += 1;
            found.pairs.push(pair);
        }
        if found.pairs.len() >= self.keep.saturating_mul(2) {
            prune(self.items, self.keep, &mut found.pairs);
        }
    }

    fn finish(self) -> Collected {
        self.found
    }
}

fn join(items: &Items, keep: usize, one: Collected, two: Collected) -> Collected {
    let (mut large, mut small) = if one.magnitudes.len() >= two.magnitudes.len() { (one, two) } else { (two, one) };
    large.pairs.append(&mut small.pairs);
    large.magnitudes.append(&mut small.magnitudes);
    prune(items, keep, &mut large.pairs);
    large.seen += small.seen;
    large.rare += small.rare;
    large
}

/// Keeps the first `keep` pairs in table order. The order is total, so it does not matter when this happens.
fn prune(items: &Items, keep: usize, pairs: &mut Vec<Pair>) {
    if pairs.len() > keep && keep > 0 {
        pairs.select_nth_unstable_by_key(keep - 1, |pair| order_key(items, pair));
        pairs.truncate(keep);
    }
}

fn millionths(g2: f64) -> i64 {
    Decimal::rounded(g2, 6).and_then(|d| i64::try_from(d.scaled()).ok()).unwrap_or(UNDEFINED)
}
