//! How a shard lies in a file: whole numbers of four or eight bytes, so that a part of it is read without the rest.

use std::ops::Range;

use super::super::shard::{Shard, ShardSentence};
use super::super::words::Words;
use super::scratch::Scratch;
use super::themes::{ThemesLayout, theme_starts};

/// Numbers of a sentence.
const NUMBERS: usize = 7;
/// Bytes of a sentence.
const SENTENCE: usize = NUMBERS * 4;

/// Where the parts of a shard lie in the file: each from there to the next.
#[derive(Debug)]
pub(super) struct Layout {
    sentences: u64,
    text: u64,
    tokens: u64,
    marks: u64,
    gaps: u64,
    words: u64,
    end: u64,
    /// Of each taxonomy.
    pub themes: Vec<ThemesLayout>,
}

impl Layout {
    /// Writes a shard.
    pub fn write(shard: &Shard, file: &Scratch) -> Option<Self> {
        let mut bytes = Vec::with_capacity(shard.bytes());
        let mut ends = [0; 6];
        shard.sentences.iter().for_each(|sentence| numbers(sentence).iter().for_each(|n| bytes.extend_from_slice(&n.to_le_bytes())));
        ends[0] = bytes.len();
        bytes.extend_from_slice(shard.text.as_bytes());
        ends[1] = bytes.len();
        shard.tokens.iter().for_each(|token| bytes.extend_from_slice(&token.to_le_bytes()));
        ends[2] = bytes.len();
        shard.marks.iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
        ends[3] = bytes.len();
        shard.gaps.iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
        ends[4] = bytes.len();
        bytes = postcard::to_extend(&shard.words, bytes).ok()?;
        ends[5] = bytes.len();
        let mut themes = Vec::with_capacity(shard.themes.len());
        for (taxonomy, of_taxonomy) in shard.themes.iter().enumerate() {
            themes.push(ThemesLayout::write(of_taxonomy, &theme_starts(shard, taxonomy), &mut bytes)?);
        }
        let start = file.write(&bytes)?;
        let themes = themes.into_iter().map(|themes: ThemesLayout| themes.moved(start)).collect();
        let [text, tokens, marks, gaps, words, end] = ends.map(|end| start + end as u64);
        Some(Self { sentences: start, text, tokens, marks, gaps, words, end, themes })
    }

    /// Sentences by number.
    pub fn sentences(&self, file: &Scratch, range: Range<usize>) -> Vec<ShardSentence> {
        let numbers: Vec<u32> = file.numbers(self.sentences + (range.start * SENTENCE) as u64, range.len() * NUMBERS);
        let sentence = |[document, paragraph, number, scalars, characters, text_start, token_start]: &[u32; NUMBERS]| ShardSentence {
            document: *document,
            paragraph: *paragraph,
            number: *number,
            scalars: *scalars,
            characters: *characters,
            text_start: *text_start,
            token_start: *token_start,
        };
        numbers.as_chunks().0.iter().map(sentence).collect()
    }

    /// Bytes of the text, which begin and end with a character.
    pub fn text(&self, file: &Scratch, range: Range<usize>) -> String {
        // It was text when it was written; what cannot be read is zeros, which are text too.
        let bytes = file.read(self.text + range.start as u64, range.len());
        simdutf8::basic::from_utf8(&bytes).map(str::to_owned).unwrap_or_default()
    }

    /// Tokens by number.
    pub fn tokens(&self, file: &Scratch, range: Range<usize>) -> Vec<u32> {
        file.numbers(self.tokens + (range.start * 4) as u64, range.len())
    }

    /// The bits of all marks, and of all gaps.
    pub fn bits(&self, file: &Scratch) -> [Vec<u64>; 2] {
        [(self.marks, self.gaps), (self.gaps, self.words)].map(|(start, end)| file.numbers(start, length(start, end) / 8))
    }

    /// The bits of the gaps before these tokens, from the whole word on in which the first stands.
    pub fn gaps(&self, file: &Scratch, range: Range<usize>) -> Vec<u64> {
        let (first, end) = (range.start / 64, range.end.div_ceil(64).min(length(self.gaps, self.words) / 8));
        file.numbers(self.gaps + first as u64 * 8, end.saturating_sub(first))
    }

    /// All words with their counts, of which there are so many.
    pub fn words(&self, file: &Scratch, count: usize) -> Words {
        let words = postcard::from_bytes(&file.read(self.words, length(self.words, self.end))).ok();
        words.filter(|words: &Words| words.len() == count).unwrap_or_else(|| Words::blank(count))
    }
}

fn numbers(sentence: &ShardSentence) -> [u32; NUMBERS] {
    let ShardSentence { document, paragraph, number, scalars, characters, text_start, token_start } = *sentence;
    [document, paragraph, number, scalars, characters, text_start, token_start]
}

fn length(start: u64, end: u64) -> usize {
    usize::try_from(end - start).unwrap_or(usize::MAX)
}
