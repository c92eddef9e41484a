//! What "together" means.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The unit of co-occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Unit {
    /// Both terms stand in one sentence.
    Sentence,
    /// Both terms stand in one paragraph.
    Paragraph,
    /// Both terms stand in one document.
    Document,
    /// The terms stand at most this many tokens apart in one sentence; neighbours are 1 apart.
    Window(u16),
}

/// Widest window, in tokens: beyond it a sentence is the better unit.
const WIDEST_WINDOW: u16 = 100;

impl FromStr for Unit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "sentence" => Ok(Self::Sentence),
            "paragraph" => Ok(Self::Paragraph),
            "document" => Ok(Self::Document),
            _ => {
                let width = text.strip_prefix("window:").and_then(|k| k.parse().ok()).filter(|k| (1..=WIDEST_WINDOW).contains(k));
                width.map(Self::Window).ok_or_else(|| {
                    format!("expected `sentence`, `paragraph`, `document` or `window:K` with K from 1 to {WIDEST_WINDOW}, found `{text}`")
                })
            }
        }
    }
}

impl TryFrom<String> for Unit {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.to_string()
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sentence => f.write_str("sentence"),
            Self::Paragraph => f.write_str("paragraph"),
            Self::Document => f.write_str("document"),
            Self::Window(width) => write!(f, "window:{width}"),
        }
    }
}

/// A unit that is a set of sentences: what is paired may be many tokens long, so distances in tokens say little.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SentenceUnit(Unit);

impl Default for SentenceUnit {
    fn default() -> Self {
        Self(Unit::Sentence)
    }
}

impl SentenceUnit {
    /// The same as a unit: never a window.
    pub fn unit(self) -> Unit {
        self.0
    }
}

impl TryFrom<String> for SentenceUnit {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.parse() {
            Ok(unit @ (Unit::Sentence | Unit::Paragraph | Unit::Document)) => Ok(Self(unit)),
            _ => Err(format!("expected `sentence`, `paragraph` or `document`, found `{text}`")),
        }
    }
}

impl From<SentenceUnit> for String {
    fn from(unit: SentenceUnit) -> Self {
        unit.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints_and_refuses_the_rest() {
        for text in ["sentence", "paragraph", "document", "window:5"] {
            assert_eq!(text.parse::<Unit>().unwrap().to_string(), text);
        }
        for text in ["window", "window:0", "window:101", "window:-1", "Sentence", ""] {
            assert!(text.parse::<Unit>().is_err(), "{text}");
        }
    }
}
