//! Whether a stop list takes away more than grammar words.

use crate::lexicon::StopWords;

use super::assemble::Corpus;
use super::selection::{TermOptions, passes_form, passes_tag};

/// What a stop list does to a corpus.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StopWordEffect {
    /// Tokens that are stop words.
    tokens: u64,
    /// Stop words with a noun or verb tag that would be among the most frequent terms, the most frequent first; none of the shipped list.
    terms: Vec<String>,
}

/// Among so many terms nobody expects a stop word: a screenful.
const TOP_TERMS: usize = 20;
/// Grammar words and other small words make up about half of any Chinese text.
const MOST_PERCENT: u64 = 60;

impl StopWordEffect {
    /// The effect of `stop_words` on the terms of `corpus`; that words of the `shipped` list are no terms surprises nobody. `tag` gives the part
    /// of speech of a word.
    pub fn new(
        corpus: &Corpus,
        options: &TermOptions,
        (stop_words, shipped): (&StopWords, &StopWords),
        tag: &dyn Fn(&str) -> String,
    ) -> Self {
        if stop_words.is_empty() {
            return Self::default();
        }
        let words = || corpus.words().iter();
        let tokens = words().filter(|(word, _)| stop_words.contains(word)).map(|(_, count)| count.tf).sum();
        let top = words()
            .filter(|(word, _)| passes_form(word, options))
            .map(|(word, _)| (word, tag(word)))
            .filter(|(_, tag)| passes_tag(tag, options))
            .take(TOP_TERMS);
        let is_surprise = |word: &str| stop_words.contains(word) && !shipped.contains(word);
        let terms = top.filter(|(word, tag)| tag.starts_with(['n', 'v']) && is_surprise(word)).map(|(word, _)| word.to_string());
        Self { tokens, terms: terms.collect() }
    }

    /// How many words a warning is about (at least one) and what it says, if the list takes away more than 60 % of all tokens, or a
    /// noun or verb that would be among the twenty most frequent terms.
    pub fn warning(&self, all_tokens: u64) -> Option<(u64, String)> {
        let takes_too_many = self.tokens * 100 > all_tokens * MOST_PERCENT;
        if !takes_too_many && self.terms.is_empty() {
            return None;
        }
        let share = takes_too_many.then(|| format!("{} of {all_tokens} tokens are stop words", self.tokens));
        let terms =
            (!self.terms.is_empty()).then(|| format!("{} would be among the {TOP_TERMS} most frequent terms", self.terms.join(" ")));
        Some((self.terms.len().max(1) as u64, share.into_iter().chain(terms).collect::<Vec<_>>().join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(tokens: u64, terms: &[&str]) -> StopWordEffect {
        StopWordEffect { tokens, terms: terms.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn more_than_sixty_percent_or_a_frequent_noun_is_worth_a_warning() {
        assert_eq!(effect(60, &[]).warning(100), None);
        assert_eq!(effect(0, &[]).warning(0), None);
        assert_eq!(effect(61, &[]).warning(100), Some((1, "61 of 100 tokens are stop words".into())));
        let (count, what) = effect(61, &["发展", "加强"]).warning(100).unwrap();
        assert_eq!((count, what.as_str()), (2, "61 of 100 tokens are stop words; 发展 加强 would be among the 20 most frequent terms"));
    }
}
