//! Where given sequences stand.

use rayon::prelude::*;

use super::{Places, Sequence, Symbol};

/// No group.
const NONE: u32 = u32::MAX;

impl<S: Symbol> Sequence<S> {
    /// What `look` makes of the places (ascending) of each sequence. The sequences are sorted, distinct and not empty; the
    /// results are in their order.
    pub fn find_all<T: Send>(&self, sequences: &[&[u32]], look: impl Fn(usize, &[u32]) -> T + Sync) -> Vec<T> {
        let mut found = Vec::with_capacity(sequences.len());
        let mut rest = sequences;
        self.in_blocks(|places| {
            let (here, later) = rest.split_at(rest.partition_point(|sequence| (sequence[0] as usize) < places.symbols.end));
            found.extend(self.find_in(places, (sequences.len() - rest.len(), here), &look));
            rest = later;
        });
        found
    }

    /// The same for sequences whose first symbols have their places listed, behind `before` others.
    fn find_in<T: Send>(
        &self,
        places: &Places,
        (before, sequences): (usize, &[&[u32]]),
        look: &(impl Fn(usize, &[u32]) -> T + Sync),
    ) -> Vec<T> {
        let mut groups = Vec::new();
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
                    let places = places.of(group[0][0] as usize);
                    self.part(group, 1, places, group_of, &mut |at, places| out.push(look(start + at, places)));
                    out
                },
            )
            .collect();
        found.into_iter().flatten().collect()
    }

    /// Calls `emit` with the places of each of the sequences, which share their first `depth` symbols, which stand at `places`.
    fn part(&self, sequences: &[&[u32]], depth: usize, places: &[u32], group_of: &mut [u32], emit: &mut dyn FnMut(usize, &[u32])) {
        // Sorted: what ends here comes first.
        let ended = sequences.partition_point(|sequence| sequence.len() == depth);
        (0..ended).for_each(|at| emit(at, places));
        let longer: Vec<&[&[u32]]> = sequences[ended..].chunk_by(|a, b| a[depth] == b[depth]).collect();
        if longer.is_empty() {
            return;
        }
        for (group, members) in (0u32..).zip(&longer) {
            group_of[members[0][depth] as usize] = group;
        }
        let mut parts: Vec<Vec<u32>> = vec![Vec::new(); longer.len()];
        for place in places {
            let group = group_of[self.symbols[*place as usize + depth].index()];
            if group != NONE {
                parts[group as usize].push(*place);
            }
        }
        longer.iter().for_each(|members| group_of[members[0][depth] as usize] = NONE);
        let mut first = ended;
        for (members, places) in longer.into_iter().zip(parts) {
            self.part(members, depth + 1, &places, group_of, &mut |at, places| emit(first + at, places));
            first += members.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sequence_is_found_where_it_stands() {
        // Places: 0 end, 1 甲, 2 乙, 3 甲, 4 乙, 5 end, 6 乙, 7 甲, 8 end.
        for most_bytes in [usize::MAX, 12, 0] {
            let text = Sequence::new(vec![0u16, 1, 2, 1, 2, 0, 2, 1, 0], 4, most_bytes);
            let wanted: [&[u32]; 6] = [&[1], &[1, 2], &[1, 2, 1], &[2, 1], &[2, 2], &[3]];
            let found = text.find_all(&wanted, |at, places| (at, places.to_vec()));
            let expected = [vec![1, 3, 7], vec![1, 3], vec![1], vec![2, 6], vec![], vec![]];
            assert_eq!(found, expected.into_iter().enumerate().collect::<Vec<_>>());
        }
    }
}
