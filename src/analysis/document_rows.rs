//! Rows that stand by document: which rows are those of which document, in the order of doc_ids.

use std::ops::Range;

use crate::corpus::Corpus;

/// How many rows each document has.
pub(super) struct DocumentRows {
    /// For each document in the order of doc_ids the rows before its own; one more entry with the end.
    starts: Vec<usize>,
}

impl DocumentRows {
    /// `count` gives the rows of a document by its number.
    pub fn new(corpus: &Corpus, mut count: impl FnMut(usize) -> usize) -> Self {
        let mut starts = Vec::with_capacity(corpus.document_count() + 1);
        starts.push(0);
        let mut rows = 0;
        for document in corpus.documents_by_id() {
            rows += count(*document as usize);
            starts.push(rows);
        }
        Self { starts }
    }

    /// Rows of all documents.
    pub fn len(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Calls `visit` with the number of each document that has some of these rows, and which of its own rows these are.
    pub fn visit(&self, corpus: &Corpus, rows: Range<usize>, mut visit: impl FnMut(usize, Range<usize>)) {
        let first = self.starts.partition_point(|start| *start <= rows.start).saturating_sub(1);
        for (document, own) in corpus.documents_by_id()[first..].iter().zip(self.starts[first..].windows(2)) {
            if own[0] >= rows.end {
                break;
            }
            let wanted = rows.start.max(own[0])..rows.end.min(own[1]);
            if !wanted.is_empty() {
                visit(*document as usize, wanted.start - own[0]..wanted.end - own[0]);
            }
        }
    }
}
