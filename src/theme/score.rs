//! From the hits of a document to contributions and coded sentences: cap, gates, threshold, each over the unit of its theme.

use std::collections::BTreeMap;

use super::find::PatternFacts;
use super::model::{Taxonomy, Theme, Unit};
use super::tagger::{Blocked, Hit, PatternId, Sentence};

/// Evidence rows of one pattern and unit that are written when they are blocked by the cap.
const CAPPED_ROWS: u32 = 100;

/// A hit of a document on its way to a [`Hit`].
#[derive(Debug)]
pub(super) struct Working {
    pub hit: Hit,
    /// Number of its clause in the sentence.
    pub clause: u32,
    pub theme: u32,
    /// Place of its pattern in the order of theme id and text.
    pub name: u32,
    /// Left out of the evidence: one of too many capped rows.
    pub left_out: bool,
}

/// Where a literal of a gate stands: gate number, sentence, clause.
pub(super) type GatePlace = (u32, u32, u32);

/// A unit of a theme: sentence and clause, of which the larger units use the first number only.
type UnitKey = (u32, u32);

pub(super) struct Scorer<'a> {
    pub taxonomy: &'a Taxonomy,
    pub sentences: &'a [Sentence<'a>],
    pub gates: &'a [GatePlace],
    /// For each leaf with gates the numbers of `all`, `any`, `none` literals, and the rendered reason of each gate.
    pub gate_numbers: &'a GateNumbers,
    /// For each theme its place in the order in which they can be judged: each after those it uses.
    pub places: &'a [u32],
    pub patterns: &'a [PatternFacts],
}

/// For each leaf with gates: numbers of its literals in the finder, and the numbers of its reasons.
#[derive(Debug, Default)]
pub(super) struct GateNumbers {
    pub of_theme: BTreeMap<usize, ThemeGates>,
    /// What stands in `blocked_by`.
    pub reasons: Vec<String>,
}

/// The gates of one leaf; each with the number of its reason.
#[derive(Debug, Default)]
pub(super) struct ThemeGates {
    pub all: Vec<(u32, u32)>,
    pub any: Vec<u32>,
    pub any_reason: u32,
    pub none: Vec<(u32, u32)>,
    /// The other leaf, whether at least, the amount, the reason.
    pub uses: Vec<(usize, bool, i64, u32)>,
}

/// What comes of scoring a document, in buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct Scores {
    /// The coded (sentence, leaf) pairs, in no particular order, some more than once.
    pub coded: Vec<(u32, usize)>,
    /// Every hit by the place of its theme in the order of judging.
    members: Vec<(u32, usize)>,
    /// How often each pattern counted in a unit: few patterns of one theme meet in one.
    counted: Vec<(PatternId, u32)>,
}

impl Scorer<'_> {
    /// Decides contributions of all hits.
    pub fn score(&self, hits: &mut [Working], scores: &mut Scores) {
        scores.coded.clear();
        let mut members = std::mem::take(&mut scores.members);
        members.clear();
        members.extend(hits.iter().enumerate().map(|(at, hit)| (self.places[hit.theme as usize], at)));
        members.sort_unstable();
        for of_theme in members.chunk_by(|a, b| a.0 == b.0) {
            let theme = hits[of_theme[0].1].theme as usize;
            let unit = self.taxonomy.themes[theme].unit;
            let mut rest = of_theme;
            while let Some((_, first)) = rest.first() {
                let key = self.key(unit, &hits[*first]);
                let length = rest.iter().take_while(|(_, at)| self.key(unit, &hits[*at]) == key).count();
                let (group, after) = rest.split_at(length);
                self.score_unit(theme, group, hits, scores);
                rest = after;
            }
        }
        scores.members = members;
    }

    fn key(&self, unit: Unit, working: &Working) -> UnitKey {
        match unit {
            Unit::Clause => (working.hit.sentence, working.clause),
            Unit::Sentence => (working.hit.sentence, 0),
            Unit::Paragraph => (self.sentences[working.hit.sentence as usize].paragraph_no, 0),
            Unit::Document => (0, 0),
        }
    }

    fn score_unit(&self, theme: usize, group: &[(u32, usize)], hits: &mut [Working], scores: &mut Scores) {
        let content = &self.taxonomy.themes[theme];
        let closed = self.closed_gate(theme, content, &hits[group[0].1], hits);
        let Scores { coded, counted, .. } = scores;
        counted.clear();
        let mut sum = 0;
        for (_, at) in group {
            let hit = &mut hits[*at].hit;
            if hit.blocked.is_some() {
                continue;
            }
            let place = counted.iter().position(|(pattern, _)| *pattern == hit.pattern).unwrap_or_else(|| {
                counted.push((hit.pattern, 0));
                counted.len() - 1
            });
            counted[place].1 += 1;
            let seen = counted[place].1;
            if seen > self.taxonomy.cap {
                hit.blocked = Some(Blocked::Cap);
                hits[*at].left_out = seen - self.taxonomy.cap > CAPPED_ROWS;
            } else if let Some(reason) = closed {
                hit.blocked = Some(Blocked::Gate(reason));
            } else {
                hit.contribution_micro = self.patterns[hit.pattern.0 as usize].weight_micro;
                sum += hit.contribution_micro;
            }
        }
        if sum >= content.threshold_micro {
            coded.extend(
                group.iter().map(|(_, at)| &hits[*at].hit).filter(|hit| hit.contribution_micro > 0).map(|hit| (hit.sentence, theme)),
            );
        }
    }

    /// The first gate that keeps the theme out of the unit of `sample`: all, any, none, use. Plain presence: masks, nesting and
    /// negation do not apply.
    fn closed_gate(&self, theme: usize, content: &Theme, sample: &Working, hits: &[Working]) -> Option<u32> {
        let gates = self.gate_numbers.of_theme.get(&theme)?;
        let unit = content.unit;
        let key = self.key(unit, sample);
        // Both lists are in sentence order: no unit walks more of a document than itself.
        let range = self.sentences_of(unit, key);
        let inside = |clause: u32| unit != Unit::Clause || clause == key.1;
        let near_gates = of_sentences(self.gates, |gate| gate.1, range);
        let mut sorted: Vec<u32> = Vec::new();
        if near_gates.len() > FEW_GATES {
            sorted.extend(near_gates.iter().filter(|(.., clause)| inside(*clause)).map(|(gate, ..)| *gate));
            sorted.sort_unstable();
        }
        let present = |gate: u32| match sorted.is_empty() {
            true => near_gates.iter().any(|(found, _, clause)| *found == gate && inside(*clause)),
            false => sorted.binary_search(&gate).is_ok(),
        };
        if let Some((_, reason)) = gates.all.iter().find(|(gate, _)| !present(*gate)) {
            return Some(*reason);
        }
        if !gates.any.is_empty() && !gates.any.iter().any(|gate| present(*gate)) {
            return Some(gates.any_reason);
        }
        if let Some((_, reason)) = gates.none.iter().find(|(gate, _)| present(*gate)) {
            return Some(*reason);
        }
        let near_hits = of_sentences(hits, |working| working.hit.sentence, range);
        let score = |other: usize| -> i64 {
            let of_other = near_hits.iter().filter(|w| w.theme as usize == other && inside(w.clause));
            of_other.map(|w| w.hit.contribution_micro).sum()
        };
        let closed = gates.uses.iter().find(|(other, at_least, amount, _)| (score(*other) >= *amount) != *at_least);
        closed.map(|(.., reason)| *reason)
    }

    /// The numbers of the sentences of a unit; paragraphs are numbered in text order.
    fn sentences_of(&self, unit: Unit, key: UnitKey) -> (u32, u32) {
        let paragraphs_up_to = |last: u32| self.sentences.partition_point(|sentence| sentence.paragraph_no <= last) as u32;
        match unit {
            Unit::Clause | Unit::Sentence => (key.0, key.0 + 1),
            Unit::Paragraph => (key.0.checked_sub(1).map_or(0, paragraphs_up_to), paragraphs_up_to(key.0)),
            Unit::Document => (0, u32::MAX),
        }
    }
}

/// So many places of gates are looked through one after the other: most sentences have no more.
const FEW_GATES: usize = 32;

/// The part of a list in sentence order that belongs to sentences from one to before another.
fn of_sentences<T>(list: &[T], sentence_of: impl Fn(&T) -> u32, (from, to): (u32, u32)) -> &[T] {
    let [from, to] = [from, to].map(|border| list.partition_point(|item| sentence_of(item) < border));
    &list[from..to]
}
