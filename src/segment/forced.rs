//! Words that are tokens wherever they stand: leftmost first, then longest.

use std::collections::HashMap;
use std::ops::Range;

use crate::lexicon::Dictionary;
use crate::text::Literals;

/// The words of the user dictionary. ASCII letters match in either case.
pub(super) struct ForcedWords {
    words: Literals,
    tags: HashMap<String, Option<String>>,
}

impl ForcedWords {
    pub fn new(dictionary: &Dictionary) -> Self {
        let mut words = Literals::default();
        (0u32..).zip(dictionary.words()).for_each(|(number, entry)| words.add(&entry.word, number));
        Self { words, tags: dictionary.words().map(|w| (w.word.clone(), w.tag.clone())).collect() }
    }

    /// Calls `emit` with every forced word of `text`, in order; they do not overlap.
    pub fn find(&self, text: &str, emit: impl FnMut(Range<usize>)) {
        self.words.find_leftmost(text, |range| is_whole(text, range), emit);
    }

    /// Nothing for a word that is not in the list; else the tag typed beside it, if any.
    pub fn tag(&self, word: &str) -> Option<Option<&str>> {
        self.tags.get(word).map(Option::as_deref)
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
