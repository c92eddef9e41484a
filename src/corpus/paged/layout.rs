//! How a shard lies in a file: whole numbers of four or eight bytes, so that a part of it is read without the rest.

use std::ops::Range;

use crate::theme::{CodedSentence, Hit};

use super::super::shard::{Shard, ShardSentence, ShardThemes};
use super::super::words::Words;
use super::scratch::Scratch;

/// Numbers of a sentence.
const NUMBERS: usize = 7;
/// Bytes of a sentence.
const SENTENCE: usize = NUMBERS * 4;

/// Where the parts of a shard lie in the file: each from there to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    sentences: u64,
    text: u64,
    tokens: u64,
    marks: u64,
    gaps: u64,
    words: u64,
    themes: u64,
    end: u64,
}

/// The themes of one document, in every taxonomy.
type OfDocument = Vec<(Vec<Hit>, Vec<CodedSentence>, Vec<(u32, u64)>)>;

impl Layout {
    /// Writes a shard; gives for each of its documents where its themes begin, counted from where those of the first do.
    pub fn write(shard: &Shard, file: &Scratch) -> Option<(Self, Vec<u32>)> {
        let mut bytes = Vec::with_capacity(shard.bytes());
        let mut ends = [0; 7];
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
        let mut theme_starts = Vec::with_capacity(shard.documents.len());
        let mut cursors = vec![Cursor::default(); shard.themes.len()];
        for (number, document) in (0u32..).zip(shard.documents.iter()) {
            theme_starts.push(u32::try_from(bytes.len() - ends[5]).ok()?);
            let themes = shard.themes.iter().zip(&mut cursors);
            let of_document: Vec<_> = themes.map(|(themes, at)| at.next(themes, number, document.sentence_end)).collect();
            bytes = postcard::to_extend(&of_document, bytes).ok()?;
        }
        ends[6] = bytes.len();
        let start = file.write(&bytes)?;
        let [text, tokens, marks, gaps, words, themes, end] = ends.map(|end| start + end as u64);
        Some((Self { sentences: start, text, tokens, marks, gaps, words, themes, end }, theme_starts))
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
        let words = postcard::from_bytes(&file.read(self.words, length(self.words, self.themes))).ok();
        words.filter(|words: &Words| words.len() == count).unwrap_or_else(|| Words::blank(count))
    }

    /// The themes of `documents` documents that stand behind one another from this byte of the themes on, up to that one or the end.
    pub fn themes(&self, file: &Scratch, bytes: (u32, Option<u32>), documents: usize, taxonomies: usize) -> Vec<ShardThemes> {
        let start = self.themes + u64::from(bytes.0);
        let end = bytes.1.map_or(self.end, |end| self.themes + u64::from(end));
        let bytes = file.read(start, length(start, end));
        let mut rest = bytes.as_slice();
        let mut themes = vec![ShardThemes::default(); taxonomies];
        for _ in 0..documents {
            let Ok((of_document, behind)) = postcard::take_from_bytes::<OfDocument>(rest) else { break };
            rest = behind;
            for (all, (hits, coded, capped)) in themes.iter_mut().zip(of_document) {
                all.hits.extend(hits);
                all.coded.extend(coded);
                all.capped_rows.extend(capped);
            }
        }
        themes
    }
}

/// How far the themes of a taxonomy have been given out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor {
    hits: usize,
    coded: usize,
    capped: usize,
}

impl Cursor {
    /// What belongs to the next document, whose sentences end there.
    pub fn next<'t>(
        &mut self,
        themes: &'t ShardThemes,
        document: u32,
        sentence_end: u32,
    ) -> (&'t [Hit], &'t [CodedSentence], &'t [(u32, u64)]) {
        let hits = taken(&themes.hits, &mut self.hits, |hit| hit.sentence < sentence_end);
        let coded = taken(&themes.coded, &mut self.coded, |coded| coded.sentence < sentence_end);
        (hits, coded, taken(&themes.capped_rows, &mut self.capped, |(of, _)| *of == document))
    }
}

/// The items from `at` on as long as they belong; `at` is moved behind them. A document has a few of them: walking is faster than
/// searching all that follow.
fn taken<'t, T>(items: &'t [T], at: &mut usize, belongs: impl Fn(&T) -> bool) -> &'t [T] {
    let start = *at;
    *at += items[start..].iter().take_while(|item| belongs(item)).count();
    &items[start..*at]
}

fn numbers(sentence: &ShardSentence) -> [u32; NUMBERS] {
    let ShardSentence { document, paragraph, number, scalars, characters, text_start, token_start } = *sentence;
    [document, paragraph, number, scalars, characters, text_start, token_start]
}

fn length(start: u64, end: u64) -> usize {
    usize::try_from(end - start).unwrap_or(usize::MAX)
}
