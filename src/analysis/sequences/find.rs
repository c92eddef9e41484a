//! Where given sequences stand.

use std::ops::Range;

use rayon::prelude::*;

use super::windows::{Window, Windows};
use super::{Sequence, Symbol};

/// Some places of one symbol, in text order.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a, S: Symbol> {
    windows: &'a Windows<S>,
    rows: &'a [u32],
}

impl<'a, S: Symbol> Rows<'a, S> {
    pub(super) fn new(windows: &'a Windows<S>, rows: &'a [u32]) -> Self {
        Self { windows, rows }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// What stands around each.
    pub fn windows(&self) -> impl Iterator<Item = &'a Window<S>> + use<'a, S> {
        let windows = self.windows;
        self.rows.iter().map(move |row| &windows.all[*row as usize])
    }

    /// Where they are, ascending.
    pub fn places(&self) -> impl Iterator<Item = u32> + use<'a, S> {
        self.windows().map(Window::place)
    }
}

/// No group.
const NONE: u32 = u32::MAX;

impl<S: Symbol> Sequence<S> {
    /// What `look` makes of the places of each sequence. The sequences are sorted, distinct, not empty and not longer than a window;
    /// the results are in their order.
    pub fn find_all<T: Send>(&self, sequences: &[&[u32]], look: impl Fn(usize, Rows<'_, S>) -> T + Sync) -> Vec<T> {
        let mut is_first = vec![false; self.kinds];
        sequences.iter().for_each(|sequence| is_first[sequence[0] as usize] = true);
        let mut found = Vec::with_capacity(sequences.len());
        let nowhere = |found: &mut Vec<T>, until: usize| {
            // First symbols that do not stand in the text have no block.
            let nothing = Windows::none();
            (found.len()..until).for_each(|at| found.push(look(at, Rows::new(&nothing, &[]))));
        };
        self.in_blocks(
            |symbol| is_first[symbol],
            |windows| {
                let place_of = |symbol: usize| sequences.partition_point(|sequence| (sequence[0] as usize) < symbol);
                nowhere(&mut found, place_of(windows.symbols.start));
                let here = found.len()..place_of(windows.symbols.end);
                found.extend(self.find_in(windows, (here.start, &sequences[here]), &look));
            },
        );
        nowhere(&mut found, sequences.len());
        found
    }

    /// The same for sequences whose first symbols have their places listed, behind `before` others.
    fn find_in<T: Send>(
        &self,
        windows: &Windows<S>,
        (before, sequences): (usize, &[&[u32]]),
        look: &(impl Fn(usize, Rows<'_, S>) -> T + Sync),
    ) -> Vec<T> {
        let mut groups: Vec<(usize, &[&[u32]])> = Vec::new();
        let mut start = before;
        for group in sequences.chunk_by(|a, b| a[0] == b[0]) {
            groups.push((start, group));
            start += group.len();
        }
        let found: Vec<Vec<T>> = groups
            .into_par_iter()
            .with_max_len(16)
            .map_init(
                || vec![NONE; self.kinds],
                |group_of, (start, group)| {
                    let mut out = Vec::with_capacity(group.len());
                    let rows: Range<usize> = windows.of(group[0][0] as usize);
                    let rows: Vec<u32> = rows.map(|row| row as u32).collect();
                    part(windows, group, (1, &rows), group_of, &mut |at, rows| out.push(look(start + at, Rows::new(windows, rows))));
                    out
                },
            )
            .collect();
        found.into_iter().flatten().collect()
    }
}

/// Calls `emit` with the places of each of the sequences, which share their first `depth` symbols, which stand at these places.
fn part<S: Symbol>(
    windows: &Windows<S>,
    sequences: &[&[u32]],
    (depth, rows): (usize, &[u32]),
    group_of: &mut [u32],
    emit: &mut dyn FnMut(usize, &[u32]),
) {
    // Sorted: what ends here comes first.
    let ended = sequences.partition_point(|sequence| sequence.len() == depth);
    (0..ended).for_each(|at| emit(at, rows));
    let longer: Vec<&[&[u32]]> = sequences[ended..].chunk_by(|a, b| a[depth] == b[depth]).collect();
    if longer.is_empty() {
        return;
    }
    for (group, members) in (0u32..).zip(&longer) {
        group_of[members[0][depth] as usize] = group;
    }
    let mut parts: Vec<Vec<u32>> = vec![Vec::new(); longer.len()];
    for row in rows {
        let group = group_of[windows.all[*row as usize].at(depth)];
        if group != NONE {
            parts[group as usize].push(*row);
        }
    }
    longer.iter().for_each(|members| group_of[members[0][depth] as usize] = NONE);
    let mut first = ended;
    for (members, rows) in longer.into_iter().zip(parts) {
        part(windows, members, (depth + 1, &rows), group_of, &mut |at, rows| emit(first + at, rows));
        first += members.len();
    }
}

#[cfg(test)]
mod tests {
    use super::super::sequence;
    use crate::corpus::Room;

    #[test]
    fn every_sequence_is_found_where_it_stands() {
        // Places: 0 end, 1 甲, 2 乙, 3 甲, 4 乙, 5 end, 6 乙, 7 甲, 8 end; in two pieces there is one more end before 6.
        let wanted: [&[u32]; 6] = [&[1], &[1, 2], &[1, 2, 1], &[2, 1], &[2, 2], &[3]];
        for (room, pieces) in [(Room::unlimited(), 1), (Room::of_bytes(0, tempfile::tempfile().unwrap()), 1), (Room::unlimited(), 2)] {
            let text = sequence(&[vec![1u16, 2, 1, 2], vec![2, 1]], 4, pieces, &room);
            let found = text.find_all(&wanted, |at, rows| (at, rows.places().collect::<Vec<_>>()));
            let more = pieces as u32 - 1;
            let expected = [vec![1, 3, 7 + more], vec![1, 3], vec![1], vec![2, 6 + more], vec![], vec![]];
            assert_eq!(found, expected.into_iter().enumerate().collect::<Vec<_>>());
        }
        let text = sequence(&[vec![3u32, 3]], 5, 1, &Room::unlimited());
        assert_eq!(text.find_all(&[&[1], &[3], &[4, 3]], |_, rows| rows.len()), [0, 2, 0]);
    }
}
