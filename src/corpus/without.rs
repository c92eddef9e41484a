//! A shard as if some of its documents had never been read.

use crate::theme::{CodedSentence, Hit};

use super::builder::{count_words, index};
use super::shard::{Shard, ShardSentence, ShardThemes};
use super::words::WordCounts;

/// The number of a document or word that is not in the new shard.
const GONE: u32 = u32::MAX;

impl Shard {
    /// The shard that building it without the documents `is_left_out` would have given: words are numbered and counted anew.
    #[must_use]
    pub fn without(self, is_left_out: impl Fn(usize) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.documents.len()).filter(|document| !is_left_out(*document)).collect();
        if kept.len() == self.documents.len() {
            return self;
        }
        let mut shard = Self { mode: self.mode, ..Self::default() };
        let mut words = WordCounts::default();
        let mut new_word = vec![GONE; self.words.len()];
        let mut new_document = vec![GONE; self.documents.len()];
        for document in kept {
            new_document[document] = index(shard.documents.len());
            shard.take_document(&self, document, |word| match new_word[word] {
                GONE => {
                    new_word[word] = words.intern(self.words.text(word));
                    new_word[word]
                }
                known => known,
            });
        }
        shard.take_themes(&self, &new_document);
        count_words(&shard, &mut words);
        shard.words = words.into_words();
        shard
    }

    /// Adds a document of another shard with its sentences and tokens.
    fn take_document(&mut self, other: &Self, document: usize, mut word_id: impl FnMut(usize) -> u32) {
        let sentence_start = index(self.sentences.len());
        let number = index(self.documents.len());
        for sentence in other.document_sentences(document) {
            let old = &other.sentences[sentence];
            let (text_start, token_start) = (index(self.text.len()), index(self.tokens.len()));
            self.sentences.push(ShardSentence { document: number, text_start, token_start, ..*old });
            self.text.push_str(other.sentence_text(sentence));
            for (token, word) in (old.token_start as usize..).zip(other.sentence_tokens(sentence)) {
                if other.follows_mark(token) {
                    self.set_follows_mark(self.tokens.len());
                } else if other.follows_gap(token) {
                    self.set_follows_gap(self.tokens.len());
                }
                self.tokens.push(word_id(*word as usize));
            }
        }
        let sentence_end = index(self.sentences.len());
        self.documents.push(super::ShardDocument { sentence_start, sentence_end, ..other.documents[document].clone() });
    }

    /// Takes over what was found in the documents that have a new number.
    fn take_themes(&mut self, other: &Self, new_document: &[u32]) {
        let documents = &self.documents;
        // Where a sentence stands now, if its document is here.
        let moved = |sentence: u32| {
            let old = other.sentences[sentence as usize].document as usize;
            let new = documents.get(new_document[old] as usize)?;
            Some(sentence - other.documents[old].sentence_start + new.sentence_start)
        };
        let here = |document: &u32| Some(new_document[*document as usize]).filter(|new| *new != GONE);
        self.long_sentences = other.long_sentences.iter().filter_map(here).collect();
        self.themes = other.themes.iter().map(|found| found.moved(moved, here)).collect();
    }
}

impl ShardThemes {
    /// The same for the sentences and documents that have a new number.
    fn moved(&self, sentence: impl Fn(u32) -> Option<u32>, document: impl Fn(&u32) -> Option<u32>) -> Self {
        let hit = |hit: &Hit| Some(Hit { sentence: sentence(hit.sentence)?, ..*hit });
        let coded = |coded: &CodedSentence| Some(CodedSentence { sentence: sentence(coded.sentence)?, themes: coded.themes.clone() });
        Self {
            hits: self.hits.iter().filter_map(hit).collect(),
            coded: self.coded.iter().filter_map(coded).collect(),
            capped_rows: self.capped_rows.iter().filter_map(|(place, rows)| Some((document(place)?, *rows))).collect(),
        }
    }
}
