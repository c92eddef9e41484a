//! From the calls of the parser to the tree of a page.
//!
//! The tree counts its nodes and knows their depth while it grows, so that a page which no one would write is given up before it
//! costs time or memory.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, QualName, ns};

use super::dom::{Data, Dom, Element, Node, NodeId, ROOT};

/// Takes the calls of the parser and grows a [`Dom`].
#[derive(Debug)]
pub(super) struct Sink {
    dom: RefCell<Dom>,
    /// Depth of the deepest node so far.
    deepest: Cell<u32>,
}

impl Sink {
    pub fn new() -> Self {
        Self { dom: RefCell::new(Dom { nodes: vec![Node::default()] }), deepest: Cell::new(0) }
    }

    /// Depth of the deepest node so far: a close estimate, since the parser moves whole subtrees.
    pub fn deepest(&self) -> u32 {
        self.deepest.get()
    }

    /// Nodes made so far.
    pub fn len(&self) -> usize {
        self.dom.borrow().nodes.len()
    }

    fn make(&self, data: Data) -> NodeId {
        let nodes = &mut self.dom.borrow_mut().nodes;
        nodes.push(Node { data, ..Node::default() });
        nodes.len() - 1
    }

    /// Hangs a node under `parent`, before `before` or at the end.
    fn insert(&self, parent: NodeId, before: Option<NodeId>, child: NodeOrText<NodeId>) {
        let nodes = &mut self.dom.borrow_mut().nodes;
        let previous = before.map_or(nodes[parent].last_child, |before| nodes[before].previous);
        let child = match child {
            NodeOrText::AppendNode(id) => id,
            NodeOrText::AppendText(text) => {
                if let Some(previous) = previous
                    && let Data::Text(held) = &mut nodes[previous].data
                {
                    held.push_str(&text);
                    return;
                }
                nodes.push(Node { data: Data::Text(text.to_string()), ..Node::default() });
                nodes.len() - 1
            }
        };
        let depth = nodes[parent].depth + 1;
        nodes[child].depth = depth;
        self.deepest.set(self.deepest.get().max(depth));
        nodes[child].parent = Some(parent);
        nodes[child].previous = previous;
        nodes[child].next = before;
        match previous {
            Some(previous) => nodes[previous].next = Some(child),
            None => nodes[parent].first_child = Some(child),
        }
        match before {
            Some(before) => nodes[before].previous = Some(child),
            None => nodes[parent].last_child = Some(child),
        }
    }
}

/// Takes a node out of its parent; its own children stay with it.
fn detach(nodes: &mut [Node], id: NodeId) {
    let Some(parent) = nodes[id].parent.take() else { return };
    let (previous, next) = (nodes[id].previous.take(), nodes[id].next.take());
    match previous {
        Some(previous) => nodes[previous].next = next,
        None => nodes[parent].first_child = next,
    }
    match next {
        Some(next) => nodes[next].previous = previous,
        None => nodes[parent].last_child = previous,
    }
}

/// Attributes up to which those of a second `<html>` or `<body>` are added to the first: each is compared with all.
const MOST_ADDED: usize = 50;

static NO_NAME: std::sync::LazyLock<QualName> = std::sync::LazyLock::new(|| QualName::new(None, ns!(), "".into()));

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Dom;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Dom {
        self.dom.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        // The parser asks only for names of elements.
        Ref::map(self.dom.borrow(), |dom| dom.element(*target).map_or(&*NO_NAME, |element| &element.qualified))
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _flags: ElementFlags) -> NodeId {
        let is_template = &*name.local == "template" && name.ns == ns!(html);
        let id = self.make(Data::Element(Element { qualified: name, attributes: attrs }));
        if is_template {
            let content = self.make(Data::Other);
            self.insert(id, None, NodeOrText::AppendNode(content));
        }
        id
    }

    fn create_comment(&self, _text: StrTendril) -> NodeId {
        self.make(Data::Other)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> NodeId {
        self.make(Data::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, prev_element: &NodeId, child: NodeOrText<NodeId>) {
        let has_parent = self.dom.borrow().nodes[*element].parent.is_some();
        match has_parent {
            true => self.append_before_sibling(element, child),
            false => self.append(prev_element, child),
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public_id: StrTendril, _system_id: StrTendril) {}

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.dom.borrow().nodes[*target].first_child.unwrap_or(*target)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(id) = &new_node {
            detach(&mut self.dom.borrow_mut().nodes, *id);
        }
        let parent = self.dom.borrow().nodes[*sibling].parent;
        if let Some(parent) = parent {
            self.insert(parent, Some(*sibling), new_node);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        if let Data::Element(element) = &mut self.dom.borrow_mut().nodes[*target].data {
            for attribute in attrs {
                if element.attributes.len() < MOST_ADDED && element.attributes.iter().all(|held| held.name != attribute.name) {
                    element.attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        detach(&mut self.dom.borrow_mut().nodes, *target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        loop {
            let first = self.dom.borrow().nodes[*node].first_child;
            let Some(child) = first else { break };
            detach(&mut self.dom.borrow_mut().nodes, child);
            self.insert(*new_parent, None, NodeOrText::AppendNode(child));
        }
    }
}
