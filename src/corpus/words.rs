//! Word counts that merge: the integers behind tf, df and the dates of a term.

use std::ops::Range;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::source::Date;

/// What is counted of one word. Whole numbers and dates only, so that merging commutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordCount {
    /// Occurrences.
    pub tf: u64,
    /// Documents that hold it.
    pub df: u64,
    /// Earliest and latest date of a dated document that holds it.
    pub dates: Option<(Date, Date)>,
}

impl WordCount {
    /// Adds the counts of other documents.
    pub fn merge(&mut self, other: &Self) {
        self.tf += other.tf;
        self.df += other.df;
        self.dates = match (self.dates, other.dates) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, two) => one.or(two),
        };
    }
}

/// The words of a set of documents with their counts. Ids are given in order of first appearance; nothing leaves unsorted.
///
/// Nearly all words are short, and a short word is its own key: looking one up follows no pointer and compares no string.
#[derive(Debug, Clone, Default)]
pub struct WordCounts {
    /// Words of at most 8 bytes: two Han characters.
    tiny: FxHashMap<u64, u32>,
    /// Words of at most 16 bytes: five Han characters.
    short: FxHashMap<u128, u32>,
    long: FxHashMap<Box<str>, u32>,
    counts: Vec<WordCount>,
}

/// The bytes of a word, padded with zeros; words hold no NUL, so the padding is no part of any. Nothing if it is longer.
///
/// Reading 16 bytes at once and blanking out the surplus is many times faster than copying some of them.
fn padded(text: &str, range: &Range<usize>) -> Option<u128> {
    let length = range.end - range.start;
    if length == 0 || length > 16 {
        return None;
    }
    let bytes = text.as_bytes();
    let wide = match bytes.get(range.start..range.start + 16) {
        Some(wide) => wide.try_into().unwrap_or_default(),
        None => {
            let mut key = [0; 16];
            key[..length].copy_from_slice(&bytes[range.clone()]);
            key
        }
    };
    Some(u128::from_le_bytes(wide) & (u128::MAX >> (128 - 8 * length)))
}

/// Words with their counts, numbered from 0: all texts in one piece of memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    text: String,
    /// One past the last byte of each word in `text`.
    ends: Vec<u32>,
    counts: Vec<WordCount>,
}

impl Words {
    /// Number of words.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// A word by its number.
    pub fn text(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[start..self.ends[number] as usize]
    }

    /// Its counts.
    pub fn count(&self, number: usize) -> &WordCount {
        &self.counts[number]
    }

    /// Words with their counts, by number.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &WordCount)> {
        (0..self.len()).map(|number| (self.text(number), self.count(number)))
    }

    /// So many words without a character, in the place of those that could not be read.
    pub(super) fn blank(count: usize) -> Self {
        Self { text: String::new(), ends: vec![0; count], counts: vec![WordCount::default(); count] }
    }

    /// Bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + size_of_val(&*self.ends) + size_of_val(&*self.counts)
    }

    /// Gives back the room into which it could have grown.
    pub(super) fn give_back_room(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.counts.shrink_to_fit();
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }
}

impl WordCounts {
    /// The id of `word`, which is added with zero counts if it is new.
    pub fn intern(&mut self, word: &str) -> u32 {
        self.intern_in(word, 0..word.len())
    }

    /// The same for the word at `range` of a longer text.
    pub fn intern_in(&mut self, text: &str, range: Range<usize>) -> u32 {
        let new = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        let id = match padded(text, &range) {
            Some(key) => match u64::try_from(key) {
                Ok(tiny) => *self.tiny.entry(tiny).or_insert(new),
                Err(_) => *self.short.entry(key).or_insert(new),
            },
            None => match self.long.get(&text[range.clone()]) {
                Some(id) => *id,
                None => *self.long.entry(text[range].into()).or_insert(new),
            },
        };
        if id == new {
            self.counts.push(WordCount::default());
        }
        id
    }

    /// The counts of the word with this id.
    pub fn count_mut(&mut self, id: u32) -> &mut WordCount {
        &mut self.counts[id as usize]
    }

    /// Adds the count of `word` in other documents and returns its id.
    pub fn add(&mut self, word: &str, count: &WordCount) -> u32 {
        let id = self.intern(word);
        self.counts[id as usize].merge(count);
        id
    }

    /// Adds the counts of other documents: associative, commutative up to ids, with the empty counts as identity.
    pub fn merge(&mut self, other: Self) {
        for (word, count) in other.into_words().iter() {
            self.add(word, count);
        }
    }

    /// Words with their counts, by id.
    pub fn into_words(self) -> Words {
        let mut keys = vec![0u128; self.counts.len()];
        self.tiny.into_iter().for_each(|(key, id)| keys[id as usize] = u128::from(key));
        self.short.into_iter().for_each(|(key, id)| keys[id as usize] = key);
        let mut long: Vec<(u32, Box<str>)> = self.long.into_iter().map(|(word, id)| (id, word)).collect();
        long.sort_unstable();
        let mut long = long.into_iter();
        let mut words = Words { counts: self.counts, ..Words::default() };
        for key in keys {
            let bytes = key.to_le_bytes();
            let length = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
            match std::str::from_utf8(&bytes[..length]) {
                Ok(short) if length > 0 => words.push(short),
                // A word too long for a key: the next one of those.
                _ => words.push(&long.next().map(|(_, word)| word).unwrap_or_default()),
            }
        }
        words
    }

    /// Number of distinct words.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts(words: &[(u8, u8, Option<u8>)]) -> WordCounts {
        let mut counts = WordCounts::default();
        for (word, tf, day) in words {
            let date = day.and_then(|d| Date::new(2024, 1, d % 28 + 1));
            let count = WordCount { tf: u64::from(*tf), df: 1, dates: date.map(|d| (d, d)) };
            counts.add(&format!("词{}", word % 5), &count);
        }
        counts
    }

    fn sorted(counts: WordCounts) -> Vec<(String, WordCount)> {
        let mut words: Vec<_> = counts.into_words().iter().map(|(word, count)| (word.to_string(), *count)).collect();
        words.sort_by(|a, b| a.0.cmp(&b.0));
        words
    }

    #[test]
    fn words_of_any_length_keep_their_ids() {
        let texts = ["", "甲", "gdp", "新质生产力", "长三角一体化", "abcdefgh", "abcdefghi", "abcdefghijklmnop", "abcdefghijklmnopq", "甲"];
        let mut counts = WordCounts::default();
        let joined = texts.join("·");
        let mut at = 0;
        let ids: Vec<u32> = texts
            .iter()
            .map(|text| {
                let id = counts.intern_in(&joined, at..at + text.len());
                assert_eq!(id, counts.intern(text));
                at += text.len() + "·".len();
                id
            })
            .collect();
        assert_eq!(ids, [0, 1, 2, 3, 4, 5, 6, 7, 8, 1]);
        let words = counts.into_words();
        assert_eq!(words.iter().map(|(text, _)| text).collect::<Vec<_>>(), texts[..9]);
    }

    fn merged(mut a: WordCounts, b: WordCounts) -> WordCounts {
        a.merge(b);
        a
    }

    type Input = Vec<(u8, u8, Option<u8>)>;

    proptest! {
        #[test]
        fn merge_is_associative_commutative_and_has_an_identity(a: Input, b: Input, c: Input) {
            let (x, y, z) = (counts(&a), counts(&b), counts(&c));
            let all: Input = a.iter().chain(&b).chain(&c).copied().collect();
            let once = sorted(counts(&all));
            prop_assert_eq!(sorted(merged(merged(x.clone(), y.clone()), z.clone())), once.clone());
            prop_assert_eq!(sorted(merged(x.clone(), merged(y.clone(), z.clone()))), once.clone());
            prop_assert_eq!(sorted(merged(z, merged(y, x.clone()))), once);
            prop_assert_eq!(sorted(merged(x.clone(), WordCounts::default())), sorted(x.clone()));
            prop_assert_eq!(sorted(merged(WordCounts::default(), x.clone())), sorted(x));
        }
    }
}
