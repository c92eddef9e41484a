//! The text of a document as copies are compared by it, and its set of shingles.

use crate::text::Normaliser;

use super::super::shard::Shard;

/// Characters of one shingle. Five Han characters are two or three words: fewer and unrelated texts share most of them, more and
/// a changed word takes too many with it.
pub(super) const SHINGLE: usize = 5;

/// Reads texts of documents, in buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct TextReader {
    normaliser: Normaliser,
    characters: Vec<char>,
}

impl TextReader {
    /// The characters of a document: title, then body, normalised and in the script in which they are counted, without white
    /// space and tags. Where its sentences end makes no difference.
    pub fn read(&mut self, shard: &Shard, document: usize) -> &[char] {
        let mut length = 0;
        for sentence in shard.document_sentences(document) {
            let counted = shard.counted_text(sentence);
            self.normaliser.read(&counted);
            let view = shard.mode.without_tags(self.normaliser.view(&counted));
            if self.characters.len() < length + view.len() {
                self.characters.resize(2 * (length + view.len()), ' ');
            }
            for c in view.chars() {
                // Written in any case and overwritten if it was a space, the only white space of a normalised text: cheaper than a branch.
                self.characters[length] = c;
                length += usize::from(c != ' ');
            }
        }
        &self.characters[..length]
    }
}

/// Five characters of 21 bits each: the shingle itself and no hash of it, so that equal numbers are equal texts.
pub(super) fn shingles(text: &[char]) -> impl Iterator<Item = u128> {
    text.windows(SHINGLE).map(|shingle| shingle.iter().fold(0, |packed, c| (packed << 21) | u128::from(u32::from(*c))))
}

/// The set of shingles of a text, sorted.
pub(super) fn shingle_set(text: &[char]) -> Vec<u128> {
    let mut set: Vec<u128> = shingles(text).collect();
    set.sort_unstable();
    set.dedup();
    set
}

/// The longest stretch of `text` of which no character stands in a shingle of `other`, the first one of several; at most `most`
/// characters, with … for the rest. Empty if there is none.
pub(super) fn longest_difference(text: &[char], other: &[u128], most: usize) -> String {
    let (mut best, mut start) = (0..0, 0);
    let mut close = |start: usize, end: usize| {
        if end > start && end - start > best.len() {
            best = start..end;
        }
    };
    for (at, shingle) in shingles(text).enumerate() {
        if other.binary_search(&shingle).is_ok() {
            close(start, at);
            start = at + SHINGLE;
        }
    }
    close(start, text.len());
    let mut shown: String = text[best.clone()].iter().take(most).collect();
    if best.len() > most {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Overlap, Ratio, containment, resemblance};

    fn characters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn similarities_of_short_texts_by_hand() {
        // {甲乙丙丁戊, 乙丙丁戊己, 丙丁戊己庚, 丁戊己庚辛} and {乙丙丁戊己, 丙丁戊己庚, 丁戊己庚子}: 2 shared, 5 in all.
        let overlap = Overlap::of_sorted(&shingle_set(&characters("甲乙丙丁戊己庚辛")), &shingle_set(&characters("乙丙丁戊己庚子")));
        assert_eq!(overlap, Overlap { shared: 2, a: 4, b: 3 });
        assert_eq!((resemblance(overlap), containment(overlap)), (Ratio::new(2, 5u64), Ratio::new(2, 3u64)));
        // A set: 甲甲甲甲甲 six times over ten characters is one shingle.
        assert_eq!(shingle_set(&characters("甲甲甲甲甲甲甲甲甲甲")).len(), 1);
        assert_eq!(shingle_set(&characters("甲乙丙丁")).len(), 0);
    }

    #[test]
    fn what_differs_is_cut_to_the_character() {
        let long = characters("一二三四五六甲乙七八九十百千");
        let short = characters("一二三四五六七八九十百千");
        assert_eq!(longest_difference(&long, &shingle_set(&short), 10), "甲乙");
        assert_eq!(longest_difference(&short, &shingle_set(&long), 10), "");
        assert_eq!(longest_difference(&long, &[], 4), "一二三四…");
        assert_eq!(longest_difference(&characters("甲乙"), &shingle_set(&short), 4), "甲乙");
    }
}
