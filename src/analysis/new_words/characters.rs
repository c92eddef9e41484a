//! The corpus as runs of Han characters, and the way back to tokens.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::analysis::sequences::{END, Text};
use crate::corpus::{Corpus, PagedShard, Parts, Shard};
use crate::segment::Segmenter;
use crate::text::bits::{is_set, set};
use crate::text::is_han;

/// The runs of Han characters of a corpus. A mark, white space, a Latin letter or a digit ends one.
pub(super) struct Characters<'a> {
    corpus: &'a Corpus,
    /// Character of each symbol; that of [`END`] is never asked for.
    characters: Vec<char>,
    /// Characters of each word of the corpus.
    lengths: Vec<u32>,
    pub text: Text<u16>,
    /// One bit a place, 64 to a word: whether it lies in a word of the dictionary, but not at its beginning.
    inside_words: Vec<u64>,
}

/// A token that lies in a string, wholly or in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overlap {
    /// Its corpus word.
    pub word: u32,
    /// Its first place.
    pub start: u32,
    /// One past its last place.
    pub end: u32,
}

impl<'a> Characters<'a> {
    pub fn new(corpus: &'a Corpus, segmenter: &Segmenter) -> Self {
        let (characters, symbol_of) = number_by_frequency(corpus);
        let (mut of_words, mut starts) = (Vec::new(), vec![0]);
        for (word, _) in corpus.words() {
            of_words.extend(word.chars().map(|c| symbol_of.get(&c).copied().unwrap_or_default()));
            starts.push(u32::try_from(of_words.len()).unwrap_or(u32::MAX));
        }
        let symbols = |word: u32| &of_words[starts[word as usize] as usize..starts[word as usize + 1] as usize];
        let text = Text::new(corpus, characters.len(), |number, shard, sentence, out| {
            each_token(corpus, number, shard, sentence, |word, is_apart| {
                if is_apart {
                    out.push(0);
                }
                out.extend_from_slice(symbols(word));
            });
        });
        let lengths = starts.windows(2).map(|ends| ends[1] - ends[0]).collect();
        let mut all = Self { corpus, characters, lengths, text, inside_words: Vec::new() };
        all.mark_words(segmenter);
        all
    }

    /// Marks where words of the dictionary go on.
    fn mark_words(&mut self, segmenter: &Segmenter) {
        let is_forced: Vec<bool> = self.corpus.words().par_iter().with_min_len(256).map(|(word, _)| segmenter.forces(word)).collect();
        let of_shard = |(number, shard): (usize, &PagedShard)| {
            let (shard, mut ranges) = (shard.read(Parts::TOKENS), Vec::new());
            for local in 0..shard.sentences.len() {
                let mut at = self.text.sentence_start(self.corpus.sentence_offset(number) + local);
                each_token(self.corpus, number, &shard, local, |word, is_apart| {
                    let start = at + u32::from(is_apart);
                    at = start + self.lengths[word as usize];
                    if is_forced[word as usize] {
                        ranges.push(start + 1..at);
                    }
                });
            }
            ranges
        };
        let mut inside_words = vec![0; self.text.runs.len() / 64 + 1];
        for (first, shards) in (0..).step_by(SHARDS_AT_ONCE).zip(self.corpus.shards().chunks(SHARDS_AT_ONCE)) {
            let ranges: Vec<Vec<_>> = shards.par_iter().enumerate().map(|(at, shard)| of_shard((first + at, shard))).collect();
            for place in ranges.into_iter().flatten().flatten() {
                set(&mut inside_words, place as usize);
            }
        }
        self.inside_words = inside_words;
    }

    fn is_inside_word(&self, place: u32) -> bool {
        is_set(&self.inside_words, place as usize)
    }

    /// Whether a string at this place would be a token if it were in the dictionary. Its words are taken leftmost first, then
    /// longest: one that begins before the place and reaches into it, or begins there and is longer, keeps what it has.
    pub fn would_be_token(&self, place: u32, length: usize) -> bool {
        !self.is_inside_word(place) && !(place + 1..=place + length as u32).all(|place| self.is_inside_word(place))
    }

    /// How many of these places (ascending) would be tokens, none of which overlaps another.
    pub fn tokens_if_added(&self, places: impl Iterator<Item = u32>, length: usize) -> u32 {
        let mut free_from = 0;
        let mut count = 0;
        for place in places {
            if place >= free_from && self.would_be_token(place, length) {
                free_from = place + length as u32;
                count += 1;
            }
        }
        count
    }

    /// Symbols are below this.
    pub fn kinds(&self) -> usize {
        self.characters.len()
    }

    pub fn character(&self, symbol: usize) -> char {
        self.characters[symbol]
    }

    /// All characters of all runs: M.
    pub fn count(&self) -> u64 {
        (END + 1..self.kinds()).map(|symbol| self.text.runs.count(symbol)).sum()
    }

    pub fn word(&self, symbols: &[u32]) -> String {
        symbols.iter().map(|symbol| self.characters[*symbol as usize]).collect()
    }

    /// The tokens that lie in the string at `place`, in order, in `tokens`.
    pub fn tokens_at(&self, place: u32, length: usize, tokens: &mut Vec<Overlap>) {
        tokens.clear();
        let sentence = self.text.sentence(place);
        let end = place + length as u32;
        let mut at = self.text.sentence_start(sentence);
        let (number, local) = self.corpus.shard_of_sentence(sentence);
        let words = self.corpus.word_ids(number);
        self.corpus.shards()[number].sentence_tokens(local, |word, is_apart| {
            let word = words[word as usize];
            let start = at + u32::from(is_apart);
            at = start + self.lengths[word as usize];
            if start < end && at > place {
                tokens.push(Overlap { word, start, end: at });
            }
        });
    }
}

/// Shards whose words are looked through side by side.
const SHARDS_AT_ONCE: usize = 64;

/// Calls `emit` with the corpus word of each token of a sentence, and whether something stands between it and the one before.
fn each_token(corpus: &Corpus, number: usize, shard: &Shard, sentence: usize, mut emit: impl FnMut(u32, bool)) {
    let words = corpus.word_ids(number);
    let first = shard.sentences[sentence].token_start as usize;
    for (at, word) in shard.sentence_tokens(sentence).iter().enumerate() {
        emit(words[*word as usize], at == 0 || shard.follows_gap(first + at));
    }
}

/// Most different characters that get a symbol: more than any text has; the rarest of the others end a run like marks.
const MOST_KINDS: usize = u16::MAX as usize;

/// The Han characters of a corpus behind a place for [`END`], most frequent first, then in code-point order; and their symbols.
fn number_by_frequency(corpus: &Corpus) -> (Vec<char>, FxHashMap<char, u16>) {
    let mut counts: FxHashMap<char, u64> = FxHashMap::default();
    for (word, count) in corpus.words() {
        word.chars().filter(|c| is_han(*c)).for_each(|c| *counts.entry(c).or_default() += count.tf);
    }
    let mut sorted: Vec<(Reverse<u64>, char)> = counts.into_iter().map(|(c, count)| (Reverse(count), c)).collect();
    sorted.sort_unstable();
    sorted.truncate(MOST_KINDS - 1);
    let characters: Vec<char> = std::iter::once('\0').chain(sorted.into_iter().map(|(_, c)| c)).collect();
    let symbols = characters.iter().skip(1).zip(1u16..).map(|(c, symbol)| (*c, symbol)).collect();
    (characters, symbols)
}
