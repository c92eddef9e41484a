//! Where symbols stand, with what stands around them.

use std::ops::Range;

use rayon::prelude::*;

use super::blocks::Blocks;
use super::{END, Sequence, Symbol};

/// One place: the symbol before it, the symbol that stands there, and what follows. Behind an [`END`] anything may stand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Window<S: Symbol> {
    place: u32,
    symbols: S::Window,
}

impl<S: Symbol> Window<S> {
    /// The place of this number, which stands at `at` in some symbols of a text.
    pub(super) fn new(place: usize, symbols: &[S], at: usize) -> Self {
        Self { place: u32::try_from(place).unwrap_or(u32::MAX), symbols: S::window(&symbols[at.saturating_sub(1)..]) }
    }

    /// Where it is, ends of runs counted too.
    pub fn place(&self) -> u32 {
        self.place
    }

    /// What stands before the place.
    pub fn before(&self) -> usize {
        self.symbols.as_ref()[0].index()
    }

    /// What stands so many symbols behind the place; nothing farther than the longest sequence is known.
    pub fn at(&self, distance: usize) -> usize {
        self.symbol(distance).index()
    }

    pub(super) fn symbol(&self, distance: usize) -> S {
        self.symbols.as_ref()[distance + 1]
    }
}

/// The places of some symbols that follow one another.
#[derive(Debug)]
pub(super) struct Windows<S: Symbol> {
    pub symbols: Range<usize>,
    /// Where the places of each symbol begin; one more entry with the end.
    starts: Vec<usize>,
    /// By symbol, then by place.
    pub all: Vec<Window<S>>,
}

impl<S: Symbol> Windows<S> {
    /// No places of no symbols.
    pub fn none() -> Self {
        Self { symbols: 0..0, starts: vec![0], all: Vec::new() }
    }

    /// The numbers of the places of a symbol, in text order.
    pub fn of(&self, symbol: usize) -> Range<usize> {
        let at = symbol - self.symbols.start;
        self.starts[at]..self.starts[at + 1]
    }
}

impl<S: Symbol> Sequence<S> {
    /// Calls `visit` with the places of all wanted symbols, some at a time, in order.
    pub(super) fn in_blocks(&self, wanted: impl Fn(usize) -> bool + Sync, mut visit: impl FnMut(&Windows<S>)) {
        let is_wanted: Vec<bool> = (0..self.kinds).map(|symbol| symbol != END && wanted(symbol)).collect();
        let blocks = Blocks::new(self, &is_wanted);
        // In the same memory for all blocks: new pages take about as long as what is written to them.
        let mut all = Vec::new();
        for block in 0..blocks.len() {
            let windows = self.windows(&blocks, block, &is_wanted, all);
            visit(&windows);
            all = windows.all;
        }
    }

    /// The places of the symbols of a block, ascending, by a counting sort whose groups write to ranges of their own. What is in `all`
    /// is overwritten.
    fn windows(&self, blocks: &Blocks, block: usize, is_wanted: &[bool], mut all: Vec<Window<S>>) -> Windows<S> {
        let symbols = blocks.symbols(block);
        let count = |group: &[u32], symbol: usize| if is_wanted[symbol] { group[symbol] as usize } else { 0 };
        let mut starts = Vec::with_capacity(symbols.len() + 1);
        starts.push(0);
        for symbol in symbols.clone() {
            starts.push(starts[starts.len() - 1] + self.counts.iter().map(|group| count(group, symbol)).sum::<usize>());
        }
        all.resize(starts[symbols.len()], Window::default());
        let mut slots: Vec<Vec<&mut [Window<S>]>> = self.counts.iter().map(|_| Vec::with_capacity(symbols.len())).collect();
        let mut rest = all.as_mut_slice();
        for symbol in symbols.clone() {
            for (group, slots) in self.counts.iter().zip(&mut slots) {
                let (own, others) = rest.split_at_mut(count(group, symbol));
                slots.push(own);
                rest = others;
            }
        }
        self.groups().into_par_iter().zip(slots).for_each(|(pieces, mut slots)| {
            pieces.for_each(|piece| blocks.visit(self, piece, block, |window| fill(window, symbols.start, &mut slots)));
        });
        Windows { symbols, starts, all }
    }
}

/// Writes a window to the next free slot of its symbol; the first slots are those of the symbol `first`.
fn fill<S: Symbol>(window: Window<S>, first: usize, slots: &mut [&mut [Window<S>]]) {
    let Some(slot) = window.at(0).checked_sub(first).and_then(|own| slots.get_mut(own)) else { return };
    let Some((free, others)) = std::mem::take(slot).split_first_mut() else { return };
    *free = window;
    *slot = others;
}

#[cfg(test)]
mod tests {
    use super::super::sequence;
    use super::*;
    use crate::corpus::Room;

    #[test]
    fn places_are_listed_in_text_order_with_what_stands_around_them() {
        // Places in one piece: 0 end, 1 甲, 2 乙, 3 甲, 4 end, 5 乙, 6 end.
        for (room, blocks) in [(Room::unlimited(), 1), (Room::of_bytes(0, tempfile::tempfile().unwrap()), 2)] {
            let text = sequence(&[vec![1u16, 2, 1], vec![2]], 4, 1, &room);
            let (mut found, mut number) = (Vec::new(), 0);
            text.in_blocks(
                |_| true,
                |windows| {
                    number += 1;
                    for symbol in windows.symbols.clone() {
                        let of_symbol = &windows.all[windows.of(symbol)];
                        found.push(of_symbol.iter().map(|w| (w.place(), w.before(), w.at(0), w.at(1))).collect::<Vec<_>>());
                    }
                },
            );
            let expected = [vec![(1, 0, 1, 2), (3, 2, 1, 0)], vec![(2, 1, 2, 1), (5, 0, 2, 0)], vec![]];
            assert_eq!((&found[..], number), (&expected[..found.len()], blocks));
            assert!(found.len() >= 2, "{found:?}");
        }
    }

    #[test]
    fn only_wanted_symbols_are_listed() {
        let text = sequence(&[vec![1u32, 2, 3], vec![3, 1]], 4, 2, &Room::unlimited());
        let mut found = Vec::new();
        text.in_blocks(|symbol| symbol != 2, |windows| found.extend(windows.all.iter().map(Window::place)));
        assert_eq!(found, [1, 7, 3, 6]);
    }
}
