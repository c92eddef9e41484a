//! Frequent sequences of symbols, whatever the symbols are: words for n-grams, characters for new words.
//!
//! Each place of a symbol is copied out with what stands around it ([`windows`]), first symbol by first symbol: as many at once as
//! there is room for. A sequence is made one symbol longer by looking what stands behind each of its places, counted in a dense
//! table with a list of what was touched; only what is frequent is followed further, depth first ([`frequent`]). So no table of all
//! pairs is ever held, counts are exact, places stay in text order, and first symbols are independent of each other (the prefix
//! extension of PrefixSpan, Pei et al. 2001, without gaps).

mod blocks;
mod find;
mod frequent;
mod text;
mod tree;
mod windows;

pub use find::Rows;
pub use frequent::{Limits, Seen, Visit};
pub use text::{PlaceEvidence, Text};
pub use tree::{Frequent, Node};
pub use windows::Window;

use std::fmt::Debug;
use std::ops::Range;

use rayon::prelude::*;

use crate::corpus::{Entry, PagedRows, Room};

/// The symbol between runs: nothing runs across it.
pub const END: usize = 0;

/// Most places of a text, ends of runs included: they are numbered in 32 bits.
pub const MOST_PLACES: u64 = u32::MAX as u64;

/// A symbol as it is stored: a small whole number, [`END`] or above it.
pub trait Symbol: Copy + Default + Debug + Send + Sync + Entry {
    /// One symbol, those of the longest sequence, and one more.
    type Window: Copy + Default + Debug + Send + Sync + AsRef<[Self]>;

    /// As an index.
    fn index(self) -> usize;
    /// The first symbols of these, with [`END`] behind them where they are too few.
    fn window(symbols: &[Self]) -> Self::Window;
}

impl Symbol for u16 {
    type Window = [u16; 10];

    fn index(self) -> usize {
        usize::from(self)
    }

    fn window(symbols: &[Self]) -> Self::Window {
        first_of(symbols)
    }
}

impl Symbol for u32 {
    type Window = [u32; 7];

    fn index(self) -> usize {
        self as usize
    }

    fn window(symbols: &[Self]) -> Self::Window {
        first_of(symbols)
    }
}

/// Nearly always there are enough of them, and then their number is known when this is compiled.
fn first_of<S: Symbol, const N: usize>(symbols: &[S]) -> [S; N] {
    symbols.first_chunk().copied().unwrap_or_else(|| std::array::from_fn(|at| symbols.get(at).copied().unwrap_or_default()))
}

/// All runs of a corpus, one behind the other, and how often each symbol stands in them.
#[derive(Debug)]
pub struct Sequence<S> {
    /// The runs in pieces, each of which begins with [`END`]; one or more of it stand between two runs.
    pieces: Vec<PagedRows<S>>,
    /// The place of the first symbol of each piece; one more entry with the end.
    offsets: Vec<usize>,
    /// Symbols are below this.
    kinds: usize,
    /// For each of some groups of pieces how often each symbol stands there, [`END`] left out.
    counts: Vec<Vec<u32>>,
    /// Symbols that have another one behind them.
    joints: u64,
    room: Room,
}

/// Groups of pieces that are looked through side by side. Each has a count for every symbol, so few.
const GROUPS: usize = 4;

impl<S: Symbol> Sequence<S> {
    /// Each piece is one row, begins with [`END`] and holds symbols below `kinds`. What is made of them lies where `room` has some.
    pub fn new(pieces: Vec<PagedRows<S>>, kinds: usize, room: &Room) -> Self {
        let mut offsets = vec![0];
        offsets.extend(pieces.iter().scan(0, |end, piece| {
            *end += piece.row_len(0);
            Some(*end)
        }));
        let kinds = kinds.max(1);
        let mut all = Self { pieces, offsets, kinds, counts: Vec::new(), joints: 0, room: room.clone() };
        let counted: Vec<(Vec<u32>, u64)> = all.groups().into_par_iter().map(|group| all.count_group(group)).collect();
        all.joints = counted.iter().map(|(_, joints)| joints).sum();
        all.counts = counted.into_iter().map(|(counts, _)| counts).collect();
        all
    }

    /// The numbers of the pieces of each group.
    fn groups(&self) -> Vec<Range<usize>> {
        let size = self.pieces.len().div_ceil(GROUPS).max(1);
        (0..self.pieces.len()).step_by(size).map(|first| first..self.pieces.len().min(first + size)).collect()
    }

    /// How often each symbol stands in these pieces, and how often one follows another.
    fn count_group(&self, pieces: Range<usize>) -> (Vec<u32>, u64) {
        let (mut counts, mut joints) = (vec![0; self.kinds], 0);
        for piece in &self.pieces[pieces] {
            let mut last = END;
            for symbol in piece.all().iter().map(|symbol| symbol.index()) {
                counts[symbol] += 1;
                joints += u64::from(last != END && symbol != END);
                last = symbol;
            }
        }
        counts[END] = 0;
        (counts, joints)
    }

    /// Occurrences of a symbol.
    pub fn count(&self, symbol: usize) -> u64 {
        self.counts.iter().map(|group| u64::from(group[symbol])).sum()
    }

    /// Number of places, ends included.
    pub fn len(&self) -> usize {
        self.offsets.last().copied().unwrap_or(0)
    }

    /// How often a symbol has another one behind it, added up over all symbols.
    pub fn joints(&self) -> u64 {
        self.joints
    }
}

/// Runs as a sequence in as many pieces as asked for: for tests.
#[cfg(test)]
fn sequence<S: Symbol>(runs: &[Vec<S>], kinds: usize, pieces: usize, room: &Room) -> Sequence<S> {
    let piece = |runs: &[Vec<S>]| {
        let symbols: Vec<S> =
            std::iter::once(S::default()).chain(runs.iter().flat_map(|run| run.iter().copied().chain([S::default()]))).collect();
        PagedRows::new(room, vec![0, symbols.len() as u32], symbols)
    };
    Sequence::new(runs.chunks(runs.len().div_ceil(pieces).max(1)).map(piece).collect(), kinds, room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_and_joints_are_counted() {
        for pieces in [1, 2, 3] {
            let text = sequence(&[vec![1u16, 2, 1], vec![], vec![2, 2]], 4, pieces, &Room::unlimited());
            assert_eq!(((1..4).map(|symbol| text.count(symbol)).collect::<Vec<_>>(), text.joints()), (vec![2, 3, 0], 3));
        }
        let nothing = sequence::<u32>(&[], 0, 1, &Room::unlimited());
        assert_eq!((nothing.len(), nothing.joints()), (0, 0));
    }
}
