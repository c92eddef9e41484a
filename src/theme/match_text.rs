//! The text that patterns are matched on: without white space, quotes, width and letter case, and with the way back.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::text::radicals::fold_radical;

/// A sentence as it is matched, in buffers that are used again. Places are counted in its characters.
#[derive(Debug, Default)]
pub(super) struct MatchText {
    characters: Vec<char>,
    /// For each character the scalar of the written sentence that it came from.
    origins: Vec<u32>,
    /// Whether a written character became several.
    is_expanded: bool,
}

impl MatchText {
    /// Reads a sentence as written.
    pub fn read(&mut self, written: &str) {
        self.characters.clear();
        self.origins.clear();
        self.is_expanded = false;
        for (origin, c) in (0u32..).zip(written.chars()) {
            match see(c) {
                Seen::Character(c) => self.push(c, origin),
                Seen::Nothing => {}
                Seen::Rare => self.push_rare(c, origin),
            }
        }
    }

    fn push(&mut self, c: char, origin: u32) {
        self.characters.push(c);
        self.origins.push(origin);
    }

    fn push_rare(&mut self, c: char, origin: u32) {
        if is_dropped(c) {
            return;
        }
        let before = self.characters.len();
        for n in std::iter::once(fold_radical(c)).nfkc() {
            if !is_dropped(n) {
                self.push(n.to_ascii_lowercase(), origin);
            }
        }
        self.is_expanded |= self.characters.len() > before + 1;
    }

    /// The characters that are matched.
    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    /// Some of them.
    pub fn slice(&self, start: u32, end: u32) -> &[char] {
        self.characters.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Where some characters stood in the sentence as written. Never empty.
    pub fn written_span(&self, start: u32, end: u32) -> (u32, u32) {
        let origin = |at: u32| self.origins.get(at as usize).map_or(0, |origin| *origin);
        (origin(start), origin(end.saturating_sub(1)) + 1)
    }

    /// Whether neither edge lies inside what one written character became (`㎡` is m2).
    pub fn is_whole(&self, start: u32, end: u32) -> bool {
        let origin = |at: usize| self.origins.get(at);
        let (start, end) = (start as usize, end as usize);
        !self.is_expanded
            || (start == 0 || origin(start - 1) != origin(start)) && (end >= self.origins.len() || origin(end - 1) != origin(end))
    }

    /// Whether an edge that is an ASCII letter or digit touches none in the sentence as written: AI is not in MAIN.
    pub fn is_word(&self, written: &str, start: u32, end: u32) -> bool {
        let piece = self.slice(start, end);
        let first_matters = piece.first().is_some_and(char::is_ascii_alphanumeric);
        let last_matters = piece.last().is_some_and(char::is_ascii_alphanumeric);
        if !first_matters && !last_matters {
            return true;
        }
        let (from, to) = self.written_span(start, end);
        let before = || from.checked_sub(1).and_then(|at| written.chars().nth(at as usize)).and_then(|c| std::iter::once(c).nfkc().last());
        let after = || written.chars().nth(to as usize).and_then(|c| std::iter::once(c).nfkc().next());
        let continues = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        !(first_matters && continues(before()) || last_matters && continues(after()))
    }
}

/// What a written character is in match text, as far as a glance tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// This character.
    Character(char),
    /// Nothing: it is dropped.
    Nothing,
    /// It takes the full rules to tell.
    Rare,
}

/// Looks at a written character: the rules of match text for those that make up nearly all text.
pub(super) fn see(c: char) -> Seen {
    match c {
        '\u{4E00}'..='\u{9FFF}' | '。' | '、' | 'a'..='z' | '0'..='9' | '%' | '.' | '-' | '—' | '·' => Seen::Character(c),
        'A'..='Z' => Seen::Character(c.to_ascii_lowercase()),
        '，' => Seen::Character(','),
        '：' => Seen::Character(':'),
        '；' => Seen::Character(';'),
        '（' => Seen::Character('('),
        '）' => Seen::Character(')'),
        '！' => Seen::Character('!'),
        '？' => Seen::Character('?'),
        '“' | '”' | '《' | '》' | ' ' | '\u{3000}' => Seen::Nothing,
        _ => Seen::Rare,
    }
}

/// The form in which a literal is matched.
pub(super) fn literal(text: &str) -> String {
    let mut matched = MatchText::default();
    matched.read(text);
    matched.characters.into_iter().collect()
}

/// A clause border, in matched text.
pub(super) fn is_border(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '!' | '?' | '。')
}

fn is_dropped(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_whitespace() || c.is_ascii_control() || matches!(c, '"' | '\'');
    }
    matches!(c, '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' | '《' | '》' | '〈' | '〉' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
        || c.is_whitespace()
        || matches!(c.general_category(), GeneralCategory::Control | GeneralCategory::Format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_tells_what_the_full_rules_tell() {
        for c in (0..0x1_1000).filter_map(char::from_u32) {
            let mut text = MatchText::default();
            text.push_rare(c, 0);
            match see(c) {
                Seen::Character(seen) => assert_eq!(text.characters, [seen]),
                Seen::Nothing => assert!(text.characters.is_empty(), "{c:?}"),
                Seen::Rare => {}
            }
        }
    }

    #[test]
    fn spaces_quotes_width_and_case_vanish() {
        assert_eq!(literal("推进“五个 中心”和ＡＩ，《Ａ》！"), "推进五个中心和ai,a!");
        assert_eq!(literal("共１０㎡…"), "共10m2...");
        assert_eq!(literal("⼈⺠\u{200B}\u{FE0F}「好」\u{AD}"), "人民好");
    }

    #[test]
    fn spans_lead_back_to_the_written_characters() {
        let mut text = MatchText::default();
        text.read("在 １０㎡内");
        assert_eq!(String::from_iter(text.characters()), "在10m2内");
        assert_eq!((text.written_span(1, 3), text.written_span(3, 5)), ((2, 4), (4, 5)));
        assert!(!text.is_whole(3, 4) && !text.is_whole(4, 5) && text.is_whole(3, 5));
    }
}
