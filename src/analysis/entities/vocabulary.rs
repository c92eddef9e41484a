//! The words by which names are recognised, read from `words.txt`.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// A set of sections of `words.txt`, one bit each in their order; what they hold stands in the comments there.
pub(super) type Sections = u32;

pub(super) const SURNAMES: Sections = 1 << 0;
pub(super) const COMPOUND_SURNAMES: Sections = 1 << 1;
pub(super) const WEAK_SURNAMES: Sections = 1 << 2;
pub(super) const TITLES: Sections = 1 << 3;
pub(super) const PROFESSIONS: Sections = 1 << 4;
pub(super) const SPEECH: Sections = 1 << 5;
pub(super) const PLACE_SUFFIXES: Sections = 1 << 7;
pub(super) const GENERIC_PLACES: Sections = 1 << 8;
pub(super) const PROVINCES: Sections = 1 << 9;
pub(super) const CITIES: Sections = 1 << 10;
pub(super) const CITIES_THAT_ARE_WORDS: Sections = 1 << 11;
pub(super) const WORLD_CITIES: Sections = 1 << 12;
pub(super) const ORG_HEADS: Sections = 1 << 13;
pub(super) const ORG_WEAK_HEADS: Sections = 1 << 14;
pub(super) const ORG_SHORT_HEADS: Sections = 1 << 15;
pub(super) const ORG_DOMAINS: Sections = 1 << 16;
pub(super) const ORG_ANCHORS: Sections = 1 << 17;
pub(super) const GENERIC_ORGS: Sections = 1 << 18;
pub(super) const NOT_NAMES: Sections = 1 << 19;
pub(super) const MEETING_HEADS: Sections = 1 << 20;
pub(super) const GENERIC_MODIFIERS: Sections = 1 << 21;
pub(super) const CONVENING: Sections = 1 << 22;
pub(super) const INNER_VERBS: Sections = 1 << 23;
pub(super) const COMPANY_KINDS: Sections = 1 << 24;
pub(super) const VERBS_OF_BODIES: Sections = 1 << 25;
pub(super) const HEADS_OF_STATES: Sections = 1 << 26;

/// The names of the sections, by bit.
const NAMES: [&str; 27] = [
    "surnames",
    "compound_surnames",
    "weak_surnames",
    "titles",
    "professions",
    "speech",
    "transliteration",
    "place_suffixes",
    "generic_places",
    "provinces",
    "cities",
    "cities_that_are_words",
    "world_cities",
    "org_heads",
    "org_weak_heads",
    "org_short_heads",
    "org_domains",
    "org_anchors",
    "generic_orgs",
    "not_names",
    "meeting_heads",
    "generic_modifiers",
    "convening",
    "inner_verbs",
    "company_kinds",
    "verbs_of_bodies",
    "heads_of_states",
];

/// The lists of `words.txt`.
pub(super) struct Vocabulary {
    words: FxHashMap<&'static str, Sections>,
    /// The characters of the section `transliteration`.
    pub transliteration: FxHashSet<char>,
}

/// The one instance.
pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::parse(include_str!("words.txt")));

/// Most characters of a word of the lists: longer ends need not be looked up.
const LONGEST: usize = 12;

impl Vocabulary {
    fn parse(text: &'static str) -> Self {
        let mut vocabulary = Self { words: FxHashMap::default(), transliteration: FxHashSet::default() };
        let mut section: Sections = 0;
        let transliteration = bit("transliteration");
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(name) => section = bit(name),
                None if section == transliteration => vocabulary.transliteration.extend(line.chars().filter(|c| *c != ' ')),
                None => line.split_whitespace().for_each(|word| *vocabulary.words.entry(word).or_default() |= section),
            }
        }
        vocabulary
    }

    /// The sections that hold this word.
    pub fn sections(&self, word: &str) -> Sections {
        self.words.get(word).copied().unwrap_or_default()
    }

    /// The sections that hold this word or an end of it.
    pub fn sections_of_ends(&self, word: &str) -> Sections {
        word.char_indices().rev().take(LONGEST).fold(0, |all, (at, _)| all | self.sections(&word[at..]))
    }

    /// Whether one of the sections holds this word.
    pub fn has(&self, sections: Sections, word: &str) -> bool {
        self.sections(word) & sections != 0
    }

    /// Whether a word could be written for its sound: at least two characters, all of them used for foreign names.
    pub fn is_transliterated(&self, word: &str) -> bool {
        let mut characters = 0;
        word.chars().all(|c| {
            characters += 1;
            self.transliteration.contains(&c)
        }) && characters > 1
    }
}

fn bit(section: &str) -> Sections {
    NAMES.iter().position(|name| *name == section).map_or(0, |at| 1 << at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_found_by_name_and_words_by_their_ends() {
        let words = Vocabulary::parse("[titles]\n# x\n甲 乙丙\n丁\n[speech]\n戊 甲\n[nosuch]\n己\n[transliteration]\n阿 巴\n");
        assert_eq!([words.sections("甲"), words.sections("乙丙"), words.sections("戊")], [TITLES | SPEECH, TITLES, SPEECH]);
        assert_eq!([words.sections("x"), words.sections("己"), words.sections("阿")], [0; 3]);
        assert_eq!([words.sections_of_ends("戊乙丙"), words.sections_of_ends("乙丙戊"), words.sections_of_ends("丙")], [TITLES, SPEECH, 0]);
        assert!(words.is_transliterated("阿巴") && !words.is_transliterated("阿") && !words.is_transliterated("阿甲"));
    }

    #[test]
    fn every_section_is_there_and_no_word_is_too_long() {
        let sections: Vec<&str> = include_str!("words.txt").lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(']')).collect();
        assert_eq!(sections.len(), NAMES.len());
        assert!(NAMES.iter().all(|name| sections.contains(name)));
        assert!(VOCABULARY.words.keys().all(|word| word.chars().count() <= LONGEST));
    }
}
