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
use std::sync::OnceLock;

use rayon::prelude::*;

/// The symbol between runs: nothing runs across it.
pub const END: usize = 0;

/// Most places of a text, ends of runs included: they are numbered in 32 bits.
pub const MOST_PLACES: u64 = u32::MAX as u64;

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

/// All runs of a corpus, one behind the other, and how often each symbol stands in them.
pub struct Sequence<S> {
    /// Begins and ends with [`END`]; one or more of it between two runs.
    symbols: Vec<S>,
    /// Symbols are below this.
    kinds: usize,
    /// Occurrences of the symbols before each, [`END`] left out; one more entry with the end.
    starts: Vec<usize>,
    /// Most places that are listed at once.
    most_places: usize,
    /// The places of all symbols, where they may all be listed at once.
    all: OnceLock<Places>,
}

/// The places of some symbols that follow one another.
pub struct Places {
    symbols: Range<usize>,
    /// Where the places of each begin in `places`; one more entry with the end.
    starts: Vec<usize>,
    places: Vec<u32>,
}

impl Places {
    /// Where a symbol stands, ascending.
    fn of(&self, symbol: usize) -> &[u32] {
        let at = symbol - self.symbols.start;
        &self.places[self.starts[at]..self.starts[at + 1]]
    }
}

impl<S: Symbol> Sequence<S> {
    /// `symbols` begin and end with [`END`] and are all below `kinds`. The list of the places of the symbols takes at most about so
    /// many bytes at once.
    pub fn new(symbols: Vec<S>, kinds: usize, most_bytes: usize) -> Self {
        let kinds = kinds.max(1);
        let size = symbols.len().div_ceil(PARTS).max(1);
        let counts: Vec<Vec<u32>> = symbols.par_chunks(size).map(|part| count_symbols(part, &(0..kinds))).collect();
        let mut starts = vec![0; kinds + 1];
        for symbol in 1..kinds {
            starts[symbol + 1] = starts[symbol] + counts.iter().map(|part| part[symbol] as usize).sum::<usize>();
        }
        Self { symbols, kinds, starts, most_places: most_bytes / size_of::<u32>(), all: OnceLock::new() }
    }

    /// Occurrences of a symbol.
    pub fn count(&self, symbol: usize) -> u64 {
        (self.starts[symbol + 1] - self.starts[symbol]) as u64
    }

    /// Number of places, ends included.
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// The symbol at a place.
    pub fn at(&self, place: usize) -> usize {
        self.symbols[place].index()
    }

    /// How often a symbol has another one behind it, added up over all symbols.
    pub fn joints(&self) -> u64 {
        let is_symbol = |symbol: &S| symbol.index() != END;
        self.symbols.par_windows(2).filter(|pair| pair.iter().all(is_symbol)).count() as u64
    }

    /// Calls `visit` with the places of all symbols, some at a time, in order.
    fn in_blocks(&self, mut visit: impl FnMut(&Places)) {
        if self.starts[self.kinds] <= self.most_places {
            return visit(self.all.get_or_init(|| index_places(&self.symbols, END + 1..self.kinds)));
        }
        let mut first = END + 1;
        while first < self.kinds {
            let fits = |end: usize| self.starts[end] - self.starts[first] <= self.most_places;
            let end = (first + 1..=self.kinds).take_while(|end| fits(*end)).last().unwrap_or(first + 1);
            visit(&index_places(&self.symbols, first..end));
            first = end;
        }
    }

    /// Ranges of these symbols with about equally many places: enough of them to keep all threads busy.
    fn tasks(&self, symbols: Range<usize>) -> Vec<Range<usize>> {
        let wanted = (self.starts[symbols.end] - self.starts[symbols.start]) / TASKS + 1;
        let mut tasks = Vec::new();
        let mut first = symbols.start;
        while first < symbols.end {
            let end = self.starts.partition_point(|start| *start < self.starts[first] + wanted).clamp(first + 1, symbols.end);
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

/// The places of each of these symbols, ascending, by a counting sort whose parts write to ranges of their own.
fn index_places<S: Symbol>(symbols: &[S], wanted: Range<usize>) -> Places {
    let size = symbols.len().div_ceil(PARTS).max(1);
    let counts: Vec<Vec<u32>> = symbols.par_chunks(size).map(|part| count_symbols(part, &wanted)).collect();
    let mut starts = vec![0; wanted.len() + 1];
    for at in 0..wanted.len() {
        starts[at + 1] = starts[at] + counts.iter().map(|part| part[at] as usize).sum::<usize>();
    }
    let mut places = vec![0u32; starts[wanted.len()]];
    let mut slots: Vec<Vec<&mut [u32]>> = counts.iter().map(|_| Vec::with_capacity(wanted.len())).collect();
    let mut rest = places.as_mut_slice();
    for at in 0..wanted.len() {
        for (part, slots) in counts.iter().zip(&mut slots) {
            let (own, others) = rest.split_at_mut(part[at] as usize);
            slots.push(own);
            rest = others;
        }
    }
    symbols.par_chunks(size).zip(counts).zip(slots).enumerate().for_each(|(number, ((part, mut left), mut slots))| {
        // `left` counts down, so that a part is filled from its end.
        for (at, symbol) in part.iter().enumerate().rev().filter(|(_, symbol)| wanted.contains(&symbol.index())) {
            let own = symbol.index() - wanted.start;
            left[own] -= 1;
            slots[own][left[own] as usize] = u32::try_from(number * size + at).unwrap_or(u32::MAX);
        }
    });
    Places { symbols: wanted, starts, places }
}

/// How often each of these symbols stands there.
fn count_symbols<S: Symbol>(symbols: &[S], wanted: &Range<usize>) -> Vec<u32> {
    let mut counts = vec![0; wanted.len()];
    let indices = symbols.iter().map(|symbol| symbol.index()).filter(|symbol| wanted.contains(symbol));
    indices.for_each(|symbol| counts[symbol - wanted.start] += 1);
    counts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_are_listed_in_text_order() {
        for (most_bytes, blocks) in [(usize::MAX, 1), (8, 2), (0, 3)] {
            let sequence = Sequence::new(vec![0u16, 1, 2, 1, 0, 2, 0], 4, most_bytes);
            let mut found = Vec::new();
            let mut number = 0;
            sequence.in_blocks(|places| {
                number += 1;
                found.extend(places.symbols.clone().map(|symbol| places.of(symbol).to_vec()));
            });
            assert_eq!((found, number), (vec![vec![1, 3], vec![2, 5], vec![]], blocks));
            assert_eq!((sequence.count(1), sequence.count(3), sequence.joints()), (2, 0, 2));
        }
        let nothing = Sequence::new(Vec::<u32>::new(), 0, usize::MAX);
        assert_eq!((nothing.len(), nothing.joints()), (0, 0));
    }

    proptest! {
        #[test]
        fn tasks_hold_every_symbol_once(counts in prop::collection::vec(0usize..40, 0..30)) {
            let mut symbols = vec![0u32];
            for (symbol, count) in (1u32..).zip(&counts) {
                symbols.extend(std::iter::repeat_n(symbol, *count));
            }
            let sequence = Sequence::new(symbols, counts.len() + 1, usize::MAX);
            let held: Vec<usize> = sequence.tasks(1..counts.len() + 1).into_iter().flatten().collect();
            prop_assert_eq!(held, (1..counts.len() + 1).collect::<Vec<_>>());
            for (symbol, count) in (1..).zip(&counts) {
                prop_assert_eq!(sequence.count(symbol), *count as u64);
            }
        }
    }
}
