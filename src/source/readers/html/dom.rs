//! The tree of a page, as a browser builds it.
//!
//! Nodes stand in one list and are walked without recursion, so that no nesting can exhaust the stack.

use html5ever::{Attribute, QualName};

/// Place of a node in [`Dom::nodes`].
pub(super) type NodeId = usize;

/// The document itself is the first node.
pub(super) const ROOT: NodeId = 0;

/// A tree of elements and text.
#[derive(Debug, Default)]
pub(super) struct Dom {
    /// All nodes that were ever made; some hang nowhere.
    pub nodes: Vec<Node>,
}

/// A node and its neighbours.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub parent: Option<NodeId>,
    pub first_child: Option<NodeId>,
    pub last_child: Option<NodeId>,
    pub previous: Option<NodeId>,
    pub next: Option<NodeId>,
    /// Nodes above it when it was last moved.
    pub depth: u32,
    pub data: Data,
}

/// What a node is.
#[derive(Debug, Default)]
pub(super) enum Data {
    /// The document, the content of a template, a comment.
    #[default]
    Other,
    Text(String),
    Element(Element),
}

/// An element with its attributes.
#[derive(Debug)]
pub(super) struct Element {
    pub qualified: QualName,
    pub attributes: Vec<Attribute>,
}

impl Element {
    /// Name of the tag in lower case.
    pub fn name(&self) -> &str {
        &self.qualified.local
    }

    /// Value of an attribute; names are in lower case.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
    }

    /// Whether the class attribute names this class; case counts.
    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|classes| classes.split_ascii_whitespace().any(|name| name == class))
    }
}

impl Dom {
    /// The element at a place, if it is one.
    pub fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.nodes[id].data {
            Data::Element(element) => Some(element),
            Data::Text(_) | Data::Other => None,
        }
    }

    /// Enters and leaves each node under `root`, and `root` itself, in document order.
    pub fn walk(&self, root: NodeId) -> Walk<'_> {
        Walk { dom: self, root, upcoming: Some(Step::Enter(root)) }
    }

    /// The nodes above a node, nearest first.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.nodes[id].parent, |above| self.nodes[*above].parent)
    }

    /// The nodes right under a node, in order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(self.nodes[id].first_child, |child| self.nodes[*child].next)
    }

    /// All text in a node, at most `most` characters of it.
    pub fn text_of(&self, id: NodeId, most: usize) -> String {
        let mut text = String::new();
        let mut left = most;
        for step in self.walk(id) {
            let Step::Enter(id) = step else { continue };
            if let Data::Text(held) = &self.nodes[id].data {
                text.extend(held.chars().take(left));
                left -= held.chars().take(left).count();
            }
            if left == 0 {
                break;
            }
        }
        text
    }

    /// How many elements lie in each other where most do.
    pub fn depth(&self) -> usize {
        let mut depth = 0_usize;
        let mut deepest = 0;
        for step in self.walk(ROOT) {
            match step {
                Step::Enter(id) => depth += usize::from(self.element(id).is_some()),
                Step::Leave(id) => depth -= usize::from(self.element(id).is_some()),
            }
            deepest = deepest.max(depth);
        }
        deepest
    }
}

/// A step of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Enter(NodeId),
    Leave(NodeId),
}

/// Walks a tree without recursion.
pub(super) struct Walk<'a> {
    dom: &'a Dom,
    root: NodeId,
    upcoming: Option<Step>,
}

impl Walk<'_> {
    /// Leaves out what is in the node that was just entered.
    pub fn pass_over(&mut self, entered: NodeId) {
        self.upcoming = Some(Step::Leave(entered));
    }
}

impl Iterator for Walk<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let step = self.upcoming.take()?;
        self.upcoming = match step {
            Step::Enter(id) => Some(self.dom.nodes[id].first_child.map_or(Step::Leave(id), Step::Enter)),
            Step::Leave(id) if id == self.root => None,
            Step::Leave(id) => match (self.dom.nodes[id].next, self.dom.nodes[id].parent) {
                (Some(next), _) => Some(Step::Enter(next)),
                (None, Some(parent)) => Some(Step::Leave(parent)),
                (None, None) => None,
            },
        };
        Some(step)
    }
}
