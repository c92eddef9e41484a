//! Every literal of a taxonomy, what it is for and on which lines it stands; and how often each stands in a sentence.

use std::collections::BTreeMap;

use crate::text::{Literals, Places};

use super::match_text::MatchText;
use super::model::{Literal, Parts, Taxonomy};
use super::tagger::Tagger;

/// What a literal is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LiteralRole {
    /// It counts for a theme by itself.
    Pattern,
    /// One of the two anchors of a gap or near pattern.
    Anchor,
    /// Hits inside it do not count.
    Mask,
    /// A condition of a theme: all, any or none.
    Gate,
    /// It negates what follows.
    Negation,
}

impl LiteralRole {
    /// As it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pattern => "pattern",
            Self::Anchor => "anchor",
            Self::Mask => "mask",
            Self::Gate => "condition",
            Self::Negation => "negation",
        }
    }
}

/// A place where a literal stands in the taxonomy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralUse<'t> {
    /// What it is for.
    pub role: LiteralRole,
    /// Id of its leaf; nothing where it holds for all.
    pub theme: Option<&'t str>,
    /// 1-based line of the taxonomy.
    pub line: usize,
}

/// A literal with all its uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeLiteral<'t> {
    /// As first written; an anchor as it is matched.
    pub text: String,
    /// As matched: no two literals share it.
    pub normal: String,
    /// Where it stands, by line; never empty.
    pub uses: Vec<LiteralUse<'t>>,
}

impl Tagger {
    /// Where the masks of all themes stand in a sentence as written, in Unicode scalar values; they may overlap.
    pub fn masked_spans(&self, sentence: &str, scratch: &mut LiteralScratch) -> Vec<(u32, u32)> {
        let mut spans = Vec::new();
        self.mask_finder().spans(sentence, scratch, |_, start, end| spans.push((start, end)));
        spans
    }
}

impl Taxonomy {
    /// Its literals, by the form in which they are matched. Regular expressions have none.
    pub fn literals(&self) -> Vec<ThemeLiteral<'_>> {
        let mut all = Collected::default();
        all.add_list(&self.masks, LiteralRole::Mask, None);
        all.add_list(&self.topic, LiteralRole::Negation, None);
        all.add_list(&self.stance, LiteralRole::Negation, None);
        for theme in self.themes.iter().filter(|theme| theme.is_leaf) {
            let id = Some(theme.id.as_str());
            for pattern in &theme.patterns {
                let line = pattern.place.line;
                match &pattern.parts {
                    Parts::Literal(normal) => all.add(&pattern.text, normal, LiteralUse { role: LiteralRole::Pattern, theme: id, line }),
                    Parts::Anchors(first, _, second) => {
                        for anchor in [first, second] {
                            all.add(anchor, anchor, LiteralUse { role: LiteralRole::Anchor, theme: id, line });
                        }
                    }
                    Parts::Regex(_) => {}
                }
            }
            all.add_list(&theme.masks, LiteralRole::Mask, id);
            [&theme.all, &theme.any, &theme.none].into_iter().for_each(|gates| all.add_list(gates, LiteralRole::Gate, id));
        }
        all.finish()
    }
}

#[derive(Default)]
struct Collected<'t>(BTreeMap<String, ThemeLiteral<'t>>);

impl<'t> Collected<'t> {
    fn add(&mut self, text: &str, normal: &str, found: LiteralUse<'t>) {
        let fresh = || ThemeLiteral { text: text.to_string(), normal: normal.to_string(), uses: Vec::new() };
        let literal = self.0.entry(normal.to_string()).or_insert_with(fresh);
        if literal.uses.iter().all(|known| found.line < known.line) {
            literal.text = text.to_string();
        }
        literal.uses.push(found);
    }

    fn add_list(&mut self, list: &[Literal], role: LiteralRole, theme: Option<&'t str>) {
        list.iter().for_each(|literal| self.add(&literal.text, &literal.normal, LiteralUse { role, theme, line: literal.place.line }));
    }

    fn finish(self) -> Vec<ThemeLiteral<'t>> {
        let mut literals: Vec<ThemeLiteral<'t>> = self.0.into_values().collect();
        literals.iter_mut().for_each(|literal| literal.uses.sort_by_key(|found| (found.line, found.role, found.theme)));
        literals
    }
}

/// Finds literals in sentences as they are matched: without white space, quotes, width and letter case.
pub struct LiteralFinder(Literals);

/// Buffers of a [`LiteralFinder`], to be used again.
#[derive(Debug, Default)]
pub struct LiteralScratch(MatchText, Places);

impl LiteralFinder {
    /// Looks for these literals, which are known by their index.
    pub fn new(literals: &[ThemeLiteral<'_>]) -> Self {
        Self::of(&literals.iter().map(|literal| literal.normal.as_str()).collect::<Vec<_>>())
    }

    /// Looks for these literals, as matched, which are known by their index.
    pub fn of(literals: &[&str]) -> Self {
        Self(Literals::new(literals))
    }

    /// Calls `emit` with the index of a literal and its place in the sentence as written, in Unicode scalar values, for each of its
    /// occurrences that begins and ends with a written character.
    pub fn spans(&self, sentence: &str, scratch: &mut LiteralScratch, mut emit: impl FnMut(u32, u32, u32)) {
        let LiteralScratch(text, places) = scratch;
        text.read(sentence);
        for found in self.0.find(text.characters(), places) {
            if text.is_whole(found.start, found.end) && text.is_word(sentence, found.start, found.end) {
                let (start, end) = text.written_span(found.start, found.end);
                emit(found.literal, start, end);
            }
        }
    }

    /// Calls `emit` with the index of a literal for each of its occurrences in a sentence as written, those inside others too.
    pub fn find(&self, sentence: &str, scratch: &mut LiteralScratch, mut emit: impl FnMut(u32)) {
        let LiteralScratch(text, places) = scratch;
        text.read(sentence);
        self.0.find(text.characters(), places).iter().for_each(|found| emit(found.literal));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAXONOMY: &str = "taxonomy = { id = \"t\", version = \"1\" }
mask = { terms = [\"改革办\"] }
negation = { topic = [\"不涉及\"] }
[[theme]]
id = \"a\"
name = \"甲\"
kind = \"policy\"
[[theme]]
id = \"a.b\"
name = \"乙\"
terms = [\"“改革”\", \"开放\"]
gap = [\"绿色..2..转型\"]
[[theme]]
id = \"a.c\"
name = \"丙\"
terms = [\"改革\"]
none = [\"开放\"]
";

    #[test]
    fn every_literal_knows_its_uses_and_is_counted_as_matched() {
        let loaded = Taxonomy::parse("t.toml", TAXONOMY).map_err(|problems| format!("{problems:?}")).unwrap();
        let literals = loaded.tagger.taxonomy().literals();
        let normals: Vec<&str> = literals.iter().map(|l| l.normal.as_str()).collect();
        assert_eq!(normals, ["不涉及", "开放", "改革", "改革办", "绿色", "转型"]);
        let reform = &literals[2];
        assert_eq!(reform.text, "“改革”");
        let uses: Vec<_> = reform.uses.iter().map(|u| (u.role.as_str(), u.theme, u.line)).collect();
        assert_eq!(uses, [("pattern", Some("a.b"), 11), ("pattern", Some("a.c"), 16)]);
        assert_eq!(literals[1].uses[1].role, LiteralRole::Gate);
        let mut counts = vec![0; literals.len()];
        LiteralFinder::new(&literals)
            .find("改 革办谈“改革”，绿色。", &mut LiteralScratch::default(), |number| counts[number as usize] += 1);
        assert_eq!(counts, [0, 0, 2, 1, 1, 0]);
    }
}
