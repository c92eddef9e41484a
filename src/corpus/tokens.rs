//! The sentences of a document and their tokens: the one place that decides what is counted, and what `yuliao tokens` shows.

use std::ops::Range;

use crate::segment::Segmenter;
use crate::source::Document;
use crate::text::{Normaliser, SentenceOptions, is_token_character, scalar_count, split_sentences};

/// A sentence of a document, as written.
#[derive(Debug, Clone, Copy)]
pub struct DocumentSentence<'a> {
    /// Its text, without white space around it.
    pub text: &'a str,
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

/// Calls `emit` with the sentences of a document: its title first if it has one, then those of its body.
pub fn document_sentences<'a>(document: &'a Document, options: &SentenceOptions, mut emit: impl FnMut(DocumentSentence<'a>)) {
    let title = document.title.trim();
    let mut number = 0;
    if !title.is_empty() {
        number = 1;
        let scalars = scalar_count(title);
        emit(DocumentSentence { text: title, paragraph: 1, number, scalars, is_title: true, cut_by_length: false });
    }
    let titles = number;
    split_sentences(&document.body, options, |span| {
        number += 1;
        emit(DocumentSentence {
            text: &document.body[span.byte_start..span.byte_end],
            paragraph: span.paragraph + titles,
            number,
            scalars: span.scalars,
            is_title: false,
            cut_by_length: span.cut_by_length,
        });
    });
}

/// Reads the tokens of sentences, in buffers that are used again for the next one.
#[derive(Debug, Default)]
pub struct TokenReader {
    normaliser: Normaliser,
    lower: String,
}

impl TokenReader {
    /// Normalises a sentence for the calls that follow. Returns its characters without white space.
    pub fn read(&mut self, sentence: &str) -> u32 {
        self.normaliser.read(sentence);
        let visible = self.normaliser.view(sentence).chars().filter(|c| !c.is_whitespace()).count();
        u32::try_from(visible).unwrap_or(u32::MAX)
    }

    /// Calls `emit` with each token of the sentence last read: its key (ASCII letters in lower case) and its range in the
    /// normalised sentence, which [`Self::original_range`] leads back.
    pub fn tokens(&mut self, segmenter: &Segmenter, sentence: &str, mut emit: impl FnMut(&str, Range<usize>)) {
        let view = self.normaliser.view(sentence);
        let lower = &mut self.lower;
        segmenter.tokens(view, |range| emit(folded(&view[range.clone()], lower), range));
    }

    /// The same for all pieces, marks included; the last argument tells whether the piece is a token.
    pub fn pieces(&mut self, segmenter: &Segmenter, sentence: &str, mut emit: impl FnMut(&str, Range<usize>, bool)) {
        let view = self.normaliser.view(sentence);
        let lower = &mut self.lower;
        segmenter.pieces(view, |range| {
            let piece = &view[range.clone()];
            emit(folded(piece, lower), range, piece.chars().any(is_token_character));
        });
    }

    /// Where a range of the normalised sentence stood in the original: Unicode scalar values.
    pub fn original_range(&self, sentence: &str, range: Range<usize>) -> (u32, u32) {
        self.normaliser.original_range(self.normaliser.view(sentence), range.start, range.end)
    }
}

/// The key of a token: ASCII letters in lower case.
fn folded<'t>(token: &'t str, lower: &'t mut String) -> &'t str {
    if !token.bytes().any(|b| b.is_ascii_uppercase()) {
        return token;
    }
    lower.clear();
    lower.push_str(token);
    lower.make_ascii_lowercase();
    lower
}
