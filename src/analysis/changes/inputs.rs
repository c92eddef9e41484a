//! What is known of an earlier run: what its caller hands to this table.

use crate::corpus::{Corpus, Selection, WordTags};
use crate::source::{Date, DocId};

/// The run that this one is compared with.
pub struct Baseline<'a> {
    /// For each document of the corpus, by its number there, what it is beside the baseline.
    pub documents: Vec<DocumentState>,
    /// Documents of the baseline that are gone: neither their id nor their text is in the corpus.
    pub vanished: Vec<VanishedDocument>,
    /// Texts of the baseline that the corpus no longer has; nothing if there are none.
    pub retired: Option<Retired<'a>>,
    /// Documents of the baseline whose text of then is no longer at hand: they are on neither side.
    pub unavailable: u64,
    /// Which rows of the comparison with it cannot be made.
    pub withheld: Withheld,
}

/// Which rows of the comparison with an earlier run are withheld.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Withheld {
    /// None.
    #[default]
    Nothing,
    /// Those of terms, pairs, themes and entities: too much of the baseline is no longer at hand.
    Counts,
    /// All of them: other copies were left out of the baseline, so its documents are others although no text changed.
    All,
}

/// What a document of the corpus is beside the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// The baseline does not have it.
    New,
    /// The baseline has another text under its id.
    Changed {
        /// Tokens of that text.
        previous_tokens: u64,
    },
    /// The baseline has its text.
    Same,
}

/// A document of the baseline that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VanishedDocument {
    /// Its id.
    pub id: DocId,
    /// Its title, or empty.
    pub title: String,
    /// Its tokens.
    pub tokens: u64,
    /// Its date, if known.
    pub date: Option<Date>,
}

/// Texts of documents that are gone and earlier texts of documents that were edited, counted with the settings of today.
#[derive(Clone, Copy)]
pub struct Retired<'a> {
    /// The texts, segmented.
    pub corpus: &'a Corpus,
    /// Their terms.
    pub selection: &'a Selection,
    /// The part of speech of every word, where entities are wanted.
    pub word_tags: &'a WordTags,
}
