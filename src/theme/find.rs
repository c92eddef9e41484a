//! Where literals and patterns stand in a sentence: one walk over every literal of the taxonomy, then what is made of them.

use crate::text::Literals;

use super::match_text::{MatchText, is_border};
use super::model::{Literal, Op, Parts, Pattern, Scope, Taxonomy};
use super::sieve::Sieve;

/// What a literal is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A term or token pattern.
    Pattern(u32),
    /// The first or second anchor of a pattern; the second anchor if true.
    Anchor(u32, bool),
    /// A mask; number in `Finder::masks`.
    Mask(u32),
    /// A topic or stance negator; number in `Finder::negators`.
    Negator(u32),
    /// A literal of a gate; number in `Finder::gates`.
    Gate(u32),
    /// A word that every match of a regex holds, the early or the late one if true; number in `Finder::sieves`.
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
    pub theme: usize,
    /// Number in its theme.
    pub pattern: usize,
    pub op: Op,
    scope: Scope,
    /// Place in the order of equal spans: higher weight, operator, theme id, text.
    pub tie: u32,
    /// Place in the order of theme id and text.
    pub name: u32,
}

/// The compiled search.
#[derive(Default)]
pub(super) struct Finder {
    literals: Literals,
    /// For each literal what it is looked for.
    roles: Vec<Vec<Role>>,
    /// For each literal whether an edge of it is an ASCII letter or digit.
    has_latin_edge: Vec<bool>,
    pub patterns: Vec<PatternFacts>,
    pub masks: Vec<Mask>,
    pub negators: Vec<Negator>,
    /// Distinct literals of gates, as matched.
    pub gates: Vec<String>,
    /// The regexes that have marks: pattern and what its matches are known by.
    sieves: Vec<(u32, Sieve)>,
    /// Regexes that may match any text.
    always: Vec<u32>,
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
    anchors: Vec<(u32, bool, Span)>,
    /// Where the early mark of a regex stands, or the late one if true.
    marks: Vec<(u32, bool, Span)>,
    /// Regexes that may match.
    candidates: Vec<u32>,
}

impl Found {
    fn clear(&mut self) {
        self.hits.clear();
        self.masks.clear();
        self.negators.clear();
        self.gates.clear();
        self.anchors.clear();
        self.marks.clear();
        self.candidates.clear();
    }
}

impl Finder {
    pub fn new(taxonomy: &Taxonomy) -> Self {
        let mut builder = Builder::default();
        for mask in &taxonomy.masks {
            builder.mask(mask, None);
        }
        for (list, is_topic) in [(&taxonomy.topic, true), (&taxonomy.stance, false)] {
            list.iter().for_each(|negator| builder.negator(negator, is_topic));
        }
        for (number, theme) in taxonomy.themes.iter().enumerate().filter(|(_, t)| t.is_leaf) {
            theme.patterns.iter().enumerate().for_each(|(at, pattern)| builder.pattern(number, at, pattern));
            theme.masks.iter().for_each(|mask| builder.mask(mask, Some(number)));
            [&theme.all, &theme.any, &theme.none].into_iter().flatten().for_each(|gate| builder.gate(&gate.normal));
        }
        let mut finder = builder.finder;
        finder.rank(taxonomy);
        finder
    }

    /// Numbers the patterns in the orders that decide ties.
    fn rank(&mut self, taxonomy: &Taxonomy) {
        let facts = self.patterns.clone();
        let of = |at: u32| {
            let theme = &taxonomy.themes[facts[at as usize].theme];
            (theme, &theme.patterns[facts[at as usize].pattern])
        };
        let mut order: Vec<u32> = (0u32..).take(facts.len()).collect();
        order.sort_by_key(|at| (&of(*at).0.id, &of(*at).1.text));
        (0u32..).zip(&order).for_each(|(rank, at)| self.patterns[*at as usize].name = rank);
        order.sort_by_key(|at| (std::cmp::Reverse(of(*at).1.weight_micro), of(*at).1.op));
        (0u32..).zip(&order).for_each(|(rank, at)| self.patterns[*at as usize].tie = rank);
    }

    /// Finds everything in one sentence.
    pub fn find(&self, taxonomy: &Taxonomy, text: &MatchText, written: &str, is_title: bool, found: &mut Found) {
        found.clear();
        self.literals.find(text.characters(), |literal, start, end| {
            let literal = literal as usize;
            let is_apart = text.is_whole(start, end) && (!self.has_latin_edge[literal] || text.is_word(written, start, end));
            self.roles[literal].iter().for_each(|role| self.add(*role, Span { start, end }, is_apart, is_title, found));
        });
        self.join_anchors(taxonomy, text, is_title, found);
        self.find_regexes(taxonomy, text, is_title, found);
    }

    fn add(&self, role: Role, span: Span, is_apart: bool, is_title: bool, found: &mut Found) {
        match role {
            Role::Mark(sieve, is_late) => found.marks.push((sieve, is_late, span)),
            _ if !is_apart => {}
            Role::Pattern(pattern) if self.is_in_scope(pattern, is_title) => found.hits.push((pattern, span)),
            Role::Pattern(_) => {}
            Role::Anchor(pattern, second) => found.anchors.push((pattern, second, span)),
            Role::Mask(mask) => found.masks.push((mask, span)),
            Role::Negator(negator) => found.negators.push((negator, span)),
            Role::Gate(gate) => found.gates.push((gate, span)),
        }
    }

    fn is_in_scope(&self, pattern: u32, is_title: bool) -> bool {
        match self.patterns[pattern as usize].scope {
            Scope::Everywhere => true,
            Scope::Title => is_title,
            Scope::Body => !is_title,
        }
    }

    fn pattern<'t>(&self, taxonomy: &'t Taxonomy, pattern: u32) -> &'t Pattern {
        let facts = self.patterns[pattern as usize];
        &taxonomy.themes[facts.theme].patterns[facts.pattern]
    }

    fn join_anchors(&self, taxonomy: &Taxonomy, text: &MatchText, is_title: bool, found: &mut Found) {
        if found.anchors.is_empty() {
            return;
        }
        let mut anchors = std::mem::take(&mut found.anchors);
        anchors.sort_unstable();
        for group in anchors.chunk_by(|a, b| a.0 == b.0).filter(|g| self.is_in_scope(g[0].0, is_title)) {
            let (first, second) = group.split_at(group.partition_point(|a| !a.1));
            let content = self.pattern(taxonomy, group[0].0);
            let Parts::Anchors(_, limit, _) = &content.parts else { continue };
            let mut spans = Vec::new();
            join(first, second, *limit, content.op == Op::Gap, text, &mut spans);
            if content.op == Op::Near {
                join(second, first, *limit, false, text, &mut spans);
            }
            found.hits.extend(innermost(spans).into_iter().map(|span| (group[0].0, span)));
        }
        found.anchors = anchors;
    }

    /// The regexes that may match, by their marks.
    fn choose_regexes(&self, found: &mut Found) {
        found.candidates.extend(&self.always);
        found.marks.sort_unstable();
        for group in found.marks.chunk_by(|a, b| a.0 == b.0) {
            let (pattern, sieve) = &self.sieves[group[0].0 as usize];
            let (early, late) = group.split_at(group.partition_point(|mark| !mark.1));
            if sieve.passes(early.iter().map(|mark| mark.2), late.iter().map(|mark| mark.2)) {
                found.candidates.push(*pattern);
            }
        }
    }

    fn find_regexes(&self, taxonomy: &Taxonomy, text: &MatchText, is_title: bool, found: &mut Found) {
        self.choose_regexes(found);
        if found.candidates.is_empty() {
            return;
        }
        let string: String = text.characters().iter().collect();
        for pattern in found.candidates.iter().filter(|pattern| self.is_in_scope(**pattern, is_title)) {
            let Parts::Regex(regex) = &self.pattern(taxonomy, *pattern).parts else { continue };
            // Matches come in order: their places are counted on from the one before.
            let (mut bytes, mut characters) = (0, 0);
            let mut character_at = |byte: usize| {
                characters += string[bytes..byte].chars().count();
                bytes = byte;
                number(characters)
            };
            for hit in regex.find_iter(&string).filter(|hit| !hit.is_empty()) {
                let span = Span { start: character_at(hit.start()), end: character_at(hit.end()) };
                if text.is_whole(span.start, span.end) {
                    found.hits.push((*pattern, span));
                }
            }
        }
    }
}

/// Spans from an anchor of `lefts` to one of `rights` that begins at most `limit` characters after it ends.
fn join(lefts: &[(u32, bool, Span)], rights: &[(u32, bool, Span)], limit: u32, within_clause: bool, text: &MatchText, out: &mut Vec<Span>) {
    for (_, _, left) in lefts {
        let from = rights.partition_point(|(_, _, right)| right.start < left.end);
        for (_, _, right) in rights[from..].iter().take_while(|(_, _, right)| right.start - left.end <= limit) {
            if !(within_clause && text.slice(left.end, right.start).iter().any(|c| is_border(*c))) {
                out.push(Span { start: left.start, end: right.end });
            }
        }
    }
}

/// The spans that hold no other: of two spans of one pattern that hold each other only the inner is a hit.
fn innermost(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| (span.end, std::cmp::Reverse(span.start)));
    spans.dedup();
    let mut kept: Vec<Span> = Vec::new();
    for span in spans {
        // Those kept end earlier or at the same place and begin before each other: the last begins the latest.
        if kept.last().is_none_or(|last| last.start < span.start) {
            kept.push(span);
        }
    }
    kept
}

#[derive(Default)]
struct Builder {
    finder: Finder,
    numbers: std::collections::BTreeMap<String, usize>,
}

impl Builder {
    fn literal(&mut self, normal: &str, role: Role) {
        let finder = &mut self.finder;
        let at = *self.numbers.entry(normal.to_string()).or_insert_with(|| {
            finder.literals.add(normal, number(finder.roles.len()));
            finder.roles.push(Vec::new());
            let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            finder.has_latin_edge.push(is_latin(normal.chars().next()) || is_latin(normal.chars().next_back()));
            finder.roles.len() - 1
        });
        finder.roles[at].push(role);
    }

    fn mask(&mut self, mask: &Literal, theme: Option<usize>) {
        self.literal(&mask.normal, Role::Mask(number(self.finder.masks.len())));
        self.finder.masks.push(Mask { text: mask.text.clone(), theme });
    }

    fn negator(&mut self, negator: &Literal, is_topic: bool) {
        self.literal(&negator.normal, Role::Negator(number(self.finder.negators.len())));
        let length = number(negator.normal.chars().count());
        self.finder.negators.push(Negator { text: negator.text.clone(), is_topic, length });
    }

    fn gate(&mut self, normal: &str) {
        if !self.finder.gates.iter().any(|gate| gate == normal) {
            self.literal(normal, Role::Gate(number(self.finder.gates.len())));
            self.finder.gates.push(normal.to_string());
        }
    }

    fn pattern(&mut self, theme: usize, pattern: usize, content: &Pattern) {
        let id = number(self.finder.patterns.len());
        self.finder.patterns.push(PatternFacts { theme, pattern, op: content.op, scope: content.scope, tie: 0, name: 0 });
        match &content.parts {
            Parts::Literal(normal) => self.literal(normal, Role::Pattern(id)),
            Parts::Anchors(first, _, second) => {
                self.literal(first, Role::Anchor(id, false));
                self.literal(second, Role::Anchor(id, true));
            }
            Parts::Regex(regex) => self.regex(id, Sieve::of(regex.as_str())),
        }
    }

    fn regex(&mut self, pattern: u32, sieve: Sieve) {
        if sieve.is_empty() {
            return self.finder.always.push(pattern);
        }
        let number = number(self.finder.sieves.len());
        sieve.early.iter().for_each(|literal| self.literal(literal, Role::Mark(number, false)));
        sieve.late.iter().for_each(|literal| self.literal(literal, Role::Mark(number, true)));
        self.finder.sieves.push((pattern, sieve));
    }
}

fn number(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
