//! The search of a taxonomy, from its patterns, masks, negators and gates.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use regex::Regex;

use crate::text::Literals;
use crate::text::bits::set;
use crate::theme::alphabet::AlphabetRegex;
use crate::theme::form::REGEX_CACHE;
use crate::theme::model::{Literal, Op, Parts, Pattern, Scope, Taxonomy};
use crate::theme::sieve::Sieve;

use super::regexes::{RegexFacts, Search};
use super::{Finder, LiteralFacts, Loose, Mask, Negator, PatternFacts, Use};

/// The compiled search of a taxonomy.
pub(super) fn finder(taxonomy: &Taxonomy) -> Finder {
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
    rank(&mut builder.patterns, taxonomy);
    builder.finish()
}

/// Numbers the patterns in the orders that decide ties.
fn rank(patterns: &mut [PatternFacts], taxonomy: &Taxonomy) {
    let facts = patterns.to_vec();
    let of = |at: u32| {
        let theme = &taxonomy.themes[facts[at as usize].theme as usize];
        (theme, &theme.patterns[facts[at as usize].pattern as usize])
    };
    let mut order: Vec<u32> = (0u32..).take(facts.len()).collect();
    order.sort_by_key(|at| (&of(*at).0.id, &of(*at).1.text));
    (0u32..).zip(&order).for_each(|(rank, at)| patterns[*at as usize].name = rank);
    order.sort_by_key(|at| (Reverse(of(*at).1.weight_micro), of(*at).1.op));
    (0u32..).zip(&order).for_each(|(rank, at)| patterns[*at as usize].tie = rank);
}

#[derive(Default)]
struct Builder {
    /// For each literal, as matched, its number.
    numbers: BTreeMap<String, u32>,
    /// By number what it is looked for.
    uses: Vec<Vec<Use>>,
    patterns: Vec<PatternFacts>,
    loose: Vec<Loose>,
    masks: Vec<Mask>,
    negators: Vec<Negator>,
    gates: Vec<String>,
    regexes: Vec<RegexFacts>,
    always: Vec<RegexFacts>,
}

impl Builder {
    fn literal(&mut self, normal: &str) -> u32 {
        let next = number(self.uses.len());
        let at = *self.numbers.entry(normal.to_string()).or_insert(next);
        if at == next {
            self.uses.push(Vec::new());
        }
        at
    }

    fn look_for(&mut self, normal: &str, role: Use) {
        let at = self.literal(normal);
        self.uses[at as usize].push(role);
    }

    fn mask(&mut self, mask: &Literal, theme: Option<usize>) {
        self.look_for(&mask.normal, Use::Mask(number(self.masks.len())));
        self.masks.push(Mask { text: mask.text.clone(), theme });
    }

    fn negator(&mut self, negator: &Literal, is_topic: bool) {
        self.look_for(&negator.normal, Use::Negator(number(self.negators.len())));
        let length = number(negator.normal.chars().count());
        self.negators.push(Negator { text: negator.text.clone(), is_topic, length });
    }

    fn gate(&mut self, normal: &str) {
        let at = self.literal(normal);
        if !self.uses[at as usize].iter().any(|role| matches!(role, Use::Gate(_))) {
            self.look_for(normal, Use::Gate(number(self.gates.len())));
            self.gates.push(normal.to_string());
        }
    }

    fn pattern(&mut self, theme: usize, pattern: usize, content: &Pattern) {
        let id = number(self.patterns.len());
        let (op, scope) = (content.op, content.scope);
        let (theme, pattern, weight_micro) = (number(theme), number(pattern), content.weight_micro);
        self.patterns.push(PatternFacts { theme, pattern, op, scope, tie: 0, name: 0, weight_micro });
        match &content.parts {
            Parts::Literal(normal) if scope == Scope::Everywhere => self.look_for(normal, Use::Pattern(id)),
            Parts::Literal(normal) => self.look_for(normal, Use::Scoped(id)),
            Parts::Anchors(first, limit, second) => {
                let anchors = [self.literal(first), self.literal(second)];
                self.loose.push(Loose { pattern: id, anchors, limit: *limit, is_gap: op == Op::Gap });
            }
            Parts::Regex(regex) => self.regex(id, regex),
        }
    }

    fn regex(&mut self, pattern: u32, regex: &Regex) {
        let sieve = Sieve::of(regex.as_str());
        let search = AlphabetRegex::new(regex.as_str(), REGEX_CACHE).map_or_else(|| Search::Text(regex.clone()), Search::Alphabet);
        let number = number(self.regexes.len());
        sieve.early.iter().for_each(|literal| self.look_for(literal, Use::Mark(number, false)));
        sieve.late.iter().for_each(|literal| self.look_for(literal, Use::Mark(number, true)));
        let list = if sieve.is_empty() { &mut self.always } else { &mut self.regexes };
        list.push(RegexFacts { pattern, sieve, search });
    }

    /// Looks for each loose pattern by that of its anchors which fewer patterns have, the longer of two: words that are anchors
    /// of many are words that stand everywhere. Returns for each literal whether it is an anchor.
    fn look_for_anchors(&mut self) -> Vec<bool> {
        let mut shared = vec![0u32; self.uses.len()];
        self.loose.iter().flat_map(|loose| loose.anchors).for_each(|anchor| shared[anchor as usize] += 1);
        let mut lengths = vec![0; self.uses.len()];
        self.numbers.iter().for_each(|(text, at)| lengths[*at as usize] = text.len());
        for (at, loose) in (0u32..).zip(&self.loose) {
            let rarest = loose.anchors.into_iter().min_by_key(|anchor| (shared[*anchor as usize], Reverse(lengths[*anchor as usize])));
            self.uses[rarest.unwrap_or(loose.anchors[0]) as usize].push(Use::Anchor(at));
        }
        shared.into_iter().map(|patterns| patterns > 0).collect()
    }

    fn finish(mut self) -> Finder {
        let is_anchor = self.look_for_anchors();
        let mut texts = vec![""; self.uses.len()];
        self.numbers.iter().for_each(|(text, at)| texts[*at as usize] = text);
        let mut uses = Vec::new();
        let mut literal_facts = Vec::new();
        for ((text, of_literal), is_anchor) in texts.iter().zip(&self.uses).zip(is_anchor) {
            let first = number(uses.len());
            uses.extend(of_literal);
            let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            literal_facts.push(LiteralFacts {
                first,
                count: number(of_literal.len()),
                has_latin_edge: is_latin(text.chars().next()) || is_latin(text.chars().next_back()),
                is_part: is_anchor || of_literal.iter().any(|role| matches!(role, Use::Mark(..))),
            });
        }
        let literals = Literals::new(&texts);
        let Self { patterns, loose, masks, negators, gates, regexes, always, .. } = self;
        let without = [bits(regexes.iter().map(|r| r.sieve.early.is_empty())), bits(regexes.iter().map(|r| r.sieve.late.is_empty()))];
        Finder { literals, literal_facts, uses, patterns, loose, masks, negators, gates, regexes, without, always }
    }
}

fn bits(flags: impl ExactSizeIterator<Item = bool>) -> Vec<u64> {
    let mut bits = vec![0; flags.len().div_ceil(64)];
    flags.enumerate().filter(|(_, flag)| *flag).for_each(|(at, _)| set(&mut bits, at));
    bits
}

fn number(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
