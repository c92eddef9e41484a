//! From the hits of a document to contributions and coded sentences: cap, gates, threshold, each over the unit of its theme.

use std::collections::BTreeMap;

use super::find::Finder;
use super::model::{Taxonomy, Theme, Unit};
use super::tagger::{Blocked, Hit, PatternId, Sentence};

/// Evidence rows of one pattern and unit that are written when they are blocked by the cap.
const CAPPED_ROWS: u32 = 100;

/// A hit of a document on its way to a [`Hit`].
pub(super) struct Working {
    pub hit: Hit,
    /// Number of its clause in the sentence.
    pub clause: u32,
    pub theme: usize,
    /// Left out of the evidence: one of too many capped rows.
    pub left_out: bool,
}

/// Where a literal of a gate stands: gate number, sentence, clause.
pub(super) type GatePlace = (u32, u32, u32);

/// A unit of a theme: sentence and clause, of which the larger units use the first number only.
type UnitKey = (u32, u32);

pub(super) struct Scorer<'a> {
    pub taxonomy: &'a Taxonomy,
    pub finder: &'a Finder,
    pub sentences: &'a [Sentence<'a>],
    pub gates: &'a [GatePlace],
    /// For each leaf with gates the numbers of `all`, `any`, `none` literals, and the rendered reason of each gate.
    pub gate_numbers: &'a GateNumbers,
    /// For each theme its place in the order in which they can be judged: each after those it uses.
    pub places: &'a [u32],
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

impl Scorer<'_> {
    /// Decides contributions of all hits. Returns the coded (sentence, leaf) pairs.
    pub fn score(&self, hits: &mut [Working]) -> Vec<(u32, usize)> {
        let mut coded = Vec::new();
        let mut members: Vec<(u32, usize)> = hits.iter().enumerate().map(|(at, hit)| (self.places[hit.theme], at)).collect();
        members.sort_unstable();
        for of_theme in members.chunk_by(|a, b| a.0 == b.0) {
            let theme = hits[of_theme[0].1].theme;
            let unit = self.taxonomy.themes[theme].unit;
            let mut rest = of_theme;
            while let Some((_, first)) = rest.first() {
                let key = self.key(unit, &hits[*first]);
                let length = rest.iter().take_while(|(_, at)| self.key(unit, &hits[*at]) == key).count();
                let (group, after) = rest.split_at(length);
                self.score_unit(theme, group, hits, &mut coded);
                rest = after;
            }
        }
        coded
    }

    fn key(&self, unit: Unit, working: &Working) -> UnitKey {
        match unit {
            Unit::Clause => (working.hit.sentence, working.clause),
            Unit::Sentence => (working.hit.sentence, 0),
            Unit::Paragraph => (self.sentences[working.hit.sentence as usize].paragraph_no, 0),
            Unit::Document => (0, 0),
        }
    }

    fn score_unit(&self, theme: usize, group: &[(u32, usize)], hits: &mut [Working], coded: &mut Vec<(u32, usize)>) {
        let content = &self.taxonomy.themes[theme];
        let closed = self.closed_gate(theme, content, &hits[group[0].1], hits);
        // How often each pattern counted: few patterns of one theme meet in a unit.
        let mut counted: Vec<(PatternId, u32)> = Vec::new();
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
                let place = self.finder.patterns[hit.pattern.0 as usize];
                hit.contribution_micro = content.patterns[place.pattern].weight_micro;
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
        let inside = |sentence: u32, clause: u32| match unit {
            Unit::Clause => (sentence, clause) == key,
            Unit::Sentence => sentence == key.0,
            Unit::Paragraph => self.sentences[sentence as usize].paragraph_no == key.0,
            Unit::Document => true,
        };
        // Both lists are in sentence order: the smaller units need not walk a whole document.
        let is_local = matches!(unit, Unit::Clause | Unit::Sentence);
        let range = |sentences: &dyn Fn(usize) -> u32, len: usize| if is_local { range_of(key.0, sentences, len) } else { 0..len };
        let near_gates = &self.gates[range(&|at| self.gates[at].1, self.gates.len())];
        let near_hits = &hits[range(&|at| hits[at].hit.sentence, hits.len())];
        let present = |gate: u32| near_gates.iter().any(|(found, sentence, clause)| *found == gate && inside(*sentence, *clause));
        if let Some((_, reason)) = gates.all.iter().find(|(gate, _)| !present(*gate)) {
            return Some(*reason);
        }
        if !gates.any.is_empty() && !gates.any.iter().any(|gate| present(*gate)) {
            return Some(gates.any_reason);
        }
        if let Some((_, reason)) = gates.none.iter().find(|(gate, _)| present(*gate)) {
            return Some(*reason);
        }
        let score = |other: usize| -> i64 {
            let of_other = near_hits.iter().filter(|w| w.theme == other && inside(w.hit.sentence, w.clause));
            of_other.map(|w| w.hit.contribution_micro).sum()
        };
        let closed = gates.uses.iter().find(|(other, at_least, amount, _)| (score(*other) >= *amount) != *at_least);
        closed.map(|(.., reason)| *reason)
    }
}

/// The range of a sorted list that belongs to one sentence.
fn range_of(sentence: u32, sentence_at: &dyn Fn(usize) -> u32, len: usize) -> std::ops::Range<usize> {
    let border = |wanted: u32| {
        let (mut low, mut high) = (0, len);
        while low < high {
            let middle = usize::midpoint(low, high);
            if sentence_at(middle) < wanted { low = middle + 1 } else { high = middle }
        }
        low
    };
    border(sentence)..border(sentence.saturating_add(1))
}
