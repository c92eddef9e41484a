//! Proposals from the corpus, and whether the taxonomy is good enough for them.

use crate::analysis::{self, SelftestSplit, SuggestionLevel};
use crate::table::ListedTable;

use super::super::{Built, Prepared};

impl Built {
    /// Words that the first taxonomy might lack. Nothing without a taxonomy.
    pub fn theme_suggestions(&self, prepared: &Prepared, level: SuggestionLevel, top: usize) -> Option<ListedTable> {
        Some(analysis::theme_suggestions(&self.inputs(prepared), prepared.taggers().first()?, level, top))
    }

    /// How well hidden terms of the first taxonomy are told by the words around them. Nothing without a taxonomy.
    pub fn theme_selftest(&self, prepared: &Prepared, split: SelftestSplit) -> Option<ListedTable> {
        Some(analysis::theme_selftest(&self.inputs(prepared), prepared.taggers().first()?, split))
    }
}
