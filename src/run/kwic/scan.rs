//! The hits of one document: every sentence is looked at, and only one that may hold a hit is cut into tokens.

use std::ops::{ControlFlow, Range};

use crate::corpus::{DocumentSentence, TokenReader, document_sentences};
use crate::segment::Segmenter;
use crate::source::Document;
use crate::text::SentenceOptions;

use super::pattern::{Compiled, Literals, PairOrder, find_regexes};

/// A hit, by where it stands in the title or the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub is_title: bool,
    pub paragraph: u32,
    pub number: u32,
    /// Bytes of the sentence.
    pub sentence: (u32, u32),
    /// Bytes of the hit.
    pub node: (u32, u32),
    /// Characters of the sentence before the hit.
    pub start: u32,
}

/// How often a word was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// As a token.
    pub as_token: u64,
    /// In the text, also as a part of other words.
    pub in_text: u64,
}

/// A token that is one of the words of a pair.
#[derive(Debug, Clone, Copy)]
struct Named {
    /// Its number among the tokens of the sentence.
    token: u32,
    start: u32,
    end: u32,
    is_first: bool,
    is_second: bool,
}

/// Finds a pattern, in buffers that are used again.
pub(super) struct Scanner<'a> {
    pattern: &'a Compiled,
    segmenter: &'a Segmenter,
    sentences: &'a SentenceOptions,
    reader: TokenReader,
    folded: String,
    found: Vec<Range<usize>>,
    named: Vec<Named>,
    /// Where each character of the sentence in hand begins.
    bytes: Vec<usize>,
    /// For a pattern of words what was found of each.
    pub counts: Vec<Found>,
    in_text: Vec<u64>,
}

impl<'a> Scanner<'a> {
    pub fn new(pattern: &'a Compiled, segmenter: &'a Segmenter, sentences: &'a SentenceOptions) -> Self {
        let words = pattern.words().map_or(0, |words| words.typed().count());
        Self {
            pattern,
            segmenter,
            sentences,
            reader: TokenReader::default(),
            folded: String::new(),
            found: Vec::new(),
            named: Vec::new(),
            bytes: Vec::new(),
            counts: vec![Found::default(); words],
            in_text: vec![0; words],
        }
    }

    /// Calls `emit` with the hits of a document, in order, until it breaks: a document can have more hits than fit in memory, a
    /// sentence of ordinary length cannot.
    pub fn scan(&mut self, document: &Document, mut emit: impl FnMut(Place) -> ControlFlow<()>) {
        let mut flow = ControlFlow::Continue(());
        document_sentences(document, self.sentences, |sentence| {
            if flow.is_continue() {
                flow = self.scan_sentence(&sentence, &mut emit);
            }
        });
    }

    fn scan_sentence(&mut self, sentence: &DocumentSentence<'_>, emit: &mut impl FnMut(Place) -> ControlFlow<()>) -> ControlFlow<()> {
        let counted = sentence.counted();
        self.found.clear();
        self.named.clear();
        match self.pattern {
            Compiled::Words(words) => self.find_words(words, &counted, sentence.simplified),
            Compiled::Near { first, second, .. } => self.find_named(first, second, &counted, sentence.simplified),
            Compiled::Phrases(phrases) => {
                let view = self.reader.view(self.segmenter, &counted);
                phrases.find(phrases.folded(view, &mut self.folded), sentence.simplified, &mut self.found);
            }
            Compiled::Regex { written, simplified } => {
                let view = self.reader.view(self.segmenter, &counted);
                find_regexes(if sentence.simplified { simplified } else { written }, view, &mut self.found);
            }
        }
        if self.found.is_empty() && self.named.is_empty() {
            return ControlFlow::Continue(());
        }
        self.bytes.clear();
        self.bytes.extend(sentence.text.char_indices().map(|(at, _)| at));
        self.bytes.push(sentence.text.len());
        let Self { reader, bytes, named, found, pattern, .. } = self;
        let mut emit_range = |range| emit(place(sentence, bytes, range));
        match pattern {
            Compiled::Near { within, order, .. } => {
                // Led back to the sentence once a word, not once a pair.
                for word in named.iter_mut() {
                    (word.start, word.end) = reader.original_range(&counted, word.start as usize..word.end as usize);
                }
                each_pair(named, *within, *order, emit_range)
            }
            _ => found.iter().try_for_each(|range| emit_range(reader.original_range(&counted, range.clone()))),
        }
    }

    fn find_words(&mut self, words: &Literals, counted: &str, in_simplified: bool) {
        let view = words.folded(self.reader.view(self.segmenter, counted), &mut self.folded);
        if !words.occur_in(view, in_simplified) {
            return;
        }
        words.count_in(view, in_simplified, &mut self.in_text);
        for (count, in_text) in self.counts.iter_mut().zip(&mut self.in_text) {
            count.in_text += std::mem::take(in_text);
        }
        let Self { reader, segmenter, found, counts, .. } = self;
        reader.cut_view(segmenter, counted, |piece| {
            if let Some(word) = words.index_of(piece.key(), in_simplified) {
                counts[word].as_token += 1;
                found.push(piece.range());
            }
        });
    }

    /// The tokens of the sentence that are a word of a pair, if it can hold a pair.
    fn find_named(&mut self, first: &Literals, second: &Literals, counted: &str, in_simplified: bool) {
        for words in [first, second] {
            let view = words.folded(self.reader.view(self.segmenter, counted), &mut self.folded);
            if !words.occur_in(view, in_simplified) {
                return;
            }
        }
        let Self { reader, segmenter, named, .. } = self;
        let mut token = 0;
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        reader.cut_view(segmenter, counted, |piece| {
            if piece.is_token() {
                let is = |words: &Literals| words.index_of(piece.key(), in_simplified).is_some();
                let (is_first, is_second) = (is(first), is(second));
                if is_first || is_second {
                    let range = piece.range();
                    named.push(Named { token, start: byte(range.start), end: byte(range.end), is_first, is_second });
                }
                token += 1;
            }
        });
    }
}

/// Every pair of a first and a second word at most `within` tokens apart, each once: those that cooccurrence.csv counts within
/// a window. A hit reaches from the one to the other.
fn each_pair(named: &[Named], within: u32, order: PairOrder, mut emit: impl FnMut((u32, u32)) -> ControlFlow<()>) -> ControlFlow<()> {
    for (at, left) in named.iter().enumerate() {
        for right in named[at + 1..].iter().take_while(|other| other.token - left.token <= within) {
            let as_named = left.is_first && right.is_second;
            if as_named || (order == PairOrder::Either && left.is_second && right.is_first) {
                emit((left.start, right.end))?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// A range of the sentence in Unicode scalar values as a place of the document; `bytes` says where each scalar begins.
fn place(sentence: &DocumentSentence<'_>, bytes: &[usize], (start, end): (u32, u32)) -> Place {
    let byte_of = |scalar: u32| bytes.get(scalar as usize).copied().unwrap_or(sentence.text.len());
    let in_document = |byte: usize| u32::try_from(sentence.byte_start + byte).unwrap_or(u32::MAX);
    Place {
        is_title: sentence.is_title,
        paragraph: sentence.paragraph,
        number: sentence.number,
        sentence: (in_document(0), in_document(sentence.text.len())),
        node: (in_document(byte_of(start)), in_document(byte_of(end))),
        start,
    }
}
