//! Where symbols stand, with what stands around them.

use std::ops::Range;

use rayon::prelude::*;

use super::{END, Sequence, Symbol};

/// One place: the symbol before it, the symbol that stands there, and what follows. Behind an [`END`] anything may stand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Window<S: Symbol> {
    place: u32,
    symbols: S::Window,
}

impl<S: Symbol> Window<S> {
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

/// Bytes of the places that are listed at once where memory is not limited: enough to keep all threads busy, and little beside a text
/// for which it matters.
const MOST_BYTES: usize = 176 << 20;

impl<S: Symbol> Sequence<S> {
    /// Calls `visit` with the places of all wanted symbols, some at a time, in order.
    pub(super) fn in_blocks(&self, wanted: impl Fn(usize) -> bool + Sync, mut visit: impl FnMut(&Windows<S>)) {
        let most = self.room.block_bytes().min(MOST_BYTES) / size_of::<Window<S>>();
        let mut first = END + 1;
        while first < self.kinds {
            let (mut end, mut places) = (first, 0);
            while end < self.kinds {
                let more = if wanted(end) { usize::try_from(self.count(end)).unwrap_or(usize::MAX) } else { 0 };
                if places > 0 && places + more > most {
                    break;
                }
                (end, places) = (end + 1, places + more);
            }
            if places > 0 {
                visit(&self.windows(first..end, &wanted));
            }
            first = end;
        }
    }

    /// The places of each of these symbols, ascending, by a counting sort whose groups write to ranges of their own.
    fn windows(&self, symbols: Range<usize>, wanted: &(impl Fn(usize) -> bool + Sync)) -> Windows<S> {
        let is_wanted: Vec<bool> = symbols.clone().map(wanted).collect();
        let count = |group: &[u32], symbol: usize| if is_wanted[symbol - symbols.start] { group[symbol] as usize } else { 0 };
        let mut starts = Vec::with_capacity(symbols.len() + 1);
        starts.push(0);
        for symbol in symbols.clone() {
            starts.push(starts[starts.len() - 1] + self.counts.iter().map(|group| count(group, symbol)).sum::<usize>());
        }
        let mut all = vec![Window::default(); starts[symbols.len()]];
        let mut slots: Vec<Vec<&mut [Window<S>]>> = self.counts.iter().map(|_| Vec::with_capacity(symbols.len())).collect();
        let mut rest = all.as_mut_slice();
        for symbol in symbols.clone() {
            for (group, slots) in self.counts.iter().zip(&mut slots) {
                let (own, others) = rest.split_at_mut(count(group, symbol));
                slots.push(own);
                rest = others;
            }
        }
        self.groups().into_par_iter().zip(slots).for_each(|(pieces, mut slots)| self.fill(pieces, &symbols, &mut slots));
        Windows { symbols, starts, all }
    }

    /// Writes the places in some pieces to the slots of these symbols.
    fn fill(&self, pieces: Range<usize>, symbols: &Range<usize>, slots: &mut [&mut [Window<S>]]) {
        // Of their own size, for which there are vector steps. Symbols are below the number of kinds, so both fit.
        let [Ok(first), Ok(last)] = [symbols.start, symbols.end.saturating_sub(1)].map(S::try_from) else { return };
        for number in pieces {
            let piece = self.pieces[number].all();
            let offset = self.offsets[number];
            for (start, some) in (0..).step_by(LOOKED_AT).zip(piece.chunks(LOOKED_AT)) {
                // Most places are those of other symbols.
                if !some.iter().fold(false, |any, symbol| any | (first <= *symbol) & (*symbol <= last)) {
                    continue;
                }
                for (at, symbol) in (start..).zip(some) {
                    let Some(slot) = symbol.index().checked_sub(symbols.start).and_then(|own| slots.get_mut(own)) else { continue };
                    let Some((free, others)) = std::mem::take(slot).split_first_mut() else { continue };
                    *free = window(&piece, at, offset);
                    *slot = others;
                }
            }
        }
    }
}

/// Places that are passed over together if none of them is wanted.
const LOOKED_AT: usize = 16;

/// The window at a place of a piece.
fn window<S: Symbol>(piece: &[S], at: usize, offset: usize) -> Window<S> {
    Window { place: u32::try_from(offset + at).unwrap_or(u32::MAX), symbols: S::window(&piece[at.saturating_sub(1)..]) }
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
