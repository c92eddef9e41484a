//! Which terms stand in which documents, and how often: the matrix behind df, dispersion and keywords.

use rayon::prelude::*;

use crate::corpus::{Corpus, NOT_A_TERM, Parts, Selection};

/// A term of a document with its count there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermInDocument {
    /// Term number.
    pub term: u32,
    /// Occurrences in the document.
    pub tf: u32,
}

/// The sparse term × document matrix, by document; and the sizes of the documents.
pub struct TermDocuments {
    /// For each document, in input order, its terms by number.
    rows: Vec<Box<[TermInDocument]>>,
    tokens: Vec<u64>,
    terms: Vec<u64>,
}

impl TermDocuments {
    /// Counts the terms of every document.
    pub fn new(corpus: &Corpus, selection: &Selection) -> Self {
        let shards: Vec<Vec<Box<[TermInDocument]>>> =
            (0..corpus.shards().len()).into_par_iter().map(|shard| count_shard(corpus, selection, shard)).collect();
        let rows: Vec<Box<[TermInDocument]>> = shards.into_iter().flatten().collect();
        let tokens = corpus.shards().iter().flat_map(|s| (0..s.documents().len()).map(|d| s.document_token_count(d) as u64)).collect();
        let terms = rows.iter().map(|row| row.iter().map(|t| u64::from(t.tf)).sum()).collect();
        Self { rows, tokens, terms }
    }

    /// The terms of a document, by term number.
    pub fn row(&self, document: usize) -> &[TermInDocument] {
        &self.rows[document]
    }

    /// Tokens of a document.
    pub fn tokens(&self, document: usize) -> u64 {
        self.tokens[document]
    }

    /// Term occurrences of a document.
    pub fn terms(&self, document: usize) -> u64 {
        self.terms[document]
    }

    /// Tokens of each document.
    pub fn token_counts(&self) -> &[u64] {
        &self.tokens
    }

    /// The same matrix by term: for each term the documents that hold it with its count there, in the order of doc_ids.
    pub fn by_term(&self, corpus: &Corpus, term_count: usize) -> ByTerm {
        let mut starts = vec![0usize; term_count + 1];
        for entry in self.rows.iter().flat_map(|row| row.iter()) {
            starts[entry.term as usize + 1] += 1;
        }
        for at in 0..term_count {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut entries = vec![(0u32, 0u32); starts[term_count]];
        for document in corpus.documents_by_id() {
            for entry in &self.rows[*document as usize] {
                let slot = &mut next[entry.term as usize];
                entries[*slot] = (*document, entry.tf);
                *slot += 1;
            }
        }
        ByTerm { starts, entries }
    }
}

/// The matrix by term.
pub struct ByTerm {
    starts: Vec<usize>,
    entries: Vec<(u32, u32)>,
}

impl ByTerm {
    /// Document numbers and counts of a term, in the order of doc_ids.
    pub fn row(&self, term: usize) -> &[(u32, u32)] {
        &self.entries[self.starts[term]..self.starts[term + 1]]
    }
}

fn count_shard(corpus: &Corpus, selection: &Selection, shard_number: usize) -> Vec<Box<[TermInDocument]>> {
    let shard = corpus.shards()[shard_number].read(Parts::TOKENS);
    let term_of = selection.of_words(shard_number);
    let mut counts = vec![0u32; term_of.len()];
    let mut touched: Vec<u32> = Vec::new();
    (0..shard.documents.len())
        .map(|document| {
            for word in shard.document_tokens(document) {
                if term_of[*word as usize] != NOT_A_TERM {
                    if counts[*word as usize] == 0 {
                        touched.push(*word);
                    }
                    counts[*word as usize] += 1;
                }
            }
            let mut row: Box<[TermInDocument]> = touched
                .drain(..)
                .map(|word| TermInDocument { term: term_of[word as usize], tf: std::mem::take(&mut counts[word as usize]) })
                .collect();
            row.sort_unstable_by_key(|entry| entry.term);
            row
        })
        .collect()
}
