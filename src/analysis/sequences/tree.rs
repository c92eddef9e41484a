//! The tree of all frequent sequences.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use crate::analysis::ranges::ranges_up_to;
use crate::corpus::{Entry, PagedRows};

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
    pub(super) first_child: u32,
    pub(super) children: u32,
}

impl Node {
    /// A sequence whose neighbours are not known yet.
    pub(super) fn new(symbol: u32, count: u32) -> Self {
        Self { symbol, count, preceded: 0, followed: 0, first_child: 0, children: 0 }
    }

    fn children(&self) -> Range<usize> {
        self.first_child as usize..(self.first_child + self.children) as usize
    }
}

impl Entry for Node {
    const BYTES: usize = <[u32; 6]>::BYTES;

    fn write(&self, bytes: &mut Vec<u8>) {
        [self.symbol, self.count, self.preceded, self.followed, self.first_child, self.children].write(bytes);
    }

    fn read(bytes: &[u8]) -> Self {
        let [symbol, count, preceded, followed, first_child, children] = Entry::read(bytes);
        Self { symbol, count, preceded, followed, first_child, children }
    }
}

/// Whole subtrees of some first symbols that follow one another: first those symbols, then what they lead to.
#[derive(Debug)]
pub(super) struct Part {
    pub symbols: Range<usize>,
    /// One row.
    pub nodes: PagedRows<Node>,
}

/// The tree of all frequent sequences.
#[derive(Debug)]
pub struct Frequent {
    /// In the order of first symbols.
    parts: Vec<Part>,
    /// For each first symbol its part and itself, if it is frequent.
    roots: Vec<Option<(u32, Root)>>,
}

/// A first symbol.
#[derive(Debug)]
pub(super) struct Root {
    node: Node,
    /// The last symbol of every [`STEP`]th of the sequences of two: it tells which of them to read.
    steps: Box<[u32]>,
}

/// Sequences of two that are read together. Some first symbols have thousands of them.
const STEP: usize = 64;

impl Root {
    /// Of its node among those of its part.
    pub fn new(node: Node, nodes: &[Node]) -> Self {
        Self { node, steps: nodes[node.children()].iter().step_by(STEP).map(|child| child.symbol).collect() }
    }

    /// Where the sequence of two with this symbol is, if there is one.
    fn children(&self, symbol: u32) -> Range<usize> {
        let Range { start, end } = self.node.children();
        let step = self.steps.partition_point(|first| *first <= symbol).saturating_sub(1);
        start + step * STEP..end.min(start + (step + 1) * STEP)
    }
}

impl Frequent {
    /// Of the parts with their first symbols; symbols are below `kinds`.
    pub(super) fn new(parts: Vec<(Part, Vec<Root>)>, kinds: usize) -> Self {
        let mut roots: Vec<Option<(u32, Root)>> = std::iter::repeat_with(|| None).take(kinds).collect();
        let mut all = Vec::with_capacity(parts.len());
        for (number, (part, of_part)) in (0u32..).zip(parts) {
            for root in of_part {
                let symbol = root.node.symbol as usize;
                roots[symbol] = Some((number, root));
            }
            all.push(part);
        }
        Self { parts: all, roots }
    }

    /// How often a sequence stands in the text, and the rest of its node. Nothing for one that is not frequent or too long.
    pub fn node(&self, sequence: &[u32]) -> Option<Node> {
        let (first, rest) = sequence.split_first()?;
        let (part, root) = self.roots.get(*first as usize)?.as_ref()?;
        let Some((second, rest)) = rest.split_first() else { return Some(root.node) };
        let nodes = &self.parts[*part as usize].nodes;
        let among = |range: Range<usize>, symbol: u32| child(&nodes.entries(range), symbol);
        rest.iter().try_fold(among(root.children(*second), *second)?, |node, symbol| among(node.children(), *symbol))
    }

    /// The same for many sequences, in their order; each part of the tree is read once for all of them.
    pub fn nodes(&self, sequences: &[&[u32]]) -> Vec<Option<Node>> {
        let root = |sequence: &[u32]| self.roots.get(*sequence.first()? as usize)?.as_ref();
        let part = |at: usize| root(sequences[at]).map(|(part, _)| *part);
        let mut by_part: Vec<(Option<u32>, usize)> = (0..sequences.len()).into_par_iter().map(|at| (part(at), at)).collect();
        by_part.par_sort_unstable();
        let of_part: Vec<_> = by_part.chunk_by(|(a, _), (b, _)| a == b).collect();
        let find = |places: &[(Option<u32>, usize)]| {
            let nodes = places[0].0.map_or(Cow::Borrowed(&[][..]), |part| self.parts[part as usize].nodes.all());
            let found = places.iter().map(|(_, at)| {
                let sequence = sequences[*at];
                let (_, Root { node, .. }) = root(sequence)?;
                sequence[1..].iter().try_fold(*node, |node, symbol| child(&nodes[node.children()], *symbol))
            });
            found.collect::<Vec<_>>()
        };
        let found: Vec<Vec<Option<Node>>> = of_part.par_iter().map(|places| find(places)).collect();
        let mut in_order = vec![None; sequences.len()];
        by_part.iter().zip(found.into_iter().flatten()).for_each(|((_, at), node)| in_order[*at] = node);
        in_order
    }

    /// Parts of the tree that are walked together: in each about so many nodes, or one part.
    pub fn portions(&self, nodes: usize) -> Vec<Range<usize>> {
        ranges_up_to(nodes, self.parts.iter().map(|part| part.nodes.row_len(0)).enumerate())
    }

    /// Calls `emit` with every sequence of two symbols or more in some of the parts, which are walked in parallel; gives what each
    /// part made of them, in the order of first symbols.
    pub fn walk<T: Default + Send>(&self, parts: Range<usize>, emit: impl Fn(&mut T, &[&Node]) + Sync) -> Vec<T> {
        let walk_part = |part: &Part| {
            let mut out = T::default();
            let nodes: Cow<'_, [Node]> = part.nodes.all();
            let roots = self.roots[part.symbols.clone()].iter().flatten().count();
            nodes[..roots].iter().for_each(|root| walk(&nodes, &mut vec![root], &mut |path| emit(&mut out, path)));
            out
        };
        self.parts[parts].par_iter().map(walk_part).collect()
    }
}

/// Of the children of a node the one with this symbol.
fn child(children: &[Node], symbol: u32) -> Option<Node> {
    children.binary_search_by_key(&symbol, |child| child.symbol).ok().map(|at| children[at])
}

fn walk<'a>(nodes: &'a [Node], path: &mut Vec<&'a Node>, emit: &mut impl FnMut(&[&Node])) {
    let Some(last) = path.last() else { return };
    for child in &nodes[last.children()] {
        path.push(child);
        emit(path);
        walk(nodes, path, emit);
        path.pop();
    }
}
