//! What became of each document since the last published run.

use rustc_hash::FxHashMap;

use crate::corpus::{Corpus, PagedShard};
use crate::report::DocumentCounts;
use crate::source::{DocId, TextKey};
use crate::state::Baseline;

/// Compares the documents of a corpus with those of a published run, by id and text, copies that were left out among them: a text that is
/// there is not gone. Without an earlier run all are new.
pub(super) fn count(corpus: &Corpus, last: Option<&Baseline>) -> DocumentCounts {
    let mut before: FxHashMap<DocId, TextKey> = last.iter().flat_map(|last| &last.documents).map(|d| (d.id, d.key)).collect();
    before.extend(last.iter().flat_map(|last| last.left_out.iter().copied()));
    let mut counts = DocumentCounts::default();
    for document in corpus.documents().chain(corpus.left_out().iter().flat_map(PagedShard::documents)) {
        match before.remove(&document.id) {
            None => counts.new += 1,
            Some(key) if key == document.text_key => counts.unchanged += 1,
            Some(_) => counts.changed += 1,
        }
    }
    counts.removed = before.len() as u64;
    counts
}
