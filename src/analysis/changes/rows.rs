//! A row of the table, whatever its kind.

use std::cmp::Reverse;

use crate::source::Date;

use super::counts::{Status, printed};
use super::evidence::Example;
use super::sides::Comparison;

/// What a row is about, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A term.
    Term,
    /// Two terms of one sentence.
    Pair,
    /// A theme.
    Theme,
    /// An entity.
    Entity,
    /// A document.
    Document,
}

impl Kind {
    /// Its name in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::Pair => "pair",
            Self::Theme => "theme",
            Self::Entity => "entity",
            Self::Document => "document",
        }
    }
}

/// What is counted of it on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Side {
    /// Occurrences; of a document its tokens.
    pub count: u64,
    /// What they are a share of; nothing for documents.
    pub total: Option<u64>,
    /// Documents with it; nothing for documents.
    pub documents: Option<u64>,
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What was compared.
    pub comparison: Comparison,
    /// What it is about.
    pub kind: Kind,
    /// Which one.
    pub key: String,
    /// What that is called, where the key is no name.
    pub name: String,
    /// What happened.
    pub status: Status,
    /// The current side.
    pub current: Side,
    /// The previous side.
    pub previous: Side,
    /// Nothing for documents.
    pub g2: Option<f64>,
    /// Nothing for documents.
    pub q_value: Option<f64>,
    /// Earliest date of a document with it.
    pub first_date: Option<Date>,
    /// A sentence that shows it.
    pub example: Example,
}

impl Row {
    /// Puts rows in the order of the table.
    pub fn sort(rows: &mut [Self]) {
        rows.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
    }

    /// Comparison, kind, |g2| as printed, the highest first and none last, key.
    fn order(&self) -> (Comparison, Kind, Reverse<Option<u64>>, &str) {
        (self.comparison, self.kind, Reverse(self.g2.map(printed)), &self.key)
    }
}
