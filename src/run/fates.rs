//! What became of each document since the last published run.

use rustc_hash::FxHashMap;

use crate::corpus::Corpus;
use crate::report::DocumentCounts;
use crate::source::{DocId, TextKey};
use crate::state::Baseline;

/// How many documents are new, changed and so on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fates {
    /// The last report did not have them.
    pub new: u64,
    /// Their text is not what it was.
    pub changed: u64,
    /// Their text is what it was.
    pub unchanged: u64,
    /// The last report had them.
    pub removed: u64,
}

impl Fates {
    /// Compares the documents of a corpus with those of a published run. Without one all are new.
    pub fn new(corpus: &Corpus, last: Option<&Baseline>) -> Self {
        let documents = corpus.shards().iter().flat_map(|shard| &shard.documents);
        let mut before: FxHashMap<DocId, TextKey> = last.iter().flat_map(|last| &last.documents).map(|d| (d.id, d.key)).collect();
        let mut fates = Self::default();
        for document in documents {
            match before.remove(&document.id) {
                None => fates.new += 1,
                Some(key) if key == document.text_key => fates.unchanged += 1,
                Some(_) => fates.changed += 1,
            }
        }
        fates.removed = before.len() as u64;
        fates
    }

    /// As run.json has them.
    pub fn counts(self) -> DocumentCounts {
        let Self { new, changed, unchanged, removed } = self;
        DocumentCounts { new, changed, unchanged, removed }
    }
}
