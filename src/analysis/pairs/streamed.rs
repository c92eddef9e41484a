//! Units that are read from the shards again, for a run whose memory has no room for the unit × item matrix.
//!
//! The rows of the product are counted some at a time, as many as fit: one pass over the texts adds up every pair whose first item is
//! among them in a dense table, whose rows are then kept where there is room. Whole numbers are added, so the order in which threads do
//! it changes nothing.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use crate::analysis::ranges::{parts_of, ranges_up_to};
use crate::corpus::PagedRows;

use super::units::UnitSource;
use super::work::share_out;
use super::{Incidence, PARTS};

/// The units of a source, counted without being held.
pub struct Streamed<'a> {
    source: UnitSource<'a>,
    n: u64,
    marginals: Vec<u64>,
    /// For each item those behind it that it meets, and how often. Counted when it is first asked for.
    rows: OnceLock<Vec<PagedRows<(u32, u32)>>>,
}

impl<'a> Streamed<'a> {
    /// Counts the items alone.
    pub fn new(source: UnitSource<'a>) -> Self {
        let marginals: Vec<AtomicU32> = zeros(source.items);
        let of_shard = |number: usize| {
            let mut n = 0;
            source.visit(number, |(_, has_token), unit| {
                n += u64::from(has_token);
                unit.iter().for_each(|item| add(&marginals[*item as usize]));
            });
            n
        };
        let n = (0..source.corpus.shards().len()).into_par_iter().map(of_shard).sum();
        let marginals = marginals.into_iter().map(|count| u64::from(count.into_inner())).collect();
        Self { source, n, marginals, rows: OnceLock::new() }
    }

    /// The rows of all items.
    fn rows(&self) -> &[PagedRows<(u32, u32)>] {
        self.rows.get_or_init(|| {
            let mut all = Vec::with_capacity(self.source.items);
            while all.len() < self.source.items {
                all.extend(self.some_rows(self.block(all.len())));
            }
            all
        })
    }

    /// The row of `first`, and those that can be counted with it.
    fn block(&self, first: usize) -> Range<usize> {
        let most = self.source.corpus.room().block_bytes() / size_of::<u32>();
        let width = self.source.items - first;
        let rows = (1..=width).take_while(|rows| *rows == 1 || cells(width, *rows) <= most).last().unwrap_or(0);
        first..first + rows
    }

    /// The rows of these items, counted side by side: a thread has some of them to itself and looks at the units for those alone, so
    /// that what it adds to is small enough to be near.
    fn some_rows(&self, rows: Range<usize>) -> Vec<PagedRows<(u32, u32)>> {
        let width = self.source.items - rows.start;
        let mut table = vec![0u32; cells(width, rows.len())];
        let before = |item: usize| cells(width, item - rows.start);
        let strips = self.strips(&rows);
        let shards: Vec<usize> = (0..self.source.corpus.shards().len()).collect();
        for some in shards.chunks(SHARDS_AT_ONCE) {
            let units: Vec<UnitItems> = some.par_iter().map(|shard| self.unit_items(*shard)).collect();
            let size = |strip: &Range<usize>| before(strip.end) - before(strip.start);
            strips.par_iter().zip(parts_of(&mut table, strips.iter().map(size))).for_each(|(strip, counts)| {
                units.iter().for_each(|units| units.add(strip, self.source.items - strip.start, counts));
            });
        }
        let keep = |item: usize| {
            let counts = &table[before(item)..before(item + 1)];
            let met: Vec<(u32, u32)> = (item as u32 + 1..).zip(counts.iter().copied()).filter(|(_, n_ab)| *n_ab > 0).collect();
            PagedRows::new(self.source.corpus.room(), vec![0, met.len() as u32], met)
        };
        rows.clone().into_par_iter().map(keep).collect()
    }

    /// Some of these rows after another, with about equally many places of their items.
    fn strips(&self, rows: &Range<usize>) -> Vec<Range<usize>> {
        let places = |item: usize| usize::try_from(self.marginals[item]).unwrap_or(usize::MAX);
        let most = rows.clone().map(places).sum::<usize>() / PARTS + 1;
        ranges_up_to(most, rows.clone().map(|item| (item, places(item))))
    }

    fn unit_items(&self, shard: usize) -> UnitItems {
        let mut all = UnitItems::default();
        self.source.visit(shard, |_, unit| {
            if unit.len() > 1 {
                all.items.extend_from_slice(unit);
                all.ends.push(all.items.len());
            }
        });
        all
    }
}

/// Shards whose units are in memory together while they are counted.
const SHARDS_AT_ONCE: usize = 32;

/// The items of the units of a shard that hold at least two.
#[derive(Default)]
struct UnitItems {
    /// Ascending in each unit.
    items: Vec<u32>,
    /// Where each unit ends.
    ends: Vec<usize>,
}

impl UnitItems {
    /// Adds how often the items of `strip`, of which the first has `width` items from its own on, meet others.
    fn add(&self, strip: &Range<usize>, width: usize, counts: &mut [u32]) {
        let mut start = 0;
        for end in &self.ends {
            let unit = &self.items[start..*end];
            start = *end;
            let from = unit.partition_point(|item| (*item as usize) < strip.start);
            for (at, a) in unit.iter().enumerate().skip(from).take_while(|(_, a)| (**a as usize) < strip.end) {
                let row = &mut counts[cells(width, *a as usize - strip.start)..];
                unit[at + 1..].iter().for_each(|b| row[(*b - *a) as usize - 1] += 1);
            }
        }
    }
}

/// Cells of the first rows of a table, each without its own item and those before it, of which the first has `width` items from its
/// own on.
fn cells(width: usize, rows: usize) -> usize {
    (2 * width * rows - rows * rows - rows) / 2
}

fn zeros(count: usize) -> Vec<AtomicU32> {
    (0..count).map(|_| AtomicU32::new(0)).collect()
}

fn add(count: &AtomicU32) {
    count.fetch_add(1, Ordering::Relaxed);
}

impl Incidence for Streamed<'_> {
    fn n(&self) -> u64 {
        self.n
    }

    fn marginal(&self, item: usize) -> u64 {
        self.marginals[item]
    }

    fn over_rows<T: Send>(&self, at_once: usize, start: impl Fn() -> T + Sync, see: impl Fn(&mut T, [usize; 2], u32) + Sync) -> Vec<T> {
        let rows = self.rows();
        share_out(rows.len(), at_once, |some| {
            let mut kept = start();
            for a in some {
                rows[a].row(0).iter().for_each(|(b, n_ab)| see(&mut kept, [a, *b as usize], *n_ab));
            }
            kept
        })
    }

    fn parts(&self) -> Vec<Range<usize>> {
        let shards = self.source.corpus.shards().len();
        let size = shards.div_ceil(PARTS).max(1);
        (0..shards).step_by(size).map(|first| first..shards.min(first + size)).collect()
    }

    fn pairs_of_units<'p>(&self, part: Range<usize>, partners_of: &dyn Fn(u32) -> &'p [(u32, u32)], visit: &mut dyn FnMut(usize, u32)) {
        let mut marks = vec![u64::MAX; self.source.items];
        let mut mark = 0;
        for number in part {
            let first = self.source.corpus.sentence_offset(number);
            self.source.visit(number, |(sentence, _), unit| {
                mark += 1;
                unit.iter().for_each(|item| marks[*item as usize] = mark);
                for (partner, pair) in unit.iter().flat_map(|item| partners_of(*item)) {
                    if marks[*partner as usize] == mark {
                        visit(first + sentence, *pair);
                    }
                }
            });
        }
    }
}
