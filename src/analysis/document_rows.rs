//! Rows that stand by document: which rows are those of which document, in the order of doc_ids.

use std::ops::Range;

use crate::corpus::Corpus;
use crate::table::{Cells, Definition, Dropped, Table};

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
    fn visit(&self, corpus: &Corpus, rows: Range<usize>, mut visit: impl FnMut(usize, Range<usize>)) {
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

/// What the rows of each document hold.
pub(super) trait RowsOfDocument: Send + Sync {
    /// Of the table.
    fn definition(&self) -> &'static Definition;
    /// Writes some of the rows of a document, by its number, each with an end.
    fn write(&self, document: usize, own: Range<usize>, cells: &mut dyn Cells);
    /// Rows that options kept out.
    fn dropped(&self) -> Vec<Dropped> {
        Vec::new()
    }
}

struct DocumentTable<'a, T> {
    corpus: &'a Corpus,
    rows: DocumentRows,
    content: T,
}

/// The table of these rows.
pub(super) fn table<'a>(corpus: &'a Corpus, rows: DocumentRows, content: impl RowsOfDocument + 'a) -> Box<dyn Table + 'a> {
    Box::new(DocumentTable { corpus, rows, content })
}

impl<T: RowsOfDocument> Table for DocumentTable<'_, T> {
    fn definition(&self) -> &'static Definition {
        self.content.definition()
    }

    fn row_count(&self) -> usize {
        self.rows.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        self.write_rows(row..row + 1, cells);
    }

    fn write_rows(&self, rows: Range<usize>, cells: &mut dyn Cells) {
        self.rows.visit(self.corpus, rows, |document, own| self.content.write(document, own, cells));
    }

    fn dropped(&self) -> Vec<Dropped> {
        self.content.dropped()
    }
}
