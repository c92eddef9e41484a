//! How often chosen words occur in groups of documents, such as periods, with a sentence that shows each: one walk over the tokens
//! for all words and all groups.

use rayon::prelude::*;

use crate::corpus::{Corpus, Parts, Shard};

use super::examples::{Examples, NO_EXAMPLE};

/// The group of a document that is in none.
pub const NO_GROUP: u32 = u32::MAX;
/// The slot of a word that is not counted.
pub const NO_SLOT: u32 = u32::MAX;

/// What is counted of one word in one group. Whole numbers whose merge commutes; the empty count is its identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupCount {
    /// Occurrences.
    pub tf: u64,
    /// Documents that hold the word.
    pub df: u64,
    /// Σ v², v = occurrences in a document. A document has less than 2³⁰ tokens, so this holds for corpora of 2³⁴.
    pub squares: u64,
    /// Σ v · t, t = tokens of that document.
    pub products: u64,
    /// Rank of the best example, or [`NO_EXAMPLE`].
    pub example: u32,
}

impl Default for GroupCount {
    fn default() -> Self {
        Self { tf: 0, df: 0, squares: 0, products: 0, example: NO_EXAMPLE }
    }
}

impl GroupCount {
    /// Adds the counts of other documents.
    pub fn merge(&mut self, other: &Self) {
        self.tf += other.tf;
        self.df += other.df;
        self.squares = self.squares.saturating_add(other.squares);
        self.products = self.products.saturating_add(other.products);
        self.example = self.example.min(other.example);
    }
}

/// Documents in groups.
#[derive(Debug, Clone, Copy)]
pub struct Groups<'a> {
    /// For each document its group, or [`NO_GROUP`].
    pub of_document: &'a [u32],
    /// Number of groups.
    pub count: usize,
}

/// Most counts held at once beside the result: 16 parts of a usual table, one part of the largest.
const MOST_PARTIAL: usize = 4_000_000;
/// Most parts that are counted at the same time.
const MOST_PARTS: usize = 16;

/// For each group, and in it for each slot, the counts of the word with that slot. `slots_of_shard` gives the slot of each word
/// of a shard, or [`NO_SLOT`]; slots are `0..slot_count`.
pub fn count(
    corpus: &Corpus,
    examples: &Examples,
    groups: Groups<'_>,
    slot_count: usize,
    slots_of_shard: &(dyn Fn(usize) -> Vec<u32> + Sync),
) -> Vec<GroupCount> {
    let cells = groups.count * slot_count;
    let shards = corpus.shards().len();
    if cells == 0 || shards == 0 {
        return vec![GroupCount::default(); cells];
    }
    // Neither threads nor their number matter to the parts, nor the parts to the sums.
    let parts = (MOST_PARTIAL / cells).clamp(1, MOST_PARTS).min(shards);
    let part = |number: usize| {
        let mut counts = vec![GroupCount::default(); cells];
        for shard in shards * number / parts..shards * (number + 1) / parts {
            let place = (corpus.document_offset(shard), corpus.sentence_offset(shard));
            count_shard(
                &corpus.shards()[shard].read(Parts::TOKENS),
                place,
                examples,
                groups,
                &slots_of_shard(shard),
                &mut counts,
                slot_count,
            );
        }
        counts
    };
    let merge = |mut sum: Vec<GroupCount>, other: Vec<GroupCount>| {
        sum.iter_mut().zip(&other).for_each(|(a, b)| a.merge(b));
        sum
    };
    (0..parts).into_par_iter().map(part).reduce_with(merge).unwrap_or_default()
}

/// What is seen of a word in the document at hand.
#[derive(Debug, Clone, Copy)]
struct Seen {
    tf: u32,
    example: u32,
}

const UNSEEN: Seen = Seen { tf: 0, example: NO_EXAMPLE };

fn count_shard(
    shard: &Shard,
    (first_document, first_sentence): (usize, usize),
    examples: &Examples,
    groups: Groups<'_>,
    slots: &[u32],
    counts: &mut [GroupCount],
    slot_count: usize,
) {
    let mut seen = vec![UNSEEN; slot_count];
    let mut touched: Vec<u32> = Vec::new();
    for document in 0..shard.documents.len() {
        let group = groups.of_document[first_document + document];
        if group == NO_GROUP {
            continue;
        }
        for sentence in shard.document_sentences(document) {
            let rank = examples.rank(first_sentence + sentence);
            for word in shard.sentence_tokens(sentence) {
                let slot = slots[*word as usize];
                if slot != NO_SLOT {
                    let seen = &mut seen[slot as usize];
                    if seen.tf == 0 {
                        touched.push(slot);
                    }
                    seen.tf += 1;
                    seen.example = seen.example.min(rank);
                }
            }
        }
        let tokens = shard.document_tokens(document).len() as u64;
        let row = &mut counts[group as usize * slot_count..][..slot_count];
        for slot in touched.drain(..) {
            let Seen { tf, example } = std::mem::replace(&mut seen[slot as usize], UNSEEN);
            let tf = u64::from(tf);
            row[slot as usize].merge(&GroupCount { tf, df: 1, squares: tf * tf, products: tf * tokens, example });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn merged(a: &GroupCount, b: &GroupCount) -> GroupCount {
        let mut sum = *a;
        sum.merge(b);
        sum
    }

    fn counts() -> impl Strategy<Value = GroupCount> {
        (0u64..9, 0u64..9, 0u64..9, 0u64..9, any::<u32>()).prop_map(|(tf, df, squares, products, example)| GroupCount {
            tf,
            df,
            squares,
            products,
            example,
        })
    }

    proptest! {
        #[test]
        fn merge_is_associative_commutative_and_has_an_identity(a in counts(), b in counts(), c in counts()) {
            prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
            prop_assert_eq!(merged(&a, &b), merged(&b, &a));
            prop_assert_eq!(merged(&a, &GroupCount::default()), a);
        }
    }
}
