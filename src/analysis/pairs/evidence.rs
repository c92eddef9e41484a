//! What stands behind a pair: the documents it occurs in and the shortest sentence that holds both items.
//!
//! One walk over all units, in order: the items of a unit are marked, and each item looks which of its partners are marked
//! too. Partners are listed with the rarer item of a pair, so that frequent items have nothing to look for.

use crate::analysis::examples::{Examples, NO_EXAMPLE};
use crate::corpus::Corpus;

use super::product::Pair;
use super::work::share_out;
use super::{Incidence, Partners};

/// For one pair of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PairEvidence {
    /// Documents in which the pair occurs.
    pub documents: u32,
    /// Rank of the shortest sentence that holds both, or [`NO_EXAMPLE`].
    pub example: u32,
}

impl PairEvidence {
    const NONE: Self = Self { documents: 0, example: NO_EXAMPLE };

    /// Adds what was found in other documents.
    fn merge(&mut self, other: &Self) {
        self.documents += other.documents;
        self.example = self.example.min(other.example);
    }
}

/// The evidence of each pair, in their order: documents by `unit`, examples by `sentence`, or both by `unit` in one walk where
/// that is the sentence itself (then `sentence` is not given).
pub(super) fn find<U: Incidence, S: Incidence>(
    corpus: &Corpus,
    examples: &Examples,
    items: usize,
    pairs: &[Pair],
    (unit, sentence): (&U, Option<&S>),
) -> Vec<PairEvidence> {
    let facts = SentenceFacts { examples, documents: corpus.document_of_sentences() };
    let partners = Partners::new(items, pairs.iter().map(|pair| [pair.a, pair.b]));
    let mut evidence = walk(unit, &partners, pairs.len(), &facts);
    if let Some(sentence) = sentence {
        let best = walk(sentence, &partners, pairs.len(), &facts);
        evidence.iter_mut().zip(best).for_each(|(of_unit, of_sentence)| of_unit.example = of_sentence.example);
    }
    evidence
}

/// What is known of every sentence.
struct SentenceFacts<'a> {
    examples: &'a Examples,
    documents: Vec<u32>,
}

fn walk<I: Incidence>(incidence: &I, partners: &Partners, pairs: usize, facts: &SentenceFacts<'_>) -> Vec<PairEvidence> {
    let parts = incidence.parts();
    let found = share_out(parts.len(), 1, |numbers| walk_parts(incidence, numbers.map(|part| parts[part].clone()), partners, pairs, facts));
    let merged = found.into_iter().reduce(|mut total, part| {
        total.iter_mut().zip(&part).for_each(|(sum, more)| sum.merge(more));
        total
    });
    merged.unwrap_or_default()
}

/// The evidence of some parts, each of which holds whole documents.
fn walk_parts<I: Incidence>(
    incidence: &I,
    parts: impl Iterator<Item = std::ops::Range<usize>>,
    partners: &Partners,
    pairs: usize,
    facts: &SentenceFacts<'_>,
) -> Vec<PairEvidence> {
    let mut found = vec![PairEvidence::NONE; pairs];
    let mut last_document = vec![u32::MAX; pairs];
    for part in parts {
        incidence.pairs_of_units(part, &|item| partners.of(item), &mut |sentence, pair| {
            let (document, rank) = (facts.documents[sentence], facts.examples.rank(sentence));
            let evidence = &mut found[pair as usize];
            evidence.example = evidence.example.min(rank);
            if last_document[pair as usize] != document {
                last_document[pair as usize] = document;
                evidence.documents += 1;
            }
        });
    }
    found
}
