//! What shows a pair: its documents on either side, since when they are there, and the shortest sentence that holds both terms.

use std::ops::Range;

use crate::analysis::pairs::{Incidence, Partners, share_out};

use super::super::evidence::Seen;
use super::Held;

/// What was seen of a pair in some texts. The merge commutes; [`PairSeen::NOTHING`] is its identity.
#[derive(Debug, Clone, Copy)]
pub struct PairSeen {
    /// First date and example.
    pub seen: Seen,
    /// Documents on the current and on the previous side.
    pub documents: [u64; 2],
}

impl PairSeen {
    /// Not there.
    pub const NOTHING: Self = Self { seen: Seen::NOTHING, documents: [0; 2] };

    /// Adds what was seen in other documents.
    fn merge(&mut self, other: &Self) {
        self.seen.merge(&other.seen);
        self.documents.iter_mut().zip(other.documents).for_each(|(sum, more)| *sum += more);
    }
}

/// Looks for the pairs of `partners`. `shown_by` has the side of each that shows it.
pub fn find(held: &Held<'_, '_, '_>, partners: &Partners, shown_by: &[u32]) -> Vec<PairSeen> {
    let parts = held.presence.parts();
    let found = share_out(parts.len(), 1, |numbers| walk(held, numbers.map(|part| parts[part].clone()), partners, shown_by));
    let merged = found.into_iter().reduce(|mut all, part| {
        all.iter_mut().zip(&part).for_each(|(sum, more)| sum.merge(more));
        all
    });
    merged.unwrap_or_default()
}

/// Walks some parts, each of which holds whole documents.
fn walk(held: &Held<'_, '_, '_>, parts: impl Iterator<Item = Range<usize>>, partners: &Partners, shown_by: &[u32]) -> Vec<PairSeen> {
    let texts = held.texts;
    let mut found = vec![PairSeen::NOTHING; shown_by.len()];
    let mut last_document = vec![u32::MAX; shown_by.len()];
    for part in parts {
        held.presence.pairs_of_units(part, &|item| partners.of(item), &mut |sentence, pair| {
            let (pair, document) = (pair as usize, held.documents[sentence]);
            let side = texts.of_document[document as usize];
            let Some(documents) = found[pair].documents.get_mut(side as usize) else { return };
            if last_document[pair] != document {
                last_document[pair] = document;
                *documents += 1;
                found[pair].seen.see_date(texts.inputs.corpus.document(document as usize).date);
            }
            if side == shown_by[pair] {
                let example = &mut found[pair].seen.example;
                *example = (*example).min(texts.shared.examples.rank(sentence));
            }
        });
    }
    found
}
