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

/// Documents by `unit`, examples by `sentence`: the same incidence when the unit is the sentence.
pub(super) fn find<U: Incidence, S: Incidence>(
    corpus: &Corpus,
    examples: &Examples,
    paired: &PairedTerms,
    pairs: &[Pair],
    (unit, sentence): (&U, &S),
) -> Vec<PairEvidence> {
    let sentence_documents = document_of_sentences(corpus);
    let mut order: Vec<u32> = (0u32..).take(pairs.len()).collect();
    order.sort_unstable_by_key(|at| pairs[*at as usize].a);
    let rows: Vec<&[u32]> = order.chunk_by(|x, y| pairs[*x as usize].a == pairs[*y as usize].a).collect();
    let found: Vec<Vec<PairEvidence>> = rows
        .par_iter()
        .with_max_len(8)
        .map_init(
            || vec![u32::MAX; paired.len()],
            |slots, row| {
                let partners: Vec<u32> = row.iter().map(|at| pairs[*at as usize].b).collect();
                let a = pairs[row[0] as usize].a as usize;
                partners.iter().zip(0u32..).for_each(|(b, slot)| slots[*b as usize] = slot);
                let documents = count_documents(unit, a, slots, partners.len(), &sentence_documents);
                let best = best_examples(sentence, a, slots, partners.len(), examples);
                partners.iter().for_each(|b| slots[*b as usize] = u32::MAX);
                documents.into_iter().zip(best).map(|(documents, example)| PairEvidence { documents, example }).collect()
            },
        )
        .collect();
    let mut by_pair: Vec<(u32, PairEvidence)> = order.iter().copied().zip(found.into_iter().flatten()).collect();
    by_pair.sort_unstable_by_key(|(at, _)| *at);
    by_pair.into_iter().map(|(_, evidence)| evidence).collect()
}

fn document_of_sentences(corpus: &Corpus) -> Vec<u32> {
    let of_shard = |(shard, content): (usize, &crate::corpus::Shard)| {
        let first = u32::try_from(corpus.document_offset(shard)).unwrap_or(u32::MAX);
        content.sentences.iter().map(|s| first + s.document).collect::<Vec<u32>>()
    };
    corpus.shards().iter().enumerate().flat_map(of_shard).collect()
}

fn count_documents<I: Incidence>(incidence: &I, a: usize, slots: &[u32], partners: usize, document_of: &[u32]) -> Vec<u32> {
    let mut last = vec![u32::MAX; partners];
    let mut documents = vec![0; partners];
    let mut here = (u32::MAX, 0);
    incidence.meetings(a, |unit, b| {
        let slot = slots[b as usize] as usize;
        if slot < partners {
            if here.0 != unit {
                here = (unit, document_of[incidence.sentence_of(unit)]);
            }
            if last[slot] != here.1 {
                last[slot] = here.1;
                documents[slot] += 1;
            }
        }
    });
    documents
}

fn best_examples<I: Incidence>(incidence: &I, a: usize, slots: &[u32], partners: usize, examples: &Examples) -> Vec<u32> {
    let mut best = vec![NO_EXAMPLE; partners];
    let mut here = (u32::MAX, NO_EXAMPLE);
    incidence.meetings(a, |unit, b| {
        let slot = slots[b as usize] as usize;
        if slot < partners {
            if here.0 != unit {
                here = (unit, examples.rank(incidence.sentence_of(unit)));
            }
            best[slot] = best[slot].min(here.1);
        }
    });
    best
}
