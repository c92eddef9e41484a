//! Which documents are meant: a condition on what is known about them, as one types it.
//!
//! `year=2023 and source~新华社`, `month<2024-05 and not folder=news/old`, `theme=reform or (title~改革 and year>=2020)`.
//!
//! - fields of time: `year` (2023), `quarter` (2023Q1), `month` (2023-05), `week` (2023-W05, by ISO 8601), `date` (2023-05-01), with
//!   `= != < <= > >=`;
//! - text: `source`, `title`, `place`, `issuing_body`, `document_number`, `path`, `format`, `encoding`, with `=`, `!=` and `~` (contains);
//!   letter case of Latin letters is ignored. `folder` holds everything below a folder of `path`;
//! - `theme`: documents with a coded sentence of the theme of this id, of any level, with `=` and `!=`;
//! - `,` or `|` between values: any of them; with `!=` none of them;
//! - `and` (`&`), `or`, `not`, parentheses; `and` binds closer than `or`; quotes around values with blanks or marks. Full-width marks do too.
//!
//! What is not known of a document is neither true nor false (Kleene's logic of three values): `year=2023` and `not year=2023` both
//! leave out a document without a date, `year=2023 or source=新华社` holds for one of that source.

mod field;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::corpus::ShardDocument;

use field::Test;

/// A condition on documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    text: String,
    root: Node,
    themes: Vec<(String, usize)>,
}

/// What a condition is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Test(Test),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}

/// Why a text is no condition: where, what was expected there, what was found, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SliceError {
    /// 1-based, in characters.
    pub column: usize,
    /// What may stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl fmt::Display for SliceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "character {}: expected {}, found {}", self.column, self.expected, self.found)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SliceError {}

impl Slice {
    /// Reads a condition.
    ///
    /// # Errors
    /// At the first place that is no condition: an unknown field, an operator that the field does not have, a value that is
    /// none of its kind, parentheses or quotes that do not close.
    pub fn parse(text: &str) -> Result<Self, SliceError> {
        let (root, themes) = parser::parse(text)?;
        Ok(Self { text: text.trim().to_string(), root, themes })
    }

    /// The condition as typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same condition, whose themes are known to be among `ids`.
    ///
    /// # Errors
    /// At the first theme that is not, as where there is no taxonomy.
    pub fn check_themes<'t>(&self, ids: impl Iterator<Item = &'t str> + Clone) -> Result<(), SliceError> {
        let Some((wanted, column)) = self.themes.iter().find(|(wanted, _)| !ids.clone().any(|id| id == wanted)) else {
            return Ok(());
        };
        let (found, help) = match ids.clone().next() {
            Some(_) => (format!("`{wanted}`"), "the ids stand in themes.csv"),
            None => (format!("`{wanted}`, but no taxonomy is set"), "name one in themes.taxonomy"),
        };
        Err(SliceError { column: *column, expected: "the id of a theme of the taxonomy".to_string(), found, help: Some(help.to_string()) })
    }

    /// Whether the condition holds for a document; nothing where that depends on what is not known of it. `has_theme` says
    /// whether the document has a coded sentence of the theme of an id.
    pub fn holds(&self, document: &ShardDocument, has_theme: &dyn Fn(&str) -> bool) -> Option<bool> {
        self.root.holds(document, has_theme)
    }
}

impl Node {
    fn holds(&self, document: &ShardDocument, has_theme: &dyn Fn(&str) -> bool) -> Option<bool> {
        match self {
            Self::Test(test) => test.holds(document, has_theme),
            Self::Not(inner) => inner.holds(document, has_theme).map(|holds| !holds),
            Self::All(parts) => decided_by(false, parts, document, has_theme),
            Self::Any(parts) => decided_by(true, parts, document, has_theme),
        }
    }
}

/// One part with the value `deciding` decides; else one that is unknown leaves all unknown.
fn decided_by(deciding: bool, parts: &[Node], document: &ShardDocument, has_theme: &dyn Fn(&str) -> bool) -> Option<bool> {
    let mut all = Some(!deciding);
    for part in parts {
        match part.holds(document, has_theme) {
            Some(value) if value == deciding => return Some(deciding),
            Some(_) => {}
            None => all = None,
        }
    }
    all
}
