//! A shard of documents of other shards: as if they had been read together, without cutting anything again.

use std::sync::Arc;

use crate::theme::{CodedSentence, Hit};

use super::builder::{count_words, index};
use super::shard::{Shard, ShardDocument, ShardSentence, ShardThemes};
use super::words::WordCounts;

/// The number of a word that is not in the new shard yet.
const UNKNOWN: u32 = u32::MAX;

/// Gathers documents into a new shard, in the order in which they are taken.
pub struct Splicer {
    shard: Shard,
    words: WordCounts,
    /// The key of the shard that the last document came from, and the new number of each of its words.
    source: Option<(usize, Vec<u32>)>,
}

impl Splicer {
    /// Nothing yet. `like` tells how the text of all of them was cut.
    pub fn like(like: &Shard) -> Self {
        let themes = like.themes.iter().map(|_| ShardThemes::default()).collect();
        Self { shard: Shard { mode: like.mode, themes, ..Shard::default() }, words: WordCounts::default(), source: None }
    }

    /// Adds a document of `source` with its sentences, tokens and themes; `known` is what is known of it now, if that changed. Each
    /// source has a key of its own.
    pub fn take(&mut self, (key, source): (usize, &Shard), document: usize, known: Option<&ShardDocument>) {
        let mut numbers = match self.source.take() {
            Some((last, numbers)) if last == key => numbers,
            _ => vec![UNKNOWN; source.words.len()],
        };
        let words = &mut self.words;
        let known = known.unwrap_or(&source.documents[document]);
        self.shard.take_document(source, document, known, |word| {
            let number = &mut numbers[word];
            if *number == UNKNOWN {
                *number = words.intern(source.words.text(word));
            }
            *number
        });
        self.source = Some((key, numbers));
    }

    /// Bytes of text taken.
    pub fn bytes(&self) -> usize {
        self.shard.text.len()
    }

    /// The shard that building it of these documents would have given: words are numbered and counted anew.
    pub fn finish(self) -> Shard {
        let Self { mut shard, mut words, .. } = self;
        count_words(&shard, &mut words);
        shard.words = words.into_words();
        shard
    }
}

impl Shard {
    /// The shard that building it without the documents `is_left_out` would have given.
    #[must_use]
    pub fn without(&self, is_left_out: impl Fn(usize) -> bool) -> Self {
        let mut splicer = Splicer::like(self);
        let kept = (0..self.documents.len()).filter(|document| !is_left_out(*document));
        kept.for_each(|document| splicer.take((0, self), document, None));
        splicer.finish()
    }

    fn take_document(&mut self, other: &Self, document: usize, known: &ShardDocument, mut word_id: impl FnMut(usize) -> u32) {
        let sentence_start = index(self.sentences.len());
        let number = index(self.documents.len());
        let range = other.document_sentences(document);
        for sentence in range.clone() {
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
        Arc::make_mut(&mut self.documents).push(ShardDocument { sentence_start, sentence_end, ..known.clone() });
        let long = other.long_sentences.iter().filter(|of| **of as usize == document);
        self.long_sentences.extend(long.map(|_| number));
        self.themes.resize_with(self.themes.len().max(other.themes.len()), ShardThemes::default);
        for (mine, theirs) in self.themes.iter_mut().zip(&other.themes) {
            mine.take(theirs, (document, range.clone()), (number, sentence_start));
        }
    }
}

impl ShardThemes {
    /// Adds what was found in a document, which is number and sentences there, and number and first sentence here.
    fn take(&mut self, other: &Self, (document, sentences): (usize, std::ops::Range<usize>), (number, first): (u32, u32)) {
        let (start, end) = (index(sentences.start), index(sentences.end));
        let moved = |sentence: u32| sentence - start + first;
        let from = other.hits.partition_point(|hit| hit.sentence < start);
        let hits = other.hits[from..].iter().take_while(|hit| hit.sentence < end);
        self.hits.extend(hits.map(|hit| Hit { sentence: moved(hit.sentence), ..*hit }));
        let from = other.coded.partition_point(|coded| coded.sentence < start);
        let coded = other.coded[from..].iter().take_while(|coded| coded.sentence < end);
        self.coded.extend(coded.map(|coded| CodedSentence { sentence: moved(coded.sentence), themes: coded.themes.clone() }));
        let capped = other.capped_rows.iter().filter(|(of, _)| *of as usize == document);
        self.capped_rows.extend(capped.map(|(_, rows)| (number, *rows)));
    }
}
