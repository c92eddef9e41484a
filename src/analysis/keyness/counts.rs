//! How often every term occurs on either side.

use crate::analysis::side_counts::{self, SideCount};
use crate::analysis::{Inputs, Shared};
use crate::corpus::Term;
use crate::lexicon::FrequencyList;

use super::sides::Sides;

/// What is counted of one term.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TermCounts {
    /// Occurrences in the target.
    pub tf_target: u64,
    /// Occurrences in the reference.
    pub tf_reference: u64,
    /// Documents of the target that hold it.
    pub documents_target: u64,
    /// Documents of the reference that hold it; 0 for a list, which has none.
    pub documents_reference: u64,
}

/// Counts by term number. A list takes the place of the reference.
pub fn count(inputs: &Inputs<'_>, shared: &Shared, sides: &Sides, list: Option<&FrequencyList>) -> Vec<TermCounts> {
    let terms = inputs.selection.terms();
    let totals: Vec<SideCount> = terms.iter().map(|term| SideCount { count: term.count.tf, documents: term.count.df }).collect();
    let (documents, of_document) = (&shared.term_documents, sides.of_documents());
    let counts = side_counts::count(of_document, documents.token_counts(), &totals, &|document, visit| {
        documents.row(document).iter().for_each(|entry| visit(entry.term, u64::from(entry.tf)));
    });
    let of_term = |([target, reference], term): ([SideCount; 2], &Term)| {
        let reference = list.map_or(reference, |list| SideCount { count: list.get(&term.text), documents: 0 });
        TermCounts {
            tf_target: target.count,
            tf_reference: reference.count,
            documents_target: target.documents,
            documents_reference: reference.documents,
        }
    };
    counts.into_iter().zip(terms).map(of_term).collect()
}
