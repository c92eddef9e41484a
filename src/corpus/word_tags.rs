//! The part of speech of every word, for analyses that look at words that are no terms too.

use rayon::prelude::*;

use super::assemble::Corpus;
use super::selection::Selection;

/// The tags of all words of a corpus, by word number, cut to three letters.
#[derive(Debug, Clone, Default)]
pub struct WordTags(Vec<[u8; 3]>);

impl WordTags {
    /// The tags of `corpus`. Those of terms are known; `tag` is asked for the other words.
    pub fn new(corpus: &Corpus, selection: &Selection, tag: &(dyn Fn(&str) -> String + Sync)) -> Self {
        let words = corpus.words();
        let mut known: Vec<Option<&str>> = vec![None; words.len()];
        // Terms are words in the order of words.
        let mut terms = selection.terms().iter().peekable();
        for (slot, (word, _)) in known.iter_mut().zip(words) {
            *slot = terms.next_if(|term| term.text == *word).map(|term| &*term.pos);
        }
        let tags = words.par_iter().zip(&known).with_min_len(256);
        Self(tags.map(|((word, _), known)| known.map_or_else(|| short(&tag(word)), short)).collect())
    }

    /// The tag of a word, at most three letters of it.
    pub fn of(&self, word: usize) -> &str {
        let tag = self.0.get(word).map_or(&[][..], |tag| &tag[..]);
        let length = tag.iter().position(|b| *b == 0).unwrap_or(tag.len());
        std::str::from_utf8(&tag[..length]).unwrap_or_default()
    }
}

fn short(tag: &str) -> [u8; 3] {
    let mut short = [0; 3];
    // A tag is a few ASCII letters.
    short.iter_mut().zip(tag.bytes().filter(u8::is_ascii_alphanumeric)).for_each(|(to, from)| *to = from);
    short
}
