//! Words that are tokens wherever they stand: leftmost first, then longest.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};

use crate::lexicon::Dictionary;

/// The words of the user dictionary as one automaton. ASCII letters match in either case.
pub(super) struct ForcedWords {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    words: Vec<String>,
    tags: HashMap<String, Option<String>>,
}

impl ForcedWords {
    pub fn new(dictionary: &Dictionary) -> Result<Self, String> {
        let words: Vec<String> = dictionary.words().map(|w| w.word.clone()).collect();
        let tags = dictionary.words().map(|w| (w.word.clone(), w.tag.clone())).collect();
        let automaton = if words.is_empty() { None } else { Some(build(&words)?) };
        Ok(Self { automaton, words, tags })
    }

    /// Calls `emit` with every forced word of `text`, in order; they do not overlap.
    pub fn find(&self, text: &str, mut emit: impl FnMut(Range<usize>)) {
        let Some(automaton) = &self.automaton else { return };
        let has_upper = text.bytes().any(|b| b.is_ascii_uppercase());
        let folded: Cow<'_, str> = if has_upper { text.to_ascii_lowercase().into() } else { text.into() };
        let mut from = 0;
        // A word that is part of a longer Latin word stops the search: it goes on behind its first character.
        'restart: loop {
            for found in automaton.leftmost_find_iter(&folded[from..]) {
                let range = from + found.start()..from + found.end();
                if is_whole(text, &range) {
                    emit(range);
                    continue;
                }
                let shorter = self.shorter(&folded, range.clone());
                from = match &shorter {
                    Some(word) => word.end,
                    None => range.start + folded[range.start..].chars().next().map_or(1, char::len_utf8),
                };
                shorter.into_iter().for_each(&mut emit);
                continue 'restart;
            }
            return;
        }
    }

    /// Nothing for a word that is not in the list; else the tag typed beside it, if any.
    pub fn tag(&self, word: &str) -> Option<Option<&str>> {
        self.tags.get(word).map(Option::as_deref)
    }

    /// The longest word that begins where `longest` does, is shorter, and touches no letter or digit. Rare: only asked when
    /// the longest word is part of a longer Latin word or number.
    fn shorter(&self, text: &str, longest: Range<usize>) -> Option<Range<usize>> {
        let lengths = self.words.iter().map(String::len).filter(|length| *length < longest.len());
        lengths
            .filter(|length| text.is_char_boundary(longest.start + length))
            .map(|length| longest.start..longest.start + length)
            .filter(|range| self.tags.contains_key(&text[range.clone()]) && is_whole(text, range))
            .max_by_key(|range| range.end)
    }
}

fn build(words: &[String]) -> Result<CharwiseDoubleArrayAhoCorasick<u32>, String> {
    CharwiseDoubleArrayAhoCorasickBuilder::new()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .map_err(|e| format!("the dictionary is too large to match: {e}"))
}

/// An edge that is an ASCII letter or digit must not touch another: `AI` is not in `MAIN`.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let alphanumeric = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let continues_left = range.start > 0 && alphanumeric(range.start) && alphanumeric(range.start - 1);
    let continues_right = alphanumeric(range.end - 1) && alphanumeric(range.end);
    !continues_left && !continues_right
}
