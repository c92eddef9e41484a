//! Which of the hits of one sentence count, as far as the sentence alone decides: masks, longest match, negation.

use std::collections::BTreeMap;

use super::find::{Finder, Found, Span};
use super::match_text::{MatchText, is_border};
use super::model::{Nested, Op, Taxonomy};
use super::tagger::{Blocked, NegatorId, PatternId};

/// A hit with what the sentence says about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolved {
    pub span: Span,
    pub pattern: u32,
    pub negation: Option<NegatorId>,
    pub blocked: Option<Blocked>,
}

/// Decides every hit of a sentence; the result is in resolving order.
pub(super) fn resolve(taxonomy: &Taxonomy, finder: &Finder, text: &MatchText, found: &mut Found) -> Vec<Resolved> {
    let mut hits: Vec<Resolved> = std::mem::take(&mut found.hits)
        .into_iter()
        .map(|(pattern, span)| Resolved { span, pattern, negation: None, blocked: None })
        .collect();
    hits.sort_by(|a, b| compare(taxonomy, finder, a, b));
    found.masks.sort_unstable_by_key(|(_, span)| *span);
    found.negators.sort_unstable_by_key(|(_, span)| (span.end, span.start));
    let longest_mask = found.masks.iter().map(|(_, span)| span.end - span.start).max().unwrap_or(0);
    let mut kept = Kept::default();
    for (order, hit) in hits.iter_mut().enumerate() {
        let theme = finder.patterns[hit.pattern as usize].theme;
        if let Some(mask) = mask_around(finder, &found.masks, longest_mask, theme, hit.span) {
            hit.blocked = Some(Blocked::Mask(mask));
        } else if let Some(longer) = kept.exact_around(hit.span, (taxonomy.nested == Nested::Theme).then_some(theme)) {
            hit.blocked = Some(Blocked::Longer(PatternId(longer)));
        } else if let Some(other) = kept.overlapping(hit.span, theme) {
            hit.blocked = Some(Blocked::Overlap(PatternId(other)));
        } else {
            kept.add(order, hit, theme, op(taxonomy, finder, hit.pattern).is_exact());
            hit.negation = negation_before(taxonomy, finder, text, &found.negators, hit.span.start);
            if hit.negation.is_some_and(|n| finder.negators[n.0 as usize].is_topic) {
                hit.blocked = Some(Blocked::Negation);
            }
        }
    }
    hits
}

fn op(taxonomy: &Taxonomy, finder: &Finder, pattern: u32) -> Op {
    let place = finder.patterns[pattern as usize];
    taxonomy.themes[place.theme].patterns[place.pattern].op
}

/// Exact before loose; longer before shorter; left before right; higher weight; operator; theme id; pattern text.
fn compare(taxonomy: &Taxonomy, finder: &Finder, a: &Resolved, b: &Resolved) -> std::cmp::Ordering {
    let of = |hit: &Resolved| {
        let place = finder.patterns[hit.pattern as usize];
        let theme = &taxonomy.themes[place.theme];
        (theme, &theme.patterns[place.pattern])
    };
    let ((theme_a, x), (theme_b, y)) = (of(a), of(b));
    let length = |hit: &Resolved| hit.span.end - hit.span.start;
    y.op.is_exact()
        .cmp(&x.op.is_exact())
        .then(length(b).cmp(&length(a)))
        .then(a.span.start.cmp(&b.span.start))
        .then(y.weight_micro.cmp(&x.weight_micro))
        .then(x.op.cmp(&y.op))
        .then_with(|| theme_a.id.cmp(&theme_b.id))
        .then_with(|| x.text.cmp(&y.text))
}

/// The first mask, in code-point order, that the hit lies inside of.
fn mask_around(finder: &Finder, masks: &[(u32, Span)], longest: u32, theme: usize, span: Span) -> Option<u32> {
    let from = masks.partition_point(|(_, mask)| mask.start + longest < span.end);
    let around = masks[from..].iter().take_while(|(_, mask)| mask.start <= span.start);
    around
        .filter(|(mask, place)| place.holds(span) && finder.masks[*mask as usize].theme.is_none_or(|of| of == theme))
        .map(|(mask, _)| *mask)
        .min_by(|a, b| finder.masks[*a as usize].text.cmp(&finder.masks[*b as usize].text))
}

/// Longest exact hit that is looked up by its start; longer ones, which only regular expressions make, are few.
const SHORT: u32 = 64;

/// The hits kept so far, in resolving order.
#[derive(Default)]
struct Kept {
    /// Short exact hits by start and order: span, theme, pattern.
    short: BTreeMap<(u32, usize), (Span, usize, u32)>,
    /// Long exact hits with their order.
    long: Vec<(usize, Span, usize, u32)>,
    longest_short: u32,
    /// Hits of each theme by start; they do not overlap.
    of_theme: BTreeMap<(usize, u32), (u32, usize, u32)>,
}

impl Kept {
    fn add(&mut self, order: usize, hit: &Resolved, theme: usize, is_exact: bool) {
        let length = hit.span.end - hit.span.start;
        if is_exact && length <= SHORT {
            self.longest_short = self.longest_short.max(length);
            self.short.insert((hit.span.start, order), (hit.span, theme, hit.pattern));
        } else if is_exact {
            self.long.push((order, hit.span, theme, hit.pattern));
        }
        self.of_theme.insert((theme, hit.span.start), (hit.span.end, order, hit.pattern));
    }

    /// The first exact hit (of this theme only, if one is given) that holds the span and is larger.
    fn exact_around(&self, span: Span, only: Option<usize>) -> Option<u32> {
        let fits = |place: &Span, theme: usize| place.holds(span) && *place != span && only.is_none_or(|of| of == theme);
        let from = span.end.saturating_sub(self.longest_short).min(span.start);
        let short = self.short.range((from, 0)..=(span.start, usize::MAX));
        let short = short.filter(|(_, (place, theme, _))| fits(place, *theme)).map(|((_, order), (.., pattern))| (*order, *pattern));
        let long = self.long.iter().filter(|(_, place, theme, _)| fits(place, *theme)).map(|(order, .., pattern)| (*order, *pattern));
        short.chain(long).min().map(|(_, pattern)| pattern)
    }

    /// The first hit of the theme that overlaps the span.
    fn overlapping(&self, span: Span, theme: usize) -> Option<u32> {
        let before = self.of_theme.range((theme, 0)..(theme, span.start)).next_back().filter(|(_, (end, ..))| *end > span.start);
        let inside = self.of_theme.range((theme, span.start)..(theme, span.end.max(span.start)));
        before.into_iter().chain(inside).map(|(_, (_, order, pattern))| (*order, *pattern)).min().map(|(_, pattern)| pattern)
    }
}

/// The negator before a hit, in its clause and within the window: topic before stance, then the one that ends last, then the
/// longest.
fn negation_before(taxonomy: &Taxonomy, finder: &Finder, text: &MatchText, negators: &[(u32, Span)], start: u32) -> Option<NegatorId> {
    let mut low = start.saturating_sub(taxonomy.window);
    let window = text.slice(low, start);
    if let Some(at) = window.rfind(|c| is_border(c) || c == '、') {
        low += u32::try_from(window[..at].chars().count()).unwrap_or(0) + 1;
    }
    let ends = negators.partition_point(|(_, span)| span.end <= start);
    let near = negators[..ends].iter().rev().take_while(|(_, span)| span.end > low).filter(|(_, span)| span.start >= low);
    near.max_by(|(a, x), (b, y)| {
        let (n, m) = (&finder.negators[*a as usize], &finder.negators[*b as usize]);
        (n.is_topic, x.end, n.length).cmp(&(m.is_topic, y.end, m.length)).then_with(|| n.text.cmp(&m.text))
    })
    .map(|(negator, _)| NegatorId(*negator))
}
