//! What the styles of a document say of paragraphs and runs: title, entry of a table of contents, hidden.

use std::collections::BTreeMap;

use crate::source::quarantine::Failure;

use super::xml::{Element, Part, Visitor, walk};

/// Styles by their ids. Ids are free (Chinese Word numbers them), names of built-in styles are English in every language.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Style>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: String,
    /// What the style itself says; `None` if nothing.
    hidden: Option<bool>,
}

impl Style {
    fn named(name: &str) -> Self {
        Self { name: name.to_string(), ..Self::default() }
    }
}

/// Styles of which a style may follow from, one from the other. Word allows 11; more means a circle.
const LONGEST_CHAIN: usize = 16;

impl Styles {
    /// Reads the part of styles.
    pub fn read(part: &Part, max_depth: u32) -> Result<Self, Failure> {
        let mut reading = Reading::default();
        walk(part, max_depth, &mut reading)?;
        Ok(reading.styles)
    }

    /// Whether this is the style of a document's title.
    pub fn is_title(&self, id: &str) -> bool {
        let name = self.name(id);
        name.eq_ignore_ascii_case("title") || name == "标题"
    }

    /// Whether this is a style of entries of a table of contents: `toc 1` to `toc 9`, by whatever program it was written.
    pub fn is_contents(&self, id: &str) -> bool {
        let name = self.name(id).to_lowercase();
        let level = ["toc", "contents", "目录"].iter().find_map(|start| name.strip_prefix(start)).map(str::trim_start);
        level.is_some_and(|level| matches!(level.as_bytes(), [b'1'..=b'9']))
    }

    /// Whether text of this style is hidden, by itself or by the styles it follows from.
    pub fn is_hidden(&self, id: &str) -> bool {
        let chain = std::iter::successors(self.by_id.get(id), |style| self.by_id.get(&style.based_on));
        chain.take(LONGEST_CHAIN).find_map(|style| style.hidden).unwrap_or(false)
    }

    /// Where the style is not described, the id is what there is of a name.
    fn name<'s>(&'s self, id: &'s str) -> &'s str {
        self.by_id.get(id).map_or(id, |style| style.name.as_str())
    }
}

/// Whether an element that is a switch is on: it is, unless its value says otherwise.
pub(super) fn is_on(element: &Element<'_>) -> bool {
    !element.attribute("val").is_some_and(|value| matches!(value.as_ref(), "0" | "false" | "off"))
}

#[derive(Default)]
struct Reading {
    styles: Styles,
    /// Names of the open elements.
    open: Vec<String>,
    current: Option<(String, Style)>,
}

impl Visitor for Reading {
    fn start(&mut self, element: &Element<'_>) -> Result<(), Failure> {
        let inside = |path: &[&str]| self.open.len() >= path.len() && self.open[self.open.len() - path.len()..].iter().eq(path);
        let value = || element.attribute("val").unwrap_or_default().into_owned();
        let name = element.name();
        let (of_style, of_run) = (inside(&["style"]), inside(&["style", "rPr"]));
        match (name, &mut self.current) {
            ("style", current) => *current = element.attribute("styleId").map(|id| (id.to_string(), Style::named(&id))),
            ("name", Some((_, style))) if of_style => style.name = value(),
            ("basedOn", Some((_, style))) if of_style => style.based_on = value(),
            ("vanish", Some((_, style))) if of_run => style.hidden = Some(is_on(element)),
            _ => {}
        }
        self.open.push(name.to_string());
        Ok(())
    }

    fn end(&mut self) -> Result<(), Failure> {
        if self.open.pop().is_some_and(|name| name == "style")
            && let Some((id, style)) = self.current.take()
        {
            self.styles.by_id.insert(id, style);
        }
        Ok(())
    }
}
