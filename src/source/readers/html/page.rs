//! A page whose text has been measured: which elements count, and how much text each holds.

use super::boilerplate::{is_box, is_hidden, is_never_text};
use super::dom::{Data, Dom, NodeId, ROOT, Step};

/// How much text an element holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Measure {
    /// Characters without white space.
    pub text: usize,
    /// Those of them inside links.
    pub linked: usize,
    /// Links with text.
    pub links: usize,
}

impl Measure {
    /// Characters that are no link: menus have few.
    pub fn unlinked(self) -> usize {
        self.text - self.linked
    }

    fn add(&mut self, other: Self) {
        self.text += other.text;
        self.linked += other.linked;
        self.links += other.links;
    }
}

/// A tree with the verdict on each of its elements.
pub(super) struct Page {
    pub dom: Dom,
    /// Whether an element and all it holds are left out.
    out: Vec<bool>,
    /// Text of each element without what is left out in it; whether the element itself is left out does not matter.
    measures: Vec<Measure>,
}

impl Page {
    /// Measures a page. A box around the text or a hidden part is left out, unless it holds more than half of the page's text that
    /// is no link: then its name says something else here, or a script would show it.
    pub fn new(dom: Dom) -> Self {
        let never: Vec<bool> = (0..dom.nodes.len()).map(|id| dom.element(id).is_some_and(is_never_text)).collect();
        let all = measure(&dom, &never);
        let most = all[ROOT].unlinked() / 2;
        let out: Vec<bool> = (0..dom.nodes.len())
            .map(|id| never[id] || (is_out_by_name(&dom, id) && (all[id].unlinked() <= most || is_navigation(&dom, id))))
            .collect();
        let measures = measure(&dom, &out);
        Self { dom, out, measures }
    }

    /// A page all of which is wanted, except what no browser shows.
    pub fn of_fragment(dom: Dom) -> Self {
        let out: Vec<bool> =
            (0..dom.nodes.len()).map(|id| dom.element(id).is_some_and(|element| is_never_text(element) || is_hidden(element))).collect();
        let measures = measure(&dom, &out);
        Self { dom, out, measures }
    }

    /// Whether the element is left out of the text.
    pub fn is_out(&self, id: NodeId) -> bool {
        self.out[id]
    }

    /// Whether the element or one above it is left out.
    pub fn is_within_out(&self, id: NodeId) -> bool {
        self.out[id] || self.dom.ancestors(id).any(|above| self.out[above])
    }

    /// Leaves an element out.
    pub fn leave_out(&mut self, id: NodeId) {
        if self.is_within_out(id) {
            return;
        }
        self.out[id] = true;
        let gone = self.measures[id];
        let above: Vec<NodeId> = self.dom.ancestors(id).collect();
        for id in above {
            let held = &mut self.measures[id];
            held.text = held.text.saturating_sub(gone.text);
            held.linked = held.linked.saturating_sub(gone.linked).min(held.text);
            held.links = held.links.saturating_sub(gone.links);
        }
    }

    /// How much text an element holds, without what is left out in it.
    pub fn measure(&self, id: NodeId) -> Measure {
        self.measures[id]
    }

    /// The text that [`Measure::unlinked`] counts, without white space.
    pub fn unlinked_text(&self, root: NodeId) -> String {
        let is_link = |id: NodeId| self.is_named(id, "a") && self.dom.element(id).is_some_and(|link| link.attribute("href").is_some());
        let mut text = String::new();
        let mut walk = self.dom.walk(root);
        while let Some(step) = walk.next() {
            match step {
                Step::Enter(id) if id != root && (self.is_out(id) || is_link(id)) => walk.pass_over(id),
                Step::Enter(id) => {
                    if let Data::Text(held) = &self.dom.nodes[id].data {
                        text.extend(held.chars().filter(|c| !c.is_whitespace()));
                    }
                }
                Step::Leave(_) => {}
            }
        }
        text
    }

    /// The elements that hang in the tree, in document order.
    pub fn elements(&self) -> impl Iterator<Item = NodeId> {
        self.elements_of(ROOT)
    }

    /// The elements of a part of the tree, in document order, itself included.
    pub fn elements_of(&self, root: NodeId) -> impl Iterator<Item = NodeId> {
        self.dom.walk(root).filter_map(|step| match step {
            Step::Enter(id) if self.dom.element(id).is_some() => Some(id),
            Step::Enter(_) | Step::Leave(_) => None,
        })
    }

    /// The body, or the document where there is none.
    pub fn body(&self) -> NodeId {
        self.elements().find(|id| self.is_named(*id, "body")).unwrap_or(ROOT)
    }

    /// Whether the node is an element of this name.
    pub fn is_named(&self, id: NodeId, name: &str) -> bool {
        self.dom.element(id).is_some_and(|element| element.name() == name)
    }
}

fn is_out_by_name(dom: &Dom, id: NodeId) -> bool {
    let Some(element) = dom.element(id) else { return false };
    is_hidden(element) || is_box(element) || (element.name() == "header" && is_page_header(dom, id)) || is_permalink(dom, id)
}

fn is_navigation(dom: &Dom, id: NodeId) -> bool {
    dom.element(id).is_some_and(|element| element.name() == "nav")
}

/// A header that belongs to no article carries the name of the site.
fn is_page_header(dom: &Dom, id: NodeId) -> bool {
    let is_part = |name: &str| matches!(name, "article" | "main" | "section");
    !dom.ancestors(id).any(|above| dom.element(above).is_some_and(|element| is_part(element.name())))
}

/// The sign beside a heading that links to itself.
fn is_permalink(dom: &Dom, id: NodeId) -> bool {
    let is_link = dom.element(id).is_some_and(|element| element.name() == "a");
    is_link && matches!(dom.text_of(id, 3).trim(), "¶" | "#" | "§")
}

/// Measures every element from the leaves up.
fn measure(dom: &Dom, out: &[bool]) -> Vec<Measure> {
    let mut measures = vec![Measure::default(); dom.nodes.len()];
    for step in dom.walk(ROOT) {
        match step {
            Step::Enter(id) => {
                if let Data::Text(text) = &dom.nodes[id].data {
                    measures[id].text = text.chars().filter(|c| !c.is_whitespace()).count();
                }
            }
            Step::Leave(id) => {
                let mut own = measures[id];
                if dom.element(id).is_some_and(|element| element.name() == "a" && element.attribute("href").is_some()) && own.text > 0 {
                    own = Measure { text: own.text, linked: own.text, links: 1 };
                    measures[id] = own;
                }
                if let Some(parent) = dom.nodes[id].parent
                    && !out[id]
                {
                    measures[parent].add(own);
                }
            }
        }
    }
    measures
}
