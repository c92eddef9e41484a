//! Words that are tokens wherever they stand: leftmost first, then longest.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use crate::lexicon::Dictionary;
use crate::text::Literals;

use super::patterns::{self, Patterns};

/// The words of the user dictionary and the built-in patterns. ASCII letters match in either case.
pub(super) struct ForcedWords {
    words: Literals,
    tags: HashMap<String, Option<String>>,
    patterns: Patterns,
}

impl ForcedWords {
    pub fn new(dictionary: &Dictionary, patterns: Patterns) -> Self {
        let words: Vec<&str> = dictionary.words().map(|entry| entry.word.as_str()).collect();
        Self { words: Literals::new(&words), tags: dictionary.words().map(|w| (w.word.clone(), w.tag.clone())).collect(), patterns }
    }

    /// Calls `emit` with every forced word of `text`, in order; they do not overlap. Where a word and a pattern begin at the same
    /// place and are equally long, they are the same text, and the word has the say.
    pub fn find(&self, text: &str, emit: impl FnMut(Range<usize>)) {
        if self.patterns == Patterns::Forced && patterns::may_be_in(text) {
            self.find_with_patterns(text, emit);
        } else {
            self.words.find_leftmost(text, |range| is_whole(text, range), emit);
        }
    }

    fn find_with_patterns(&self, text: &str, mut emit: impl FnMut(Range<usize>)) {
        let words = |from| self.words.next_leftmost(text, from, |range| is_whole(text, range));
        let digits = |from| patterns::next_in_digits(text, from);
        let han = |from| patterns::next_in_han(text, from);
        let searches: [&dyn Fn(usize) -> Option<Range<usize>>; 3] = [&words, &digits, &han];
        let mut next = searches.map(|search| search(0));
        while let Some(first) = next.iter().flatten().min_by_key(|range| (range.start, Reverse(range.end))).cloned() {
            // What begins inside is looked for anew; what was not found before is not there later either.
            for (next, search) in next.iter_mut().zip(searches) {
                if next.as_ref().is_some_and(|range| range.start < first.end) {
                    *next = search(first.end);
                }
            }
            emit(first);
        }
    }

    /// Nothing for a word that is not in the list; else the tag typed beside it, if any.
    pub fn tag(&self, word: &str) -> Option<Option<&str>> {
        self.tags.get(word).map(Option::as_deref)
    }

    /// Whether a word is forced because it is a built-in pattern.
    pub fn is_pattern(&self, word: &str) -> bool {
        self.patterns == Patterns::Forced && patterns::is_one(word)
    }
}

/// An edge that is an ASCII letter or digit must not touch another: `AI` is not in `MAIN`.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let alphanumeric = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let continues_left = range.start > 0 && alphanumeric(range.start) && alphanumeric(range.start - 1);
    let continues_right = alphanumeric(range.end - 1) && alphanumeric(range.end);
    !continues_left && !continues_right
}
