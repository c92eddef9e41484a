//! Which symbols have their places listed together, and where those places are.

use std::ops::Range;

use rayon::prelude::*;

use crate::analysis::ranges::ranges_up_to;
use crate::corpus::PagedRows;

use super::windows::Window;
use super::{END, Sequence, Symbol};

/// Bytes of the places that are listed at once where memory is not limited: enough to keep all threads busy, and little beside a text
/// for which it matters.
const MOST_BYTES: usize = 128 << 20;

/// Symbols of a piece whose places are numbered from its beginning, in 16 bits. In tests few, so that small texts have many strips.
const STRIP: usize = if cfg!(test) { 4 } else { 1 << 16 };

/// Symbols that follow one another, as many as there is room for, and the places of each such block in every piece: one look at the
/// whole text for all blocks, however many there are.
#[derive(Debug)]
pub(super) struct Blocks {
    symbols: Vec<Range<usize>>,
    /// For each piece, in rows by strip, then by block, the places counted from the beginning of the strip.
    places: Vec<PagedRows<u16>>,
}

impl Blocks {
    /// The blocks of these symbols.
    pub fn new<S: Symbol>(text: &Sequence<S>, is_wanted: &[bool]) -> Self {
        let most = text.room.block_bytes().min(MOST_BYTES) / size_of::<Window<S>>();
        let places = |symbol: usize| usize::try_from(text.count(symbol)).unwrap_or(usize::MAX);
        let wanted = (END + 1..text.kinds).filter(|symbol| is_wanted[*symbol]).map(|symbol| (symbol, places(symbol)));
        let symbols = ranges_up_to(most, wanted.filter(|(_, places)| *places > 0));
        // Places that nobody wants are behind those of all blocks.
        let mut block_of = vec![symbols.len() as u32; text.kinds];
        for (block, symbols) in (0..).zip(&symbols) {
            symbols.clone().filter(|symbol| is_wanted[*symbol]).for_each(|symbol| block_of[symbol] = block);
        }
        let in_piece = |piece: &PagedRows<S>| {
            let (starts, places) = by_block(&piece.all(), &block_of, symbols.len());
            PagedRows::new(&text.room, starts, places)
        };
        let places = if symbols.is_empty() { Vec::new() } else { text.pieces.par_iter().map(in_piece).collect() };
        Self { symbols, places }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// The symbols of a block, those among them that are not wanted too.
    pub fn symbols(&self, block: usize) -> Range<usize> {
        self.symbols[block].clone()
    }

    /// Calls `see` with the places of a block in a piece, ascending, and what stands around them.
    pub fn visit<S: Symbol>(&self, text: &Sequence<S>, piece: usize, block: usize, mut see: impl FnMut(Window<S>)) {
        let (places, piece, offset) = (&self.places[piece], &text.pieces[piece], text.offsets[piece]);
        let size = piece.row_len(0);
        for (number, strip) in (0..size).step_by(STRIP).enumerate() {
            let row = number * self.len() + block;
            if places.row_len(row) == 0 {
                continue;
            }
            // With what stands before the first place and behind the last one.
            let around = strip.saturating_sub(1)..size.min(strip + STRIP + size_of::<S::Window>() / size_of::<S>());
            let symbols = piece.entries(around.clone());
            for place in places.row(row).iter() {
                let at = strip + usize::from(*place);
                see(Window::new(offset + at, &symbols, at - around.start));
            }
        }
    }
}

/// The places of a piece, strip by strip and block by block, and where each of these rows begins; one more entry with the end.
fn by_block<S: Symbol>(piece: &[S], block_of: &[u32], blocks: usize) -> (Vec<u32>, Vec<u16>) {
    let mut starts = vec![0];
    let mut places: Vec<u16> = Vec::with_capacity(piece.len());
    let mut next = vec![0; blocks + 1];
    for strip in piece.chunks(STRIP) {
        next.fill(0);
        strip.iter().for_each(|symbol| next[block_of[symbol.index()] as usize] += 1);
        let mut end = places.len();
        for block in &mut next {
            end += std::mem::replace(block, end);
            starts.push(end as u32);
        }
        // The last row is of what nobody wants: it is not kept.
        starts.pop();
        let kept = next[blocks];
        places.resize(end, 0);
        for (place, symbol) in (0..=u16::MAX).zip(strip) {
            let slot = &mut next[block_of[symbol.index()] as usize];
            places[*slot] = place;
            *slot += 1;
        }
        places.truncate(kept);
    }
    (starts, places)
}
