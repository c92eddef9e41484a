//! What stands behind a pair: the documents it occurs in and the shortest sentence that holds both terms.

use rayon::prelude::*;

use crate::analysis::examples::{Examples, NO_EXAMPLE};
use crate::corpus::Corpus;

use super::product::Pair;
use super::{Incidence, PairedTerms};

/// For the pairs of a table, in their order.
pub(super) struct PairEvidence {
    /// Documents in which the pair occurs.
    pub documents: u32,
    /// Rank of the shortest sentence that holds both, or [`NO_EXAMPLE`].
    pub example: u32,
}

/// What stands behind each pair: documents by `unit`, examples by `sentence`, or both by `unit` in one walk where that is the
/// sentence itself (then `sentence` is not given).
pub(super) fn find<U: Incidence, S: Incidence>(
    corpus: &Corpus,
    examples: &Examples,
    paired: &PairedTerms,
    pairs: &[Pair],
    (unit, sentence): (&U, Option<&S>),
) -> Vec<PairEvidence> {
    let facts = SentenceFacts { examples, documents: document_of_sentences(corpus) };
    let mut order: Vec<u32> = (0u32..).take(pairs.len()).collect();
    order.sort_unstable_by_key(|at| pairs[*at as usize].a);
    let rows: Vec<&[u32]> = order.chunk_by(|x, y| pairs[*x as usize].a == pairs[*y as usize].a).collect();
    let found: Vec<Vec<PairEvidence>> = rows
        .par_iter()
        .with_max_len(8)
        .map_init(
            || vec![NO_SLOT; paired.len()],
            |slots, row| {
                let partners: Vec<u32> = row.iter().map(|at| pairs[*at as usize].b).collect();
                let a = pairs[row[0] as usize].a as usize;
                partners.iter().zip(0u32..).for_each(|(b, slot)| slots[*b as usize] = slot);
                let mut evidence = walk(unit, a, slots, partners.len(), &facts);
                if let Some(sentence) = sentence {
                    let best = walk(sentence, a, slots, partners.len(), &facts);
                    evidence.iter_mut().zip(best).for_each(|(of_unit, of_sentence)| of_unit.example = of_sentence.example);
                }
                partners.iter().for_each(|b| slots[*b as usize] = NO_SLOT);
                evidence
            },
        )
        .collect();
    let mut by_pair: Vec<(u32, PairEvidence)> = order.iter().copied().zip(found.into_iter().flatten()).collect();
    by_pair.sort_unstable_by_key(|(at, _)| *at);
    by_pair.into_iter().map(|(_, evidence)| evidence).collect()
}

/// No kept pair with this partner.
const NO_SLOT: u32 = u32::MAX;

/// What is known of every sentence.
struct SentenceFacts<'a> {
    examples: &'a Examples,
    documents: Vec<u32>,
}

/// Documents and best example of the pairs of one term, by slot.
fn walk<I: Incidence>(incidence: &I, a: usize, slots: &[u32], partners: usize, facts: &SentenceFacts<'_>) -> Vec<PairEvidence> {
    let mut found: Vec<PairEvidence> = (0..partners).map(|_| PairEvidence { documents: 0, example: NO_EXAMPLE }).collect();
    let mut last = vec![u32::MAX; partners];
    let (mut here, mut document, mut rank) = (u32::MAX, u32::MAX, NO_EXAMPLE);
    incidence.meetings(a, |unit, b| {
        let slot = slots[b as usize];
        if slot == NO_SLOT {
            return;
        }
        if here != unit {
            let sentence = incidence.sentence_of(unit);
            (here, document, rank) = (unit, facts.documents[sentence], facts.examples.rank(sentence));
        }
        let slot = slot as usize;
        found[slot].example = found[slot].example.min(rank);
        if last[slot] != document {
            last[slot] = document;
            found[slot].documents += 1;
        }
    });
    found
}

fn document_of_sentences(corpus: &Corpus) -> Vec<u32> {
    let of_shard = |(shard, content): (usize, &crate::corpus::Shard)| {
        let first = u32::try_from(corpus.document_offset(shard)).unwrap_or(u32::MAX);
        content.sentences.iter().map(|s| first + s.document).collect::<Vec<u32>>()
    };
    corpus.shards().iter().enumerate().flat_map(of_shard).collect()
}
