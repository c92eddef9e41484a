//! Word counts that merge: the integers behind tf, df and the dates of a term.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::source::Date;

/// What is counted of one word. Whole numbers and dates only, so that merging commutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

fn unpadded(bytes: &[u8]) -> Box<str> {
    let length = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..length]).into()
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
        for (word, count) in other.into_words() {
            self.add(&word, &count);
        }
    }

    /// Words with their counts, by id.
    pub fn into_words(self) -> Vec<(Box<str>, WordCount)> {
        let mut words: Vec<(Box<str>, WordCount)> = self.counts.into_iter().map(|count| (Box::default(), count)).collect();
        self.tiny.into_iter().for_each(|(key, id)| words[id as usize].0 = unpadded(&key.to_le_bytes()));
        self.short.into_iter().for_each(|(key, id)| words[id as usize].0 = unpadded(&key.to_le_bytes()));
        self.long.into_iter().for_each(|(word, id)| words[id as usize].0 = word);
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

    fn sorted(counts: WordCounts) -> Vec<(Box<str>, WordCount)> {
        let mut words = counts.into_words();
        words.sort_by(|a, b| a.0.cmp(&b.0));
        words
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
