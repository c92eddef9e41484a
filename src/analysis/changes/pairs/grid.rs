//! What follows from the counts of a pair, and how many pairs have which.
//!
//! The totals of a comparison are the same for all its pairs, so everything else follows from two numbers, which are small for
//! most of them. Tens of millions of pairs have some ten thousand combinations: those are judged once and counted, and the
//! pairs themselves are never held.

use std::collections::BTreeMap;

use super::super::counts::{Counts, QValues, Status, printed};

/// Combinations that are judged beforehand: of fewer sentences than this on the current and on the previous side. Nearly all pairs
/// have them, and those that most have stay in the cache.
const WIDTHS: [usize; 2] = [64, 1024];

/// What follows from the counts of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// |g2| in millionths; nothing where it is not defined.
    pub magnitude: Option<u64>,
    /// The one status that it may have.
    pub status: Option<Status>,
}

/// The combinations of counts.
pub struct Grid {
    /// Sentences of the current and the previous side.
    totals: [u64; 2],
    widths: [usize; 2],
    judged: Vec<Judged>,
}

impl Grid {
    /// For so many sentences on the current and on the previous side.
    pub fn new(totals: [u64; 2]) -> Self {
        let width = |side: usize| usize::try_from(totals[side]).map_or(WIDTHS[side], |sentences| WIDTHS[side].min(sentences + 1));
        let widths = [width(0), width(1)];
        let mut grid = Self { totals, widths, judged: Vec::with_capacity(widths[0] * widths[1]) };
        for current in (0u32..).take(widths[0]) {
            grid.judged.extend((0u32..).take(widths[1]).map(|previous| judge(counts(totals, [current, previous]))));
        }
        grid
    }

    /// What follows from these counts.
    pub fn judged(&self, sentences: [u32; 2]) -> Judged {
        self.place(sentences).map_or_else(|| judge(self.counts(sentences)), |place| self.judged[place])
    }

    /// These counts with their totals.
    pub fn counts(&self, sentences: [u32; 2]) -> Counts {
        counts(self.totals, sentences)
    }

    fn place(&self, [current, previous]: [u32; 2]) -> Option<usize> {
        let [current, previous] = [current as usize, previous as usize];
        (current < self.widths[0] && previous < self.widths[1]).then(|| current * self.widths[1] + previous)
    }
}

fn counts([current_total, previous_total]: [u64; 2], [current, previous]: [u32; 2]) -> Counts {
    Counts { current: u64::from(current), current_total, previous: u64::from(previous), previous_total }
}

fn judge(counts: Counts) -> Judged {
    Judged { magnitude: counts.g2().map(printed), status: counts.possible_status() }
}

/// How many pairs have each combination of counts. The merge commutes.
pub struct Tally {
    of_grid: Vec<u64>,
    beyond: BTreeMap<[u32; 2], u64>,
}

impl Tally {
    /// None has any.
    pub fn new(grid: &Grid) -> Self {
        Self { of_grid: vec![0; grid.judged.len()], beyond: BTreeMap::new() }
    }

    /// Adds a pair.
    pub fn add(&mut self, grid: &Grid, sentences: [u32; 2]) {
        match grid.place(sentences) {
            Some(place) => self.of_grid[place] += 1,
            None => *self.beyond.entry(sentences).or_insert(0) += 1,
        }
    }

    /// Adds other pairs.
    pub fn merge(&mut self, other: Self) {
        self.of_grid.iter_mut().zip(other.of_grid).for_each(|(sum, more)| *sum += more);
        other.beyond.into_iter().for_each(|(sentences, pairs)| *self.beyond.entry(sentences).or_insert(0) += pairs);
    }

    /// The q-values of all pairs, and how many of them have a status.
    pub fn settle(&self, grid: &Grid) -> (QValues, u64) {
        let tested: Vec<(Counts, f64, u64)> = self.combinations(grid).filter_map(|(c, pairs)| Some((c, c.g2()?, pairs))).collect();
        let q_values = QValues::new(tested.iter().map(|(_, g2, pairs)| (*g2, *pairs)));
        let has_status = |(counts, g2, _): &&(Counts, f64, u64)| counts.status(q_values.of(*g2)).is_some();
        let changed = tested.iter().filter(has_status).map(|(.., pairs)| pairs).sum();
        (q_values, changed)
    }

    fn combinations<'g>(&'g self, grid: &'g Grid) -> impl Iterator<Item = (Counts, u64)> {
        let width = grid.widths[1];
        let at = move |place: usize| [place / width, place % width].map(|sentences| u32::try_from(sentences).unwrap_or(u32::MAX));
        let of_grid = self.of_grid.iter().enumerate().filter(|(_, pairs)| **pairs > 0).map(move |(place, pairs)| (at(place), *pairs));
        let beyond = self.beyond.iter().map(|(sentences, pairs)| (*sentences, *pairs));
        of_grid.chain(beyond).map(move |(sentences, pairs)| (grid.counts(sentences), pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_up_is_what_is_computed() {
        for totals in [[1, 1], [5, 3000], [90_000, 900_000]] {
            let grid = Grid::new(totals);
            for sentences in [[0, 1], [1, 0], [1, 1], [2, 0], [0, 3], [63, 1023], [64, 2], [3, 1024]] {
                assert_eq!(grid.judged(sentences), judge(grid.counts(sentences)), "{totals:?} {sentences:?}");
            }
        }
    }

    #[test]
    fn pairs_are_counted_by_their_counts() {
        let grid = Grid::new([100, 5000]);
        let (mut one, mut other) = (Tally::new(&grid), Tally::new(&grid));
        // Three of a pair that is new, two of one that is as frequent as before, one beyond the grid.
        for sentences in [[4, 0], [4, 0], [0, 3], [70, 2000]] {
            one.add(&grid, sentences);
        }
        for sentences in [[4, 0], [0, 3]] {
            other.add(&grid, sentences);
        }
        one.merge(other);
        let combinations: Vec<(u64, u64, u64)> = one.combinations(&grid).map(|(c, pairs)| (c.current, c.previous, pairs)).collect();
        assert_eq!(combinations, [(0, 3, 2), (4, 0, 3), (70, 2000, 1)]);
        // 70 of 100 against 2,000 of 5,000 rises: p of 36.4 is far below 0.05.
        assert_eq!(one.settle(&grid).1, 4);
    }
}
