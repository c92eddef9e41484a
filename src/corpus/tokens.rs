//! The sentences of a document and their tokens: the one place that decides what is counted, and what `yuliao tokens` shows.

use std::borrow::Cow;

use crate::segment::{Cutting, Gathered, Piece, Segmenter};
use crate::source::Document;
use crate::text::{Normaliser, SentenceOptions, scalar_count, simplified, split_sentences};

/// A sentence of a document, as written.
#[derive(Debug, Clone, Copy)]
pub struct DocumentSentence<'a> {
    /// Its text as written, without white space around it.
    pub text: &'a str,
    /// Its first byte in the title or the body.
    pub byte_start: usize,
    /// Whether it is counted in simplified characters: see [`Self::counted`].
    pub simplified: bool,
    /// 1-based paragraph number; the title is paragraph 1.
    pub paragraph: u32,
    /// 1-based sentence number; the title is sentence 1.
    pub number: u32,
    /// Length in Unicode scalar values.
    pub scalars: u32,
    /// Whether it is the title.
    pub is_title: bool,
    /// Whether it was cut because no end mark came in time.
    pub cut_by_length: bool,
}

impl<'a> DocumentSentence<'a> {
    /// Its text as it is counted: as many characters, each in the place of its own.
    pub fn counted(&self) -> Cow<'a, str> {
        counted(self.text, self.simplified)
    }
}

/// The text of a sentence as it is counted: as written, or in simplified characters.
pub(super) fn counted(text: &str, in_simplified: bool) -> Cow<'_, str> {
    if in_simplified { simplified(text) } else { Cow::Borrowed(text) }
}

/// Calls `emit` with the sentences of a document: its title first if it has one, then those of its body. Returns whether it is
/// counted in simplified characters.
pub fn document_sentences<'a>(document: &'a Document, options: &SentenceOptions, mut emit: impl FnMut(DocumentSentence<'a>)) -> bool {
    let simplified = options.simplify.applies(&document.title, &document.body);
    let title = document.title.trim();
    let mut number = 0;
    if !title.is_empty() {
        number = 1;
        let scalars = scalar_count(title);
        let byte_start = document.title.len() - document.title.trim_start().len();
        emit(DocumentSentence { text: title, byte_start, simplified, paragraph: 1, number, scalars, is_title: true, cut_by_length: false });
    }
    let titles = number;
    split_sentences(&document.body, options, |span| {
        number += 1;
        emit(DocumentSentence {
            text: &document.body[span.byte_start..span.byte_end],
            byte_start: span.byte_start,
            simplified,
            paragraph: span.paragraph + titles,
            number,
            scalars: span.scalars,
            is_title: false,
            cut_by_length: span.cut_by_length,
        });
    });
    simplified
}

/// Reads sentences and their tokens, in buffers that are used again.
#[derive(Debug, Default)]
pub struct TokenReader {
    normaliser: Normaliser,
    gathered: Gathered,
}

impl TokenReader {
    /// Normalises a sentence of so many scalars and puts it in the queue of those to be cut. Returns its characters without
    /// white space.
    pub fn read(&mut self, segmenter: &Segmenter, sentence: &str, scalars: u32) -> u32 {
        self.normaliser.keeps_words_apart = segmenter.takes_given_words();
        let visible = self.normaliser.read_counting(sentence, scalars);
        segmenter.gather(self.normaliser.view(sentence), &mut self.gathered);
        visible
    }

    /// Cuts the sentences in the queue: pieces and sentence ends, in order.
    pub fn cut(&mut self, segmenter: &Segmenter, emit: impl FnMut(Cutting<'_>)) {
        segmenter.cut(&mut self.gathered, emit);
    }

    /// Calls `emit` with each piece of one sentence and its range in the sentence as written, in Unicode scalar values. The
    /// queue must be empty.
    pub fn pieces(&mut self, segmenter: &Segmenter, sentence: &str, mut emit: impl FnMut(Piece<'_>, (u32, u32))) {
        self.read(segmenter, sentence, scalar_count(sentence));
        let (normaliser, view) = (&self.normaliser, self.normaliser.view(sentence));
        segmenter.cut(&mut self.gathered, |cutting| {
            if let Cutting::Piece(piece) = cutting {
                let range = piece.range();
                emit(piece, normaliser.original_range(view, range.start, range.end));
            }
        });
    }

    /// Normalises a sentence and returns what would be cut, without cutting it: a search looks here first.
    pub fn view<'a>(&'a mut self, segmenter: &Segmenter, sentence: &'a str) -> &'a str {
        self.normaliser.keeps_words_apart = segmenter.takes_given_words();
        self.normaliser.read(sentence);
        self.normaliser.view(sentence)
    }

    /// Cuts the sentence of the last [`Self::view`]: its pieces, with byte ranges in the view. The queue must be empty.
    pub fn cut_view(&mut self, segmenter: &Segmenter, sentence: &str, mut emit: impl FnMut(Piece<'_>)) {
        segmenter.gather(self.normaliser.view(sentence), &mut self.gathered);
        segmenter.cut(&mut self.gathered, |cutting| {
            if let Cutting::Piece(piece) = cutting {
                emit(piece);
            }
        });
    }

    /// Where bytes of the last [`Self::view`] stood in the sentence, in Unicode scalar values.
    pub fn original_range(&self, sentence: &str, in_view: std::ops::Range<usize>) -> (u32, u32) {
        self.normaliser.original_range(self.normaliser.view(sentence), in_view.start, in_view.end)
    }
}
