//! terms.csv: every term with its frequency, its spread over documents and a sentence that shows it.

use std::sync::Arc;

use rayon::prelude::*;

use crate::corpus::Selection;
use crate::stats::{self, Parts, Ratio};
use crate::table::{Cells, Column, Definition, Dropped, Table};

use super::{Inputs, Shared, term_documents};

pub(super) static DEFINITION: Definition = Definition {
    name: "terms",
    title_zh: "词表",
    title_en: "Terms",
    description: "One row a term: how often, in how many documents, how evenly spread, since when, and the shortest sentence that holds it.",
    key: "tf descending, term",
    columns: &[
        Column::integer("rank", "1 = most frequent", "序号", "Rank", "Place in the list, from 1."),
        Column::text("term", "词语", "Term", "A token kept by the term filter; normalised, the letters A to Z in lower case."),
        Column::text(
            "pos",
            "词性",
            "Part of speech",
            "Tag of the user dictionary, else the most frequent tag of the jieba dictionary; for words unknown to it, its guess.",
        ),
        Column::integer("tf", "occurrences", "词频", "Term frequency", "Occurrences in the corpus."),
        Column::integer("df", "documents", "文档频率", "Document frequency", "Documents that hold the term."),
        Column::decimal(
            "per_million",
            "per million tokens",
            "每百万词频率",
            "Frequency per million",
            "tf / N · 10^6, N = all tokens, stop words included, punctuation not.",
        ),
        Column::decimal(
            "idf",
            "natural log",
            "逆文档频率",
            "Inverse document frequency",
            "ln(D / df), D = documents; 0 for a term of every document. Spärck Jones 1972.",
        ),
        Column::decimal("tf_idf", "tf times idf", "TF-IDF", "tf-idf", "tf · idf."),
        Column::decimal(
            "dp_norm",
            "0 = even, 1 = in one document",
            "归一化离散度",
            "Normalised deviation of proportions",
            "DP / (1 − smallest share of a document), DP = ½ · Σ |v/f − t/T| over documents. Empty with fewer than two documents that hold tokens. Gries 2008; Lijffijt & Gries 2012.",
        ),
        Column::decimal(
            "juilland_d",
            "1 = even, 0 = in one document",
            "Juilland D 均匀度",
            "Juilland's D",
            "1 − V / √(k − 1), V = population standard deviation / mean of the rates v/t over all k documents with tokens. Empty when k < 2. Juilland & Chang-Rodríguez 1964.",
        ),
        Column::date("first_date", "最早日期", "First date", "Earliest date of a document that holds the term; empty if none is dated."),
        Column::date("last_date", "最晚日期", "Last date", "Latest date of a document that holds the term; empty if none is dated."),
        Column::text("example", "例句", "Example", "Shortest sentence that holds the term; ties by doc_id, then sentence number."),
    ],
    optional: &[],
};

struct Terms<'a> {
    inputs: Inputs<'a>,
    shared: Arc<Shared>,
    tokens: u64,
    /// For each row `dp_norm` and `juilland_d`.
    dispersion: Vec<(Option<Ratio>, Option<f64>)>,
}

pub(super) fn build<'a>(inputs: &Inputs<'a>, shared: &Arc<Shared>) -> Box<dyn Table + 'a> {
    let rows = rows(inputs.selection, inputs.options.terms.top);
    Box::new(Terms {
        inputs: *inputs,
        shared: Arc::clone(shared),
        tokens: inputs.corpus.token_count(),
        dispersion: dispersion(inputs, shared, rows),
    })
}

fn rows(selection: &Selection, top: usize) -> usize {
    let all = selection.terms().len();
    if top == 0 { all } else { top.min(all) }
}

fn dispersion(inputs: &Inputs<'_>, shared: &Shared, rows: usize) -> Vec<(Option<Ratio>, Option<f64>)> {
    let sizes = shared.term_documents.token_counts();
    let parts = Parts::of(sizes.iter().copied());
    let mut all = Vec::with_capacity(rows);
    for terms in term_documents::blocks(inputs.corpus, inputs.selection, rows) {
        let by_term = shared.term_documents.by_term(inputs.corpus, inputs.selection, terms.clone());
        let of_term = |term: usize| {
            let held = || by_term.row(term).iter().map(|(document, tf)| (u64::from(*tf), sizes[*document as usize]));
            (stats::dp_norm(&parts, held()), stats::juilland_d(&parts, held()))
        };
        all.par_extend(terms.into_par_iter().with_min_len(64).map(of_term));
    }
    all
}

impl Table for Terms<'_> {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn row_count(&self) -> usize {
        self.dispersion.len()
    }

    fn write_row(&self, row: usize, cells: &mut dyn Cells) {
        let corpus = self.inputs.corpus;
        let term = &self.inputs.selection.terms()[row];
        let count = term.count;
        let idf = stats::idf(corpus.document_count() as u64, count.df);
        let (dp_norm, juilland_d) = self.dispersion[row];
        cells.integer(row as u64 + 1);
        cells.text(&term.text);
        cells.text(&term.pos);
        cells.integer(count.tf);
        cells.integer(count.df);
        cells.ratio(stats::per_million(count.tf, self.tokens));
        cells.number(idf);
        cells.number(idf.map(|idf| stats::tf_idf(count.tf, idf)));
        cells.ratio(dp_norm);
        cells.number(juilland_d);
        cells.date(count.dates.as_ref().map(|(first, _)| first as &dyn std::fmt::Display));
        cells.date(count.dates.as_ref().map(|(_, last)| last as &dyn std::fmt::Display));
        match self.shared.examples.of_term(row) {
            Some(sentence) => cells.text(&corpus.sentence(sentence).text()),
            None => cells.empty(),
        }
    }

    fn dropped(&self) -> Vec<Dropped> {
        let left = self.inputs.selection.terms().len() - self.row_count();
        if left == 0 { Vec::new() } else { vec![Dropped { option: "terms.top", rows: left as u64 }] }
    }
}
