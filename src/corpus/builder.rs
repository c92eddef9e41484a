//! Documents into a shard: sentences, normalised, segmented, counted and coded.

use crate::segment::{Cutting, Segmenter};
use crate::source::Document;
use crate::text::SentenceOptions;
use crate::theme::{Scratch, Sentence, Tagger};

use super::shard::{Shard, ShardDocument, ShardSentence};
use super::tokens::{DocumentSentence, TokenReader, document_sentences};
use super::words::{WordCount, WordCounts};

/// What turns a document into counts: shared by all threads, never changed.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    /// Cuts sentences into tokens.
    pub segmenter: &'a Segmenter,
    /// Finds themes; without it nothing is coded.
    pub tagger: Option<&'a Tagger>,
    /// How text is cut into sentences.
    pub sentences: &'a SentenceOptions,
}

/// Builds one shard, document by document.
pub struct ShardBuilder<'a> {
    tools: Tools<'a>,
    shard: Shard,
    words: WordCounts,
    /// Sentences of the shard that are cut already.
    cut_sentences: usize,
    reader: TokenReader,
    scratch: Scratch,
    /// For each word id what changes with every token: small, so that it stays in the cache.
    tallies: Vec<Tally>,
    /// Token ranges of the document in hand, as scalars of the original sentence; only when the taxonomy asks for tokens.
    edges: Vec<(u32, u32)>,
    /// Where the edges of each sentence of the document in hand begin.
    edge_starts: Vec<usize>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    tf: u32,
    /// The last document the word was seen in, plus one.
    last_document: u32,
}

impl<'a> ShardBuilder<'a> {
    /// An empty shard.
    pub fn new(tools: Tools<'a>) -> Self {
        Self {
            tools,
            shard: Shard::default(),
            words: WordCounts::default(),
            cut_sentences: 0,
            reader: TokenReader::default(),
            scratch: Scratch::default(),
            tallies: Vec::new(),
            edges: Vec::new(),
            edge_starts: Vec::new(),
        }
    }

    /// Adds a document: its title as sentence 1 if it has one, then the sentences of its body.
    pub fn add(&mut self, document: &Document) {
        let first = self.shard.sentences.len();
        self.edges.clear();
        self.edge_starts.clear();
        document_sentences(document, self.tools.sentences, |sentence| self.add_sentence(&sentence));
        self.cut_waiting();
        self.code_themes(first, !document.title.trim().is_empty());
        self.count_words(first, document);
        self.push_document(document, first);
    }

    /// The finished shard.
    pub fn finish(mut self) -> Shard {
        for (word, tally) in (0u32..).zip(&self.tallies) {
            self.words.count_mut(word).tf += u64::from(tally.tf);
        }
        self.shard.words = self.words.into_words();
        self.shard
    }

    fn add_sentence(&mut self, sentence: &DocumentSentence<'_>) {
        if self.tools.tagger.is_some_and(Tagger::needs_tokens) {
            self.add_edges(sentence);
        }
        let characters = self.reader.read(self.tools.segmenter, sentence);
        let shard = &mut self.shard;
        if sentence.cut_by_length {
            shard.long_sentences.push(index(shard.documents.len()));
        }
        shard.sentences.push(ShardSentence {
            document: index(shard.documents.len()),
            paragraph: sentence.paragraph,
            number: sentence.number,
            scalars: sentence.scalars,
            characters: if sentence.is_title { 0 } else { characters },
            text_start: index(shard.text.len()),
            // Known when the sentence is cut.
            token_start: 0,
        });
        shard.text.push_str(sentence.text);
        if self.reader.is_full() {
            self.cut_waiting();
        }
    }

    /// Cuts the sentences that wait: they are the last ones of the shard.
    fn cut_waiting(&mut self) {
        let Self { shard, words, reader, tools, cut_sentences, .. } = self;
        let mut token_start = index(shard.tokens.len());
        reader.cut(tools.segmenter, |cutting| match cutting {
            Cutting::Piece(piece) if piece.is_token() => {
                let (text, range) = piece.key_in_text();
                shard.tokens.push(words.intern_in(text, range));
            }
            Cutting::Piece(_) => {}
            Cutting::SentenceEnd => {
                shard.sentences[*cut_sentences].token_start = token_start;
                *cut_sentences += 1;
                token_start = index(shard.tokens.len());
            }
        });
    }

    /// Token ranges for a taxonomy that asks for whole tokens: a second cut, which only such a taxonomy pays for.
    fn add_edges(&mut self, sentence: &DocumentSentence<'_>) {
        self.cut_waiting();
        self.edge_starts.push(self.edges.len());
        let edges = &mut self.edges;
        self.reader.pieces(self.tools.segmenter, sentence, |piece, range| {
            if piece.is_token() {
                edges.push(range);
            }
        });
    }

    fn code_themes(&mut self, first: usize, has_title: bool) {
        let Some(tagger) = self.tools.tagger else { return };
        let shard = &self.shard;
        let with_edges = tagger.needs_tokens();
        let sentences: Vec<Sentence<'_>> = (first..shard.sentences.len())
            .map(|at| {
                let edge_range = |n: usize| self.edge_starts[n]..self.edge_starts.get(n + 1).copied().unwrap_or(self.edges.len());
                Sentence {
                    text: shard.sentence_text(at),
                    paragraph_no: shard.sentences[at].paragraph,
                    sentence_no: shard.sentences[at].number,
                    is_title: has_title && at == first,
                    token_edges: with_edges.then(|| &self.edges[edge_range(at - first)]),
                }
            })
            .collect();
        let coding = tagger.code(&sentences, &mut self.scratch);
        let offset = index(first);
        self.shard.hits.extend(coding.hits.into_iter().map(|mut hit| {
            hit.sentence += offset;
            hit
        }));
        self.shard.coded.extend(coding.coded.into_iter().map(|mut coded| {
            coded.sentence += offset;
            coded
        }));
        self.shard.capped_rows_left_out += coding.capped_rows_left_out;
    }

    fn count_words(&mut self, first: usize, document: &Document) {
        let token_start = self.shard.sentences.get(first).map_or(self.shard.tokens.len(), |s| s.token_start as usize);
        let marker = index(self.shard.documents.len()) + 1;
        self.tallies.resize(self.words.len(), Tally::default());
        let dates = document.date.map(|date| (date, date));
        for word in &self.shard.tokens[token_start..] {
            let tally = &mut self.tallies[*word as usize];
            tally.tf += 1;
            if tally.last_document != marker {
                tally.last_document = marker;
                self.words.count_mut(*word).merge(&WordCount { tf: 0, df: 1, dates });
            }
        }
    }

    fn push_document(&mut self, document: &Document, first: usize) {
        let characters = self.shard.sentences[first..].iter().map(|s| u64::from(s.characters)).sum();
        self.shard.documents.push(ShardDocument {
            id: document.id,
            path: document.path.clone(),
            record: document.record,
            title: document.title.clone(),
            date: document.date,
            source: document.source.clone(),
            encoding: document.encoding,
            content_hash: document.content_hash,
            characters,
            sentence_start: index(first),
            sentence_end: index(self.shard.sentences.len()),
        });
    }
}

/// Sizes within a shard fit 32 bits: a batch closes after 1 MiB, and one document is at most 1 GiB by its own limit.
fn index(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
