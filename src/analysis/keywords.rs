//! keywords.csv: the terms that set each document apart from the rest of the corpus.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::stats::{self, Contingency};
use crate::table::{Cells, Column, Decimal, Definition, Dropped, Table};

use super::document_rows::{self, DocumentRows, RowsOfDocument};
use super::term_documents::TermInDocument;
use super::{Inputs, Shared};

pub(super) static DEFINITION: Definition = Definition {
    name: "keywords",
    title_zh: "文档关键词",
    title_en: "Keywords",
    description: "The terms with the highest tf-idf of each document. In a corpus of one document every tf-idf is 0, and the order is that of frequency.",
    key: "doc_id, rank",
    columns: &[
        Column::text("doc_id", "文档编号", "Document id", "See documents."),
        Column::integer("rank", "1 = highest", "序号", "Rank", "Place in the document by tf_idf, then tf, then term."),
        Column::text("term", "词语", "Term", "See terms."),
        Column::text("pos", "词性", "Part of speech", "See terms."),
        Column::integer("tf", "occurrences", "词频", "Term frequency", "Occurrences in this document."),
        Column::integer("df", "documents", "文档频率", "Document frequency", "Documents that hold the term."),
        Column::decimal(
            "tf_idf",
            "natural log",
            "TF-IDF",
            "tf-idf",
            "(tf / terms of the document) · ln(D / df), D = documents. Salton & Buckley 1988.",
        ),
        Column::decimal(
            "g2",
            "signed log-likelihood ratio",
            "G² 特征值",
            "Log-likelihood ratio G²",
            "Four-term G² of the term in this document against the rest of the corpus, negative when rarer than expected; base = tokens. Empty in a corpus of one document. Dunning 1993.",
        ),
    ],
    optional: &[],
};

/// How many keywords a document gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeywordOptions {
    /// Most keywords of one document. Default 20: a screenful that a person can read.
    pub per_document: usize,
}

impl Default for KeywordOptions {
    fn default() -> Self {
        Self { per_document: 20 }
    }
}

struct Keywords<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    idf: Vec<f64>,
    tokens: u64,
    left_out: u64,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let documents = inputs.corpus.document_count() as u64;
    let idf: Vec<f64> = inputs.selection.terms().iter().map(|t| stats::idf(documents, t.count.df).unwrap_or(0.0)).collect();
    let most = inputs.options.keywords.per_document;
    let rows = DocumentRows::new(inputs.corpus, |document| shared.term_documents.row_len(document).min(most));
    let all: u64 = (0..inputs.corpus.document_count()).map(|d| shared.term_documents.row_len(d) as u64).sum();
    let left_out = all - rows.len() as u64;
    let keywords = Keywords { inputs: *inputs, shared: Arc::clone(shared), idf, tokens: inputs.corpus.token_count(), left_out };
    document_rows::table(inputs.corpus, rows, keywords)
}

impl Keywords<'_> {
    /// The best terms of one document, best first. They are found when they are written: all of them are more than the terms of a corpus.
    fn best(&self, document: usize) -> Vec<TermInDocument> {
        let (terms, most) = (self.inputs.selection.terms(), self.inputs.options.keywords.per_document);
        let size = self.shared.term_documents.terms(document);
        // Sorted by what is printed: equal cells are a tie, which tf decides.
        let printed = |e: &TermInDocument| {
            let weight = stats::relative_tf_idf(u64::from(e.tf), size, self.idf[e.term as usize]);
            weight.and_then(|weight| Decimal::rounded(weight, 6)).map_or(0, Decimal::scaled)
        };
        let mut scored: Vec<(i128, TermInDocument)> = self.shared.term_documents.row(document).iter().map(|e| (printed(e), *e)).collect();
        let order = |(x, a): &(i128, TermInDocument), (y, b): &(i128, TermInDocument)| -> Ordering {
            y.cmp(x).then(b.tf.cmp(&a.tf)).then_with(|| terms[a.term as usize].text.cmp(&terms[b.term as usize].text))
        };
        if most > 0 && scored.len() > most {
            scored.select_nth_unstable_by(most - 1, order);
        }
        scored.truncate(most);
        scored.sort_unstable_by(order);
        scored.into_iter().map(|(_, entry)| entry).collect()
    }

    fn write_keyword(&self, document: usize, rank: usize, entry: TermInDocument, cells: &mut dyn Cells) {
        let term = &self.inputs.selection.terms()[entry.term as usize];
        let tf = u64::from(entry.tf);
        let tokens = self.shared.term_documents.tokens(document);
        let table = Contingency::new(tf, tokens, term.count.tf, self.tokens).ok();
        cells.code(self.inputs.corpus.document(document).id.write(&mut [0; 13]));
        cells.integer(rank as u64);
        cells.text(&term.text);
        cells.text(&term.pos);
        cells.integer(tf);
        cells.integer(term.count.df);
        cells.number(stats::relative_tf_idf(tf, self.shared.term_documents.terms(document), self.idf[entry.term as usize]));
        cells.number(table.filter(|_| self.inputs.corpus.document_count() > 1).and_then(|t| stats::g2(&t)));
    }
}

impl RowsOfDocument for Keywords<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn write(&self, document: usize, own: Range<usize>, cells: &mut dyn Cells) {
        let best = self.best(document);
        for (rank, entry) in (1..).zip(best).skip(own.start).take(own.len()) {
            self.write_keyword(document, rank, entry, cells);
            cells.end_row();
        }
    }

    fn dropped(&self) -> Vec<Dropped> {
        if self.left_out == 0 { Vec::new() } else { vec![Dropped { option: "keywords.per_document", rows: self.left_out }] }
    }
}
