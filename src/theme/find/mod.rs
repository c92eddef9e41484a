//! Where literals and patterns stand in a sentence: one walk over every literal of the taxonomy, then what is made of them.

mod build;
mod loose;
mod regexes;

use crate::text::bits::set;
use crate::text::{Literals, Occurrence, Places};

use super::match_text::MatchText;
use super::model::{Op, Scope, Taxonomy};

use loose::Loose;
use regexes::{RegexFacts, RegexScratch};

/// What a literal is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// A term or token pattern that counts everywhere.
    Pattern(u32),
    /// One that counts in titles only, or everywhere else only.
    Scoped(u32),
    /// One of the two anchors of a loose pattern, that of the fewer uses: number in `Finder::loose`.
    Anchor(u32),
    /// A mask; number in `Finder::masks`.
    Mask(u32),
    /// A topic or stance negator; number in `Finder::negators`.
    Negator(u32),
    /// A literal of a gate; number in `Finder::gates`.
    Gate(u32),
    /// A word that every match of a regex holds, the early or the late one if true; number in `Finder::regexes`.
    Mark(u32, bool),
}

/// A mask: of one theme, or of all.
#[derive(Debug)]
pub(super) struct Mask {
    pub text: String,
    pub theme: Option<usize>,
}

/// A word that negates what follows.
#[derive(Debug)]
pub(super) struct Negator {
    pub text: String,
    pub is_topic: bool,
    pub length: u32,
}

/// What is asked of a pattern again and again.
#[derive(Debug, Clone, Copy)]
pub(super) struct PatternFacts {
    pub theme: u32,
    /// Number in its theme.
    pub pattern: u32,
    pub op: Op,
    scope: Scope,
    /// Place in the order of equal spans: higher weight, operator, theme id, text.
    pub tie: u32,
    /// Place in the order of theme id and text.
    pub name: u32,
    pub weight_micro: i64,
}

/// What is asked of a literal wherever it stands.
#[derive(Debug, Clone, Copy)]
struct LiteralFacts {
    /// Its uses: so many from here on.
    first: u32,
    count: u32,
    /// Whether an edge of it is an ASCII letter or digit.
    has_latin_edge: bool,
    /// Whether its places are asked for after the walk: those of anchors and marks.
    is_part: bool,
}

/// The compiled search.
pub(super) struct Finder {
    literals: Literals,
    literal_facts: Vec<LiteralFacts>,
    uses: Vec<Use>,
    pub patterns: Vec<PatternFacts>,
    loose: Vec<Loose>,
    pub masks: Vec<Mask>,
    pub negators: Vec<Negator>,
    /// Distinct literals of gates, as matched.
    pub gates: Vec<String>,
    /// The regexes that have marks.
    regexes: Vec<RegexFacts>,
    /// One bit for each of them that has no early mark, and for each that has no late one.
    without: [Vec<u64>; 2],
    /// Regexes that may match any text.
    always: Vec<RegexFacts>,
}

/// A range of characters of the match text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A place of a literal that is part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    literal: u32,
    span: Span,
    /// Whether it begins and ends with written characters and touches no other Latin letters.
    is_apart: bool,
}

/// What was found in one sentence, in buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Pattern number and place of every hit, in no particular order.
    pub hits: Vec<(u32, Span)>,
    /// Mask number and place.
    pub masks: Vec<(u32, Span)>,
    /// Negator number and place, by end.
    pub negators: Vec<(u32, Span)>,
    /// Gate number and place.
    pub gates: Vec<(u32, Span)>,
    places: Places,
    parts: Vec<Part>,
    /// One bit for each literal: whether it stands apart here as part of a pattern.
    has_part: Vec<u64>,
    /// Loose patterns of which an anchor stands here.
    loose: Vec<u32>,
    spans: Vec<Span>,
    /// One bit for each regex: whether an early mark of it stands here, and a late one.
    has_mark: [Vec<u64>; 2],
    regexes: RegexScratch,
    /// A part of the sentence, for a regex: as text and in an alphabet of its own.
    string: String,
    bytes: Vec<u8>,
}

impl Found {
    fn clear(&mut self, finder: &Finder) {
        self.hits.clear();
        self.masks.clear();
        self.negators.clear();
        self.gates.clear();
        self.parts.drain(..).for_each(|part| self.has_part[part.literal as usize / 64] = 0);
        self.has_part.resize(finder.literal_facts.len().div_ceil(64), 0);
        self.loose.clear();
        self.has_mark.iter_mut().for_each(|bits| {
            bits.clear();
            bits.resize(finder.regexes.len().div_ceil(64), 0);
        });
    }

    fn add_part(&mut self, part: Part) {
        self.parts.push(part);
        if part.is_apart {
            set(&mut self.has_part, part.literal as usize);
        }
    }
}

impl Finder {
    pub fn new(taxonomy: &Taxonomy) -> Self {
        build::finder(taxonomy)
    }

    /// Finds everything in one sentence.
    pub fn find(&self, text: &MatchText, written: &str, is_title: bool, found: &mut Found) {
        found.clear(self);
        let mut places = std::mem::take(&mut found.places);
        for Occurrence { literal, start, end } in self.literals.find(text.characters(), &mut places).iter().copied() {
            let facts = &self.literal_facts[literal as usize];
            let span = Span { start, end };
            let is_apart = text.is_whole(start, end) && (!facts.has_latin_edge || text.is_word(written, start, end));
            if facts.is_part {
                found.add_part(Part { literal, span, is_apart });
            }
            self.uses_of(facts).iter().for_each(|role| self.add(*role, span, is_apart, is_title, found));
        }
        found.places = places;
        // Before the loose patterns, which put the parts in another order.
        self.find_regexes(text, is_title, found);
        self.find_loose(text, is_title, found);
    }

    fn add(&self, role: Use, span: Span, is_apart: bool, is_title: bool, found: &mut Found) {
        match role {
            Use::Mark(regex, is_late) => set(&mut found.has_mark[usize::from(is_late)], regex as usize),
            _ if !is_apart => {}
            Use::Pattern(pattern) => found.hits.push((pattern, span)),
            Use::Scoped(pattern) if self.is_in_scope(pattern, is_title) => found.hits.push((pattern, span)),
            Use::Scoped(_) => {}
            Use::Anchor(loose) => found.loose.push(loose),
            Use::Mask(mask) => found.masks.push((mask, span)),
            Use::Negator(negator) => found.negators.push((negator, span)),
            Use::Gate(gate) => found.gates.push((gate, span)),
        }
    }

    fn uses_of(&self, literal: &LiteralFacts) -> &[Use] {
        &self.uses[literal.first as usize..][..literal.count as usize]
    }

    fn is_in_scope(&self, pattern: u32, is_title: bool) -> bool {
        match self.patterns[pattern as usize].scope {
            Scope::Everywhere => true,
            Scope::Title => is_title,
            Scope::Body => !is_title,
        }
    }
}
