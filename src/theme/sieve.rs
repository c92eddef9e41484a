//! Which sentences a regular expression can match at all, by literals that are looked for in one walk with all others.
//!
//! A regex that is run on every sentence costs more than thousands of literals. Most have one of a few words in every match and
//! behind it one of a few others, and a sentence with both, near enough and in this order, is rare.

use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Hir, HirKind};

use super::find::Span;

/// Characters of a class that are told apart when a regex is looked through for literals: as many as a list of countries has.
const WIDEST_CLASS: usize = 100;

/// Literals of one character stand in too many sentences to be worth a look where there are others.
const SHORTEST_USEFUL: usize = 2;

/// What every match of a regex is known by.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sieve {
    /// Every match holds one of these; empty if nothing is known.
    pub early: Vec<String>,
    /// Every match holds one of these, and it ends behind where the early one begins; empty if nothing is known.
    pub late: Vec<String>,
    /// Most characters of a match; nothing if there is no limit.
    longest: Option<u32>,
    /// Whether a match depends on its own characters only, not on what stands beside it.
    is_local: bool,
}

impl Sieve {
    /// Looks through a regular expression.
    pub fn of(regex: &str) -> Self {
        let Ok(hir) = regex_syntax::parse(regex) else { return Self::default() };
        let inside = literals_by_part(&hir);
        let end = literals(&hir, ExtractKind::Suffix);
        // The longest literals tell the most, and of equals the first.
        let best = |known: &[String], from: usize| {
            let useful = |part: &usize| shortest(&inside[*part]) >= SHORTEST_USEFUL && is_news(&inside[*part], known);
            (from..inside.len()).rev().filter(useful).max_by_key(|part| shortest(&inside[*part]))
        };
        let (early, late) = if shortest(&end) >= SHORTEST_USEFUL {
            (best(&end, 0).map(|part| inside[part].clone()), Some(end))
        } else if let Some(first) = best(&[], 0) {
            (Some(inside[first].clone()), best(&inside[first], first + 1).map(|part| inside[part].clone()))
        } else {
            // One of a single character, where there is nothing else.
            let alone = inside.iter().chain([&end]).find(|texts| !texts.is_empty());
            (alone.cloned(), None)
        };
        let (early, late) = (early.unwrap_or_default(), late.unwrap_or_default());
        Self { early, late, longest: most_characters(&hir), is_local: hir.properties().look_set().is_empty() }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.early.is_empty() && self.late.is_empty()
    }

    /// Where matches can stand in a text of `length` characters, by the places of the literals, both in order: ranges in order,
    /// apart from each other, each of which is to be searched by itself.
    pub fn ranges(&self, early: &[Span], late: &[Span], length: u32, ranges: &mut Vec<Span>) {
        ranges.clear();
        let whole = Span { start: 0, end: length };
        let around = |first: Span, last: Span| match self.longest {
            Some(longest) if self.is_local => {
                Span { start: last.end.saturating_sub(longest), end: first.start.saturating_add(longest).min(length) }
            }
            _ => whole,
        };
        match (self.early.is_empty(), self.late.is_empty()) {
            (true, _) => ranges.extend(late.iter().map(|mark| around(*mark, *mark))),
            (_, true) => ranges.extend(early.iter().map(|mark| around(*mark, *mark))),
            _ => ranges.extend(self.pairs(early, late).map(|(first, last)| around(first, last))),
        }
        ranges.sort_unstable();
        // What overlaps is one range: a match may stand in both. `dedup_by` gives the later first.
        ranges.dedup_by(|range, last| {
            let overlaps = range.start <= last.end;
            last.end = if overlaps { last.end.max(range.end) } else { last.end };
            overlaps
        });
    }

    /// Each late literal that a match can end with, with the nearest early one: matches with one farther away, if they hold
    /// both, lie in the same range.
    fn pairs(&self, early: &[Span], late: &[Span]) -> impl Iterator<Item = (Span, Span)> {
        // A literal that ends later than one behind it only makes `nearest` later than it need be, so that more passes; what is
        // nearest decides: one walk over both.
        let mut early = early.iter().peekable();
        let mut nearest: Option<Span> = None;
        late.iter().filter_map(move |last| {
            while let Some(first) = early.next_if(|first| first.start < last.end) {
                nearest = Some(*first);
            }
            let is_near = |first: &Span| self.longest.is_none_or(|longest| last.end <= first.start.saturating_add(longest));
            nearest.filter(is_near).map(|first| (first, *last))
        })
    }
}

/// Characters of the shortest of them; 0 if there is none.
fn shortest(texts: &[String]) -> usize {
    texts.iter().map(|text| text.chars().count()).min().unwrap_or(0)
}

/// Whether these literals say anything that the others do not.
fn is_news(texts: &[String], known: &[String]) -> bool {
    let overlaps = |text: &String| known.iter().any(|other| other.contains(text.as_str()) || text.contains(other.as_str()));
    !texts.iter().all(overlaps)
}

/// For each part of a regex the literals of which every match has one from there on; none where there are no such literals.
fn literals_by_part(hir: &Hir) -> Vec<Vec<String>> {
    match hir.kind() {
        HirKind::Capture(capture) => literals_by_part(&capture.sub),
        HirKind::Concat(parts) => {
            (0..parts.len()).map(|from| literals(&Hir::concat(parts[from..].to_vec()), ExtractKind::Prefix)).collect()
        }
        _ => vec![literals(hir, ExtractKind::Prefix)],
    }
}

/// Literals of which every match has one at its beginning or end; none if there are no such literals.
fn literals(hir: &Hir, kind: ExtractKind) -> Vec<String> {
    let found = Extractor::new().kind(kind).limit_class(WIDEST_CLASS).extract(hir);
    let texts: Option<Vec<String>> =
        found.literals().and_then(|literals| literals.iter().map(|l| String::from_utf8(l.as_bytes().to_vec()).ok()).collect());
    texts.filter(|texts| texts.iter().all(|text| !text.is_empty())).unwrap_or_default()
}

/// Most characters that a match can have; nothing without a limit.
fn most_characters(hir: &Hir) -> Option<u32> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => u32::try_from(literal.0.len()).ok().map(|bytes| characters(&literal.0).unwrap_or(bytes)),
        HirKind::Class(_) => Some(1),
        HirKind::Repetition(repeated) => most_characters(&repeated.sub)?.checked_mul(repeated.max?),
        HirKind::Capture(capture) => most_characters(&capture.sub),
        HirKind::Concat(parts) => parts.iter().try_fold(0u32, |sum, part| sum.checked_add(most_characters(part)?)),
        HirKind::Alternation(parts) => parts.iter().try_fold(0u32, |most, part| Some(most.max(most_characters(part)?))),
    }
}

fn characters(bytes: &[u8]) -> Option<u32> {
    u32::try_from(std::str::from_utf8(bytes).ok()?.chars().count()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn known(regex: &str) -> (Vec<String>, Vec<String>, Option<u32>) {
        let Sieve { early, late, longest, .. } = Sieve::of(regex);
        (early, late, longest)
    }

    #[test]
    fn a_regex_is_known_by_words_that_its_matches_hold() {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let none = || texts(&[]);
        assert_eq!(known("(?:省|市)委书记"), (none(), texts(&["市委书记", "省委书记"]), Some(4)));
        assert_eq!(known(r"\d+年来"), (none(), texts(&["年来"]), None));
        assert_eq!(known(r"实施\d{1,2}年"), (texts(&["实施"]), none(), Some(5)), "年 alone says little beside 实施");
        assert_eq!(known("赴.{2,4}出席"), (none(), texts(&["出席"]), Some(7)));
        assert_eq!(known("会见.?联合国"), (texts(&["会见"]), texts(&["联合国"]), Some(6)));
        assert_eq!(known(r"\d甲+"), (texts(&["甲"]), none(), None), "better than nothing");
        assert_eq!(known("铁路[^,。]{0,10}(?:开工|通车)"), (texts(&["铁路"]), texts(&["开工", "通车"]), Some(14)));
        let mut ends = known("中[俄美](?:两国|双方)").1;
        ends.sort();
        assert_eq!(ends, texts(&["中俄两国", "中俄双方", "中美两国", "中美双方"]));
        assert_eq!(known("[^净]出口.{0,9}(?:增长|下降)"), (texts(&["出口"]), texts(&["增长", "下降"]), Some(14)), "words inside");
        assert_eq!(known(r"(\[视频\]\p{Han}{2}访问\p{Han}+$)"), (texts(&["[视频]"]), texts(&["访问"]), None), "two words inside");
        for without in [r"\d+", "甲*", r"\d+|甲", r"(?:甲|\d)乙?"] {
            assert!(Sieve::of(without).is_empty(), "{without}");
        }
    }

    #[test]
    fn both_words_must_stand_in_order_and_near_enough() {
        let sieve = Sieve::of("铁路[^,。]{0,3}通车");
        let ranges = |early: &[u32], late: &[u32]| {
            let spans = |starts: &[u32]| starts.iter().map(|at| span(*at)).collect::<Vec<_>>();
            ranges(&sieve, &spans(early), &spans(late), 30)
        };
        let range = |start: u32, end: u32| vec![Span { start, end }];
        assert_eq!(ranges(&[4], &[6]), range(1, 11), "seven characters, from the end of 通车 back and from 铁路 on");
        assert_eq!(ranges(&[4], &[9]), range(4, 11));
        assert_eq!(ranges(&[0, 4], &[2, 20]), range(0, 7), "the nearer 铁路 stands behind, and 20 is too far");
        assert_eq!(ranges(&[0, 20], &[4, 23]), [range(0, 7), range(18, 27)].concat(), "apart");
        for nothing in [ranges(&[4], &[10]), ranges(&[4], &[2]), ranges(&[4], &[]), ranges(&[], &[3])] {
            assert_eq!(nothing, []);
        }
    }

    #[test]
    fn literals_may_share_characters_and_what_looks_around_is_searched_whole() {
        let whole = vec![Span { start: 0, end: 12 }];
        let overlapping = Sieve::of("改革改?革");
        assert_eq!(ranges(&overlapping, &[span(0)], &[Span { start: 0, end: 3 }], 12), [Span { start: 0, end: 4 }]);
        assert_eq!(ranges(&Sieve::of("实施.+年来"), &[span(0)], &[span(9)], 12), whole, "a match without limit");
        assert_eq!(ranges(&Sieve::of("^实施"), &[], &[span(5)], 12), whole, "the beginning of a part is not that of the text");
        assert_eq!(ranges(&Sieve::of("[^不]实施"), &[], &[span(5)], 12), [Span { start: 4, end: 8 }], "one word");
    }

    fn span(start: u32) -> Span {
        Span { start, end: start + 2 }
    }

    fn ranges(sieve: &Sieve, early: &[Span], late: &[Span], length: u32) -> Vec<Span> {
        let mut ranges = Vec::new();
        sieve.ranges(early, late, length, &mut ranges);
        ranges
    }

    /// Where these literals stand in a text, in order.
    fn places(literals: &[String], text: &[char]) -> Vec<Span> {
        let stands = |literal: &String, start: usize| text[start..].iter().copied().take(literal.chars().count()).eq(literal.chars());
        let span = |literal: &String, start: usize| Span { start: start as u32, end: (start + literal.chars().count()) as u32 };
        (0..text.len()).flat_map(|at| literals.iter().filter(move |l| stands(l, at)).map(move |l| span(l, at))).collect()
    }

    const PARTS: [&str; 14] = [
        "甲",
        "乙丙",
        "(?:甲乙|丙)",
        "(?:丙甲|乙甲|丁)",
        "[甲乙]丙",
        ".",
        "[^甲]",
        "甲?",
        "乙{0,3}",
        "丙*",
        r"\d",
        "(甲丙){1,2}",
        "^",
        "$",
    ];

    proptest! {
        #[test]
        fn no_match_is_lost(parts in prop::collection::vec(prop::sample::select(&PARTS[..]), 1..7), text in "[甲乙丙丁1]{0,12}") {
            let regex = parts.concat();
            let sieve = Sieve::of(&regex);
            let text_characters: Vec<char> = text.chars().collect();
            let (early, late) = (places(&sieve.early, &text_characters), places(&sieve.late, &text_characters));
            let ranges = match sieve.is_empty() {
                true => vec![Span { start: 0, end: text_characters.len() as u32 }],
                false => ranges(&sieve, &early, &late, text_characters.len() as u32),
            };
            let compiled = regex::Regex::new(&regex).unwrap();
            let mut found = Vec::new();
            for range in ranges {
                let part: String = text_characters[range.start as usize..range.end as usize].iter().collect();
                let hits = compiled.find_iter(&part).filter(|hit| !hit.is_empty());
                found.extend(hits.map(|hit| (range.start as usize + part[..hit.start()].chars().count(), hit.as_str().to_string())));
            }
            let hits = compiled.find_iter(&text).filter(|hit| !hit.is_empty());
            let expected: Vec<_> = hits.map(|hit| (text[..hit.start()].chars().count(), hit.as_str().to_string())).collect();
            prop_assert_eq!(found, expected, "{} in {}: {:?}", regex, text, sieve);
        }
    }
}
