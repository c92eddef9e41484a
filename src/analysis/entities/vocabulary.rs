//! The words by which names are recognised, read from `words.txt`.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// The lists of `words.txt`; see the comments there.
pub(super) struct Vocabulary {
    sections: FxHashMap<&'static str, FxHashSet<&'static str>>,
    /// The characters of the section `transliteration`.
    pub transliteration: FxHashSet<char>,
}

/// The one instance.
pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::parse(include_str!("words.txt")));

impl Vocabulary {
    fn parse(text: &'static str) -> Self {
        let mut sections: FxHashMap<&'static str, FxHashSet<&'static str>> = FxHashMap::default();
        let mut section = "";
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(name) => section = name,
                None => sections.entry(section).or_default().extend(line.split_whitespace()),
            }
        }
        let of = |name: &str| sections.get(name).into_iter().flatten();
        let transliteration = of("transliteration").filter_map(|c| c.chars().next()).collect();
        Self { sections, transliteration }
    }

    /// Whether a section holds this word.
    pub fn has(&self, section: &str, word: &str) -> bool {
        self.sections.get(section).is_some_and(|words| words.contains(word))
    }

    /// Whether the word is one of a section or ends with one.
    pub fn ends_with_one_of(&self, section: &str, word: &str) -> bool {
        self.sections.get(section).is_some_and(|words| {
            // From the second character on, since most endings are shorter than the word.
            word.char_indices().any(|(at, _)| words.contains(&word[at..]))
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_found_by_name() {
        let words = Vocabulary::parse("[a]\n# x\n甲 乙丙\n丁\n[b]\n戊\n");
        assert!(words.has("a", "甲") && words.has("a", "丁") && !words.has("b", "丁") && !words.has("a", "x") && !words.has("c", "甲"));
        assert!(words.ends_with_one_of("a", "戊乙丙") && words.ends_with_one_of("a", "乙丙") && !words.ends_with_one_of("a", "乙丙戊"));
    }

    #[test]
    fn every_section_that_is_asked_for_exists() {
        for name in SECTIONS {
            assert!(VOCABULARY.sections.get(name).is_some_and(|words| words.len() > 5), "{name}");
        }
        assert_eq!(VOCABULARY.sections.len(), SECTIONS.len());
    }

    const SECTIONS: [&str; 24] = [
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
    ];
}
