//! What is compared with what: the side of every document, for either comparison.

use crate::analysis::group_counts::NO_GROUP;
use crate::analysis::{Inputs, Shared};

use super::inputs::{Baseline, DocumentState};

/// The side of the documents in question.
pub const CURRENT: u32 = 0;
/// The side of the documents they are compared with.
pub const PREVIOUS: u32 = 1;

/// What is compared, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// What is new or edited since an earlier run, with the documents of that run.
    Run,
    /// The latest period with the one before it.
    Period,
}

impl Comparison {
    /// Its name in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Period => "period",
        }
    }
}

/// Documents with what is known of them, and the side of each: [`CURRENT`], [`PREVIOUS`] or [`NO_GROUP`].
#[derive(Clone, Copy)]
pub struct Texts<'t, 'a> {
    /// What may be read of them.
    pub inputs: &'t Inputs<'a>,
    /// What is counted of them.
    pub shared: &'t Shared,
    /// The side of each.
    pub of_document: &'t [u32],
}

/// The texts of one comparison.
#[derive(Clone, Copy)]
pub struct Compared<'t, 'a> {
    /// Which it is.
    pub comparison: Comparison,
    /// The corpus.
    pub corpus: Texts<'t, 'a>,
    /// Texts that the corpus no longer has, all on the previous side.
    pub retired: Option<Texts<'t, 'a>>,
}

/// The documents of one side in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Documents.
    pub documents: u64,
    /// Their tokens.
    pub tokens: u64,
}

impl Compared<'_, '_> {
    /// The corpus, then the texts that it no longer has.
    pub fn texts(&self) -> impl Iterator<Item = &Texts<'_, '_>> {
        std::iter::once(&self.corpus).chain(&self.retired)
    }

    /// The current and the previous side.
    pub fn sizes(&self) -> [Size; 2] {
        let mut sizes = [Size::default(); 2];
        for texts in self.texts() {
            for (side, tokens) in texts.of_document.iter().zip(texts.shared.term_documents.token_counts()) {
                if let Some(size) = sizes.get_mut(*side as usize) {
                    size.documents += 1;
                    size.tokens += tokens;
                }
            }
        }
        sizes
    }
}

/// The sides of a comparison by run: what is new or edited, and the rest.
pub fn by_run(inputs: &Inputs<'_>, baseline: &Baseline<'_>) -> Vec<u32> {
    let side = |document: usize| match baseline.documents.get(document) {
        Some(DocumentState::New | DocumentState::Changed { .. }) => CURRENT,
        Some(DocumentState::Same) => PREVIOUS,
        None => NO_GROUP,
    };
    (0..inputs.corpus.document_count()).map(side).collect()
}

/// The sides of a comparison by period, and both periods as one types them; nothing where fewer than two have documents.
pub fn by_period(inputs: &Inputs<'_>, shared: &Shared) -> Option<(Vec<u32>, [String; 2])> {
    let timeline = &shared.timeline;
    let mut with_documents = (0..timeline.len()).rev().filter(|place| timeline.sizes()[*place].documents > 0);
    let places = [with_documents.next()?, with_documents.next()?];
    let side = |document: usize| match timeline.of_document(document) {
        Some(place) if place == places[0] => CURRENT,
        Some(place) if place == places[1] => PREVIOUS,
        _ => NO_GROUP,
    };
    let names = places.map(|place| timeline.period(place).map(|period| period.condition('=')).unwrap_or_default());
    Some(((0..inputs.corpus.document_count()).map(side).collect(), names))
}
