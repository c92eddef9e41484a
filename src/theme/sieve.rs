//! Which sentences a regular expression can match at all, by literals that are looked for in one walk with all others.
//!
//! A regex that is run on every sentence costs more than thousands of literals. Most begin with one of a few words and end with
//! one of a few others, and a sentence with both, near enough and in this order, is rare.

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
    /// Every match begins with one of these; empty if nothing is known.
    pub begins: Vec<String>,
    /// Every match ends with one of these; empty if nothing is known.
    pub ends: Vec<String>,
    /// Most characters of a match; nothing if there is no limit.
    longest: Option<u32>,
}

impl Sieve {
    /// Looks through a regular expression.
    pub fn of(regex: &str) -> Self {
        let Ok(hir) = regex_syntax::parse(regex) else { return Self::default() };
        let (mut begins, mut ends) = (literals(&hir, ExtractKind::Prefix), literals(&hir, ExtractKind::Suffix));
        let shortest = |texts: &[String]| texts.iter().map(|text| text.chars().count()).min().unwrap_or(0);
        let (first, last) = (shortest(&begins), shortest(&ends));
        if first < SHORTEST_USEFUL && first < last {
            begins.clear();
        } else if last < SHORTEST_USEFUL && first > 0 {
            ends.clear();
        }
        Self { begins, ends, longest: most_characters(&hir) }
    }

    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        self.begins.is_empty() && self.ends.is_empty()
    }

    /// Whether a match can stand in a text where its literals of the beginning and of the end stand at these places, both in order.
    pub fn passes(&self, begins: impl Iterator<Item = Span>, mut ends: impl Iterator<Item = Span>) -> bool {
        if self.begins.is_empty() || self.ends.is_empty() {
            return true;
        }
        // The nearest beginning decides: one walk over both.
        let mut begins = begins.peekable();
        let mut nearest = None;
        ends.any(|end| {
            while let Some(begin) = begins.next_if(|begin| begin.start <= end.start) {
                nearest = Some(begin.start);
            }
            nearest.is_some_and(|begin| self.longest.is_none_or(|longest| end.end - begin <= longest))
        })
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
    use super::*;

    fn known(regex: &str) -> (Vec<String>, Vec<String>, Option<u32>) {
        let Sieve { begins, ends, longest } = Sieve::of(regex);
        (begins, ends, longest)
    }

    #[test]
    fn a_regex_is_known_by_how_its_matches_begin_and_end() {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let none = || texts(&[]);
        assert_eq!(known("(?:省|市)委书记"), (texts(&["市委书记", "省委书记"]), texts(&["市委书记", "省委书记"]), Some(4)));
        assert_eq!(known(r"\d+年来"), (none(), texts(&["年来"]), None));
        assert_eq!(known(r"实施\d{1,2}年"), (texts(&["实施"]), none(), Some(5)), "年 alone says little beside 实施");
        assert_eq!(known("赴.{2,4}出席"), (none(), texts(&["出席"]), Some(7)));
        assert_eq!(known("铁路[^,。]{0,10}(?:开工|通车)"), (texts(&["铁路"]), texts(&["开工", "通车"]), Some(14)));
        assert_eq!(known("中[俄美](?:两国|双方)").0, texts(&["中俄两国", "中俄双方", "中美两国", "中美双方"]));
        for without in [r"\d+", "甲*", r"\d+|甲"] {
            assert!(Sieve::of(without).is_empty(), "{without}");
        }
    }

    #[test]
    fn both_ends_must_stand_in_order_and_near_enough() {
        let sieve = Sieve::of("铁路[^,。]{0,3}通车");
        let span = |start: u32| Span { start, end: start + 2 };
        let passes = |begins: &[u32], ends: &[u32]| sieve.passes(begins.iter().map(|at| span(*at)), ends.iter().map(|at| span(*at)));
        assert!(passes(&[4], &[6]) && passes(&[4], &[9]) && passes(&[0, 4], &[2, 20]));
        assert!(!passes(&[4], &[10]) && !passes(&[4], &[3]) && !passes(&[4], &[]) && !passes(&[], &[3]));
        let overlapping = Sieve::of("改革改?革");
        assert!(overlapping.passes([span(0)].into_iter(), [Span { start: 0, end: 3 }].into_iter()), "ends may share characters");
        let open = Sieve::of("实施.+年来");
        assert!(open.passes([span(0)].into_iter(), [span(900)].into_iter()), "a match without limit");
    }
}
