//! What the theme tables hold.

use serde::{Deserialize, Serialize};

use super::pairs::{SentenceUnit, Unit};
use super::theme_evidence::Evidence;

/// Options of the theme tables, the same for every taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ThemeOptions {
    /// Rows of theme_evidence.csv: `all`, `counted` (no blocked hits) or `off`.
    pub evidence: Evidence,
    /// Most rows of uncoded.csv; 0 = all. Default 5,000: more than anyone reads, an even sample all the same.
    pub uncoded: usize,
    /// What "together" means in theme_pairs.csv: `sentence`, `paragraph` or `document`, or several of them. Default `sentence`.
    pub pair_units: Vec<SentenceUnit>,
}

impl Default for ThemeOptions {
    fn default() -> Self {
        Self { evidence: Evidence::default(), uncoded: 5_000, pair_units: vec![SentenceUnit::default()] }
    }
}

impl ThemeOptions {
    /// The units of theme_pairs.csv, each once, from small to large.
    pub(super) fn pair_units(&self) -> Vec<Unit> {
        let mut units = self.pair_units.clone();
        units.sort_unstable();
        units.dedup();
        units.into_iter().map(SentenceUnit::unit).collect()
    }
}
