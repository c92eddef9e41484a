//! What is looked for, checked once, and how it is found in the text of a sentence as it is counted.
//!
//! Word and phrase are normalised like the text, letter case of ASCII ignored. Where traditional characters may be counted as
//! simplified ones, both forms of what was typed are looked for in text that is counted as written, and the simplified form in
//! text that is counted in it; so either script finds either.

use std::ops::Range;

use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};
use thiserror::Error;

use crate::text::{Simplify, is_token_character, normalise, simplified};

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// Tokens: one of these words, parted by `|`.
    Word(String),
    /// Any stretch of a sentence: one of these texts, parted by `|`.
    Phrase(String),
    /// A regular expression over a sentence.
    Regex(String),
    /// Two words in one sentence.
    Near {
        /// One word, or several parted by `|`.
        first: String,
        /// The other word, or several parted by `|`.
        second: String,
        /// Most tokens that they are apart; neighbours are 1 apart.
        within: u32,
        /// Whether only the first may stand before the second.
        order: PairOrder,
    },
}

impl Pattern {
    /// Whether it can be looked for.
    ///
    /// # Errors
    /// When it is empty, too long, no word, or no valid regular expression.
    pub fn check(&self, simplify: Simplify) -> Result<(), PatternError> {
        Compiled::new(self, simplify).map(|_| ())
    }
}

/// Which of two words may stand first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PairOrder {
    /// Either.
    #[default]
    Either,
    /// The one that was named first.
    AsNamed,
}

/// A pattern that finds nothing by its form.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PatternError {
    /// Nothing to look for.
    #[error("expected something to look for, found an empty pattern")]
    Empty,
    /// Too many words.
    #[error("expected at most {MOST_ALTERNATIVES} words parted by |, found {0}")]
    TooMany(usize),
    /// Longer than any sentence.
    #[error("expected at most {LONGEST} characters, found {0}: no sentence is longer")]
    TooLong(usize),
    /// Marks alone.
    #[error("`{0}` holds no letter, Han character or digit, so it is never a word: try --phrase")]
    NoWord(String),
    /// Not a regular expression.
    #[error("the regular expression is not valid: {0}")]
    Regex(String),
    /// It would take too much memory.
    #[error("the regular expression is too large, more than {} MiB when compiled: use shorter repetitions, or ASCII classes such as [0-9] for \\d", LARGEST_REGEX >> 20)]
    RegexTooLarge,
    /// It matches everywhere.
    #[error("the regular expression can match the empty text, so it is everywhere: let it ask for at least one character")]
    MatchesEmpty,
}

/// More alternatives are a word list, for which there are themes.
const MOST_ALTERNATIVES: usize = 100;
/// No sentence is longer than about this.
const LONGEST: usize = 5_000;

/// Largest compiled regular expression in bytes.
const LARGEST_REGEX: usize = 1 << 20;
/// Bytes that a regular expression is matched against at a time: any sentence of [`LONGEST`] characters is one piece. Only a run
/// of end marks or a title can be longer, and looking through all of it again after every match would take forever.
const REGEX_PIECE: usize = 4 * LONGEST;

/// A checked pattern.
#[derive(Debug)]
pub(super) enum Compiled {
    Words(Literals),
    Phrases(Literals),
    Regex { written: Vec<Regex>, simplified: Vec<Regex> },
    Near { first: Literals, second: Literals, within: u32, order: PairOrder },
}

impl Compiled {
    pub fn new(pattern: &Pattern, simplify: Simplify) -> Result<Self, PatternError> {
        let words = |text: &str| Literals::new(text, simplify).and_then(Literals::of_words);
        Ok(match pattern {
            Pattern::Word(text) => Self::Words(words(text)?),
            Pattern::Phrase(text) => Self::Phrases(Literals::new(text, simplify)?),
            Pattern::Regex(text) => regexes(text, simplify)?,
            Pattern::Near { first, second, within, order } => {
                Self::Near { first: words(first)?, second: words(second)?, within: *within, order: *order }
            }
        })
    }

    /// What was typed, where it is words that are looked for one by one.
    pub fn words(&self) -> Option<&Literals> {
        match self {
            Self::Words(words) => Some(words),
            _ => None,
        }
    }
}

fn regexes(text: &str, simplify: Simplify) -> Result<Compiled, PatternError> {
    if text.is_empty() {
        return Err(PatternError::Empty);
    }
    check_length(text)?;
    let typed = regex(text)?;
    // `\b` does not match the empty text alone, but nothing else than empty places of a sentence.
    let form = regex_syntax::parse(text).map_err(|error| PatternError::Regex(error.to_string()))?;
    if form.properties().minimum_len() == Some(0) {
        return Err(PatternError::MatchesEmpty);
    }
    let converted = if simplify == Simplify::Never { text.into() } else { simplified(text) };
    let other = (converted != text).then(|| regex(&converted).ok()).flatten();
    let simplified = vec![other.clone().unwrap_or_else(|| typed.clone())];
    Ok(Compiled::Regex { written: std::iter::once(typed).chain(other).collect(), simplified })
}

fn regex(text: &str) -> Result<Regex, PatternError> {
    RegexBuilder::new(text).size_limit(LARGEST_REGEX).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => PatternError::RegexTooLarge,
        other => PatternError::Regex(other.to_string()),
    })
}

fn check_length(text: &str) -> Result<(), PatternError> {
    match text.chars().count() {
        length if length > LONGEST => Err(PatternError::TooLong(length)),
        _ => Ok(()),
    }
}

/// Words or phrases of which any will do.
#[derive(Debug)]
pub(super) struct Literals {
    alternatives: Vec<Literal>,
    /// Whether any holds an ASCII letter, so that the text must be looked at in lower case.
    has_letters: bool,
}

#[derive(Debug)]
struct Literal {
    typed: String,
    /// In text that is counted as written.
    written: Vec<Finder<'static>>,
    /// In text that is counted in simplified characters.
    simplified: Finder<'static>,
}

impl Literals {
    fn new(text: &str, simplify: Simplify) -> Result<Self, PatternError> {
        let mut alternatives = Vec::new();
        for typed in text.split('|') {
            check_length(typed)?;
            let normal = normalise(typed).trim().to_ascii_lowercase();
            if normal.is_empty() {
                return Err(PatternError::Empty);
            }
            let other = if simplify == Simplify::Never { normal.clone() } else { simplified(&normal).into_owned() };
            let finder = |text: &str| Finder::new(text.as_bytes()).into_owned();
            let mut written = vec![finder(&normal)];
            if other != normal {
                written.push(finder(&other));
            }
            alternatives.push(Literal { typed: normal, written, simplified: finder(&other) });
        }
        if alternatives.len() > MOST_ALTERNATIVES {
            return Err(PatternError::TooMany(alternatives.len()));
        }
        let has_letters = alternatives.iter().any(|a| a.typed.bytes().any(|b| b.is_ascii_alphabetic()));
        Ok(Self { alternatives, has_letters })
    }

    fn of_words(self) -> Result<Self, PatternError> {
        match self.alternatives.iter().find(|a| !a.typed.chars().any(is_token_character)) {
            Some(mark) => Err(PatternError::NoWord(mark.typed.clone())),
            None => Ok(self),
        }
    }

    /// The alternatives as they are looked for.
    pub fn typed(&self) -> impl Iterator<Item = &str> {
        self.alternatives.iter().map(|a| a.typed.as_str())
    }

    /// The sentence as these must be looked for in: in lower case, in `buffer`, where that can matter.
    pub fn folded<'a>(&self, view: &'a str, buffer: &'a mut String) -> &'a str {
        if !self.has_letters {
            return view;
        }
        buffer.clear();
        buffer.push_str(view);
        buffer.make_ascii_lowercase();
        buffer
    }

    /// Whether the text holds any.
    pub fn occur_in(&self, text: &str, in_simplified: bool) -> bool {
        self.alternatives.iter().any(|a| a.finders(in_simplified).iter().any(|finder| finder.find(text.as_bytes()).is_some()))
    }

    /// Adds to `counts` how often each stands in the text, occurrences that overlap counted once.
    pub fn count_in(&self, text: &str, in_simplified: bool, counts: &mut [u64]) {
        for (alternative, count) in self.alternatives.iter().zip(counts) {
            *count += alternative.finders(in_simplified).iter().map(|finder| finder.find_iter(text.as_bytes()).count() as u64).sum::<u64>();
        }
    }

    /// Which alternative a token is, if any.
    pub fn index_of(&self, token: &str, in_simplified: bool) -> Option<usize> {
        self.alternatives.iter().position(|a| a.finders(in_simplified).iter().any(|finder| finder.needle() == token.as_bytes()))
    }

    /// Where they stand in the text: the leftmost first, then the longest; none overlaps another.
    pub fn find(&self, text: &str, in_simplified: bool, found: &mut Vec<Range<usize>>) {
        for finder in self.alternatives.iter().flat_map(|a| a.finders(in_simplified)) {
            found.extend(finder.find_iter(text.as_bytes()).map(|at| at..at + finder.needle().len()));
        }
        without_overlaps(found);
    }
}

impl Literal {
    fn finders(&self, in_simplified: bool) -> &[Finder<'static>] {
        if in_simplified { std::slice::from_ref(&self.simplified) } else { &self.written }
    }
}

/// Where the expressions match, none of which matches the empty text: the leftmost first, then the longest; none overlaps
/// another.
pub(super) fn find_regexes(regexes: &[Regex], text: &str, found: &mut Vec<Range<usize>>) {
    let mut start = 0;
    while start < text.len() {
        let end = text.floor_char_boundary(start + REGEX_PIECE);
        let matches = regexes.iter().flat_map(|regex| regex.find_iter(&text[start..end]));
        found.extend(matches.map(|m| start + m.start()..start + m.end()));
        start = end;
    }
    if regexes.len() > 1 {
        without_overlaps(found);
    }
}

fn without_overlaps(found: &mut Vec<Range<usize>>) {
    found.sort_unstable_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    found.retain(|range| {
        let keep = range.start >= end;
        if keep {
            end = range.end;
        }
        keep
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(text: &str) -> Literals {
        Literals::new(text, Simplify::Auto).unwrap()
    }

    fn find(text: &str, within: &str, in_simplified: bool) -> Vec<String> {
        let mut found = Vec::new();
        literals(text).find(within, in_simplified, &mut found);
        found.into_iter().map(|range| within[range].to_string()).collect()
    }

    #[test]
    fn the_leftmost_longest_alternative_is_found_and_none_overlaps() {
        assert_eq!(find("改革|改革开放|开放", "改革开放和改革与开放", false), ["改革开放", "改革", "开放"]);
        assert_eq!(find("哈哈", "哈哈哈哈哈", false), ["哈哈", "哈哈"]);
        assert_eq!(find("没有", "改革", false), Vec::<String>::new());
    }

    #[test]
    fn either_script_finds_either() {
        assert_eq!(find("經濟", "经济與經濟", false), ["经济", "經濟"]);
        assert_eq!(find("經濟", "经济", true), ["经济"]);
        assert_eq!(find("经济", "經濟", false), Vec::<String>::new());
        let never = Literals::new("經濟", Simplify::Never).unwrap();
        assert!(!never.occur_in("经济", false) && never.occur_in("經濟", false));
    }

    #[test]
    fn patterns_are_normalised_like_the_text() {
        let gdp = literals(" ＧＤＰ ");
        assert_eq!(gdp.typed().collect::<Vec<_>>(), ["gdp"]);
        assert_eq!(gdp.folded("GDP增长", &mut String::new()), "gdp增长");
        assert_eq!((gdp.index_of("gdp", false), gdp.index_of("gd", false)), (Some(0), None));
    }

    #[test]
    fn what_can_find_nothing_is_refused() {
        let word = |text: &str| Compiled::new(&Pattern::Word(text.into()), Simplify::Auto).map(|_| ()).unwrap_err();
        assert_eq!(word(""), PatternError::Empty);
        assert_eq!(word("改革| "), PatternError::Empty);
        assert_eq!(word("。"), PatternError::NoWord("。".into()));
        assert_eq!(word(&"字".repeat(5_001)), PatternError::TooLong(5_001));
        assert_eq!(word(&vec!["字"; 101].join("|")), PatternError::TooMany(101));
        let regex = |text: &str| Compiled::new(&Pattern::Regex(text.into()), Simplify::Auto).map(|_| ()).unwrap_err();
        assert_eq!(regex(""), PatternError::Empty);
        assert_eq!(regex("改?"), PatternError::MatchesEmpty);
        assert!(matches!(regex("改("), PatternError::Regex(_)));
        for huge in ["(\\w{100}){100}{100}", "\\w{200}"] {
            assert_eq!(regex(huge), PatternError::RegexTooLarge, "{huge}");
        }
        assert!(regex("\\w{200}").to_string().contains("1 MiB"));
        // Never the empty text alone, and yet nothing but empty places.
        for empty in ["\\b", "^", "$", "改|\\b", "(?m)^改*"] {
            assert_eq!(regex(empty), PatternError::MatchesEmpty, "{empty}");
        }
    }

    #[test]
    fn a_regex_looks_at_a_long_run_in_pieces() {
        let find = |text: &str| {
            let mut found = Vec::new();
            find_regexes(&[Regex::new("。+x|。").unwrap()], text, &mut found);
            found
        };
        let marks = "。".repeat(100_000);
        let found = find(&marks);
        assert_eq!(found.len(), 100_000);
        assert!(found.iter().enumerate().all(|(at, range)| *range == (3 * at..3 * at + 3)));
        // A whole sentence of the greatest length is one piece.
        let sentence = format!("{}x", "。".repeat(4_999));
        let found = find(&sentence);
        assert!(found.len() == 1 && found[0] == (0..sentence.len()));
    }
}
