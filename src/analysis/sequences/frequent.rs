//! All sequences that are frequent enough, as a tree.

use std::ops::Range;

use rayon::prelude::*;

use super::{END, Places, Sequence, Symbol};

/// What is searched for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Fewest occurrences, at least 1.
    pub min_count: u32,
    /// Symbols of the longest sequence, at least 1.
    pub longest: usize,
}

/// A sequence of the tree: that of its parent and one symbol more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Its last symbol.
    pub symbol: u32,
    /// Occurrences.
    pub count: u32,
    /// Occurrences that do not begin a run.
    pub preceded: u32,
    /// Occurrences that do not end a run; not counted, and 0, for the longest sequences.
    pub followed: u32,
    first_child: u32,
    children: u32,
}

/// A frequent sequence while its places are at hand.
pub struct Seen<'a> {
    /// Its symbols.
    pub sequence: &'a [u32],
    /// The counts of its beginnings, from the first symbol to the whole.
    pub counts: &'a [u32],
    /// Where it begins, ascending.
    pub places: &'a [u32],
    /// What stands behind it, in no order, [`END`] included.
    pub next: &'a [u32],
    /// How often, by symbol.
    pub next_counts: &'a [u32],
}

/// Who looks at sequences while they are found.
pub trait Visit: Send {
    /// Whether it wants to see any: if not, nobody counts what follows the longest ones.
    const LOOKS: bool;
    /// Called with every frequent sequence of two symbols or more.
    fn see(&mut self, seen: &Seen<'_>);
}

impl Visit for () {
    const LOOKS: bool = false;
    fn see(&mut self, _: &Seen<'_>) {}
}

/// The tree of all frequent sequences.
pub struct Frequent {
    /// Parts of the tree, each with whole subtrees of first symbols.
    parts: Vec<Vec<Node>>,
    /// Part and node of each frequent first symbol, by symbol.
    roots: Vec<Option<(u32, u32)>>,
}

impl Frequent {
    /// How often a sequence stands in the text, and the rest of its node. Nothing for one that is not frequent or too long.
    pub fn node(&self, sequence: &[u32]) -> Option<&Node> {
        let (first, rest) = sequence.split_first()?;
        let (part, root) = (*self.roots.get(*first as usize)?)?;
        let nodes = &self.parts[part as usize];
        rest.iter().try_fold(&nodes[root as usize], |node, symbol| {
            let children = children(nodes, node);
            children.binary_search_by_key(symbol, |child| child.symbol).ok().map(|at| &children[at])
        })
    }

    /// Calls `emit` with every sequence of two symbols or more, in parts that are walked in parallel; gives what each part
    /// made of them, in the order of first symbols.
    pub fn walk<T: Default + Send>(&self, emit: impl Fn(&mut T, &[&Node]) + Sync) -> Vec<T> {
        let walk_part = |(number, nodes): (usize, &Vec<Node>)| {
            let mut out = T::default();
            let of_part = |root: &&Option<(u32, u32)>| root.is_some_and(|(part, _)| part as usize == number);
            for (_, root) in self.roots.iter().filter(of_part).flatten() {
                walk(nodes, &mut vec![&nodes[*root as usize]], &mut |path| emit(&mut out, path));
            }
            out
        };
        self.parts.par_iter().enumerate().map(walk_part).collect()
    }
}

fn children<'a>(nodes: &'a [Node], node: &Node) -> &'a [Node] {
    &nodes[node.first_child as usize..(node.first_child + node.children) as usize]
}

fn walk<'a>(nodes: &'a [Node], path: &mut Vec<&'a Node>, emit: &mut impl FnMut(&[&Node])) {
    let Some(last) = path.last() else { return };
    for child in children(nodes, last) {
        path.push(child);
        emit(path);
        walk(nodes, path, emit);
        path.pop();
    }
}

impl<S: Symbol> Sequence<S> {
    /// The frequent sequences, and the visitors that have seen them, in the order of first symbols.
    pub fn frequent<V: Visit>(&self, limits: Limits, visitor: impl Fn() -> V + Sync) -> (Frequent, Vec<V>) {
        let mut roots = vec![None; self.kinds];
        let (mut parts, mut visitors) = (Vec::new(), Vec::new());
        self.in_blocks(|places| {
            let tasks = self.tasks(places.symbols.clone());
            // In short stretches: one that is begun is not shared any more, and at the end one thread would work alone.
            let found: Vec<(Vec<Node>, V)> = tasks
                .par_iter()
                .with_max_len(4)
                .map_init(|| Walker::new(self, places, limits), |walker, symbols| walker.search(symbols.clone(), visitor()))
                .collect();
            for (task, (nodes, visitor)) in tasks.into_iter().zip(found) {
                let number = u32::try_from(parts.len()).unwrap_or(u32::MAX);
                // The first symbols of a task are pushed before anything else.
                let first = task.filter(|symbol| self.count(*symbol) >= u64::from(limits.min_count));
                for (node, symbol) in (0u32..).zip(first) {
                    debug_assert_eq!(nodes[node as usize].symbol as usize, symbol);
                    roots[symbol] = Some((number, node));
                }
                parts.push(nodes);
                visitors.push(visitor);
            }
        });
        (Frequent { parts, roots }, visitors)
    }
}

/// What one thread needs for the search, in buffers that are used again.
struct Walker<'a, S> {
    text: &'a Sequence<S>,
    places: &'a Places,
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
    places: Vec<u32>,
}

impl<S> Default for Level<S> {
    fn default() -> Self {
        Self { touched: Vec::new(), next: Vec::new(), places: Vec::new() }
    }
}

impl<'a, S: Symbol> Walker<'a, S> {
    fn new(text: &'a Sequence<S>, places: &'a Places, limits: Limits) -> Self {
        Self {
            text,
            places,
            limits,
            counts: vec![0; text.kinds],
            slots: vec![NOT_FOLLOWED; text.kinds],
            levels: (0..limits.longest).map(|_| Level::default()).collect(),
            nodes: Vec::new(),
            path: Vec::new(),
            path_counts: Vec::new(),
        }
    }

    /// All frequent sequences that begin with these symbols.
    fn search<V: Visit>(&mut self, symbols: Range<usize>, mut visitor: V) -> (Vec<Node>, V) {
        let frequent = symbols.filter(|symbol| self.text.count(*symbol) >= u64::from(self.limits.min_count));
        let first: Vec<(u32, u32)> = frequent.map(|symbol| (symbol as u32, self.places.of(symbol).len() as u32)).collect();
        self.push_children(&first);
        for (node, (symbol, _)) in first.iter().enumerate() {
            self.extend(node, *symbol, self.places.of(*symbol as usize), &mut visitor);
        }
        (std::mem::take(&mut self.nodes), visitor)
    }

    fn push_children(&mut self, children: &[(u32, u32)]) -> u32 {
        let first = self.nodes.len() as u32;
        let node =
            |(symbol, count): &(u32, u32)| Node { symbol: *symbol, count: *count, preceded: 0, followed: 0, first_child: 0, children: 0 };
        self.nodes.extend(children.iter().map(node));
        first
    }

    /// Looks what stands behind the sequence of `node`, whose last symbol and places these are.
    fn extend<V: Visit>(&mut self, node: usize, symbol: u32, places: &[u32], visitor: &mut V) {
        self.path.push(symbol);
        self.path_counts.push(places.len() as u32);
        let length = self.path.len();
        let is_longest = length == self.limits.longest;
        if is_longest && !V::LOOKS {
            let symbols = &self.text.symbols;
            self.nodes[node].preceded = places.iter().map(|place| u32::from(symbols[*place as usize - 1].index() != END)).sum();
        } else {
            let mut level = std::mem::take(&mut self.levels[length - 1]);
            self.nodes[node].preceded = self.count_next(places, &mut level);
            self.nodes[node].followed = places.len() as u32 - self.counts[END];
            if length > 1 {
                visitor.see(&Seen {
                    sequence: &self.path,
                    counts: &self.path_counts,
                    places,
                    next: &level.touched,
                    next_counts: &self.counts,
                });
            }
            let children = if is_longest { Vec::new() } else { self.frequent_next(&mut level.touched) };
            level.touched.iter().for_each(|symbol| self.counts[*symbol as usize] = 0);
            self.counts[END] = 0;
            if !children.is_empty() {
                self.descend(node, places, &children, &mut level, visitor);
            }
            self.levels[length - 1] = level;
        }
        self.path.pop();
        self.path_counts.pop();
    }

    /// Counts what follows the places and lists it, place by place and without repetition. Returns how many places something
    /// precedes.
    ///
    /// What stands before and behind a place is read in one go: the text is larger than the cache, and places lie far apart.
    fn count_next(&mut self, places: &[u32], level: &mut Level<S>) -> u32 {
        level.touched.clear();
        level.next.clear();
        let (length, symbols) = (self.path.len(), &self.text.symbols);
        let mut preceded = 0;
        for place in places {
            let place = *place as usize;
            preceded += u32::from(symbols[place - 1].index() != END);
            let next = symbols[place + length];
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
    fn descend<V: Visit>(&mut self, node: usize, places: &[u32], children: &[(u32, u32)], level: &mut Level<S>, visitor: &mut V) {
        let first = self.push_children(children);
        self.nodes[node].first_child = first;
        self.nodes[node].children = children.len() as u32;
        let mut next_slot = 0;
        for (symbol, count) in children {
            self.slots[*symbol as usize] = next_slot;
            next_slot += count;
        }
        let sorted = &mut level.places;
        sorted.clear();
        sorted.resize(next_slot as usize, 0);
        for (place, next) in places.iter().zip(&level.next) {
            let slot = &mut self.slots[next.index()];
            if *slot != NOT_FOLLOWED {
                sorted[*slot as usize] = *place;
                *slot += 1;
            }
        }
        children.iter().for_each(|(symbol, _)| self.slots[*symbol as usize] = NOT_FOLLOWED);
        let mut start = 0;
        for (child, (symbol, count)) in (first as usize..).zip(children) {
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

    use super::*;

    /// Runs as one sequence of symbols.
    fn joined(runs: &[Vec<u32>]) -> Vec<u32> {
        std::iter::once(0).chain(runs.iter().flat_map(|run| run.iter().copied().chain([0]))).collect()
    }

    fn all(frequent: &Frequent) -> BTreeMap<Vec<u32>, (u32, u32, u32)> {
        let parts = frequent.walk(|out: &mut Vec<_>, path: &[&Node]| {
            let last = path[path.len() - 1];
            out.push((path.iter().map(|node| node.symbol).collect(), (last.count, last.preceded, last.followed)));
        });
        parts.into_iter().flatten().collect()
    }

    #[test]
    fn counts_overlap_and_stop_at_ends() {
        // 甲甲甲 | 甲甲乙: the pair 甲甲 three times, twice with something before or behind it.
        let text = Sequence::new(joined(&[vec![1, 1, 1], vec![1, 1, 2]]), 3, usize::MAX);
        let (frequent, _) = text.frequent(Limits { min_count: 2, longest: 3 }, || ());
        assert_eq!(all(&frequent), BTreeMap::from([(vec![1, 1], (3, 1, 2))]));
        assert_eq!(frequent.node(&[1]).map(|n| (n.count, n.preceded, n.followed)), Some((5, 3, 4)));
        assert_eq!((frequent.node(&[2]), frequent.node(&[1, 2]), frequent.node(&[])), (None, None, None));
    }

    proptest! {
        #[test]
        fn agrees_with_looking_at_every_window(
            runs in prop::collection::vec(prop::collection::vec(1u32..5, 0..9), 0..9), min_count in 1u32..4, longest in 2usize..5,
            most_bytes in prop::sample::select(vec![usize::MAX, 40, 0]),
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
            let text = Sequence::new(joined(&runs), 5, most_bytes);
            let (frequent, _) = text.frequent(Limits { min_count, longest }, || ());
            for (sequence, counts) in &expected {
                prop_assert_eq!(frequent.node(sequence).map(|n| n.count), Some(counts.0));
            }
            prop_assert_eq!(all(&frequent), expected);
        }
    }
}
