//! Which of the hits of one sentence count, as far as the sentence alone decides: masks, longest match, negation.

use super::find::{Finder, Found, Span};
use super::match_text::{MatchText, is_border};
use super::model::{Nested, Taxonomy};
use super::tagger::{Blocked, NegatorId, PatternId};

/// A hit with what the sentence says about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolved {
    pub span: Span,
    pub pattern: u32,
    pub theme: u32,
    /// Place of its pattern in the order of theme id and text.
    pub name: u32,
    is_exact: bool,
    /// Place of its pattern in the order of equal spans.
    tie: u32,
    pub negation: Option<NegatorId>,
    pub blocked: Option<Blocked>,
}

impl Resolved {
    fn new(finder: &Finder, pattern: u32, span: Span) -> Self {
        let facts = &finder.patterns[pattern as usize];
        let (is_exact, tie) = (facts.op.is_exact(), facts.tie);
        Self { span, pattern, theme: facts.theme, name: facts.name, is_exact, tie, negation: None, blocked: None }
    }

    fn order(&self) -> impl Ord + use<> {
        (!self.is_exact, std::cmp::Reverse(self.span.end - self.span.start), self.span.start, self.tie)
    }
}

/// Decides every hit of a sentence; `hits` is in resolving order afterwards: exact before loose, longer before shorter, left
/// before right, higher weight, operator, theme id, pattern text. Both buffers are used again.
pub(super) fn resolve(
    taxonomy: &Taxonomy,
    finder: &Finder,
    text: &MatchText,
    found: &mut Found,
    (hits, kept): (&mut Vec<Resolved>, &mut Kept),
) {
    hits.clear();
    hits.extend(found.hits.iter().map(|(pattern, span)| Resolved::new(finder, *pattern, *span)));
    hits.sort_unstable_by_key(Resolved::order);
    found.masks.sort_unstable_by_key(|(_, span)| *span);
    found.negators.sort_unstable_by_key(|(_, span)| (span.end, span.start));
    let longest_mask = found.masks.iter().map(|(_, span)| span.end - span.start).max().unwrap_or(0);
    kept.reset(hits);
    for order in 0..hits.len() {
        let Resolved { span, theme, .. } = hits[order];
        let only = (taxonomy.nested == Nested::Theme).then_some(theme);
        hits[order].blocked = if let Some(mask) = mask_around(finder, &found.masks, longest_mask, theme, span) {
            Some(Blocked::Mask(mask))
        } else if let Some(longer) = kept.exact_around(&hits[..order], span, only) {
            Some(Blocked::Longer(PatternId(longer)))
        } else if let Some(other) = kept.overlapping(&hits[..order], span, theme) {
            Some(Blocked::Overlap(PatternId(other)))
        } else {
            kept.add(order, span);
            let negation = negation_before(taxonomy, finder, text, &found.negators, span.start);
            hits[order].negation = negation;
            negation.filter(|n| finder.negators[n.0 as usize].is_topic).map(|_| Blocked::Negation)
        };
    }
}

/// The first mask, in code-point order, that the hit lies inside of.
fn mask_around(finder: &Finder, masks: &[(u32, Span)], longest: u32, theme: u32, span: Span) -> Option<u32> {
    let from = masks.partition_point(|(_, mask)| mask.start + longest < span.end);
    let around = masks[from..].iter().take_while(|(_, mask)| mask.start <= span.start);
    around
        .filter(|(mask, place)| place.holds(span) && finder.masks[*mask as usize].theme.is_none_or(|of| of == theme as usize))
        .map(|(mask, _)| *mask)
        .min_by(|a, b| finder.masks[*a as usize].text.cmp(&finder.masks[*b as usize].text))
}

/// Longest hit that is looked up by its start; longer ones are few.
const SHORT: u32 = 64;

/// So many hits are looked through one after the other: most sentences have no more.
const FEW: usize = 24;

/// No hit.
const NONE: u32 = u32::MAX;

/// The hits kept so far, by their numbers in resolving order.
#[derive(Debug, Default)]
pub(super) struct Kept {
    is_kept: Vec<bool>,
    /// For each place in the sentence the kept short hit that begins there and came last, or [`NONE`]; empty for a few.
    heads: Vec<u32>,
    /// For each hit the one kept before it at the same place, or [`NONE`].
    before: Vec<u32>,
    /// Kept hits longer than [`SHORT`].
    long: Vec<u32>,
    /// Length of the longest of the others.
    longest_short: u32,
}

impl Kept {
    fn reset(&mut self, hits: &[Resolved]) {
        self.is_kept.clear();
        self.is_kept.resize(hits.len(), false);
        self.heads.clear();
        self.before.clear();
        if hits.len() > FEW {
            let places = hits.iter().map(|hit| hit.span.start).max().map_or(0, |last| last as usize + 1);
            self.heads.resize(places, NONE);
            self.before.resize(hits.len(), NONE);
        }
        self.long.clear();
        self.longest_short = 0;
    }

    fn add(&mut self, order: usize, span: Span) {
        self.is_kept[order] = true;
        let number = u32::try_from(order).unwrap_or(NONE);
        if span.end - span.start > SHORT {
            self.long.push(number);
            return;
        }
        self.longest_short = self.longest_short.max(span.end - span.start);
        if let Some(head) = self.heads.get_mut(span.start as usize) {
            self.before[order] = std::mem::replace(head, number);
        }
    }

    /// The first kept hit that fits, of all that begin at `first` to `last`, and of the long ones. `hits` are those decided.
    fn first(&self, hits: &[Resolved], first: u32, last: u32, fits: impl Fn(&Resolved) -> bool) -> Option<u32> {
        if self.heads.is_empty() {
            return hits.iter().zip(&self.is_kept).find(|(hit, is_kept)| **is_kept && fits(hit)).map(|(hit, _)| hit.pattern);
        }
        let places = self.heads.iter().take(last as usize + 1).skip(first as usize);
        let at_place = |head: &u32| std::iter::successors(Some(*head), |order| self.before.get(*order as usize).copied());
        let near = places.flat_map(|head| at_place(head).take_while(|order| *order != NONE)).chain(self.long.iter().copied());
        near.filter(|order| fits(&hits[*order as usize])).min().map(|order| hits[order as usize].pattern)
    }

    /// The first exact hit (of this theme only, if one is given) that holds the span and is larger.
    fn exact_around(&self, hits: &[Resolved], span: Span, only: Option<u32>) -> Option<u32> {
        let from = span.end.saturating_sub(self.longest_short).min(span.start);
        self.first(hits, from, span.start, |hit| {
            hit.span.holds(span) && hit.span != span && hit.is_exact && only.is_none_or(|theme| theme == hit.theme)
        })
    }

    /// The first hit of the theme that overlaps the span.
    fn overlapping(&self, hits: &[Resolved], span: Span, theme: u32) -> Option<u32> {
        self.first(hits, span.start.saturating_sub(self.longest_short), span.end.saturating_sub(1), |hit| {
            hit.span.start < span.end && span.start < hit.span.end && hit.theme == theme
        })
    }
}

/// The negator before a hit, in its clause and within the window: topic before stance, then the one that ends last, then the
/// longest.
fn negation_before(taxonomy: &Taxonomy, finder: &Finder, text: &MatchText, negators: &[(u32, Span)], start: u32) -> Option<NegatorId> {
    if negators.is_empty() {
        return None;
    }
    let mut low = start.saturating_sub(taxonomy.window);
    let window = text.slice(low, start);
    if let Some(at) = window.iter().rposition(|c| is_border(*c) || *c == '、') {
        low += u32::try_from(at).unwrap_or(0) + 1;
    }
    let ends = negators.partition_point(|(_, span)| span.end <= start);
    let near = negators[..ends].iter().rev().take_while(|(_, span)| span.end > low).filter(|(_, span)| span.start >= low);
    near.max_by(|(a, x), (b, y)| {
        let (n, m) = (&finder.negators[*a as usize], &finder.negators[*b as usize]);
        (n.is_topic, x.end, n.length).cmp(&(m.is_topic, y.end, m.length)).then_with(|| n.text.cmp(&m.text))
    })
    .map(|(negator, _)| NegatorId(*negator))
}
