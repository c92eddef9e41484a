//! Frequent sequences of symbols, whatever the symbols are: words for n-grams, characters for new words.
//!
//! The places of each symbol are listed once. A sequence is made one symbol longer by looking what stands behind each of its
//! places, counted in a dense table with a list of what was touched; only what is frequent is followed further, depth first.
//! So no table of all pairs is ever held, counts are exact, places stay in text order, and first symbols are independent of
//! each other (the prefix extension of PrefixSpan, Pei et al. 2001, without gaps).

mod find;
mod frequent;
mod text;

pub use frequent::{Frequent, Limits, Node, Seen, Visit};
pub use text::{PlaceEvidence, Text};

use std::ops::Range;

use rayon::prelude::*;

/// The symbol between runs: nothing runs across it.
pub const END: usize = 0;

/// A symbol as it is stored: a small whole number, [`END`] or above it.
pub trait Symbol: Copy + Send + Sync {
    /// As an index.
    fn index(self) -> usize;
}

impl Symbol for u16 {
    fn index(self) -> usize {
        usize::from(self)
    }
}

impl Symbol for u32 {
    fn index(self) -> usize {
        self as usize
    }
}

/// All runs of a corpus, one behind the other, with the places of each symbol.
pub struct Sequence<S> {
    /// Begins and ends with [`END`]; one or more of it between two runs.
    symbols: Vec<S>,
    /// Symbols are below this.
    kinds: usize,
    /// The places of symbol s are `places[starts[s]..starts[s + 1]]`, ascending; those of [`END`] are not listed.
    starts: Vec<usize>,
    places: Vec<u32>,
}

impl<S: Symbol> Sequence<S> {
    /// `symbols` begin and end with [`END`] and are all below `kinds`.
    pub fn new(symbols: Vec<S>, kinds: usize) -> Self {
        let (starts, places) = index_places(&symbols, kinds.max(1));
        Self { symbols, kinds: kinds.max(1), starts, places }
    }

    /// Where a symbol stands, ascending.
    pub fn places(&self, symbol: usize) -> &[u32] {
        &self.places[self.starts[symbol]..self.starts[symbol + 1]]
    }

    /// Occurrences of a symbol.
    pub fn count(&self, symbol: usize) -> u64 {
        self.places(symbol).len() as u64
    }

    /// Number of places, ends included.
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// The symbol at a place.
    pub fn at(&self, place: usize) -> usize {
        self.symbols[place].index()
    }

    /// Ranges of symbols with about equally many places: enough of them to keep all threads busy.
    fn tasks(&self) -> Vec<Range<usize>> {
        let wanted = self.places.len() / TASKS + 1;
        let mut tasks = Vec::new();
        let mut first = 1;
        while first < self.kinds {
            let end = self.starts.partition_point(|start| *start < self.starts[first] + wanted).clamp(first + 1, self.kinds);
            tasks.push(first..end);
            first = end;
        }
        tasks
    }
}

/// Ranges of symbols that are searched as one task: some for each thread of any machine.
const TASKS: usize = 256;
/// Parts of the text whose places are listed side by side. Each has a count for every symbol, so few.
const PARTS: usize = 4;

/// The places of every symbol, ascending, by a counting sort whose parts write to ranges of their own.
fn index_places<S: Symbol>(symbols: &[S], kinds: usize) -> (Vec<usize>, Vec<u32>) {
    let size = symbols.len().div_ceil(PARTS).max(1);
    let counts: Vec<Vec<u32>> = symbols.par_chunks(size).map(|part| count_symbols(part, kinds)).collect();
    let mut starts = vec![0; kinds + 1];
    for symbol in 1..kinds {
        starts[symbol + 1] = starts[symbol] + counts.iter().map(|part| part[symbol] as usize).sum::<usize>();
    }
    let mut places = vec![0u32; starts[kinds]];
    let mut slots: Vec<Vec<&mut [u32]>> = counts.iter().map(|_| Vec::with_capacity(kinds)).collect();
    let mut rest = places.as_mut_slice();
    for symbol in 0..kinds {
        for (part, slots) in counts.iter().zip(&mut slots) {
            let count = if symbol == END { 0 } else { part[symbol] as usize };
            let (own, others) = rest.split_at_mut(count);
            slots.push(own);
            rest = others;
        }
    }
    symbols.par_chunks(size).zip(counts).zip(slots).enumerate().for_each(|(number, ((part, mut left), mut slots))| {
        // `left` counts down, so that a part is filled from its end.
        for (at, symbol) in part.iter().enumerate().rev().filter(|(_, symbol)| symbol.index() != END) {
            let left = &mut left[symbol.index()];
            *left -= 1;
            slots[symbol.index()][*left as usize] = u32::try_from(number * size + at).unwrap_or(u32::MAX);
        }
    });
    (starts, places)
}

fn count_symbols<S: Symbol>(symbols: &[S], kinds: usize) -> Vec<u32> {
    let mut counts = vec![0; kinds];
    symbols.iter().for_each(|symbol| counts[symbol.index()] += 1);
    counts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_are_listed_in_text_order() {
        let sequence = Sequence::new(vec![0u16, 1, 2, 1, 0, 2, 0], 4);
        assert_eq!((sequence.places(1), sequence.places(2), sequence.places(3)), (&[1, 3][..], &[2, 5][..], &[][..]));
        let nothing = Sequence::new(Vec::<u32>::new(), 0);
        assert!(nothing.tasks().is_empty());
    }

    proptest! {
        #[test]
        fn tasks_hold_every_symbol_once(counts in prop::collection::vec(0usize..40, 0..30)) {
            let mut symbols = vec![0u32];
            for (symbol, count) in (1u32..).zip(&counts) {
                symbols.extend(std::iter::repeat_n(symbol, *count));
            }
            let sequence = Sequence::new(symbols, counts.len() + 1);
            let held: Vec<usize> = sequence.tasks().into_iter().flatten().collect();
            prop_assert_eq!(held, (1..counts.len() + 1).collect::<Vec<_>>());
            for (symbol, count) in (1..).zip(&counts) {
                prop_assert_eq!(sequence.count(symbol), *count as u64);
            }
        }
    }
}
