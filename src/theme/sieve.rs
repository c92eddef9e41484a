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
        Self { early, late, longest: most_characters(&hir) }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.early.is_empty() && self.late.is_empty()
    }

    /// Whether a match can stand in a text where its literals stand at these places, both in order.
    pub fn passes(&self, early: impl Iterator<Item = Span>, mut late: impl Iterator<Item = Span>) -> bool {
        if self.early.is_empty() || self.late.is_empty() {
            return true;
        }
        // Both are in order of their beginnings. A literal that ends later than one behind it only makes `nearest` later than it
        // need be, so that more passes; what is nearest decides: one walk over both.
        let mut early = early.peekable();
        let mut nearest = None;
        late.any(|late| {
            while let Some(first) = early.next_if(|first| first.start < late.end) {
                nearest = Some(first.start);
            }
            nearest.is_some_and(|first| self.longest.is_none_or(|longest| late.end <= first.saturating_add(longest)))
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
        let Sieve { early, late, longest } = Sieve::of(regex);
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
        let span = |start: u32| Span { start, end: start + 2 };
        let passes = |early: &[u32], late: &[u32]| sieve.passes(early.iter().map(|at| span(*at)), late.iter().map(|at| span(*at)));
        assert!(passes(&[4], &[6]) && passes(&[4], &[9]) && passes(&[0, 4], &[2, 20]));
        assert!(!passes(&[4], &[10]) && !passes(&[4], &[2]) && !passes(&[4], &[]) && !passes(&[], &[3]));
        let overlapping = Sieve::of("改革改?革");
        assert!(overlapping.passes([span(0)].into_iter(), [Span { start: 0, end: 3 }].into_iter()), "they may share characters");
        let open = Sieve::of("实施.+年来");
        assert!(open.passes([span(0)].into_iter(), [span(900)].into_iter()), "a match without limit");
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
            let is_candidate = sieve.is_empty() || !(early.is_empty() && late.is_empty()) && sieve.passes(early.into_iter(), late.into_iter());
            let matches = regex::Regex::new(&regex).unwrap().find_iter(&text).any(|hit| !hit.is_empty());
            prop_assert!(is_candidate || !matches, "{} in {}: {:?}", regex, text, sieve);
        }
    }
}
