//! What became of each document since the last published run.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::corpus::{Corpus, ShardDocument};
use crate::report::DocumentCounts;
use crate::source::{DocId, TextKey};
use crate::state::{Baseline, BaselineDocument};

/// Compares the documents of a corpus with those of a published run, by id and text. Without one all are new.
pub(super) fn count(corpus: &Corpus, last: Option<&Baseline>) -> DocumentCounts {
    let documents = corpus.documents();
    let mut before: FxHashMap<DocId, TextKey> = last.iter().flat_map(|last| &last.documents).map(|d| (d.id, d.key)).collect();
    let mut counts = DocumentCounts::default();
    for document in documents {
        match before.remove(&document.id) {
            None => counts.new += 1,
            Some(key) if key == document.text_key => counts.unchanged += 1,
            Some(_) => counts.changed += 1,
        }
    }
    counts.removed = before.len() as u64;
    counts
}

/// The documents of a published run that are gone: their id is not there, and no further document has their text.
pub(super) fn gone<'b, 'd>(documents: impl Iterator<Item = &'d ShardDocument>, last: &'b Baseline) -> Vec<&'b BaselineDocument> {
    let before: FxHashSet<DocId> = last.documents.iter().map(|document| document.id).collect();
    let mut ids: FxHashSet<DocId> = FxHashSet::default();
    let mut further: FxHashMap<TextKey, u64> = FxHashMap::default();
    for document in documents {
        // Of records that state the same key the first has its id.
        if !ids.insert(document.id) || !before.contains(&document.id) {
            *further.entry(document.text_key).or_default() += 1;
        }
    }
    let mut is_elsewhere = |document: &BaselineDocument| match further.get_mut(&document.key) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    };
    last.documents.iter().filter(|document| !ids.contains(&document.id) && !is_elsewhere(document)).collect()
}
