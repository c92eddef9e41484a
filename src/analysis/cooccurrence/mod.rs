//! cooccurrence.csv: which terms occur together, how strongly, and a sentence that shows it.
//!
//! The count is the sparse product XᵀX of the unit × term incidence matrix, row by row (Gustavson 1978): for a term, walk its
//! units and add 1 to a dense accumulator at every other term. One accumulator a thread stays in the cache, rows are
//! independent, and thresholds apply row by row, so the set of all pairs is never held.

mod evidence;
mod presence;
mod product;
mod table;
mod unit;
mod window;

pub(super) use table::{DEFINITION, build};
pub use unit::Unit;

use serde::{Deserialize, Serialize};

use crate::corpus::{NOT_A_TERM, Selection};

/// Which pairs are counted, and which get a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CooccurrenceOptions {
    /// What "together" means: `sentence`, `paragraph`, `document` or `window:K`; several make one table, see the column
    /// `unit`. Default `sentence`: terms of one statement, not merely of one page.
    pub units: Vec<Unit>,
    /// Fewest units that hold both. Default 2: a pair seen once says nothing.
    pub min_count: u32,
    /// Fewest documents that hold a term for it to be paired. Default 1, since a corpus may be one document.
    pub min_df: u64,
    /// Most terms that are paired, the most frequent ones; 0 = all. Default 10,000: rarer terms have no pairs to speak of, and
    /// the number of possible pairs grows with the square.
    pub max_terms: usize,
    /// Most rows for each unit, the highest g2; 0 = all. Default 50,000: more than anyone reads, few enough to open.
    pub top: usize,
}

impl Default for CooccurrenceOptions {
    fn default() -> Self {
        Self { units: vec![Unit::Sentence], min_count: 2, min_df: 1, max_terms: 10_000, top: 50_000 }
    }
}

/// The terms that are paired, numbered densely from 0 in the order of the term list.
struct PairedTerms {
    /// Term number of each paired term.
    terms: Vec<u32>,
    /// Paired number of each term, or [`NOT_A_TERM`].
    paired: Vec<u32>,
    /// Place of each paired term in code-point order.
    text_ranks: Vec<u32>,
    /// Terms that stand in too few documents.
    too_rare: u64,
    /// Terms beyond the most that are paired.
    too_many: u64,
}

impl PairedTerms {
    fn new(selection: &Selection, options: &CooccurrenceOptions) -> Self {
        let most = if options.max_terms == 0 { usize::MAX } else { options.max_terms };
        let all = selection.terms();
        let mut terms: Vec<u32> = (0u32..).zip(all).filter(|(_, t)| t.count.df >= options.min_df).map(|(number, _)| number).collect();
        let (too_rare, too_many) = ((all.len() - terms.len()) as u64, terms.len().saturating_sub(most) as u64);
        terms.truncate(most);
        let mut paired = vec![NOT_A_TERM; all.len()];
        for (dense, term) in (0u32..).zip(&terms) {
            paired[*term as usize] = dense;
        }
        let mut by_text: Vec<u32> = (0u32..).take(terms.len()).collect();
        by_text.sort_unstable_by(|a, b| all[terms[*a as usize] as usize].text.cmp(&all[terms[*b as usize] as usize].text));
        let mut text_ranks = vec![0; terms.len()];
        for (rank, dense) in (0u32..).zip(by_text) {
            text_ranks[dense as usize] = rank;
        }
        Self { terms, paired, text_ranks, too_rare, too_many }
    }

    fn len(&self) -> usize {
        self.terms.len()
    }

    /// The paired number of each word of a shard, or [`NOT_A_TERM`].
    fn of_words(&self, selection: &Selection, shard: usize) -> Vec<u32> {
        let number = |term: &u32| if *term == NOT_A_TERM { NOT_A_TERM } else { self.paired[*term as usize] };
        selection.of_words(shard).iter().map(number).collect()
    }
}

/// Units as the product sees them. Paired numbers of terms are `0..term_count`.
trait Incidence: Sync {
    /// All units: the n of the contingency table.
    fn n(&self) -> u64;
    /// The marginal of a term.
    fn marginal(&self, term: usize) -> u64;
    /// Calls `visit` with the other term for each meeting of `term` with a term of a higher number, as often as it counts.
    fn meetings(&self, term: usize, visit: impl FnMut(u32));
    /// All units in a few parts of about equal size, none of which divides a document.
    fn parts(&self) -> Vec<std::ops::Range<usize>>;
    /// For the units of a part: calls `visit` with a sentence of the unit and the pair, for each pair of `partners_of` (term and
    /// pair, by the rarer term) whose terms meet there.
    fn pairs_of_units<'p>(
        &self,
        part: std::ops::Range<usize>,
        partners_of: &dyn Fn(u32) -> &'p [(u32, u32)],
        visit: &mut dyn FnMut(usize, u32),
    );
}

/// Parts that the units are cut into for parallel walks: more than threads of any usual machine, few enough to add up.
const PARTS: usize = 16;
