//! Documents into a shard: sentences, normalised, segmented, coded and counted.
//!
//! One stage after the other over all documents of the batch, not one document after the other: each stage then has the cache
//! to itself. The segmenter's dictionary alone is larger than it, and took half as long again when everything else came between.

use std::sync::Arc;

use crate::segment::{Cutting, Segmenter};
use crate::source::Document;
use crate::text::SentenceOptions;
use crate::theme::Tagger;

use super::shard::{Shard, ShardDocument, ShardSentence};
use super::tokens::{TokenReader, document_sentences};
use super::words::{WordCount, WordCounts};

/// What turns a document into counts: shared by all threads, never changed.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    /// Cuts sentences into tokens.
    pub segmenter: &'a Segmenter,
    /// Find themes, one for each taxonomy; without any nothing is coded.
    pub taggers: &'a [Tagger],
    /// How text is cut into sentences.
    pub sentences: &'a SentenceOptions,
}

/// The shard of these documents.
pub fn build_shard(documents: &[Document], tools: Tools<'_>) -> Shard {
    let mut builder = Builder::of(documents, tools);
    builder.cut();
    let Builder { mut shard, mut words, .. } = builder;
    count_words(&shard, &mut words);
    shard.words = words.into_words();
    shard.code(tools);
    shard.give_back_room();
    shard
}

/// Their sentences only, for who looks at nothing else of the shard.
pub fn build_text(documents: &[Document], tools: Tools<'_>) -> Shard {
    Builder::of(documents, tools).shard
}

struct Builder<'a> {
    tools: Tools<'a>,
    shard: Shard,
    words: WordCounts,
    reader: TokenReader,
}

/// What changes of a word with every token: small, so that all of them stay in the cache.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    tf: u32,
    /// The last document the word was seen in, plus one.
    last_document: u32,
}

impl<'a> Builder<'a> {
    /// With the documents, of which nothing is cut yet.
    fn of(documents: &[Document], tools: Tools<'a>) -> Self {
        let shard = Shard { mode: tools.segmenter.mode(), ..Shard::default() };
        let mut builder = Self { tools, shard, words: WordCounts::default(), reader: TokenReader::default() };
        documents.iter().for_each(|document| builder.read(document));
        builder
    }

    /// Adds a document with its sentences: its title first if it has one, then those of its body.
    fn read(&mut self, document: &Document) {
        let Self { tools, shard, reader, .. } = self;
        let first = shard.sentences.len();
        let number = index(shard.documents.len());
        let mut characters = 0;
        let simplified = document_sentences(document, tools.sentences, |sentence| {
            let visible = reader.read(tools.segmenter, &sentence.counted(), sentence.scalars);
            let body_characters = if sentence.is_title { 0 } else { visible };
            characters += u64::from(body_characters);
            if sentence.cut_by_length {
                shard.long_sentences.push(number);
            }
            shard.sentences.push(ShardSentence {
                document: number,
                paragraph: sentence.paragraph,
                number: sentence.number,
                scalars: sentence.scalars,
                characters: body_characters,
                text_start: index(shard.text.len()),
                // Known when it is cut.
                token_start: 0,
            });
            shard.text.push_str(sentence.text);
        });
        Arc::make_mut(&mut shard.documents).push(ShardDocument {
            simplified,
            characters,
            sentence_start: index(first),
            sentence_end: index(shard.sentences.len()),
            ..ShardDocument::of(document)
        });
    }

    /// Cuts all sentences into tokens.
    fn cut(&mut self) {
        let Self { tools, shard, words, reader } = self;
        let (mut sentence, mut token_start) = (0, 0);
        let (mut after_mark, mut after_gap) = (true, true);
        reader.cut(tools.segmenter, |cutting| match cutting {
            Cutting::Piece(piece) if piece.is_token() => {
                let (text, range) = piece.key_in_text();
                if std::mem::take(&mut after_mark) {
                    shard.set_follows_mark(shard.tokens.len());
                } else if after_gap {
                    shard.set_follows_gap(shard.tokens.len());
                }
                after_gap = false;
                shard.tokens.push(words.intern_in(text, range));
            }
            // White space parts nothing: GDP 增长 is one phrase.
            Cutting::Piece(piece) => {
                after_mark |= !piece.key().trim().is_empty();
                after_gap = true;
            }
            Cutting::SentenceEnd => {
                shard.sentences[sentence].token_start = token_start;
                sentence += 1;
                token_start = index(shard.tokens.len());
                after_mark = true;
            }
        });
    }
}

/// Counts the tokens of all documents of a shard into `words`, which hold every word of it.
pub(super) fn count_words(shard: &Shard, words: &mut WordCounts) {
    let mut tallies = vec![Tally::default(); words.len()];
    for (number, document) in shard.documents.iter().enumerate() {
        let marker = index(number) + 1;
        let dates = document.date.map(|date| (date, date));
        for word in shard.document_tokens(number) {
            let tally = &mut tallies[*word as usize];
            tally.tf += 1;
            if tally.last_document != marker {
                tally.last_document = marker;
                words.count_mut(*word).merge(&WordCount { tf: 0, df: 1, dates });
            }
        }
    }
    for (word, tally) in (0u32..).zip(&tallies) {
        words.count_mut(word).tf += u64::from(tally.tf);
    }
}

/// Sizes within a shard fit 32 bits: a batch closes after 1 MiB, and one document is at most 1 GiB by its own limit.
pub(super) fn index(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
