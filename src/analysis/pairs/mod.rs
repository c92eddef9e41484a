//! Pairs of anything that sentences hold: which occur together, how strongly, and a sentence that shows it.
//!
//! In: items ([`Items`]) and, by unit, which of them it holds ([`Units`], or [`Window`] for tokens). Out: the pairs with
//! the highest g2 in table order ([`Found`]), each with its counts, q-value and evidence; the columns and cells that every table
//! of pairs shares stand in `columns`. It must not know what an item is: term, entity or another.
//!
//! The count is the sparse product XᵀX of the unit × item incidence matrix, row by row (Gustavson 1978): for an item, walk its
//! units and add 1 to a dense accumulator at every other item. One accumulator a thread stays in the cache, rows are
//! independent, and thresholds apply row by row, so the set of all pairs is never held.

mod columns;
mod evidence;
mod items;
mod measures;
mod partners;
mod presence;
mod product;
mod q_values;
mod streamed;
#[cfg(test)]
mod tests;
mod unit;
mod units;
mod window;
mod work;

pub use columns::STRENGTH_COLUMNS;
pub use items::{Items, NOT_PAIRED};
pub use measures::{AddedMeasures, OPTIONAL_COLUMNS, OptionalMeasure};
pub use partners::Partners;
pub use presence::Presence;
pub use unit::{SentenceUnit, Unit};
pub use units::{Held, UnitSource, Units, UnitsOf, documents, paragraphs, sentences};
pub use window::Window;
pub use work::share_out;

use crate::corpus::Corpus;
use crate::stats::{self, Contingency};
use crate::table::Cells;

use super::examples::Examples;
use evidence::PairEvidence;
use product::Pair;
use q_values::QValues;

/// Which pairs get a row.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Fewest units that hold both.
    pub min_count: u32,
    /// Most rows, the highest g2; 0 = all.
    pub top: usize,
}

/// The pairs of one unit.
pub struct Found {
    /// In table order: g2 descending (undefined last), then the two items in the order of their texts.
    pub rows: Vec<PairRow>,
    /// Pairs that reached `min_count` but not the top.
    pub left_out: u64,
    /// Pairs that were seen, but fewer than `min_count` times.
    pub rare: u64,
}

/// A pair with all that its table says of it. The first item is the one whose text comes first.
pub struct PairRow {
    pair: Pair,
    contingency: Contingency,
    q_value: Option<f64>,
    evidence: PairEvidence,
}

/// Place of a row in its table; to be followed by whatever else the key of the table names.
pub type OrderKey = (std::cmp::Reverse<i64>, u32, u32);

/// Counts all pairs of `units` and keeps those of `limits`. Examples come from `sentences`, or from `units` where these are the
/// sentences themselves.
pub fn count<U: Incidence, S: Incidence>(
    corpus: &Corpus,
    examples: &Examples,
    items: &Items,
    (units, sentences): (&U, Option<&S>),
    limits: Limits,
) -> Found {
    let product = product::count(units, items, limits);
    let evidence = evidence::find(corpus, examples, items.len(), &product.pairs, (units, sentences));
    let q_values = QValues::new(units, limits.min_count, &product);
    let row = |(pair, evidence): (Pair, PairEvidence)| {
        let contingency = product::contingency(units, &pair)?;
        let q_value = q_values.of(stats::g2(&contingency));
        let (pair, contingency) =
            if items.in_order(pair.a, pair.b) { (pair, contingency) } else { (pair.swapped(), contingency.swapped()) };
        Some(PairRow { pair, contingency, q_value, evidence })
    };
    let rows = product.pairs.into_iter().zip(evidence).filter_map(row).collect();
    Found { rows, left_out: product.left_out, rare: product.rare }
}

impl PairRow {
    /// The two items, by their paired numbers.
    pub fn items(&self) -> [u32; 2] {
        [self.pair.a, self.pair.b]
    }

    /// Where it stands among the rows of a table.
    pub fn order_key(&self, items: &Items) -> OrderKey {
        product::order_key(items, &self.pair)
    }

    /// Cells n_ab, n_a, n_b, n.
    pub fn write_counts(&self, cells: &mut dyn Cells) {
        let c = &self.contingency;
        [c.n_ab(), c.n_a(), c.n_b(), c.n()].into_iter().for_each(|count| cells.integer(count));
    }

    /// Cells of [`STRENGTH_COLUMNS`].
    pub fn write_strength(&self, corpus: &Corpus, examples: &Examples, cells: &mut dyn Cells) {
        columns::write_measures(&self.contingency, cells);
        cells.number(self.q_value);
        cells.integer(u64::from(self.evidence.documents));
        examples.write(corpus, self.evidence.example, cells);
    }

    /// Cells of the optional measures asked for, behind all others.
    pub fn write_added(&self, measures: &AddedMeasures, cells: &mut dyn Cells) {
        measures.write(&self.contingency, cells);
    }
}

/// Units as the product sees them. Paired numbers of items are `0..` their number.
pub trait Incidence: Sync {
    /// All units: the n of the contingency table.
    fn n(&self) -> u64;
    /// The marginal of an item.
    fn marginal(&self, item: usize) -> u64;
    /// Calls `see` with each pair of items that meet, the one with the lower number first, and how often they do. `start` makes what a
    /// thread keeps of some rows, of which it takes `at_once` at a time; who gets which is left to chance.
    fn over_rows<T: Send>(&self, at_once: usize, start: impl Fn() -> T + Sync, see: impl Fn(&mut T, [usize; 2], u32) + Sync) -> Vec<T>;
    /// All units in a few parts of about equal size, none of which divides a document.
    fn parts(&self) -> Vec<std::ops::Range<usize>>;
    /// For the units of a part: calls `visit` with a sentence of the unit and the pair, for each pair of `partners_of` (item and
    /// pair, by the rarer item) whose items meet there.
    fn pairs_of_units<'p>(
        &self,
        part: std::ops::Range<usize>,
        partners_of: &dyn Fn(u32) -> &'p [(u32, u32)],
        visit: &mut dyn FnMut(usize, u32),
    );
}

/// Parts that the units are cut into for parallel walks: more than threads of any usual machine, few enough to add up.
const PARTS: usize = 16;
