//! The tree of all frequent sequences.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

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
    /// For each first symbol its part and its node, if it is frequent.
    roots: Vec<Option<(u32, Node)>>,
}

impl Frequent {
    /// Of the parts with the nodes of their first symbols; symbols are below `kinds`.
    pub(super) fn new(parts: Vec<(Part, Vec<Node>)>, kinds: usize) -> Self {
        let mut roots = vec![None; kinds];
        for (number, (_, of_part)) in (0u32..).zip(&parts) {
            of_part.iter().for_each(|root| roots[root.symbol as usize] = Some((number, *root)));
        }
        Self { parts: parts.into_iter().map(|(part, _)| part).collect(), roots }
    }

    /// How often a sequence stands in the text, and the rest of its node. Nothing for one that is not frequent or too long.
    pub fn node(&self, sequence: &[u32]) -> Option<Node> {
        let (first, rest) = sequence.split_first()?;
        let (part, root) = (*self.roots.get(*first as usize)?)?;
        let nodes = &self.parts[part as usize].nodes;
        rest.iter().try_fold(root, |node, symbol| {
            let children = nodes.entries(node.children());
            children.binary_search_by_key(symbol, |child| child.symbol).ok().map(|at| children[at])
        })
    }

    /// Parts of the tree that are walked together: in each about so many nodes, or one part.
    pub fn portions(&self, nodes: usize) -> Vec<Range<usize>> {
        let mut portions: Vec<Range<usize>> = Vec::new();
        let mut held = 0;
        for (number, part) in self.parts.iter().enumerate() {
            let size = part.nodes.row_len(0);
            held += size;
            match portions.last_mut().filter(|_| held <= nodes) {
                Some(portion) => portion.end = number + 1,
                None => {
                    portions.push(number..number + 1);
                    held = size;
                }
            }
        }
        portions
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

fn walk<'a>(nodes: &'a [Node], path: &mut Vec<&'a Node>, emit: &mut impl FnMut(&[&Node])) {
    let Some(last) = path.last() else { return };
    for child in &nodes[last.children()] {
        path.push(child);
        emit(path);
        walk(nodes, path, emit);
        path.pop();
    }
}
