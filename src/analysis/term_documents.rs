//! Which terms stand in which documents, and how often: the matrix behind df, dispersion and keywords.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::ranges::{parts_of, ranges_up_to};
use crate::corpus::{ByDocument, Corpus, Entry, NOT_A_TERM, PagedRows, Parts, Selection, Term};

/// A term of a document with its count there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermInDocument {
    /// Term number.
    pub term: u32,
    /// Occurrences in the document.
    pub tf: u32,
}

impl From<(u32, u32)> for TermInDocument {
    fn from((term, tf): (u32, u32)) -> Self {
        Self { term, tf }
    }
}

impl Entry for TermInDocument {
    const BYTES: usize = <(u32, u32)>::BYTES;

    fn write(&self, bytes: &mut Vec<u8>) {
        (self.term, self.tf).write(bytes);
    }

    fn read(bytes: &[u8]) -> Self {
        <(u32, u32)>::read(bytes).into()
    }
}

/// The sparse term × document matrix, by document; and the sizes of the documents.
pub struct TermDocuments {
    /// The terms of each document, by number.
    rows: ByDocument<TermInDocument>,
    tokens: Vec<u64>,
    terms: Vec<u64>,
}

impl TermDocuments {
    /// Counts the terms of every document.
    pub fn new(corpus: &Corpus, selection: &Selection) -> Self {
        let shards = (0..corpus.shards().len()).into_par_iter().map(|shard| count_shard(corpus, selection, shard));
        let (shards, terms): (Vec<_>, Vec<Vec<u64>>) = shards.unzip();
        let tokens = corpus.shards().iter().flat_map(|s| (0..s.documents().len()).map(|d| s.document_token_count(d) as u64)).collect();
        Self { rows: shards.into_iter().collect(), tokens, terms: terms.concat() }
    }

    /// The terms of a document, by term number.
    pub fn row(&self, document: usize) -> Cow<'_, [TermInDocument]> {
        self.rows.row(document)
    }

    /// Number of different terms of a document.
    pub fn row_len(&self, document: usize) -> usize {
        self.rows.row_len(document)
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

    /// The entries of these terms in a shard, each with the place of its document in the order of ids.
    fn of_shard(&self, corpus: &Corpus, shard: usize, terms: &Range<usize>) -> Vec<(TermInDocument, u32)> {
        let rows = self.rows.shard(shard);
        let entries = rows.all();
        let mut found = Vec::new();
        for (document, row) in (corpus.document_offset(shard)..).zip(rows.ranges()) {
            let rank = corpus.id_rank(document);
            let row = &entries[row];
            let from = row.partition_point(|entry| (entry.term as usize) < terms.start);
            let of_terms = row[from..].iter().take_while(|entry| (entry.term as usize) < terms.end);
            found.extend(of_terms.map(|entry| (*entry, rank)));
        }
        found
    }

    /// The same matrix by term, for some of the terms: for each the documents that hold it with its count there, in the order of
    /// doc_ids.
    pub fn by_term(&self, corpus: &Corpus, selection: &Selection, terms: Range<usize>) -> ByTerm {
        let mut starts = Vec::with_capacity(terms.len() + 1);
        starts.push(0);
        for term in &selection.terms()[terms.clone()] {
            starts.push(starts[starts.len() - 1] + entries_of(term));
        }
        let mut next = starts.clone();
        let mut entries = vec![(0u32, 0u32); starts[terms.len()]];
        let shards: Vec<usize> = (0..corpus.shards().len()).collect();
        for some in shards.chunks(SHARDS_AT_ONCE) {
            let found: Vec<Vec<(TermInDocument, u32)>> = some.par_iter().map(|shard| self.of_shard(corpus, *shard, &terms)).collect();
            for (TermInDocument { term, tf }, rank) in found.into_iter().flatten() {
                let slot = &mut next[term as usize - terms.start];
                // There are more of them only where rows could not be read.
                if let Some(free) = entries.get_mut(*slot) {
                    *free = (rank, tf);
                }
                *slot += 1;
            }
        }
        let of_term = parts_of(&mut entries, starts.windows(2).map(|start| start[1] - start[0]));
        of_term.into_par_iter().with_min_len(16).for_each(|documents| {
            documents.sort_unstable();
            documents.iter_mut().for_each(|(rank, _)| *rank = corpus.documents_by_id()[*rank as usize]);
        });
        ByTerm { first: terms.start, starts, entries }
    }
}

/// Shards that are looked at together for the rows of terms.
const SHARDS_AT_ONCE: usize = 32;

/// Ranges of the first `count` terms, each with about as many documents as fit into a block of the corpus' room.
pub fn blocks(corpus: &Corpus, selection: &Selection, count: usize) -> Vec<Range<usize>> {
    let most = corpus.room().block_bytes() / size_of::<(u32, u32)>();
    ranges_up_to(most, selection.terms()[..count].iter().map(entries_of).enumerate())
}

/// Documents that hold a term.
fn entries_of(term: &Term) -> usize {
    usize::try_from(term.count.df).unwrap_or(usize::MAX)
}

/// The matrix by term, for some of the terms.
pub struct ByTerm {
    first: usize,
    starts: Vec<usize>,
    entries: Vec<(u32, u32)>,
}

impl ByTerm {
    /// Document numbers and counts of one of its terms, in the order of doc_ids.
    pub fn row(&self, term: usize) -> &[(u32, u32)] {
        let at = term - self.first;
        &self.entries[self.starts[at]..self.starts[at + 1]]
    }
}

/// The terms of each document of a shard, and their occurrences.
fn count_shard(corpus: &Corpus, selection: &Selection, shard_number: usize) -> (PagedRows<TermInDocument>, Vec<u64>) {
    let shard = corpus.shards()[shard_number].read(Parts::TOKENS);
    let term_of = selection.of_words(corpus, shard_number);
    let mut counts = vec![0u32; term_of.len()];
    let mut touched: Vec<u32> = Vec::new();
    let (mut starts, mut entries, mut terms) = (vec![0], Vec::new(), Vec::with_capacity(shard.documents.len()));
    for document in 0..shard.documents.len() {
        for word in shard.document_tokens(document) {
            if term_of[*word as usize] != NOT_A_TERM {
                if counts[*word as usize] == 0 {
                    touched.push(*word);
                }
                counts[*word as usize] += 1;
            }
        }
        let first = entries.len();
        let counted = touched.drain(..).map(|word| (term_of[word as usize], std::mem::take(&mut counts[word as usize])));
        entries.extend(counted.map(TermInDocument::from));
        entries[first..].sort_unstable_by_key(|entry| entry.term);
        terms.push(entries[first..].iter().map(|entry| u64::from(entry.tf)).sum());
        starts.push(u32::try_from(entries.len()).unwrap_or(u32::MAX));
    }
    (PagedRows::new(corpus.room(), starts, entries), terms)
}
