//! cooccurrence.csv: which terms occur together, how strongly, and a sentence that shows it. Counted by [`super::pairs`].

mod paired;
mod table;

pub(super) use paired::{numbers_of_words, paired_terms};
pub(super) use table::{DEFINITION, build};

use serde::{Deserialize, Serialize};

use super::pairs::{OptionalMeasure, Unit};

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
    /// Most rows for each unit, the highest g2; 0 = all. Default 50,000: more than anyone reads, few enough to open. Memory grows with
    /// the rows, some 200 bytes each, and not with the pairs counted.
    pub top: usize,
    /// Measures that are added behind the other columns. Default none: each says much the same as one that is there, and who needs
    /// one knows its name.
    pub measures: Vec<OptionalMeasure>,
}

impl Default for CooccurrenceOptions {
    fn default() -> Self {
        Self { units: vec![Unit::Sentence], min_count: 2, min_df: 1, max_terms: 10_000, top: 50_000, measures: Vec::new() }
    }
}
