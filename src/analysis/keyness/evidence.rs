//! What stands beside the numbers of a row: how evenly the term is spread, and a sentence that shows it.

use rayon::prelude::*;

use crate::analysis::examples::NO_EXAMPLE;
use crate::analysis::group_counts::{self, Groups, NO_GROUP, NO_SLOT};
use crate::analysis::{Inputs, Shared};
use crate::corpus::NOT_A_TERM;
use crate::stats::{self, Direction, Parts, Ratio};

use super::sides::{REFERENCE, Sides, TARGET};
use super::table::Tested;

/// Up to so many terms are looked up in the terms of every document before its text is walked: a text is walked in the time of
/// some dozens of these searches.
const FEW_TERMS: usize = 16;

/// What rows are shown by.
pub(super) struct Evidence<'e, 'a> {
    pub inputs: &'e Inputs<'a>,
    pub shared: &'e Shared,
    pub sides: &'e Sides,
    pub has_list: bool,
}

impl Evidence<'_, '_> {
    /// `dp_norm` of each row over the documents of the target.
    pub fn dispersion(&self, rows: &[Tested]) -> Vec<Option<Ratio>> {
        let shared = self.shared;
        let of_target = || (0..).zip(self.sides.of_documents()).filter(|(_, side)| **side == TARGET).map(|(document, _)| document);
        let parts = Parts::of(of_target().map(|document| shared.term_documents.tokens(document)));
        let slots = self.slots(rows, |_| true);
        let mut held: Vec<Vec<(u64, u64)>> = vec![Vec::new(); rows.len()];
        for document in of_target() {
            let tokens = shared.term_documents.tokens(document);
            for entry in shared.term_documents.row(document).iter() {
                if let Some(held) = held.get_mut(slots[entry.term as usize] as usize) {
                    held.push((u64::from(entry.tf), tokens));
                }
            }
        }
        held.par_iter().with_min_len(64).map(|held| stats::dp_norm(&parts, held.iter().copied())).collect()
    }

    /// The rank of the best example of each row on the side where it is key. The best of the corpus is mostly there; only for the
    /// others texts are walked.
    pub fn examples(&self, rows: &[Tested]) -> Vec<u32> {
        let mut ranks: Vec<Option<u32>> = rows.iter().map(|row| self.best_of_corpus(row)).collect();
        let of_document = self.documents_to_walk(rows, &ranks);
        let slots = self.slots(rows, |row| ranks[row].is_none());
        let slots_of_shard = |shard: usize| {
            let slot = |term: &u32| if *term == NOT_A_TERM { NO_SLOT } else { slots[*term as usize] };
            self.inputs.selection.of_words(self.inputs.corpus, shard).iter().map(slot).collect()
        };
        let groups = Groups { of_document: &of_document, count: 2 };
        let found = group_counts::count(self.inputs.corpus, &self.shared.examples, groups, rows.len(), &slots_of_shard);
        for (row, rank) in ranks.iter_mut().enumerate().filter(|(_, rank)| rank.is_none()) {
            *rank = found.get(self.side_of(&rows[row]) as usize * rows.len() + row).map(|count| count.example);
        }
        ranks.into_iter().map(|rank| rank.unwrap_or(NO_EXAMPLE)).collect()
    }

    /// The side that the example is taken from.
    fn side_of(&self, row: &Tested) -> u32 {
        match row.direction {
            Some(Direction::Reference) if !self.has_list => REFERENCE,
            Some(Direction::Equal) | None if !self.has_list && row.counts.tf_target == 0 => REFERENCE,
            _ => TARGET,
        }
    }

    /// The rank of the best example of the corpus, if it stands on the right side.
    fn best_of_corpus(&self, row: &Tested) -> Option<u32> {
        let sentence = self.shared.examples.of_term(row.term as usize)?;
        let side = self.sides.of_documents()[self.inputs.corpus.document_of(sentence)];
        (side == self.side_of(row)).then(|| self.shared.examples.rank(sentence))
    }

    /// The side of each document that may hold an example that is still wanted.
    fn documents_to_walk(&self, rows: &[Tested], ranks: &[Option<u32>]) -> Vec<u32> {
        let wanted = [TARGET, REFERENCE].map(|side| -> Vec<u32> {
            let open = rows.iter().zip(ranks).filter(|(row, rank)| rank.is_none() && self.side_of(row) == side);
            open.map(|(row, _)| row.term).collect()
        });
        let may_hold = |document: usize, terms: &[u32]| {
            let row = self.shared.term_documents.row(document);
            terms.len() > FEW_TERMS || terms.iter().any(|term| row.binary_search_by_key(term, |entry| entry.term).is_ok())
        };
        let sides = self.sides.of_documents().par_iter().enumerate().with_min_len(1024);
        sides
            .map(|(document, side)| match wanted.get(*side as usize) {
                Some(terms) if may_hold(document, terms) => *side,
                _ => NO_GROUP,
            })
            .collect()
    }

    /// For each term the row that it has, if that is wanted.
    fn slots(&self, rows: &[Tested], wanted: impl Fn(usize) -> bool) -> Vec<u32> {
        let mut slots = vec![NO_SLOT; self.inputs.selection.terms().len()];
        for (row, tested) in rows.iter().enumerate().filter(|(row, _)| wanted(*row)) {
            slots[tested.term as usize] = u32::try_from(row).unwrap_or(NO_SLOT);
        }
        slots
    }
}
