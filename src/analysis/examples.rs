//! The sentence shown beside a number: the shortest one that fits, ties by document id, then sentence number.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use crate::corpus::{Corpus, NOT_A_TERM, Parts, Selection};
use crate::table::Cells;

/// All sentences in the order in which they are preferred as examples.
pub struct Examples {
    /// Sentence numbers, best example first.
    order: Vec<u32>,
    /// For each sentence its place in `order`.
    ranks: Vec<u32>,
    /// For each term the rank of its best example.
    of_term: Vec<u32>,
}

/// The rank of no sentence.
pub const NO_EXAMPLE: u32 = u32::MAX;

impl Examples {
    /// Ranks all sentences and finds the best example of each term.
    pub fn new(corpus: &Corpus, selection: &Selection) -> Self {
        let order = preferred_order(corpus);
        let mut ranks = vec![0; order.len()];
        for (rank, sentence) in order.iter().enumerate() {
            ranks[*sentence as usize] = u32::try_from(rank).unwrap_or(NO_EXAMPLE);
        }
        let of_term: Vec<AtomicU32> = selection.terms().iter().map(|_| AtomicU32::new(NO_EXAMPLE)).collect();
        (0..corpus.shards().len()).into_par_iter().for_each(|shard| {
            let best = best_of_words(corpus, shard, &ranks);
            for (term, rank) in selection.of_words(corpus, shard).into_iter().zip(best).filter(|(term, _)| *term != NOT_A_TERM) {
                of_term[term as usize].fetch_min(rank, Ordering::Relaxed);
            }
        });
        Self { order, ranks, of_term: of_term.into_iter().map(AtomicU32::into_inner).collect() }
    }

    /// The place of a sentence in the order of preference: lower is better.
    pub fn rank(&self, sentence: usize) -> u32 {
        self.ranks[sentence]
    }

    /// The sentence with this rank; nothing for [`NO_EXAMPLE`].
    pub fn sentence(&self, rank: u32) -> Option<usize> {
        self.order.get(rank as usize).map(|sentence| *sentence as usize)
    }

    /// Writes `doc_id`, sentence number and text of the sentence with this rank, or three empty cells.
    pub fn write(&self, corpus: &Corpus, rank: u32, cells: &mut dyn Cells) {
        match self.sentence(rank).map(|sentence| corpus.sentence(sentence)) {
            Some(sentence) => {
                cells.code(sentence.document().id.write(&mut [0; 13]));
                cells.integer(u64::from(sentence.sentence().number));
                cells.text(&sentence.text());
            }
            None => (0..3).for_each(|_| cells.empty()),
        }
    }

    /// The best example of a term.
    pub fn of_term(&self, term: usize) -> Option<usize> {
        self.sentence(self.of_term[term])
    }
}

fn preferred_order(corpus: &Corpus) -> Vec<u32> {
    // Within a document the numbers of sentences grow as those of the corpus do.
    let mut keys: Vec<(u32, u32, u32)> = Vec::with_capacity(corpus.sentence_count());
    for (shard_number, shard) in corpus.shards().iter().enumerate() {
        let (first_document, first_sentence) = (corpus.document_offset(shard_number), corpus.sentence_offset(shard_number));
        for (local, sentence) in shard.read(Parts::SENTENCES).sentences.iter().enumerate() {
            let id_rank = corpus.id_rank(first_document + sentence.document as usize);
            let number = u32::try_from(first_sentence + local).unwrap_or(u32::MAX);
            keys.push((sentence.scalars, id_rank, number));
        }
    }
    keys.par_sort_unstable();
    // Not in the place of the keys, which take three times the room.
    let mut order = Vec::with_capacity(keys.len());
    order.extend(keys.iter().map(|(_, _, sentence)| *sentence));
    order
}

/// For each word of a shard the best rank of a sentence that holds it.
fn best_of_words(corpus: &Corpus, shard_number: usize, ranks: &[u32]) -> Vec<u32> {
    let shard = corpus.shards()[shard_number].read(Parts::TOKENS);
    let first = corpus.sentence_offset(shard_number);
    let mut best = vec![NO_EXAMPLE; corpus.word_ids(shard_number).len()];
    for local in 0..shard.sentences.len() {
        let rank = ranks[first + local];
        for word in shard.sentence_tokens(local) {
            let slot = &mut best[*word as usize];
            *slot = (*slot).min(rank);
        }
    }
    best
}
