//! Patterns of two words with others between them: gaps and nears.

use crate::text::bits::is_set;
use crate::theme::match_text::{MatchText, is_border};

use super::{Finder, Found, Part, Span};

/// A gap or near pattern.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loose {
    pub pattern: u32,
    /// Literals of its two anchors.
    pub anchors: [u32; 2],
    /// Most characters between them.
    pub limit: u32,
    /// Whether the anchors must stand in order and in one clause.
    pub is_gap: bool,
}

impl Finder {
    /// Joins the anchors of the patterns of which both stand in the sentence.
    pub(super) fn find_loose(&self, text: &MatchText, is_title: bool, found: &mut Found) {
        let Found { loose, has_part, parts, spans, hits, .. } = found;
        loose.retain(|number| self.loose[*number as usize].anchors.iter().all(|anchor| is_set(has_part, *anchor as usize)));
        if loose.is_empty() {
            return;
        }
        loose.sort_unstable();
        loose.dedup();
        parts.sort_unstable();
        for loose in loose.iter().map(|number| &self.loose[*number as usize]).filter(|l| self.is_in_scope(l.pattern, is_title)) {
            let [first, second] = loose.anchors.map(|anchor| of_literal(parts, anchor));
            spans.clear();
            join((first, second), loose.limit, loose.is_gap, text, spans);
            if !loose.is_gap {
                join((second, first), loose.limit, false, text, spans);
            }
            keep_innermost(spans);
            hits.extend(spans.iter().map(|span| (loose.pattern, *span)));
        }
    }
}

/// The places of one literal, in order.
fn of_literal(parts: &[Part], literal: u32) -> &[Part] {
    let from = parts.partition_point(|part| part.literal < literal);
    let length = parts[from..].partition_point(|part| part.literal == literal);
    &parts[from..from + length]
}

/// Spans from one of the first anchors to one of the second that begins at most `limit` characters after it ends.
fn join((lefts, rights): (&[Part], &[Part]), limit: u32, within_clause: bool, text: &MatchText, out: &mut Vec<Span>) {
    for left in lefts.iter().filter(|left| left.is_apart).map(|left| left.span) {
        let from = rights.partition_point(|right| right.span.start < left.end);
        let near = rights[from..].iter().take_while(|right| right.span.start - left.end <= limit);
        for right in near.filter(|right| right.is_apart).map(|right| right.span) {
            if !(within_clause && text.slice(left.end, right.start).iter().any(|c| is_border(*c))) {
                out.push(Span { start: left.start, end: right.end });
            }
        }
    }
}

/// Keeps the spans that hold no other: of two spans of one pattern that hold each other only the inner is a hit.
fn keep_innermost(spans: &mut Vec<Span>) {
    spans.sort_unstable_by_key(|span| (span.end, std::cmp::Reverse(span.start)));
    // Those kept end earlier or at the same place and begin before each other: the last begins the latest.
    spans.dedup_by(|span, last| span.start <= last.start);
}
