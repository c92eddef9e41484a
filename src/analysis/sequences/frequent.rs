//! The search for all frequent sequences.

use std::ops::Range;

use rayon::prelude::*;

use crate::analysis::ranges::ranges_up_to;
use crate::corpus::PagedRows;

use super::tree::{Frequent, Node, Part, Root};
use super::windows::{Window, Windows};
use super::{END, Rows, Sequence, Symbol};

/// What is searched for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Fewest occurrences, at least 1.
    pub min_count: u32,
    /// Symbols of the longest sequence, at least 1.
    pub longest: usize,
}

/// A frequent sequence while its places are at hand.
pub struct Seen<'a, S: Symbol> {
    /// Its symbols.
    pub sequence: &'a [u32],
    /// The counts of its beginnings, from the first symbol to the whole.
    pub counts: &'a [u32],
    /// Where it begins.
    pub rows: Rows<'a, S>,
    /// What stands behind it, in no order, [`END`] included.
    pub next: &'a [u32],
    /// How often, by symbol.
    pub next_counts: &'a [u32],
}

/// Who looks at sequences while they are found.
pub trait Visit<S: Symbol>: Send {
    /// Whether it wants to see any: if not, nobody counts what follows the longest ones.
    const LOOKS: bool;
    /// Called with every frequent sequence of two symbols or more.
    fn see(&mut self, seen: &Seen<'_, S>);
}

impl<S: Symbol> Visit<S> for () {
    const LOOKS: bool = false;
    fn see(&mut self, _: &Seen<'_, S>) {}
}

/// First symbols with about one part in so many of all places are searched as one task.
const TASKS: usize = 512;

impl<S: Symbol> Sequence<S> {
    /// The frequent sequences, and the visitors that have seen them, in the order of first symbols.
    pub fn frequent<V: Visit<S>>(&self, limits: Limits, visitor: impl Fn() -> V + Sync) -> (Frequent, Vec<V>) {
        let is_frequent = |symbol: usize| self.count(symbol) >= u64::from(limits.min_count);
        let (mut parts, mut visitors) = (Vec::new(), Vec::new());
        self.in_blocks(is_frequent, |windows| {
            let search = |walker: &mut Walker<'_, S>, symbols: Range<usize>| {
                let (nodes, first, visitor) = walker.search(symbols.clone(), visitor());
                let roots = nodes[..first].iter().map(|node| Root::new(*node, &nodes)).collect();
                let nodes = PagedRows::new(&self.room, vec![0, u32::try_from(nodes.len()).unwrap_or(u32::MAX)], nodes);
                ((Part { symbols, nodes }, roots), visitor)
            };
            let tasks = self.tasks(windows).into_par_iter().with_max_len(1);
            let found: Vec<_> = tasks.map_init(|| Walker::new(self, windows, limits), search).collect();
            for (part, visitor) in found {
                parts.push(part);
                visitors.push(visitor);
            }
        });
        (Frequent::new(parts, self.kinds), visitors)
    }

    /// Ranges of these symbols with about equally many places.
    fn tasks(&self, windows: &Windows<S>) -> Vec<Range<usize>> {
        ranges_up_to(self.len() / TASKS + 1, windows.symbols.clone().map(|symbol| (symbol, windows.of(symbol).len())))
    }
}

/// What one thread needs for the search, in buffers that are used again.
struct Walker<'a, S: Symbol> {
    windows: &'a Windows<S>,
    limits: Limits,
    /// By symbol, how often it follows; all zero between two sequences.
    counts: Vec<u32>,
    /// By symbol, where its next place goes; [`NOT_FOLLOWED`] for those that are not frequent.
    slots: Vec<u32>,
    levels: Vec<Level<S>>,
    nodes: Vec<Node>,
    path: Vec<u32>,
    path_counts: Vec<u32>,
}

const NOT_FOLLOWED: u32 = u32::MAX;

/// The buffers of one length of sequences.
struct Level<S> {
    touched: Vec<u32>,
    /// What follows each place.
    next: Vec<S>,
    /// The places of all children, child by child.
    rows: Vec<u32>,
}

impl<S> Default for Level<S> {
    fn default() -> Self {
        Self { touched: Vec::new(), next: Vec::new(), rows: Vec::new() }
    }
}

impl<'a, S: Symbol> Walker<'a, S> {
    fn new(text: &'a Sequence<S>, windows: &'a Windows<S>, limits: Limits) -> Self {
        Self {
            windows,
            limits,
            counts: vec![0; text.kinds],
            slots: vec![NOT_FOLLOWED; text.kinds],
            levels: (0..limits.longest).map(|_| Level::default()).collect(),
            nodes: Vec::new(),
            path: Vec::new(),
            path_counts: Vec::new(),
        }
    }

    /// All frequent sequences that begin with these symbols: their nodes, of which those of one symbol are the first; and how many
    /// those are.
    fn search<V: Visit<S>>(&mut self, symbols: Range<usize>, mut visitor: V) -> (Vec<Node>, usize, V) {
        let of_symbol = symbols.map(|symbol| (symbol, self.windows.of(symbol))).filter(|(_, rows)| !rows.is_empty());
        let first: Vec<(usize, Range<usize>)> = of_symbol.collect();
        self.nodes.extend(first.iter().map(|(symbol, rows)| Node::new(*symbol as u32, rows.len() as u32)));
        let mut numbers: Vec<u32> = Vec::new();
        for (node, (symbol, rows)) in first.iter().enumerate() {
            numbers.clear();
            numbers.extend(rows.clone().map(|row| row as u32));
            self.extend(node, *symbol as u32, &numbers, &mut visitor);
        }
        (std::mem::take(&mut self.nodes), first.len(), visitor)
    }

    fn window(&self, row: u32) -> &'a Window<S> {
        &self.windows.all[row as usize]
    }

    /// Looks what stands behind the sequence of `node`, whose last symbol and places these are.
    fn extend<V: Visit<S>>(&mut self, node: usize, symbol: u32, rows: &[u32], visitor: &mut V) {
        self.path.push(symbol);
        self.path_counts.push(rows.len() as u32);
        let length = self.path.len();
        let is_longest = length == self.limits.longest;
        if is_longest && !V::LOOKS {
            self.nodes[node].preceded = rows.iter().map(|row| u32::from(self.window(*row).before() != END)).sum();
        } else {
            let mut level = std::mem::take(&mut self.levels[length - 1]);
            self.nodes[node].preceded = self.count_next(rows, &mut level);
            self.nodes[node].followed = rows.len() as u32 - self.counts[END];
            if length > 1 {
                visitor.see(&Seen {
                    sequence: &self.path,
                    counts: &self.path_counts,
                    rows: Rows::new(self.windows, rows),
                    next: &level.touched,
                    next_counts: &self.counts,
                });
            }
            let children = if is_longest { Vec::new() } else { self.frequent_next(&mut level.touched) };
            level.touched.iter().for_each(|symbol| self.counts[*symbol as usize] = 0);
            self.counts[END] = 0;
            if !children.is_empty() {
                self.descend(node, rows, &children, &mut level, visitor);
            }
            self.levels[length - 1] = level;
        }
        self.path.pop();
        self.path_counts.pop();
    }

    /// Counts what follows the places and lists it, place by place and without repetition. Returns how many places something
    /// precedes.
    fn count_next(&mut self, rows: &[u32], level: &mut Level<S>) -> u32 {
        level.touched.clear();
        level.next.clear();
        let length = self.path.len();
        let mut preceded = 0;
        for row in rows {
            let window = self.window(*row);
            preceded += u32::from(window.before() != END);
            let next = window.symbol(length);
            level.next.push(next);
            let count = &mut self.counts[next.index()];
            if *count == 0 {
                level.touched.push(next.index() as u32);
            }
            *count += 1;
        }
        preceded
    }

    /// The frequent symbols among those touched, ascending, with their counts.
    fn frequent_next(&self, touched: &mut [u32]) -> Vec<(u32, u32)> {
        let counted = touched.iter().map(|symbol| (*symbol, self.counts[*symbol as usize]));
        let mut children: Vec<(u32, u32)> =
            counted.filter(|(symbol, count)| *symbol as usize != END && *count >= self.limits.min_count).collect();
        children.sort_unstable();
        children
    }

    /// Parts the places by what follows, and looks at each part.
    fn descend<V: Visit<S>>(&mut self, node: usize, rows: &[u32], children: &[(u32, u32)], level: &mut Level<S>, visitor: &mut V) {
        let first = self.nodes.len();
        self.nodes.extend(children.iter().map(|(symbol, count)| Node::new(*symbol, *count)));
        self.nodes[node].first_child = first as u32;
        self.nodes[node].children = children.len() as u32;
        let mut next_slot = 0;
        for (symbol, count) in children {
            self.slots[*symbol as usize] = next_slot;
            next_slot += count;
        }
        let sorted = &mut level.rows;
        sorted.clear();
        sorted.resize(next_slot as usize, 0);
        for (row, next) in rows.iter().zip(&level.next) {
            let slot = &mut self.slots[next.index()];
            if *slot != NOT_FOLLOWED {
                sorted[*slot as usize] = *row;
                *slot += 1;
            }
        }
        children.iter().for_each(|(symbol, _)| self.slots[*symbol as usize] = NOT_FOLLOWED);
        let mut start = 0;
        for (child, (symbol, count)) in (first..).zip(children) {
            let end = start + *count as usize;
            self.extend(child, *symbol, &sorted[start..end], visitor);
            start = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::sequence;
    use super::*;
    use crate::corpus::Room;

    fn all(frequent: &Frequent) -> BTreeMap<Vec<u32>, (u32, u32, u32)> {
        let parts = frequent.portions(3).into_iter().flat_map(|parts| {
            frequent.walk(parts, |out: &mut Vec<_>, path: &[&Node]| {
                let last = path[path.len() - 1];
                out.push((path.iter().map(|node| node.symbol).collect(), (last.count, last.preceded, last.followed)));
            })
        });
        parts.flatten().collect()
    }

    #[test]
    fn counts_overlap_and_stop_at_ends() {
        // 甲甲甲 | 甲甲乙: the pair 甲甲 three times, twice with something before or behind it.
        let text = sequence(&[vec![1u32, 1, 1], vec![1, 1, 2]], 3, 1, &Room::unlimited());
        let (frequent, _) = text.frequent(Limits { min_count: 2, longest: 3 }, || ());
        assert_eq!(all(&frequent), BTreeMap::from([(vec![1, 1], (3, 1, 2))]));
        assert_eq!(frequent.node(&[1]).map(|n| (n.count, n.preceded, n.followed)), Some((5, 3, 4)));
        assert_eq!((frequent.node(&[2]), frequent.node(&[1, 2]), frequent.node(&[])), (None, None, None));
    }

    /// Looks at what it is shown.
    #[derive(Default)]
    struct Watcher(Vec<(Vec<u32>, Vec<u32>, usize)>);

    impl Visit<u32> for Watcher {
        const LOOKS: bool = true;

        fn see(&mut self, seen: &Seen<'_, u32>) {
            let places: Vec<u32> = seen.rows.places().collect();
            assert_eq!(places.len(), *seen.counts.last().unwrap() as usize);
            let ends = if seen.next.contains(&(END as u32)) { seen.next_counts[END] as usize } else { 0 };
            self.0.push((seen.sequence.to_vec(), places, ends));
        }
    }

    proptest! {
        #[test]
        fn agrees_with_looking_at_every_window(
            runs in prop::collection::vec(prop::collection::vec(1u32..5, 0..9), 0..9), min_count in 1u32..4, longest in 2usize..5,
            pieces in 1usize..4, is_limited: bool,
        ) {
            let mut expected: BTreeMap<Vec<u32>, (u32, u32, u32)> = BTreeMap::new();
            for run in &runs {
                for length in 2..=longest {
                    for (at, window) in run.windows(length).enumerate() {
                        let counts = expected.entry(window.to_vec()).or_default();
                        counts.0 += 1;
                        counts.1 += u32::from(at > 0);
                        counts.2 += u32::from(at + length < run.len() && length < longest);
                    }
                }
            }
            expected.retain(|_, counts| counts.0 >= min_count);
            let room = if is_limited { Room::of_bytes(0, tempfile::tempfile().unwrap()) } else { Room::unlimited() };
            let text = sequence(&runs, 5, pieces, &room);
            let (frequent, _) = text.frequent(Limits { min_count, longest }, || ());
            for (sequence, counts) in &expected {
                prop_assert_eq!(frequent.node(sequence).map(|n| n.count), Some(counts.0));
            }
            // Their ends too, and what is not in the tree.
            let asked: Vec<&[u32]> = expected.keys().rev().flat_map(|s| [&s[1..], s, &s[s.len()..], &[5, 1], &[9]]).collect();
            let one_by_one: Vec<_> = asked.iter().map(|sequence| frequent.node(sequence)).collect();
            prop_assert_eq!(frequent.nodes(&asked), one_by_one);
            prop_assert_eq!(all(&frequent), expected.clone());
            let (_, watchers) = text.frequent(Limits { min_count, longest }, Watcher::default);
            let seen: Vec<_> = watchers.into_iter().flat_map(|watcher| watcher.0).collect();
            prop_assert_eq!(seen.iter().map(|(sequence, ..)| sequence).collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
            prop_assert!(seen.iter().all(|(_, places, _)| places.is_sorted()));
            for (sequence, _, ends) in seen.iter().filter(|(sequence, ..)| sequence.len() < longest) {
                prop_assert_eq!(expected[sequence].0 as usize - ends, expected[sequence].2 as usize);
            }
        }
    }
}
