//! Which tokens are terms: the filter, and dense numbers for what passes it.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::lexicon::StopWords;
use crate::text::is_han;

use super::assemble::Corpus;
use super::words::WordCount;

/// The number of a word that is no term.
pub const NOT_A_TERM: u32 = u32::MAX;

/// Which tokens count as terms. What is filtered out stays in the text: distances, N and sentence lengths do not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TermOptions {
    /// Shortest term, in characters. Default 2: single characters are mostly grammar or ambiguous.
    pub min_length: usize,
    /// Parts of speech to keep; empty keeps all. A tag covers its sub-tags: `n` covers `nr`, `ns`, `nt`, `nz`.
    pub pos: Vec<String>,
    /// Parts of speech to leave out, sub-tags included. Default: grammar words, adverbs, time words, marks.
    pub exclude_pos: Vec<String>,
    /// Whether numbers (`2024`, `5.2%`, and `三十` and other words tagged `m`) are terms. Default false.
    pub numbers: bool,
    /// Most rows in terms.csv, the most frequent ones; 0 = all. Default 0.
    pub top: usize,
}

impl Default for TermOptions {
    fn default() -> Self {
        let exclude = ["c", "d", "e", "f", "h", "k", "o", "p", "q", "r", "t", "u", "w", "x", "y", "z"];
        Self { min_length: 2, pos: Vec::new(), exclude_pos: exclude.map(String::from).to_vec(), numbers: false, top: 0 }
    }
}

/// A term: a word that passed the filter.
#[derive(Debug, Clone)]
pub struct Term {
    /// The word: normalised, ASCII letters in lower case.
    pub text: Box<str>,
    /// Its part of speech.
    pub pos: Box<str>,
    /// Its counts over the corpus.
    pub count: WordCount,
}

/// The terms of a corpus, numbered `0..` by descending frequency, then text: term number + 1 is the rank.
#[derive(Debug, Default)]
pub struct Selection {
    terms: Vec<Term>,
    /// For each word of the corpus the term number, or [`NOT_A_TERM`].
    of_word: Vec<u32>,
}

impl Selection {
    /// The terms of `corpus`. `tag` gives the part of speech of a word; it is asked only for words that pass the rest.
    pub fn new(corpus: &Corpus, options: &TermOptions, stop_words: &StopWords, tag: &(dyn Fn(&str) -> String + Sync)) -> Self {
        let kept: Vec<Option<Box<str>>> = corpus
            .words()
            .par_iter()
            .with_min_len(256)
            .map(|(word, _)| passes_by_itself(word, options, stop_words).then(|| tag(word)).filter(|t| passes_tag(t, options)))
            .map(|tag| tag.map(String::into_boxed_str))
            .collect();
        let mut of_word = vec![NOT_A_TERM; kept.len()];
        let mut terms = Vec::new();
        for (of_word, (pos, (text, count))) in of_word.iter_mut().zip(kept.into_iter().zip(corpus.words())) {
            if let Some(pos) = pos {
                *of_word = u32::try_from(terms.len()).unwrap_or(NOT_A_TERM);
                terms.push(Term { text: text.clone(), pos, count: *count });
            }
        }
        Self { terms, of_word }
    }

    /// The terms, by number.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The term number of a word of the corpus, or [`NOT_A_TERM`].
    pub fn of_word(&self, word: u32) -> u32 {
        self.of_word[word as usize]
    }

    /// The term number of each word of a shard, or [`NOT_A_TERM`].
    pub fn of_words(&self, corpus: &Corpus, shard: usize) -> Vec<u32> {
        corpus.word_ids(shard).iter().map(|word| self.of_word(*word)).collect()
    }
}

/// Whether a word of the corpus is a term under these options.
pub fn is_term(word: &str, options: &TermOptions, stop_words: &StopWords, tag: &dyn Fn(&str) -> String) -> bool {
    passes_by_itself(word, options, stop_words) && passes_tag(&tag(word), options)
}

fn passes_by_itself(word: &str, options: &TermOptions, stop_words: &StopWords) -> bool {
    !stop_words.contains(word) && passes_form(word, options)
}

pub(super) fn passes_form(word: &str, options: &TermOptions) -> bool {
    word.chars().count() >= options.min_length && (options.numbers || !is_number(word))
}

pub(super) fn passes_tag(tag: &str, options: &TermOptions) -> bool {
    // eng, Latin words, is no sub-tag of e, interjections: AI and GDP are terms.
    let covers = |wanted: &str| tag == wanted || (tag != "eng" && tag.starts_with(wanted));
    let covered = |list: &[String]| list.iter().any(|wanted| covers(wanted));
    (options.pos.is_empty() || covered(&options.pos)) && !covered(&options.exclude_pos) && (options.numbers || !tag.starts_with('m'))
}

/// Written with digits and the marks between them only. Numbers in Han numerals are known by their tag: 十四五 is none.
fn is_number(word: &str) -> bool {
    word.chars().all(|c| (c.is_numeric() && !is_han(c)) || matches!(c, '.' | '%' | ',' | '+' | '-' | '/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_known_by_their_characters() {
        for number in ["2024", "5.2%", "½", "1/3"] {
            assert!(is_number(number), "{number}");
        }
        for word in ["5g网络", "三农", "十年禁渔", "一带一路", "十四五", "零点", "2024年"] {
            assert!(!is_number(word), "{word}");
        }
    }

    #[test]
    fn a_tag_covers_its_sub_tags() {
        let options = TermOptions { pos: vec!["n".into()], ..TermOptions::default() };
        assert!(passes_tag("ns", &options) && passes_tag("n", &options) && !passes_tag("v", &options));
        assert!(passes_tag("eng", &TermOptions::default()) && !passes_tag("e", &TermOptions::default()));
        assert!(!passes_tag("eng", &TermOptions { exclude_pos: vec!["eng".into()], ..TermOptions::default() }));
        assert!(!passes_tag("uj", &TermOptions::default()) && !passes_tag("m", &TermOptions::default()));
        assert!(passes_tag("m", &TermOptions { numbers: true, ..TermOptions::default() }));
    }
}
