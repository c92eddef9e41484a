//! How often things occur in the documents of two sides, without walking the largest part of a corpus.

/// What is counted of one thing in some documents. Whole numbers whose sum does not depend on an order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SideCount {
    /// Occurrences.
    pub count: u64,
    /// Documents that hold it.
    pub documents: u64,
}

/// Calls a function with each thing that a document holds, once, and how often it does.
pub type InDocument<'f> = &'f dyn Fn(usize, &mut dyn FnMut(u32, u64));

/// The first side, the second, and what is on neither.
const PARTS: usize = 3;

/// For each thing by number its counts on the sides 0 and 1. `of_document` gives the side of each document, anything above for
/// neither; `sizes` its tokens; `totals` the counts over all documents.
///
/// The part with the most tokens, mostly the one that is nearly all of the corpus, is what the other two leave.
pub fn count(of_document: &[u32], sizes: &[u64], totals: &[SideCount], in_document: InDocument<'_>) -> Vec<[SideCount; 2]> {
    let largest = largest_part(of_document, sizes);
    let mut walked: [Vec<SideCount>; PARTS] =
        std::array::from_fn(|part| if part == largest { Vec::new() } else { vec![SideCount::default(); totals.len()] });
    for (document, side) in of_document.iter().enumerate().filter(|(_, side)| part_of(**side) != largest) {
        let sums = &mut walked[part_of(*side)];
        in_document(document, &mut |thing, count| {
            let sum = &mut sums[thing as usize];
            sum.count += count;
            sum.documents += 1;
        });
    }
    let of_thing = |(number, total): (usize, &SideCount)| {
        let mut parts: [SideCount; PARTS] = std::array::from_fn(|part| walked[part].get(number).copied().unwrap_or_default());
        let others = parts.iter().fold(SideCount::default(), |sum, part| sum.plus(*part));
        parts[largest] = SideCount { count: total.count - others.count, documents: total.documents - others.documents };
        [parts[0], parts[1]]
    };
    totals.iter().enumerate().map(of_thing).collect()
}

impl SideCount {
    /// The counts of these documents and of others.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { count: self.count + other.count, documents: self.documents + other.documents }
    }
}

fn part_of(side: u32) -> usize {
    (side as usize).min(PARTS - 1)
}

fn largest_part(of_document: &[u32], sizes: &[u64]) -> usize {
    let mut tokens = [0u64; PARTS];
    for (side, size) in of_document.iter().zip(sizes) {
        tokens[part_of(*side)] += size;
    }
    (0..PARTS).max_by_key(|part| tokens[*part]).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::group_counts::NO_GROUP;

    fn walked(documents: &[(u32, Vec<u8>)], side: Option<u32>) -> Vec<SideCount> {
        let mut sums = vec![SideCount::default(); 4];
        for (_, counts) in documents.iter().filter(|(at, _)| side.is_none_or(|side| side == *at)) {
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum = sum.plus(SideCount { count: u64::from(*count), documents: u64::from(*count > 0) });
            }
        }
        sums
    }

    proptest! {
        #[test]
        fn what_is_left_is_what_walking_gives(
            documents in prop::collection::vec((prop::sample::select(vec![0, 1, NO_GROUP]), prop::collection::vec(0u8..4, 4)), 0..20)
        ) {
            let of_document: Vec<u32> = documents.iter().map(|(side, _)| *side).collect();
            let sizes: Vec<u64> = documents.iter().map(|(_, counts)| counts.iter().map(|count| u64::from(*count)).sum()).collect();
            let in_document = |document: usize, visit: &mut dyn FnMut(u32, u64)| {
                (0..).zip(&documents[document].1).filter(|(_, count)| **count > 0).for_each(|(thing, count)| visit(thing, u64::from(*count)));
            };
            let counted = count(&of_document, &sizes, &walked(&documents, None), &in_document);
            let sides = [walked(&documents, Some(0)), walked(&documents, Some(1))];
            prop_assert_eq!(counted, (0..4).map(|thing| [sides[0][thing], sides[1][thing]]).collect::<Vec<_>>());
        }
    }
}
