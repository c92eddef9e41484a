//! A list of literals, looked for from every place of a text.
//!
//! An automaton visits a state for every character. Here most characters cost one bit of a small table, since few pairs of
//! characters begin a literal. The walk ends where no literal goes on, so the worst case is the length of the text times that of
//! the longest literal.

use std::ops::Range;

use super::bits::{is_set, set};
use super::trie::{ROOT, Trie};

/// Bits of the table of pairs; with some thousand literals two pairs in a hundred that begin none look as if they did.
const PAIR_BITS: u32 = 17;

/// The literals, numbered as they stand in their list.
pub struct Literals {
    trie: Trie,
    /// One bit for each pair of characters that begins a literal, by hash of their codes.
    pairs: Vec<u64>,
    /// One bit for each code of a character that is a literal by itself.
    singles: Vec<u64>,
}

/// A place of a literal, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// The number of the literal.
    pub literal: u32,
    /// Its first character.
    pub start: u32,
    /// One past its last.
    pub end: u32,
}

/// Buffers of a search, to be used again.
#[derive(Debug, Default)]
pub struct Places {
    /// The code of every character, and a 0 behind them.
    codes: Vec<u32>,
    /// Where a literal may begin.
    begins: Vec<u32>,
    /// Where one does begin, as far as two characters tell.
    walks: Vec<Walk>,
    found: Vec<Occurrence>,
}

/// A walk through the trie from one place, on its way.
#[derive(Debug, Clone, Copy)]
struct Walk {
    start: u32,
    /// One past the last character that was read.
    end: u32,
    node: u32,
}

impl Literals {
    /// Looks for these literals, each known by its place in the list. Of equal ones the last is found, an empty one never.
    pub fn new(literals: &[&str]) -> Self {
        let trie = Trie::new(literals);
        let (mut pairs, mut singles) = (vec![0; 1 << (PAIR_BITS - 6)], Vec::new());
        for literal in literals {
            let mut codes = literal.chars().map(|c| trie.code(c));
            match (codes.next(), codes.next()) {
                (Some(first), Some(second)) => set(&mut pairs, pair(first, second)),
                (Some(only), None) => {
                    let only = only as usize;
                    singles.resize(singles.len().max(only / 64 + 1), 0);
                    set(&mut singles, only);
                }
                _ => {}
            }
        }
        Self { trie, pairs, singles }
    }

    /// Every occurrence of every literal, those inside others too, in the order of their first characters.
    ///
    /// In three passes, each of which does one small thing for all places: so what one place waits for in memory comes while
    /// others are looked at.
    pub fn find<'p>(&self, text: &[char], places: &'p mut Places) -> &'p [Occurrence] {
        let Places { codes, begins, walks, found } = places;
        codes.clear();
        codes.extend(text.iter().map(|c| self.trie.code(*c)).chain([0]));
        begins.resize(begins.len().max(text.len()), 0);
        // Every place is written down and only those that may begin a literal are counted: no branch that is guessed wrongly.
        let mut count = 0;
        for (start, pair) in (0u32..).zip(codes.windows(2)) {
            begins[count] = start;
            count += usize::from(self.may_begin(pair[0], pair[1]));
        }
        walks.clear();
        walks.extend(begins[..count].iter().filter_map(|start| self.begin(codes, *start)));
        found.clear();
        walks.iter().for_each(|walk| self.walk(codes, *walk, found));
        found
    }

    /// Whether a literal may begin with these two characters, or be the first alone.
    fn may_begin(&self, first: u32, second: u32) -> bool {
        is_set(&self.pairs, pair(first, second)) | is_set(&self.singles, first as usize)
    }

    /// The first two steps of a walk; only one if a literal ends there.
    fn begin(&self, codes: &[u32], start: u32) -> Option<Walk> {
        let code = |at: u32| codes.get(at as usize).copied().unwrap_or(0);
        let node = self.trie.step(ROOT, code(start))?;
        if is_set(&self.singles, code(start) as usize) {
            return Some(Walk { start, end: start + 1, node });
        }
        self.trie.step(node, code(start + 1)).map(|node| Walk { start, end: start + 2, node })
    }

    fn walk(&self, codes: &[u32], Walk { start, mut end, mut node }: Walk, found: &mut Vec<Occurrence>) {
        loop {
            if let Some(literal) = self.trie.literal(node) {
                found.push(Occurrence { literal, start, end });
            }
            let next = codes.get(end as usize).and_then(|code| self.trie.step(node, *code));
            let Some(next) = next else { return };
            node = next;
            end += 1;
        }
    }

    /// Calls `emit` with the leftmost and there longest literals that `accepts` lets pass, as byte ranges, in order; they do
    /// not overlap. ASCII capitals of the text match small letters.
    pub fn find_leftmost(&self, text: &str, accepts: impl Fn(&Range<usize>) -> bool, mut emit: impl FnMut(Range<usize>)) {
        let mut done = 0;
        while let Some(range) = self.next_leftmost(text, done, &accepts) {
            done = range.end;
            emit(range);
        }
    }

    /// The first of them that begins at byte `from` or later.
    pub fn next_leftmost(&self, text: &str, from: usize, accepts: impl Fn(&Range<usize>) -> bool) -> Option<Range<usize>> {
        let mut characters = text[from..].char_indices().map(|(at, c)| (from + at, self.code(c))).peekable();
        while let Some((start, code)) = characters.next() {
            let following = characters.peek().map_or(0, |(_, code)| *code);
            if self.may_begin(code, following)
                && let Some(end) = self.longest(text, start, &accepts)
            {
                return Some(start..end);
            }
        }
        None
    }

    /// Where the longest acceptable literal ends that begins at byte `start`.
    fn longest(&self, text: &str, start: usize, accepts: &impl Fn(&Range<usize>) -> bool) -> Option<usize> {
        let mut node = ROOT;
        let mut longest = None;
        for (at, c) in text[start..].char_indices() {
            let Some(next) = self.trie.step(node, self.code(c)) else { break };
            node = next;
            let end = start + at + c.len_utf8();
            if self.trie.literal(node).is_some() && accepts(&(start..end)) {
                longest = Some(end);
            }
        }
        longest
    }

    fn code(&self, c: char) -> u32 {
        self.trie.code(c.to_ascii_lowercase())
    }
}

fn pair(first: u32, second: u32) -> usize {
    // Fibonacci hashing: the high bits of the product depend on all bits of both.
    let both = u64::from(first) << 32 | u64::from(second);
    (both.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - PAIR_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn found(words: &[String], text: &str) -> Vec<(u32, u32, u32)> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (text, mut places): (Vec<char>, _) = (text.chars().collect(), Places::default());
        let found = Literals::new(&words).find(&text, &mut places);
        found.iter().map(|o| (o.literal, o.start, o.end)).collect()
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert_eq!(found(&[], "甲乙"), []);
        assert_eq!(found(&[String::new(), "甲".into()], ""), []);
    }

    fn leftmost(words: &[&str], text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let is_odd = |range: &Range<usize>| text[range.clone()].chars().count() != 4;
        Literals::new(words).find_leftmost(text, is_odd, |range| found.push(text[range].to_string()));
        found
    }

    #[test]
    fn the_leftmost_is_taken_and_there_the_longest_that_is_acceptable() {
        assert_eq!(leftmost(&["甲乙", "乙丙丁", "丁"], "甲乙丙丁"), ["甲乙", "丁"]);
        assert_eq!(leftmost(&["甲乙", "甲乙丙", "甲乙丙丁"], "丙甲乙丙丁"), ["甲乙丙"]);
        assert_eq!(leftmost(&["甲乙丙丁", "乙丙"], "甲乙丙丁"), ["乙丙"]);
        assert_eq!(leftmost(&["ai", "甲"], "AI甲aI"), ["AI", "甲", "aI"]);
        assert_eq!(leftmost(&[], "甲"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn every_occurrence_is_found_once(words in prop::collection::btree_set("[甲乙丙𠮷a]{1,4}", 0..8), text in "[甲乙丙丁𠮷a]{0,20}") {
            let words: Vec<String> = words.into_iter().collect();
            let characters: Vec<char> = text.chars().collect();
            let mut expected = BTreeSet::new();
            for (number, word) in (0u32..).zip(&words) {
                let word: Vec<char> = word.chars().collect();
                for (start, _) in characters.windows(word.len()).enumerate().filter(|(_, window)| *window == word) {
                    expected.insert((number, start as u32, (start + word.len()) as u32));
                }
            }
            let found = found(&words, &text);
            prop_assert_eq!(found.len(), expected.len());
            prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
        }
    }
}
