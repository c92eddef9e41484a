//! The compiled taxonomy: sentences in, evidence and labels out.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::text::simplified;

use super::find::{Finder, Found};
use super::literals::LiteralFinder;
use super::match_text::{MatchText, is_border};
use super::model::{Kind, Literal, Op, Pattern, Taxonomy, Theme, Unit};
use super::resolve::{Kept, Resolved, resolve};
use super::score::{GateNumbers, GatePlace, Scorer, Scores, ThemeGates, Working};

/// Number of a pattern that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PatternId(pub u32);

/// Number of a negator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NegatorId(pub u32);

/// Why a hit does not count. [`Tagger::blocked_text`] says it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Blocked {
    /// It lies inside this mask.
    Mask(u32),
    /// It lies inside a hit of this pattern.
    Longer(PatternId),
    /// It overlaps a hit of this pattern of its own theme.
    Overlap(PatternId),
    /// The text says that it is not about this.
    Negation,
    /// The pattern counted often enough in the unit.
    Cap,
    /// A condition of its theme is not met in the unit.
    Gate(u32),
}

/// A sentence of a document as written.
#[derive(Debug, Clone, Copy)]
pub struct Sentence<'a> {
    /// Its text.
    pub text: &'a str,
    /// 1-based paragraph number.
    pub paragraph_no: u32,
    /// 1-based sentence number.
    pub sentence_no: u32,
    /// Whether it is the title.
    pub is_title: bool,
    /// Start and end of its tokens in Unicode scalar values, ascending; asked for only by [`Tagger::needs_tokens`].
    pub token_edges: Option<&'a [(u32, u32)]>,
}

/// A place where a pattern matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Index of its sentence.
    pub sentence: u32,
    /// First character in the sentence as written, in Unicode scalar values.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// What matched.
    pub pattern: PatternId,
    /// Its weight in millionths if it counts, else 0.
    pub contribution_micro: i64,
    /// The negator before it.
    pub negation: Option<NegatorId>,
    /// Why it does not count, if it does not.
    pub blocked: Option<Blocked>,
}

/// The themes of one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodedSentence {
    /// Index of the sentence.
    pub sentence: u32,
    /// Leaves with their score in the sentence, in millionths: highest first, then policy, priority, taxonomy order. Not empty.
    pub themes: Box<[(u32, i64)]>,
}

/// What was found in a document.
#[derive(Debug, Default)]
pub struct Coding {
    /// Every hit, by sentence, start, theme id, pattern.
    pub hits: Vec<Hit>,
    /// Sentences with a theme, in order.
    pub coded: Vec<CodedSentence>,
    /// Hits left out because one pattern was capped more than 100 times in a unit.
    pub capped_rows_left_out: u64,
}

/// Buffers of one thread.
#[derive(Debug, Default)]
pub struct Scratch {
    text: MatchText,
    found: Found,
    resolved: Vec<Resolved>,
    kept: Kept,
    /// The hits of the document.
    hits: Vec<Working>,
    /// Where literals of gates stand in it.
    gates: Vec<GatePlace>,
    scores: Scores,
}

/// What stands in `negation` and `blocked_by`, once for all rows.
struct Texts {
    negations: Vec<String>,
    masks: Vec<String>,
    longer: Vec<String>,
    overlaps: Vec<String>,
}

impl Texts {
    fn new(taxonomy: &Taxonomy, finder: &Finder) -> Self {
        let patterns = || finder.patterns.iter().map(|facts| (&taxonomy.themes[facts.theme as usize], facts.pattern as usize));
        let kind = |is_topic: bool| if is_topic { "topic" } else { "stance" };
        Self {
            negations: finder.negators.iter().map(|negator| format!("{}:{}", kind(negator.is_topic), negator.text)).collect(),
            masks: finder.masks.iter().map(|mask| format!("mask:{}", mask.text)).collect(),
            longer: patterns().map(|(theme, at)| format!("longer:{}:{}", theme.id, theme.patterns[at].text)).collect(),
            overlaps: patterns().map(|(theme, at)| format!("overlap:{}", theme.patterns[at].text)).collect(),
        }
    }
}

/// A compiled taxonomy: immutable, shared by all threads.
pub struct Tagger {
    taxonomy: Arc<Taxonomy>,
    finder: Finder,
    texts: Texts,
    gates: GateNumbers,
    /// Finds the masks of all themes alone.
    masks: LiteralFinder,
    /// For each theme its place in the order of judging.
    places: Vec<u32>,
    needs_tokens: bool,
    /// Whether a theme is judged by the clause.
    needs_clauses: bool,
}

impl Tagger {
    /// Compiles a taxonomy that was read without errors.
    ///
    /// # Errors
    /// Themes that use each other in a circle.
    pub fn new(taxonomy: Arc<Taxonomy>) -> Result<Self, Vec<Diagnostic>> {
        let finder = Finder::new(&taxonomy);
        let gates = gate_numbers(&taxonomy, &finder);
        let order = super::lint::use_order(&taxonomy).map_err(|circle| {
            let ids: Vec<&str> = circle.iter().map(|at| taxonomy.themes[*at].id.as_str()).collect();
            vec![Diagnostic::error(taxonomy.id(), 0, 0, "T013", format!("themes use each other in a circle: {}", ids.join(", ")))]
        })?;
        let needs_tokens = taxonomy.themes.iter().flat_map(|t| &t.patterns).any(|p| p.op == Op::Token);
        let needs_clauses = taxonomy.themes.iter().any(|theme| theme.unit == Unit::Clause);
        let mut places = vec![0; taxonomy.themes.len()];
        (0u32..).zip(order).for_each(|(place, theme)| places[theme] = place);
        let texts = Texts::new(&taxonomy, &finder);
        let normals: Vec<&str> = taxonomy.masks.iter().map(|mask| mask.normal.as_str()).collect();
        let masks = LiteralFinder::of(&normals);
        Ok(Self { masks, taxonomy, finder, texts, gates, places, needs_tokens, needs_clauses })
    }

    /// Whether a pattern asks for whole tokens, so that [`Sentence::token_edges`] must be given.
    pub fn needs_tokens(&self) -> bool {
        self.needs_tokens
    }

    pub(super) fn mask_finder(&self) -> &LiteralFinder {
        &self.masks
    }

    /// The themes in taxonomy order.
    pub fn themes(&self) -> &[Theme] {
        self.taxonomy.themes()
    }

    /// The taxonomy.
    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// A pattern.
    pub fn pattern(&self, id: PatternId) -> &Pattern {
        let place = self.finder.patterns[id.0 as usize];
        &self.taxonomy.themes[place.theme as usize].patterns[place.pattern as usize]
    }

    /// Number of the theme that a pattern belongs to.
    pub fn pattern_theme(&self, id: PatternId) -> usize {
        self.finder.patterns[id.0 as usize].theme as usize
    }

    /// `topic:WORD` or `stance:WORD`.
    pub fn negation_text(&self, id: NegatorId) -> &str {
        &self.texts.negations[id.0 as usize]
    }

    /// The reason as it stands in `blocked_by`.
    pub fn blocked_text(&self, blocked: &Blocked) -> &str {
        match *blocked {
            Blocked::Mask(mask) => &self.texts.masks[mask as usize],
            Blocked::Longer(pattern) => &self.texts.longer[pattern.0 as usize],
            Blocked::Overlap(pattern) => &self.texts.overlaps[pattern.0 as usize],
            Blocked::Negation => "negation",
            Blocked::Cap => "cap",
            Blocked::Gate(reason) => &self.gates.reasons[reason as usize],
        }
    }

    /// Codes the sentences of one document.
    pub fn code(&self, sentences: &[Sentence<'_>], scratch: &mut Scratch) -> Coding {
        scratch.hits.clear();
        scratch.gates.clear();
        for (number, sentence) in (0u32..).zip(sentences) {
            self.find_in(number, sentence, scratch);
        }
        let Scratch { hits, gates, scores, .. } = scratch;
        if hits.is_empty() {
            return Coding::default();
        }
        let scorer = Scorer {
            taxonomy: &self.taxonomy,
            patterns: &self.finder.patterns,
            sentences,
            gates,
            gate_numbers: &self.gates,
            places: &self.places,
        };
        scorer.score(hits, scores);
        let coded = self.order_themes(&mut scores.coded, hits);
        put_in_evidence_order(hits);
        let written = hits.iter().filter(|working| !working.left_out).map(|working| working.hit);
        let left_out = hits.iter().filter(|working| working.left_out).count() as u64;
        Coding { hits: written.collect(), coded, capped_rows_left_out: left_out }
    }

    fn find_in(&self, number: u32, sentence: &Sentence<'_>, scratch: &mut Scratch) {
        let Scratch { text, found, resolved, kept, hits, gates, .. } = scratch;
        match self.taxonomy.to_simplified {
            true => text.read(&simplified(sentence.text)),
            false => text.read(sentence.text),
        }
        self.finder.find(text, sentence.text, sentence.is_title, found);
        if self.needs_tokens {
            found.hits.retain(|(pattern, span)| {
                let edges = sentence.token_edges.unwrap_or_default();
                self.pattern(PatternId(*pattern)).op != Op::Token || edges.binary_search(&text.written_span(span.start, span.end)).is_ok()
            });
        }
        if found.hits.is_empty() && found.gates.is_empty() {
            return;
        }
        let all = if self.needs_clauses { text.characters() } else { &[] };
        let borders: Vec<u32> = (0u32..).zip(all).filter(|(_, c)| is_border(**c)).map(|(at, _)| at).collect();
        let clause = |start: u32| u32::try_from(borders.partition_point(|border| *border < start)).unwrap_or(u32::MAX);
        gates.extend(found.gates.iter().map(|(gate, span)| (*gate, number, clause(span.start))));
        resolve(&self.taxonomy, &self.finder, text, found, (resolved, kept));
        resolved.sort_unstable_by_key(|hit| (hit.span, hit.name));
        hits.extend(resolved.iter().map(|r| {
            let (start, end) = text.written_span(r.span.start, r.span.end);
            let pattern = PatternId(r.pattern);
            let hit = Hit { sentence: number, start, end, pattern, contribution_micro: 0, negation: r.negation, blocked: r.blocked };
            Working { hit, clause: clause(r.span.start), theme: r.theme, name: r.name, left_out: false }
        }));
    }

    /// Orders the themes of a sentence: score descending, policy first, priority descending, taxonomy order.
    pub fn theme_order(&self, theme: u32, score: i64) -> impl Ord + use<> {
        let content = &self.themes()[theme as usize];
        (std::cmp::Reverse(score), content.kind != Kind::Policy, std::cmp::Reverse(content.priority), theme)
    }

    /// The coded sentences with their themes in order.
    fn order_themes(&self, coded: &mut Vec<(u32, usize)>, hits: &[Working]) -> Vec<CodedSentence> {
        coded.sort_unstable();
        coded.dedup();
        let mut out = Vec::new();
        for group in coded.chunk_by(|a, b| a.0 == b.0) {
            let sentence = group[0].0;
            let from = hits.partition_point(|w| w.hit.sentence < sentence);
            let of_sentence = || hits[from..].iter().take_while(|w| w.hit.sentence == sentence);
            let score = |theme: usize| of_sentence().filter(|w| w.theme as usize == theme).map(|w| w.hit.contribution_micro).sum::<i64>();
            let mut themes: Vec<(u32, i64)> =
                group.iter().map(|(_, theme)| (u32::try_from(*theme).unwrap_or(u32::MAX), score(*theme))).collect();
            themes.sort_by_key(|(number, score)| self.theme_order(*number, *score));
            out.push(CodedSentence { sentence, themes: themes.into_boxed_slice() });
        }
        out
    }
}

/// Orders hits that stand in the order of their places and names: of those that begin together the name decides, then the end.
fn put_in_evidence_order(hits: &mut [Working]) {
    let begin_together = |a: &Working, b: &Working| (a.hit.sentence, a.hit.start) == (b.hit.sentence, b.hit.start);
    for together in hits.chunk_by_mut(begin_together).filter(|together| together.len() > 1) {
        together.sort_unstable_by_key(|working| (working.name, working.hit.end));
    }
}

fn gate_numbers(taxonomy: &Taxonomy, finder: &Finder) -> GateNumbers {
    let mut numbers = GateNumbers::default();
    let places: FxHashMap<&str, u32> = finder.gates.iter().map(String::as_str).zip(0u32..).collect();
    for (theme, content) in taxonomy.themes.iter().enumerate() {
        if content.all.is_empty() && content.any.is_empty() && content.none.is_empty() && content.uses.is_empty() {
            continue;
        }
        let reasons = &mut numbers.reasons;
        let mut reason = |text: String| {
            reasons.push(text);
            u32::try_from(reasons.len() - 1).unwrap_or(u32::MAX)
        };
        let gate = |literal: &Literal| places.get(literal.normal.as_str()).copied().unwrap_or(u32::MAX);
        let gates = ThemeGates {
            all: content.all.iter().map(|l| (gate(l), reason(format!("all:{}", l.text)))).collect(),
            any: content.any.iter().map(gate).collect(),
            any_reason: reason("any".to_string()),
            none: content.none.iter().map(|l| (gate(l), reason(format!("none:{}", l.text)))).collect(),
            uses: content
                .uses
                .iter()
                .filter_map(|u| {
                    let other = taxonomy.themes.iter().position(|t| t.id == u.id)?;
                    Some((other, u.at_least, u.amount_micro, reason(format!("use:{}", u.text))))
                })
                .collect(),
        };
        numbers.of_theme.insert(theme, gates);
    }
    numbers
}
