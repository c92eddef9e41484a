//! Where literals and patterns stand in a sentence: one automaton over every literal of the taxonomy.

use daachorse::CharwiseDoubleArrayAhoCorasick;
use regex::RegexSet;

use crate::diagnostic::Diagnostic;

use super::match_text::{MatchText, is_border};
use super::model::{Literal, Op, Parts, Scope, Taxonomy};
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

/// A pattern with the theme it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct PatternPlace {
    pub theme: usize,
    pub pattern: usize,
}

/// The compiled search.
pub(super) struct Finder {
    sieve: Sieve,
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    /// For each literal of the automaton what it is looked for.
    roles: Vec<Vec<Role>>,
    pub patterns: Vec<PatternPlace>,
    pub masks: Vec<Mask>,
    pub negators: Vec<Negator>,
    /// Distinct literals of gates, as matched.
    pub gates: Vec<String>,
    regexes: RegexSet,
    /// The pattern of each regex of the set.
    regex_patterns: Vec<u32>,
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
}

impl Found {
    fn clear(&mut self) {
        self.hits.clear();
        self.masks.clear();
        self.negators.clear();
        self.gates.clear();
        self.anchors.clear();
    }
}

impl Finder {
    pub fn new(taxonomy: &Taxonomy) -> Result<Self, Vec<Diagnostic>> {
        let mut builder = Builder::default();
        for mask in &taxonomy.masks {
            builder.mask(mask, None);
        }
        for (list, is_topic) in [(&taxonomy.topic, true), (&taxonomy.stance, false)] {
            list.iter().for_each(|negator| builder.negator(negator, is_topic));
        }
        for (number, theme) in taxonomy.themes.iter().enumerate().filter(|(_, t)| t.is_leaf) {
            for (pattern, content) in theme.patterns.iter().enumerate() {
                builder.pattern(PatternPlace { theme: number, pattern }, &content.parts);
            }
            theme.masks.iter().for_each(|mask| builder.mask(mask, Some(number)));
            [&theme.all, &theme.any, &theme.none].into_iter().flatten().for_each(|gate| builder.gate(&gate.normal));
        }
        builder.finish().map_err(|reason| vec![Diagnostic::error(taxonomy.id(), 0, 0, "T010", reason)])
    }

    /// Whether a sentence as written may hold a hit or a literal of a gate; a no is certain.
    pub fn may_find(&self, written: &str) -> bool {
        self.sieve.may_hold(written)
    }

    /// Finds everything in one sentence.
    pub fn find(&self, taxonomy: &Taxonomy, text: &MatchText, written: &str, is_title: bool, found: &mut Found) {
        found.clear();
        if let Some(automaton) = &self.automaton {
            for at in automaton.find_overlapping_iter(text.text()) {
                let span = Span { start: text.character_at(at.start()), end: text.character_at(at.end()) };
                if text.is_whole(span.start, span.end) && text.is_word(written, span.start, span.end) {
                    self.add(taxonomy, at.value() as usize, span, is_title, found);
                }
            }
        }
        self.join_anchors(taxonomy, text, is_title, found);
        self.find_regexes(taxonomy, text, is_title, found);
    }

    fn add(&self, taxonomy: &Taxonomy, literal: usize, span: Span, is_title: bool, found: &mut Found) {
        for role in &self.roles[literal] {
            match *role {
                Role::Pattern(pattern) if self.is_in_scope(taxonomy, pattern, is_title) => found.hits.push((pattern, span)),
                Role::Pattern(_) => {}
                Role::Anchor(pattern, second) => found.anchors.push((pattern, second, span)),
                Role::Mask(mask) => found.masks.push((mask, span)),
                Role::Negator(negator) => found.negators.push((negator, span)),
                Role::Gate(gate) => found.gates.push((gate, span)),
            }
        }
    }

    fn is_in_scope(&self, taxonomy: &Taxonomy, pattern: u32, is_title: bool) -> bool {
        match self.pattern(taxonomy, pattern).scope {
            Scope::Everywhere => true,
            Scope::Title => is_title,
            Scope::Body => !is_title,
        }
    }

    fn pattern<'t>(&self, taxonomy: &'t Taxonomy, pattern: u32) -> &'t super::model::Pattern {
        let place = self.patterns[pattern as usize];
        &taxonomy.themes[place.theme].patterns[place.pattern]
    }

    fn join_anchors(&self, taxonomy: &Taxonomy, text: &MatchText, is_title: bool, found: &mut Found) {
        if found.anchors.is_empty() {
            return;
        }
        let mut anchors = std::mem::take(&mut found.anchors);
        anchors.sort_unstable();
        for group in anchors.chunk_by(|a, b| a.0 == b.0).filter(|g| self.is_in_scope(taxonomy, g[0].0, is_title)) {
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

    fn find_regexes(&self, taxonomy: &Taxonomy, text: &MatchText, is_title: bool, found: &mut Found) {
        if self.regexes.is_empty() {
            return;
        }
        for at in self.regexes.matches(text.text()) {
            let pattern = self.regex_patterns[at];
            let Parts::Regex(regex) = &self.pattern(taxonomy, pattern).parts else { continue };
            if !self.is_in_scope(taxonomy, pattern, is_title) {
                continue;
            }
            for hit in regex.find_iter(text.text()).filter(|hit| !hit.is_empty()) {
                let span = Span { start: text.character_at(hit.start()), end: text.character_at(hit.end()) };
                if text.is_whole(span.start, span.end) {
                    found.hits.push((pattern, span));
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
            if !(within_clause && text.slice(left.end, right.start).contains(is_border)) {
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
    /// Passes what makes hits or is asked for by gates; masks and negators matter only beside a hit.
    sieve: Sieve,
    literals: Vec<String>,
    numbers: std::collections::BTreeMap<String, usize>,
    roles: Vec<Vec<Role>>,
    patterns: Vec<PatternPlace>,
    masks: Vec<Mask>,
    negators: Vec<Negator>,
    gates: Vec<String>,
    regexes: Vec<(String, u32)>,
}

impl Builder {
    fn literal(&mut self, normal: &str, role: Role) {
        let number = *self.numbers.entry(normal.to_string()).or_insert_with(|| {
            self.literals.push(normal.to_string());
            self.roles.push(Vec::new());
            self.literals.len() - 1
        });
        self.roles[number].push(role);
    }

    fn mask(&mut self, mask: &Literal, theme: Option<usize>) {
        self.literal(&mask.normal, Role::Mask(number(self.masks.len())));
        self.masks.push(Mask { text: mask.text.clone(), theme });
    }

    fn negator(&mut self, negator: &Literal, is_topic: bool) {
        self.literal(&negator.normal, Role::Negator(number(self.negators.len())));
        let length = number(negator.normal.chars().count());
        self.negators.push(Negator { text: negator.text.clone(), is_topic, length });
    }

    fn gate(&mut self, normal: &str) {
        if !self.gates.iter().any(|gate| gate == normal) {
            self.sieve.add_literal(normal);
            self.literal(normal, Role::Gate(number(self.gates.len())));
            self.gates.push(normal.to_string());
        }
    }

    fn pattern(&mut self, place: PatternPlace, parts: &Parts) {
        let pattern = number(self.patterns.len());
        self.patterns.push(place);
        match parts {
            Parts::Literal(normal) => {
                self.sieve.add_literal(normal);
                self.literal(normal, Role::Pattern(pattern));
            }
            Parts::Anchors(first, _, second) => {
                // A hit holds both, so the longer one, which is the rarer as a rule, is enough.
                self.sieve.add_literal(if second.chars().count() > first.chars().count() { second } else { first });
                self.literal(first, Role::Anchor(pattern, false));
                self.literal(second, Role::Anchor(pattern, true));
            }
            Parts::Regex(regex) => {
                self.sieve.add_regex(regex.as_str());
                self.regexes.push((regex.as_str().to_string(), pattern));
            }
        }
    }

    fn finish(self) -> Result<Finder, String> {
        let automaton = match self.literals.is_empty() {
            true => None,
            false => {
                let built = CharwiseDoubleArrayAhoCorasick::new(&self.literals);
                Some(built.map_err(|e| format!("the taxonomy has too many literals: {e}"))?)
            }
        };
        let regexes = RegexSet::new(self.regexes.iter().map(|(text, _)| text))
            .map_err(|e| format!("the regular expressions are too large together: {e}"))?;
        let regex_patterns = self.regexes.iter().map(|(_, pattern)| *pattern).collect();
        let Self { sieve, roles, patterns, masks, negators, gates, .. } = self;
        Ok(Finder { sieve, automaton, roles, patterns, masks, negators, gates, regexes, regex_patterns })
    }
}

fn number(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
