//! All shards together: one numbering of words, documents and sentences, without touching the shards.

use std::cmp::Ordering;

use crate::source::{DocId, UniqueIds};

use super::copies::{Copies, CopyOptions};
use super::numbering::{CountedWord, id32, numbered_words};
use super::paged::{OneDocument, PagedShard, Room};
use super::sentence_ref::SentenceRef;
use super::shard::{Shard, ShardDocument};

/// The shards of a run and what holds over all of them.
#[derive(Debug, Default)]
pub struct Corpus {
    /// Records that state the key of an earlier one of their file: how many, and the place of the first.
    repeated_ids: Option<(u64, String)>,
    copies: Copies,
    /// The documents that were left out as copies.
    left_out: Vec<PagedShard>,
    room: Room,
    shards: Vec<PagedShard>,
    words: Vec<CountedWord>,
    /// For each shard, the corpus id of each of its words.
    word_ids: Vec<Vec<u32>>,
    /// For each shard, the number of documents before it; one more entry with the total.
    document_offsets: Vec<usize>,
    /// For each shard, the number of sentences before it; one more entry with the total.
    sentence_offsets: Vec<usize>,
    /// Place of each document in the order of doc_ids.
    id_ranks: Vec<u32>,
    /// Documents in the order of doc_ids.
    by_id: Vec<u32>,
}

impl Corpus {
    /// Numbers the words, documents and sentences of `shards`, which are in input order (path, then record).
    ///
    /// Words are numbered by descending frequency, then text; documents and sentences in input order. Documents that share
    /// an id, because two records of a file state the same one, get a new one: the key followed by `~2`, `~3` and so on.
    pub fn assemble(shards: Vec<Shard>) -> Self {
        Self::with_copies(shards.into_iter().map(PagedShard::from).collect(), &CopyOptions::default(), &Room::unlimited())
    }

    /// The same; copies are what the options call so, and are left out before anything is numbered if the options say so.
    pub fn with_copies(mut shards: Vec<PagedShard>, options: &CopyOptions, room: &Room) -> Self {
        let repeated_ids = make_ids_unique(&mut shards);
        let copies = Copies::find(&shards, options, room);
        let mut left_out = Vec::new();
        if options.collapse {
            (shards, left_out) = copies.leave_out(shards, room);
        }
        let (words, word_ids) = numbered_words(&shards);
        let document_offsets = offsets(shards.iter().map(|s| s.documents().len()));
        let sentence_offsets = offsets(shards.iter().map(PagedShard::sentence_count));
        let ids: Vec<DocId> = shards.iter().flat_map(|s| s.documents().iter().map(|d| d.id)).collect();
        let mut by_id: Vec<u32> = (0..id32(ids.len())).collect();
        by_id.sort_unstable_by_key(|at| ids[*at as usize]);
        let mut id_ranks = vec![0; ids.len()];
        for (rank, at) in by_id.iter().enumerate() {
            id_ranks[*at as usize] = id32(rank);
        }
        Self {
            repeated_ids,
            copies,
            left_out,
            room: room.clone(),
            shards,
            words,
            word_ids,
            document_offsets,
            sentence_offsets,
            id_ranks,
            by_id,
        }
    }

    /// Records that state the key of an earlier one of their file: how many, and the place of the first.
    pub fn repeated_ids(&self) -> Option<&(u64, String)> {
        self.repeated_ids.as_ref()
    }

    /// Which documents repeat another, those included that were left out for it.
    pub fn copies(&self) -> &Copies {
        &self.copies
    }

    /// The documents that were read but left out, since they repeat another: no part of the corpus.
    pub fn left_out(&self) -> &[PagedShard] {
        &self.left_out
    }

    /// Where what is made of the shards is kept.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// The shards, in input order.
    pub fn shards(&self) -> &[PagedShard] {
        &self.shards
    }

    /// All words with their counts, most frequent first, then in code-point order.
    pub fn words(&self) -> &[CountedWord] {
        &self.words
    }

    /// The corpus id of each word of a shard.
    pub fn word_ids(&self, shard: usize) -> &[u32] {
        &self.word_ids[shard]
    }

    /// Number of documents.
    pub fn document_count(&self) -> usize {
        self.id_ranks.len()
    }

    /// Number of sentences.
    pub fn sentence_count(&self) -> usize {
        self.sentence_offsets.last().copied().unwrap_or(0)
    }

    /// Number of tokens: N, the base of `per_million`.
    pub fn token_count(&self) -> u64 {
        self.shards.iter().map(|s| s.token_count() as u64).sum()
    }

    /// Characters of all tokens, with one more for each token, as if something stood between any two, for each sentence and for each
    /// shard.
    pub fn most_places(&self) -> u64 {
        let of_word = |(word, count): &CountedWord| (word.chars().count() as u64 + 1) * count.tf;
        self.words.iter().map(of_word).sum::<u64>() + self.sentence_count() as u64 + self.shards.len() as u64 + 1
    }

    /// Characters of all bodies.
    pub fn character_count(&self) -> u64 {
        self.documents().map(|d| d.characters).sum()
    }

    /// Number of documents in the shards before this one: a shard's document `i` is document `offset + i` of the corpus.
    pub fn document_offset(&self, shard: usize) -> usize {
        self.document_offsets[shard]
    }

    /// Number of sentences in the shards before this one.
    pub fn sentence_offset(&self, shard: usize) -> usize {
        self.sentence_offsets[shard]
    }

    /// All documents, by number.
    pub fn documents(&self) -> impl Iterator<Item = &ShardDocument> {
        self.shards.iter().flat_map(PagedShard::documents)
    }

    /// A document by its number in the corpus.
    pub fn document(&self, number: usize) -> &ShardDocument {
        let (shard, local) = locate(&self.document_offsets, number);
        &self.shards[shard].documents()[local]
    }

    /// A document by its number, with its text.
    pub fn document_text(&self, number: usize) -> OneDocument<'_> {
        let (shard, local) = self.shard_of_document(number);
        self.shards[shard].document(local)
    }

    /// How many hits a document has under a taxonomy, and how many sentences with a theme.
    pub fn theme_rows(&self, taxonomy: usize, document: usize) -> (usize, usize) {
        let (shard, local) = self.shard_of_document(document);
        let (hits, coded) = self.shards[shard].theme_places(taxonomy, local);
        (hits.len(), coded.len())
    }

    /// The number of the shard of a document, and the number of the document in it.
    pub fn shard_of_document(&self, number: usize) -> (usize, usize) {
        locate(&self.document_offsets, number)
    }

    /// A sentence by its number in the corpus.
    pub fn sentence(&self, number: usize) -> SentenceRef<'_> {
        let (shard, local) = locate(&self.sentence_offsets, number);
        let shard = &self.shards[shard];
        SentenceRef::new(shard, local)
    }

    /// The number of the document that a sentence stands in.
    pub fn document_of(&self, sentence: usize) -> usize {
        let (shard, local) = locate(&self.sentence_offsets, sentence);
        self.document_offsets[shard] + self.shards[shard].sentence(local).document as usize
    }

    /// The number of the document of each sentence.
    pub fn document_of_sentences(&self) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(self.sentence_count());
        for (number, document) in (0u32..).zip(self.documents()) {
            numbers.extend(std::iter::repeat_n(number, (document.sentence_end - document.sentence_start) as usize));
        }
        numbers
    }

    /// The number of the shard of a sentence, and the number of the sentence in it.
    pub fn shard_of_sentence(&self, number: usize) -> (usize, usize) {
        locate(&self.sentence_offsets, number)
    }

    /// The documents in the order of their ids.
    pub fn documents_by_id(&self) -> &[u32] {
        &self.by_id
    }

    /// The place of a document in the order of ids.
    pub fn id_rank(&self, document: usize) -> u32 {
        self.id_ranks[document]
    }

    /// Document numbers in the order of documents.csv: date (undated last), path, record.
    pub fn documents_by_date(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..id32(self.document_count())).collect();
        order.sort_by(|a, b| compare_by_date(self.document(*a as usize), self.document(*b as usize)));
        order
    }
}

pub(super) fn compare_by_date(a: &ShardDocument, b: &ShardDocument) -> Ordering {
    (a.date.is_none(), a.date, &a.path, a.record).cmp(&(b.date.is_none(), b.date, &b.path, b.record))
}

/// Gives documents that share an id new ones; tells how many and where the first is.
fn make_ids_unique(shards: &mut [PagedShard]) -> Option<(u64, String)> {
    let mut unique = UniqueIds::default();
    let mut repeated: Option<(u64, String)> = None;
    for shard in shards {
        let ids: Vec<DocId> = shard.documents().iter().map(|document| unique.give(&document.path, document.id)).collect();
        let given = || shard.documents().iter().zip(&ids);
        for (document, _) in given().filter(|(document, id)| document.id != **id) {
            repeated.get_or_insert_with(|| (0, document.place())).0 += 1;
        }
        if given().any(|(document, id)| document.id != *id) {
            shard.rename(&ids);
        }
    }
    repeated
}

fn offsets(sizes: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut out = vec![0];
    let mut total = 0;
    for size in sizes {
        total += size;
        out.push(total);
    }
    out
}

fn locate(offsets: &[usize], number: usize) -> (usize, usize) {
    let shard = offsets.partition_point(|offset| *offset <= number).saturating_sub(1);
    (shard, number - offsets[shard])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_to_the_shard() {
        let offsets = offsets([3, 0, 2].into_iter());
        assert_eq!(locate(&offsets, 2), (0, 2));
        assert_eq!(locate(&offsets, 3), (2, 0));
        assert_eq!(locate(&offsets, 4), (2, 1));
    }
}
