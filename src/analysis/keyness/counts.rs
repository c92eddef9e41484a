//! How often every term occurs on either side.

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

/// Occurrences and documents of a term.
type Pair = (u64, u64);

/// Target, reference and what is on neither side.
const PARTS: usize = 3;

/// Counts by term number. A list takes the place of the reference.
pub fn count(inputs: &Inputs<'_>, shared: &Shared, sides: &Sides, list: Option<&FrequencyList>) -> Vec<TermCounts> {
    let largest = largest_part(shared, sides);
    let sums = sums(inputs, shared, sides, largest);
    let counted = |(number, term): (usize, &Term)| {
        let mut parts: [Pair; PARTS] = std::array::from_fn(|part| sums[part].get(number).copied().unwrap_or_default());
        let walked = parts.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        parts[largest] = (term.count.tf - walked.0, term.count.df - walked.1);
        let [(tf_target, documents_target), (tf_reference, documents_reference), _] = parts;
        match list {
            Some(list) => TermCounts { tf_target, tf_reference: list.get(&term.text), documents_target, documents_reference: 0 },
            None => TermCounts { tf_target, tf_reference, documents_target, documents_reference },
        }
    };
    inputs.selection.terms().iter().enumerate().map(counted).collect()
}

/// The part of the documents of a side.
fn part_of(side: u32) -> usize {
    (side as usize).min(PARTS - 1)
}

/// The part with the most tokens: mostly the reference, which is nearly all of the corpus. It is not walked, since it is what the
/// other two leave.
fn largest_part(shared: &Shared, sides: &Sides) -> usize {
    let mut tokens = [0u64; PARTS];
    for (side, count) in sides.of_documents().iter().zip(shared.term_documents.token_counts()) {
        tokens[part_of(*side)] += count;
    }
    (0..PARTS).max_by_key(|part| tokens[*part]).unwrap_or(0)
}

/// For each part but the largest, which stays empty, the sums of every term.
fn sums(inputs: &Inputs<'_>, shared: &Shared, sides: &Sides, largest: usize) -> [Vec<Pair>; PARTS] {
    let terms = inputs.selection.terms().len();
    let mut sums: [Vec<Pair>; PARTS] = std::array::from_fn(|part| if part == largest { Vec::new() } else { vec![(0, 0); terms] });
    for (document, side) in sides.of_documents().iter().enumerate().filter(|(_, side)| part_of(**side) != largest) {
        let sums = &mut sums[part_of(*side)];
        for entry in shared.term_documents.row(document) {
            let (tf, df) = &mut sums[entry.term as usize];
            *tf += u64::from(entry.tf);
            *df += 1;
        }
    }
    sums
}
