//! The runs of a corpus with the way back to sentences and documents.

use rayon::prelude::*;

use crate::analysis::examples::{Examples, NO_EXAMPLE};
use crate::corpus::{Corpus, PagedRows, PagedShard, Parts, Shard};

use super::{Sequence, Symbol};

/// All runs of a corpus, and where its sentences begin in them.
pub struct Text<S> {
    /// The runs.
    pub runs: Sequence<S>,
    /// Where each sentence begins; one more entry with the end.
    starts: Vec<u32>,
    /// The sentence at the first place of each block of [`BLOCK`] places.
    blocks: Vec<u32>,
    /// The document of each sentence.
    documents: Vec<u32>,
}

/// Places that one entry of the table of sentences stands for: about three sentences.
const BLOCK: usize = 64;

/// What stands behind a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceEvidence {
    /// Documents that hold it.
    pub documents: u32,
    /// Rank of the shortest sentence that holds it, or [`NO_EXAMPLE`].
    pub example: u32,
}

impl<S: Symbol> Text<S> {
    /// `write` appends the runs of a sentence (shard number, shard, sentence in it), each behind an end: the default symbol.
    pub fn new(corpus: &Corpus, kinds: usize, write: impl Fn(usize, &Shard, usize, &mut Vec<S>) + Sync) -> Self {
        let write_shard = |(number, shard): (usize, &PagedShard)| {
            let shard = shard.read(Parts::TOKENS);
            let (mut symbols, mut starts) = (Vec::with_capacity(shard.tokens.len() * 2), Vec::with_capacity(shard.sentences.len()));
            // Also before a sentence without a token.
            symbols.push(S::default());
            for sentence in 0..shard.sentences.len() {
                starts.push(index(symbols.len()));
                write(number, &shard, sentence, &mut symbols);
            }
            let size = index(symbols.len());
            (PagedRows::new(corpus.room(), vec![0, size], symbols), starts)
        };
        let parts: Vec<(PagedRows<S>, Vec<u32>)> = corpus.shards().par_iter().enumerate().map(write_shard).collect();
        let (mut pieces, mut starts, mut places) = (Vec::with_capacity(parts.len()), Vec::with_capacity(corpus.sentence_count() + 1), 0);
        for (piece, starts_in_piece) in parts {
            starts.extend(starts_in_piece.iter().map(|start| start + places));
            places += index(piece.row_len(0));
            pieces.push(piece);
        }
        starts.push(places);
        let blocks = sentences_of_blocks(&starts, places as usize);
        Self { runs: Sequence::new(pieces, kinds, corpus.room()), starts, blocks, documents: corpus.document_of_sentences() }
    }
}

impl<S: Symbol> Text<S> {
    /// The sentence that holds a place.
    pub fn sentence(&self, place: u32) -> usize {
        let mut sentence = self.blocks[place as usize / BLOCK] as usize;
        while self.starts[sentence + 1] <= place {
            sentence += 1;
        }
        sentence
    }

    /// Where a sentence begins.
    pub fn sentence_start(&self, sentence: usize) -> u32 {
        self.starts[sentence]
    }

    /// In how many documents these places (ascending) lie.
    pub fn documents(&self, places: impl Iterator<Item = u32>) -> u32 {
        self.evidence_by(places, |_| NO_EXAMPLE).documents
    }

    /// Whether these places (ascending) lie in so many documents; no more of them are looked at than that takes.
    pub fn reach_documents(&self, mut places: impl Iterator<Item = u32>, wanted: u32) -> bool {
        let mut documents = 0;
        let mut last_document = u32::MAX;
        places.any(|place| {
            let document = self.documents[self.sentence(place)];
            documents += u32::from(document != last_document);
            last_document = document;
            documents >= wanted
        }) || wanted == 0
    }

    /// In how many documents these places (ascending) lie, and the best sentence among theirs.
    pub fn evidence(&self, places: impl Iterator<Item = u32>, examples: &Examples) -> PlaceEvidence {
        self.evidence_by(places, |sentence| examples.rank(sentence))
    }

    fn evidence_by(&self, places: impl Iterator<Item = u32>, rank: impl Fn(usize) -> u32) -> PlaceEvidence {
        let mut found = PlaceEvidence { documents: 0, example: NO_EXAMPLE };
        let (mut last_document, mut sentence_end) = (u32::MAX, 0);
        for place in places {
            // Further places of the same sentence show nothing new.
            if place < sentence_end {
                continue;
            }
            let sentence = self.sentence(place);
            sentence_end = self.starts[sentence + 1];
            found.example = found.example.min(rank(sentence));
            let document = self.documents[sentence];
            found.documents += u32::from(document != last_document);
            last_document = document;
        }
        found
    }
}

fn sentences_of_blocks(starts: &[u32], places: usize) -> Vec<u32> {
    let mut sentence = 0;
    let sentence_at = |place: usize| {
        while sentence + 2 < starts.len() && starts[sentence + 1] as usize <= place {
            sentence += 1;
        }
        index(sentence)
    };
    (0..places).step_by(BLOCK).map(sentence_at).collect()
}

/// Corpus-wide numbers are 32 bits.
fn index(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
