//! A regular expression over an alphabet of its own: the kinds of characters that it tells apart, each written as one byte.
//!
//! Over UTF-8 every class of Chinese characters is an automaton by itself, and `[^,。]{0,10}` becomes ten of them: what such a regex
//! remembers while it searches did not fit any room that hundreds of them can have, and it was worked out anew again and again.
//! Over its own alphabet a class is one byte, a character one step.

use std::collections::BTreeMap;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::{Capture, Class, ClassBytes, ClassBytesRange, Hir, HirKind, Look, Repetition};

/// Borders between kinds beyond which a regex is not looked through: those of all letters of Unicode are fewer.
const MOST_BORDERS: usize = 4_096;

/// A regular expression and the kinds of characters that it tells apart.
#[derive(Debug)]
pub(super) struct AlphabetRegex {
    /// The first characters of ranges that are of one kind, ascending, from the first of all.
    borders: Vec<u32>,
    /// The kind of each range.
    kinds: Vec<u8>,
    regex: Regex,
}

impl AlphabetRegex {
    /// The same regular expression over its own alphabet; nothing if it looks at words, lines or bytes or tells more than 256 kinds
    /// of characters apart.
    pub fn new(regex: &str, most_memory: usize) -> Option<Self> {
        let hir = regex_syntax::parse(regex).ok()?;
        let mut leaves = Vec::new();
        collect_leaves(&hir, &mut leaves).then_some(())?;
        let (borders, kinds) = kinds(&leaves)?;
        let mut regex = Self { borders, kinds, regex: Regex::new("").ok()? };
        let pattern = regex.translate(&hir).to_string();
        regex.regex = RegexBuilder::new(&pattern).unicode(false).dfa_size_limit(most_memory).build().ok()?;
        Some(regex)
    }

    /// Calls `emit` with first and one past last character of every match that is not empty; leftmost first, not overlapping.
    /// `written` is a buffer.
    pub fn matches(&self, text: &[char], written: &mut Vec<u8>, mut emit: impl FnMut(u32, u32)) {
        written.clear();
        written.extend(text.iter().map(|c| self.kind(u32::from(*c))));
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        for hit in self.regex.find_iter(written).filter(|hit| !hit.is_empty()) {
            emit(place(hit.start()), place(hit.end()));
        }
    }

    fn kind(&self, c: u32) -> u8 {
        self.kinds[self.borders.partition_point(|border| *border <= c) - 1]
    }

    /// The same expression with every character replaced by its kind.
    fn translate(&self, hir: &Hir) -> Hir {
        let all = |parts: &[Hir]| parts.iter().map(|part| self.translate(part)).collect();
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => hir.clone(),
            HirKind::Literal(literal) => {
                Hir::literal(String::from_utf8_lossy(&literal.0).chars().map(|c| self.kind(u32::from(c))).collect::<Vec<u8>>())
            }
            HirKind::Class(class) => {
                let ranges = self.borders.iter().zip(&self.kinds).filter(|(border, _)| holds(class, **border));
                Hir::class(Class::Bytes(ClassBytes::new(ranges.map(|(_, kind)| ClassBytesRange::new(*kind, *kind)))))
            }
            HirKind::Repetition(repeated) => {
                Hir::repetition(Repetition { sub: Box::new(self.translate(&repeated.sub)), ..repeated.clone() })
            }
            HirKind::Capture(capture) => Hir::capture(Capture { sub: Box::new(self.translate(&capture.sub)), ..capture.clone() }),
            HirKind::Concat(parts) => Hir::concat(all(parts)),
            HirKind::Alternation(parts) => Hir::alternation(all(parts)),
        }
    }
}

/// A character or class of an expression, as ranges.
type Leaf = Vec<(u32, u32)>;

/// Collects the characters and classes of an expression. False if it holds anything that is no property of single characters.
fn collect_leaves(hir: &Hir, leaves: &mut Vec<Leaf>) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(Look::Start | Look::End) => true,
        HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => false,
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).is_ok_and(|text| {
            leaves.extend(text.chars().map(|c| vec![(u32::from(c), u32::from(c))]));
            true
        }),
        HirKind::Class(Class::Unicode(class)) => {
            leaves.push(class.iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect());
            true
        }
        HirKind::Repetition(repeated) => collect_leaves(&repeated.sub, leaves),
        HirKind::Capture(capture) => collect_leaves(&capture.sub, leaves),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(|part| collect_leaves(part, leaves)),
    }
}

/// The ranges of characters that no leaf tells apart, by their first, and the kind of each: ranges that the same leaves hold are of
/// one kind. Nothing if there are too many.
fn kinds(leaves: &[Leaf]) -> Option<(Vec<u32>, Vec<u8>)> {
    let mut leaves: Vec<&Leaf> = leaves.iter().collect();
    leaves.sort_unstable();
    leaves.dedup();
    let mut borders: Vec<u32> = leaves.iter().flat_map(|leaf| leaf.iter().flat_map(|(first, last)| [*first, last + 1])).collect();
    borders.push(0);
    borders.sort_unstable();
    borders.dedup();
    if borders.len() > MOST_BORDERS {
        return None;
    }
    // For each range the leaves that hold it.
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); borders.len()];
    for (number, leaf) in leaves.iter().enumerate() {
        for (first, last) in leaf.iter() {
            let from = borders.partition_point(|border| border < first);
            let held = borders[from..].iter().take_while(|border| *border <= last).count();
            holders[from..from + held].iter_mut().for_each(|held_by| held_by.push(number));
        }
    }
    let mut numbers: BTreeMap<&[usize], usize> = BTreeMap::new();
    let kinds = holders.iter().map(|held_by| {
        let next = numbers.len();
        u8::try_from(*numbers.entry(held_by).or_insert(next)).ok()
    });
    let kinds = kinds.collect::<Option<Vec<u8>>>()?;
    Some((borders, kinds))
}

fn holds(class: &Class, c: u32) -> bool {
    match class {
        Class::Unicode(class) => class.iter().any(|range| (u32::from(range.start())..=u32::from(range.end())).contains(&c)),
        Class::Bytes(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(regex: &AlphabetRegex, text: &str) -> Vec<(u32, u32)> {
        let text: Vec<char> = text.chars().collect();
        let mut found = Vec::new();
        regex.matches(&text, &mut Vec::new(), |start, end| found.push((start, end)));
        found
    }

    /// What the expression matches over characters.
    fn expected(regex: &str, text: &str) -> Vec<(u32, u32)> {
        let characters = |bytes: usize| text[..bytes].chars().count() as u32;
        let hits = regex::Regex::new(regex).unwrap();
        hits.find_iter(text).filter(|hit| !hit.is_empty()).map(|hit| (characters(hit.start()), characters(hit.end()))).collect()
    }

    #[test]
    fn characters_that_are_not_told_apart_are_of_one_kind() {
        let regex = AlphabetRegex::new("中[俄美](?:两国|双方)[^,。]{0,3}好", 1 << 18).unwrap();
        assert_eq!(regex.kinds.iter().max(), Some(&8), "中, 俄美, 两, 国, 双, 方, 好, the marks, all others");
        assert_eq!(matches(&regex, "说中俄两国很友好,中美双方。好"), [(1, 8)]);
    }

    #[test]
    fn words_and_lines_are_no_property_of_characters() {
        for regex in [r"\bAI\b", "(?m)^甲", r"甲\B"] {
            assert!(AlphabetRegex::new(regex, 1 << 18).is_none(), "{regex}");
        }
        let many: String = (0x4E00..0x4F10).filter_map(char::from_u32).collect();
        assert!(AlphabetRegex::new(&many, 1 << 18).is_none(), "more than 256 kinds");
    }

    const PARTS: [&str; 16] = [
        "甲",
        "乙丙",
        "(?:甲乙|丙)",
        "(?:丙甲|乙|丁)",
        "[甲乙]",
        ".",
        "[^甲]{0,3}",
        "甲?",
        "乙{0,3}?",
        "丙*",
        r"\d",
        "(甲丙){1,2}",
        "^",
        "$",
        r"\p{Han}+?",
        "(?i)ab",
    ];

    proptest! {
        #[test]
        fn the_same_is_matched(parts in prop::collection::vec(prop::sample::select(&PARTS[..]), 1..7), text in "[甲乙丙丁1𠮷aB\n]{0,14}") {
            let pattern = parts.concat();
            let regex = AlphabetRegex::new(&pattern, 1 << 18).unwrap();
            prop_assert_eq!(matches(&regex, &text), expected(&pattern, &text), "{}", pattern);
        }
    }
}
