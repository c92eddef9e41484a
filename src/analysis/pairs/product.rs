//! The pair product: counts of all pairs, tested row by row, and the best of them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};

use rayon::prelude::*;

use crate::stats::{self, Contingency};
use crate::table::Decimal;

use super::work::share_out;
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

/// The pairs with the highest g2, in the order of the table.
#[derive(Default)]
pub(super) struct Product {
    pub pairs: Vec<Pair>,
    /// Pairs that reached `min_count` and have a g2: the hypotheses tested.
    pub tested: u64,
    /// Pairs that reached `min_count` but not the top.
    pub left_out: u64,
    /// Pairs that were seen, but fewer than `min_count` times.
    pub rare: u64,
}

/// The g2 of a pair that has none.
pub(super) const UNDEFINED: i64 = i64::MIN;

/// Rows taken at once: of about equal work in all, though the row of a frequent item costs a thousand times that of a rare one.
const ROWS_AT_ONCE: usize = 16;

/// Counts all pairs and keeps those of `limits`.
pub(super) fn count<I: Incidence>(incidence: &I, items: &Items, limits: Limits) -> Product {
    let keep = if limits.top == 0 { usize::MAX } else { limits.top };
    let floor = AtomicI64::new(UNDEFINED);
    let start = || (Best { items, keep, floor: &floor, pairs: Vec::new() }, Product::default());
    let parts = incidence.over_rows(ROWS_AT_ONCE, start, |(best, counted), pair, n_ab| {
        best.meet(incidence, pair, n_ab, limits.min_count, counted);
    });
    let parts = parts.into_iter().map(|(best, counted)| Product { pairs: best.pairs, ..counted });
    let mut all = parts.reduce(joined).unwrap_or_default();
    prune(items, keep, &mut all.pairs);
    all.pairs.par_sort_unstable_by_key(|pair| order_key(items, pair));
    all.left_out -= all.pairs.len() as u64;
    all
}

fn joined(mut one: Product, mut two: Product) -> Product {
    one.pairs.append(&mut two.pairs);
    Product { pairs: one.pairs, tested: one.tested + two.tested, left_out: one.left_out + two.left_out, rare: one.rare + two.rare }
}

/// |g2| of pairs tested, as the bits of the float (which sort as the numbers do), with how many pairs have it: those that `wanted`
/// lets through. Equal numbers are many where units are few.
pub(super) fn magnitudes<I: Incidence>(incidence: &I, min_count: u32, wanted: &(impl Fn(f64) -> bool + Sync)) -> BTreeMap<u64, u64> {
    let parts = of_tested(incidence, min_count, BTreeMap::new, |found: &mut BTreeMap<u64, u64>, magnitude| {
        if wanted(magnitude) {
            *found.entry(magnitude.to_bits()).or_insert(0) += 1;
        }
    });
    parts.into_iter().fold(BTreeMap::new(), |mut all, part| {
        part.into_iter().for_each(|(bits, pairs)| *all.entry(bits).or_insert(0) += pairs);
        all
    })
}

/// How many pairs tested have a |g2| in each of `bins` bins.
pub(super) fn histogram<I: Incidence>(incidence: &I, min_count: u32, bins: usize, bin: &(impl Fn(f64) -> usize + Sync)) -> Vec<u64> {
    let parts = of_tested(incidence, min_count, || vec![0u64; bins], |counts: &mut Vec<u64>, magnitude| counts[bin(magnitude)] += 1);
    parts.into_iter().fold(vec![0; bins], |mut all, part| {
        all.iter_mut().zip(part).for_each(|(sum, more)| *sum += more);
        all
    })
}

/// Counts all pairs once more and shows |g2| of each pair tested to `see`, which keeps what it needs, by thread.
fn of_tested<I: Incidence, T: Send>(
    incidence: &I,
    min_count: u32,
    start: impl Fn() -> T + Sync,
    see: impl Fn(&mut T, f64) + Sync,
) -> Vec<T> {
    incidence.over_rows(ROWS_AT_ONCE, start, |kept, pair, n_ab| {
        if n_ab >= min_count.max(1)
            && let Some(g2) = table(incidence, pair, n_ab).and_then(|table| stats::g2(&table))
        {
            see(kept, g2.abs());
        }
    })
}

/// The table of a pair.
pub(super) fn contingency<I: Incidence>(incidence: &I, pair: &Pair) -> Option<Contingency> {
    table(incidence, [pair.a as usize, pair.b as usize], pair.n_ab)
}

fn table<I: Incidence>(incidence: &I, [a, b]: [usize; 2], n_ab: u32) -> Option<Contingency> {
    Contingency::new(u64::from(n_ab), incidence.marginal(a), incidence.marginal(b), incidence.n()).ok()
}

/// The order of the table: g2 descending (undefined last), then the items in the order of their texts.
pub(super) fn order_key(items: &Items, pair: &Pair) -> OrderKey {
    let (a, b) = (items.text_rank(pair.a), items.text_rank(pair.b));
    (std::cmp::Reverse(pair.g2_millionths), a.min(b), a.max(b))
}

/// Units that tell for an item which others it meets.
pub(super) trait Meetings: Sync {
    /// Calls `visit` with the other item for each meeting of `item` with an item of a higher number, as often as it counts.
    fn meetings(&self, item: usize, visit: &mut impl FnMut(u32));
}

/// [`Incidence::over_rows`] for `items` rows that are each counted in an accumulator of the thread.
pub(super) fn over_rows<M: Meetings, T: Send>(
    units: &M,
    items: usize,
    at_once: usize,
    start: impl Fn() -> T + Sync,
    see: impl Fn(&mut T, [usize; 2], u32) + Sync,
) -> Vec<T> {
    share_out(items, at_once, |rows| {
        let (mut kept, mut counts, mut touched) = (start(), vec![0u32; items], Vec::new());
        for a in rows {
            units.meetings(a, &mut |b| {
                let count = &mut counts[b as usize];
                if *count == 0 {
                    touched.push(b);
                }
                *count += 1;
            });
            for b in touched.drain(..) {
                see(&mut kept, [a, b as usize], std::mem::take(&mut counts[b as usize]));
            }
        }
        kept
    })
}

/// The best pairs that a thread has met.
struct Best<'a> {
    items: &'a Items,
    keep: usize,
    /// g2 in millionths that some thread has enough pairs to fill the table with.
    floor: &'a AtomicI64,
    pairs: Vec<Pair>,
}

impl Best<'_> {
    fn meet<I: Incidence>(&mut self, incidence: &I, [a, b]: [usize; 2], n_ab: u32, min_count: u32, counted: &mut Product) {
        if n_ab < min_count.max(1) {
            counted.rare += 1;
            return;
        }
        // Those that get a row are taken off at the end.
        counted.left_out += 1;
        let table = table(incidence, [a, b], n_ab).filter(|table| !table.is_degenerate());
        counted.tested += u64::from(table.is_some());
        let floor = self.floor.load(Ordering::Relaxed);
        let g2_millionths = match table {
            Some(table) if floor > 0 && stats::g2_stays_below(&table, surely_below(floor)) => return,
            Some(table) => stats::g2(&table).map_or(UNDEFINED, millionths),
            None => UNDEFINED,
        };
        if g2_millionths < floor {
            return;
        }
        let [a, b] = [a, b].map(|item| u32::try_from(item).unwrap_or(u32::MAX));
        self.pairs.push(Pair { a, b, n_ab, g2_millionths });
        if self.pairs.len() >= self.keep.saturating_mul(2) {
            prune(self.items, self.keep, &mut self.pairs);
            let lowest = self.pairs.last().map_or(UNDEFINED, |pair| pair.g2_millionths);
            self.floor.fetch_max(lowest, Ordering::Relaxed);
        }
    }
}

/// Every g2 below this is printed as less than `millionths`, with room for the rounding of either.
fn surely_below(millionths: i64) -> f64 {
    millionths as f64 / 1e6 * (1.0 - 1e-9) - 1e-6
}

/// Keeps the first `keep` pairs in table order, the last of them at the end. The order is total, so it does not matter when this happens.
fn prune(items: &Items, keep: usize, pairs: &mut Vec<Pair>) {
    if pairs.len() > keep && keep > 0 {
        pairs.select_nth_unstable_by_key(keep - 1, |pair| order_key(items, pair));
        pairs.truncate(keep);
    }
}

fn millionths(g2: f64) -> i64 {
    Decimal::rounded(g2, 6).and_then(|d| i64::try_from(d.scaled()).ok()).unwrap_or(UNDEFINED)
}
