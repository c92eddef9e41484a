//! One numbering of the words of all shards.

use rayon::prelude::*;

use super::paged::{PagedShard, Parts};
use super::words::{WordCount, WordCounts, Words};

/// A word of the corpus.
pub type CountedWord = (Box<str>, WordCount);

/// The words in their order, and lists of the numbers of words.
type Numbered = (Vec<CountedWord>, Vec<Vec<u32>>);

/// Some of the words of all shards: their counts, and for each shard the numbers of its words that are among them.
type SomeWords = (Words, Vec<Vec<u32>>);

/// The words of all shards by descending frequency, then text; and for each shard the numbers of its words.
///
/// Each thread counts the words that fall to it, so that none has to ask another.
pub(super) fn numbered_words(shards: &[PagedShard]) -> Numbered {
    let parts = rayon::current_num_threads().min(MOST_PARTS);
    let counted: Vec<SomeWords> = (0..parts).into_par_iter().with_max_len(1).map(|part| count_words(shards, part, parts)).collect();
    let (parted, ids): (Vec<Words>, Vec<Vec<Vec<u32>>>) = counted.into_iter().unzip();
    let (words, new_ids) = number_by_frequency(&parted);
    let ids_of = |(number, shard): (usize, &PagedShard)| -> Vec<u32> {
        let mut next: Vec<_> = ids.iter().map(|of_part| of_part[number].iter()).collect();
        let words = shard.read(Parts::WORDS);
        // Every word of a shard has a number in the part that it falls to, in the order of the shard.
        let id = |word: &str| next[part_of(word, parts)].next().map(|id| new_ids[part_of(word, parts)][*id as usize]);
        words.words.iter().map(|(word, _)| word).map(id).map(Option::unwrap_or_default).collect()
    };
    let word_ids = shards.par_iter().enumerate().map(ids_of).collect();
    (words, word_ids)
}

/// Parts into which the words are divided at most.
const MOST_PARTS: usize = 16;

/// The part that a word falls to.
fn part_of(word: &str, parts: usize) -> usize {
    usize::from(word.as_bytes().last().copied().unwrap_or_default() & 0x3F) % parts
}

/// The words that fall to a part.
fn count_words(shards: &[PagedShard], part: usize, parts: usize) -> SomeWords {
    let mut counts = WordCounts::default();
    let of_shard = |shard: &PagedShard| {
        let words = shard.read(Parts::WORDS);
        let own = words.words.iter().filter(|(word, _)| part_of(word, parts) == part);
        own.map(|(word, count)| counts.add(word, count)).collect()
    };
    let ids = shards.iter().map(of_shard).collect();
    (counts.into_words(), ids)
}

/// Words by descending frequency, then text, and for each part and old id the new one.
fn number_by_frequency(parts: &[Words]) -> Numbered {
    let mut order: Vec<(&str, &WordCount, (usize, usize))> = Vec::with_capacity(parts.iter().map(Words::len).sum());
    for (part, words) in parts.iter().enumerate() {
        order.extend(words.iter().enumerate().map(|(old, (word, count))| (word, count, (part, old))));
    }
    order.par_sort_unstable_by(|(a, a_count, _), (b, b_count, _)| b_count.tf.cmp(&a_count.tf).then_with(|| a.cmp(b)));
    let mut new_ids: Vec<Vec<u32>> = parts.iter().map(|words| vec![0; words.len()]).collect();
    for (new, (_, _, (part, old))) in order.iter().enumerate() {
        new_ids[*part][*old] = id32(new);
    }
    (order.into_iter().map(|(word, count, _)| (word.into(), *count)).collect(), new_ids)
}

/// Corpus-wide numbers are 32 bits: four thousand million documents, sentences or words.
pub(super) fn id32(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_numbered_by_frequency_then_text() {
        let part = |words: &[(&str, u64)]| {
            let mut counts = WordCounts::default();
            words.iter().for_each(|(word, tf)| {
                counts.add(word, &WordCount { tf: *tf, df: 1, dates: None });
            });
            counts.into_words()
        };
        let (words, new_ids) = number_by_frequency(&[part(&[("丙", 2), ("甲", 5)]), part(&[("乙", 2), ("丁", 9)])]);
        assert_eq!(words.iter().map(|w| &*w.0).collect::<Vec<_>>(), ["丁", "甲", "丙", "乙"]);
        assert_eq!(new_ids, [[2, 1], [3, 0]]);
    }
}
