//! Units that are read from the shards again and again, for a run whose memory has no room for the unit × item matrix.
//!
//! The rows of the product are counted some at a time, as many as fit: one pass over the texts adds up every pair whose first item is
//! among them in a dense table. Whole numbers are added, so the order in which threads do it changes nothing.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::units::UnitSource;
use super::work::share_out;
use super::{Incidence, PARTS};

/// The units of a source, counted without being held.
pub struct Streamed<'a> {
    source: UnitSource<'a>,
    n: u64,
    marginals: Vec<u64>,
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
        Self { source, n, marginals }
    }

    /// The first row of the table that begins at `first`, and the rows that fit into it with it.
    fn block(&self, first: usize) -> Range<usize> {
        let row_bytes = (self.source.items - first) * size_of::<AtomicU32>();
        let rows = (self.source.corpus.room().block_bytes() / row_bytes.max(1)).max(1);
        first..self.source.items.min(first.saturating_add(rows))
    }

    /// How often each item of `rows` meets each item from the first of them on: row after row.
    fn table(&self, rows: &Range<usize>) -> Vec<AtomicU32> {
        let width = self.source.items - rows.start;
        let table: Vec<AtomicU32> = zeros(rows.len() * width);
        (0..self.source.corpus.shards().len()).into_par_iter().for_each(|number| {
            self.source.visit(number, |_, unit| {
                let from = unit.partition_point(|item| (*item as usize) < rows.start);
                for (at, a) in unit.iter().enumerate().skip(from).take_while(|(_, a)| (**a as usize) < rows.end) {
                    let row = &table[(*a as usize - rows.start) * width..];
                    unit[at + 1..].iter().for_each(|b| add(&row[*b as usize - rows.start]));
                }
            });
        });
        table
    }
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
        let mut all = Vec::new();
        let mut first = 0;
        while first < self.source.items {
            let rows = self.block(first);
            let width = self.source.items - rows.start;
            let table = self.table(&rows);
            all.extend(share_out(rows.len(), at_once, |some| {
                let mut kept = start();
                for row in some {
                    let counts = table[row * width..(row + 1) * width].iter().enumerate().skip(row + 1);
                    for (b, n_ab) in counts.map(|(b, count)| (b, count.load(Ordering::Relaxed))).filter(|(_, n_ab)| *n_ab > 0) {
                        see(&mut kept, [rows.start + row, rows.start + b], n_ab);
                    }
                }
                kept
            }));
            first = rows.end;
        }
        all
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
