//! A taxonomy as it was written, with places, and with every text in the form it is matched in.

use regex::Regex;

use super::form::Place;

/// Weights and scores are whole millionths, so that sums are exact in any order.
pub const MICRO: i64 = 1_000_000;

/// What a theme is for; shares are taken over policy themes only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A field of policy.
    Policy,
    /// A fixed formula.
    Framing,
    /// Meeting boilerplate.
    Procedure,
}

/// An operator that counts, in the order that breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// A literal anywhere.
    Term,
    /// A literal that is one whole token.
    Token,
    /// A, then B, within a clause.
    Gap,
    /// A and B in either order.
    Near,
    /// A regular expression.
    Regex,
}

/// The stretch of text over which threshold, cap and gates are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Between two clause borders.
    Clause,
    /// A sentence.
    Sentence,
    /// A paragraph.
    Paragraph,
    /// A document.
    Document,
}

/// Over which patterns the longest match wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nested {
    /// Over all themes.
    Dictionary,
    /// Within each theme.
    Theme,
}

/// Where a pattern may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Anywhere.
    Everywhere,
    /// In the title only.
    Title,
    /// Anywhere but the title.
    Body,
}

/// A literal as written and as matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// As written.
    pub text: String,
    /// As matched.
    pub normal: String,
    /// Where it stands.
    pub place: Place,
}

/// What a pattern looks for.
#[derive(Debug, Clone)]
pub enum Parts {
    /// A literal, as matched.
    Literal(String),
    /// Two anchors with at most so many characters between.
    Anchors(String, u32, String),
    /// A regular expression.
    Regex(Regex),
}

/// A pattern that counts.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// Its operator.
    pub op: Op,
    /// As written.
    pub text: String,
    /// Weight in millionths.
    pub weight_micro: i64,
    /// Where it may match.
    pub scope: Scope,
    /// What it looks for.
    pub parts: Parts,
    /// Where it stands.
    pub place: Place,
}

impl Pattern {
    /// The literal of a term or token, as matched.
    pub fn literal(&self) -> Option<&str> {
        match &self.parts {
            Parts::Literal(normal) => Some(normal),
            Parts::Anchors(..) | Parts::Regex(_) => None,
        }
    }
}

/// A condition on the score of another theme in the same unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// As written.
    pub text: String,
    /// The other leaf's id.
    pub id: String,
    /// `>=` if true, `<` if false.
    pub at_least: bool,
    /// The score in millionths.
    pub amount_micro: i64,
    /// Where it stands.
    pub place: Place,
}

/// A theme: a leaf with patterns, or a parent of themes.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Its id; dots make the hierarchy.
    pub id: String,
    /// Number of the theme above.
    pub parent: Option<usize>,
    /// 1 for a main theme.
    pub level: usize,
    /// Its name.
    pub name: String,
    /// Its kind; leaves have that of their main theme.
    pub kind: Kind,
    /// The kind that is written beside it.
    pub stated_kind: Option<Kind>,
    /// Whether it has no parts.
    pub is_leaf: bool,
    /// Higher first; only breaks ties.
    pub priority: i64,
    /// Where threshold, cap and gates are judged.
    pub unit: Unit,
    /// Score in millionths from which a unit is coded.
    pub threshold_micro: i64,
    /// Patterns that count.
    pub patterns: Vec<Pattern>,
    /// Hits of this theme inside one of these do not count.
    pub masks: Vec<Literal>,
    /// Literals that must all be in the unit.
    pub all: Vec<Literal>,
    /// Literals of which one must be in the unit.
    pub any: Vec<Literal>,
    /// Literals that must not be in the unit.
    pub none: Vec<Literal>,
    /// Conditions on other themes.
    pub uses: Vec<Use>,
    /// Sentences that must be coded with it.
    pub examples: Vec<(String, Place)>,
    /// Sentences that must not.
    pub counterexamples: Vec<(String, Place)>,
    /// Texts for the people who code: definition, include, exclude, note.
    pub notes: [String; 4],
    /// Former ids, which labels made by hand may still use.
    pub replaces: Vec<String>,
    /// Proposed terms that were refused.
    pub rejected: Vec<String>,
    /// Codes of other schemes: carried, not used.
    pub maps_to: Vec<String>,
    /// Where it begins.
    pub place: Place,
}

/// The script that a taxonomy says it is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Simplified characters.
    Simplified,
    /// Traditional characters.
    Traditional,
}

/// A taxonomy.
#[derive(Debug, Clone)]
pub struct Taxonomy {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) language: Option<Language>,
    /// Whether text is matched in simplified characters.
    pub(super) to_simplified: bool,
    pub(super) nested: Nested,
    pub(super) cap: u32,
    pub(super) window: u32,
    pub(super) masks: Vec<Literal>,
    pub(super) topic: Vec<Literal>,
    pub(super) stance: Vec<Literal>,
    pub(super) themes: Vec<Theme>,
    /// Its files, as messages call them.
    pub(super) files: Vec<String>,
}

impl Taxonomy {
    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its version, as its author wrote it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The most hits of one pattern that count in one unit.
    pub fn cap(&self) -> u32 {
        self.cap
    }

    /// The name of one of its files in messages.
    pub fn file(&self, number: usize) -> &str {
        self.files.get(number).map_or("", String::as_str)
    }

    /// The number of the theme that has this id, or had it before.
    pub fn number_of(&self, id: &str) -> Option<usize> {
        let current = self.themes.iter().position(|theme| theme.id == id);
        current.or_else(|| self.themes.iter().position(|theme| theme.replaces.iter().any(|former| former == id)))
    }

    /// The themes that had this id before, if none has it: more than one where a theme was split.
    pub fn heirs_of(&self, id: &str) -> Vec<&Theme> {
        let is_living = self.themes.iter().any(|theme| theme.id == id);
        self.themes.iter().filter(|theme| !is_living && theme.replaces.iter().any(|former| former == id)).collect()
    }

    /// Whether only text in traditional characters has its patterns.
    pub fn needs_traditional(&self) -> bool {
        self.language == Some(Language::Traditional) && !self.to_simplified
    }

    /// Its themes, in file order.
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }
}

/// Millionths as a person writes them: `1`, `0.5`.
pub fn short_decimal(micro: i64) -> String {
    let text = format!("{}.{:06}", micro / MICRO, micro % MICRO);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

impl Unit {
    /// As it stands in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clause => "clause",
            Self::Sentence => "sentence",
            Self::Paragraph => "paragraph",
            Self::Document => "document",
        }
    }
}

impl Kind {
    /// As it stands in the file and in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Framing => "framing",
            Self::Procedure => "procedure",
        }
    }
}

impl Op {
    /// Every operator, in order.
    pub const ALL: [Self; 5] = [Self::Term, Self::Token, Self::Gap, Self::Near, Self::Regex];

    /// As it stands in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Term => "term",
            Self::Token => "token",
            Self::Gap => "gap",
            Self::Near => "near",
            Self::Regex => "regex",
        }
    }

    /// Whether a hit hides shorter ones inside it. The span of a gap is mostly other words, so it hides nothing.
    pub fn is_exact(self) -> bool {
        matches!(self, Self::Term | Self::Token | Self::Regex)
    }
}
