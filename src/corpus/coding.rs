//! The themes of a shard: what each taxonomy finds in its sentences. Cutting is not done again for it.

use std::borrow::Cow;

use crate::theme::{CodedSentence, Hit, Scratch, Sentence, Tagger};

use super::builder::{Tools, index};
use super::shard::{Shard, ShardThemes};
use super::tokens::TokenReader;

impl Shard {
    /// Finds the themes of all sentences, one list for each taxonomy, in the place of those found before.
    pub fn code(&mut self, tools: Tools<'_>) {
        let mut reader = TokenReader::default();
        self.themes = tools.taggers.iter().map(|tagger| self.code_under(tagger, tools, &mut reader)).collect();
    }

    fn code_under(&self, tagger: &Tagger, tools: Tools<'_>, reader: &mut TokenReader) -> ShardThemes {
        let mut found = ShardThemes::default();
        let mut scratch = Scratch::default();
        for number in 0..self.documents.len() {
            let range = self.document_sentences(number);
            let offset = index(range.start);
            let edges: Vec<Vec<(u32, u32)>> = match tagger.needs_tokens() {
                true => range.clone().map(|sentence| self.token_edges(sentence, tools, reader)).collect(),
                false => Vec::new(),
            };
            let texts: Vec<Cow<'_, str>> = range.clone().map(|at| self.counted_text(at)).collect();
            let sentence = |at: usize| Sentence {
                text: &texts[at - range.start],
                paragraph_no: self.sentences[at].paragraph,
                sentence_no: self.sentences[at].number,
                is_title: self.is_title(at),
                token_edges: edges.get(at - range.start).map(Vec::as_slice),
            };
            let sentences: Vec<Sentence<'_>> = range.clone().map(sentence).collect();
            let coding = tagger.code(&sentences, &mut scratch);
            let moved = coding.hits.into_iter().map(|hit| Hit { sentence: hit.sentence + offset, ..hit });
            found.hits.extend(moved);
            let moved = coding.coded.into_iter().map(|coded| CodedSentence { sentence: coded.sentence + offset, ..coded });
            found.coded.extend(moved);
            if coding.capped_rows_left_out > 0 {
                found.capped_rows.push((index(number), coding.capped_rows_left_out));
            }
        }
        found
    }

    /// Token ranges of a sentence as written, in Unicode scalar values: a second cut, for which only a taxonomy that asks for
    /// whole tokens pays.
    fn token_edges(&self, sentence: usize, tools: Tools<'_>, reader: &mut TokenReader) -> Vec<(u32, u32)> {
        let mut edges = Vec::new();
        reader.pieces(tools.segmenter, &self.counted_text(sentence), |piece, range| {
            if piece.is_token() {
                edges.push(range);
            }
        });
        edges
    }
}
