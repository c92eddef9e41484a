//! Regular expressions, each run only where its marks stand.

use crate::text::bits::is_set;
use crate::theme::alphabet::AlphabetRegex;
use crate::theme::match_text::MatchText;
use crate::theme::sieve::Sieve;

use super::{Finder, Found, Span, Use};

/// A regex of a pattern.
#[derive(Debug)]
pub(super) struct RegexFacts {
    pub pattern: u32,
    /// What its matches are known by.
    pub sieve: Sieve,
    pub search: Search,
}

/// How a regex is searched for.
#[derive(Debug)]
pub(super) enum Search {
    Alphabet(AlphabetRegex),
    /// Where it has no alphabet of its own.
    Text(regex::Regex),
}

/// Buffers of the search for regexes.
#[derive(Debug, Default)]
pub(super) struct RegexScratch {
    /// Where the early marks of a regex stand, or the late ones if true.
    marks: Vec<(u32, bool, Span)>,
    early: Vec<Span>,
    late: Vec<Span>,
    ranges: Vec<Span>,
}

impl Finder {
    /// Runs the regexes that may match, where they may.
    pub(super) fn find_regexes(&self, text: &MatchText, is_title: bool, found: &mut Found) {
        let length = u32::try_from(text.characters().len()).unwrap_or(u32::MAX);
        for regex in &self.always {
            self.run(regex, text, is_title, &[Span { start: 0, end: length }], found);
        }
        if !self.has_all_marks(found) {
            return;
        }
        let mut scratch = std::mem::take(&mut found.regexes);
        self.collect_marks(found, &mut scratch);
        let RegexScratch { marks, early, late, ranges } = &mut scratch;
        for group in marks.chunk_by(|a, b| a.0 == b.0) {
            let regex = &self.regexes[group[0].0 as usize];
            let (first, second) = group.split_at(group.partition_point(|mark| !mark.1));
            early.clear();
            early.extend(first.iter().map(|mark| mark.2));
            late.clear();
            late.extend(second.iter().map(|mark| mark.2));
            regex.sieve.ranges(early, late, length, ranges);
            self.run(regex, text, is_title, ranges, found);
        }
        found.regexes = scratch;
    }

    /// Whether all marks of any regex stand in the sentence. From then on the first bits say of which.
    fn has_all_marks(&self, found: &mut Found) -> bool {
        let [early, late] = &mut found.has_mark;
        for (at, (early, late)) in early.iter_mut().zip(late).enumerate() {
            *early = (*early | self.without[0][at]) & (*late | self.without[1][at]);
        }
        early.iter().any(|bits| *bits != 0)
    }

    /// The places of the marks of those that have all, by regex.
    fn collect_marks(&self, found: &Found, scratch: &mut RegexScratch) {
        scratch.marks.clear();
        for part in &found.parts {
            for role in self.uses_of(&self.literal_facts[part.literal as usize]) {
                if let Use::Mark(regex, is_late) = role
                    && is_set(&found.has_mark[0], *regex as usize)
                {
                    scratch.marks.push((*regex, *is_late, part.span));
                }
            }
        }
        scratch.marks.sort_unstable();
    }

    fn run(&self, regex: &RegexFacts, text: &MatchText, is_title: bool, ranges: &[Span], found: &mut Found) {
        if !self.is_in_scope(regex.pattern, is_title) {
            return;
        }
        let Found { string, bytes, hits, .. } = found;
        for range in ranges {
            let part = text.slice(range.start, range.end);
            let emit = |start, end| {
                let span = Span { start: range.start + start, end: range.start + end };
                if text.is_whole(span.start, span.end) {
                    hits.push((regex.pattern, span));
                }
            };
            match &regex.search {
                Search::Alphabet(regex) => regex.matches(part, bytes, emit),
                Search::Text(regex) => {
                    string.clear();
                    string.extend(part);
                    matches(regex, string, emit);
                }
            }
        }
    }
}

/// Calls `emit` with every match that is not empty, in characters.
fn matches(regex: &regex::Regex, string: &str, mut emit: impl FnMut(u32, u32)) {
    // Matches come in order: their places are counted on from the one before.
    let (mut bytes, mut characters) = (0, 0);
    let mut character_at = |byte: usize| {
        characters += string[bytes..byte].chars().count();
        bytes = byte;
        u32::try_from(characters).unwrap_or(u32::MAX)
    };
    for hit in regex.find_iter(string).filter(|hit| !hit.is_empty()) {
        emit(character_at(hit.start()), character_at(hit.end()));
    }
}
