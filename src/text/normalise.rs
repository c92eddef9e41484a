//! The normalised view of a piece of text, with the way back to the original.
//!
//! Every step replaces one character by one character, or drops it, or merges white space: so a view is the original with
//! some characters changed, and a list of runs that lead back. Most text needs no change at all and is borrowed as it is.

use std::borrow::Cow;
use std::str::Chars;

use unicode_normalization::UnicodeNormalization;

use super::characters::{is_han, is_han_numeral};
use super::radicals::fold_radical;

/// A text in composed form (NFC), if it is not already.
pub fn composed(text: &str) -> Option<String> {
    let is_composed = text.is_ascii() || text.nfc().eq(text.chars());
    (!is_composed).then(|| text.nfc().collect())
}

/// Number of Unicode scalar values: the unit of `start` and `end` in every table.
pub fn scalar_count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// A normalised view of one sentence, in buffers that are used again for the next one.
///
/// Offsets into the view are bytes; offsets into the original are Unicode scalar values.
#[derive(Debug, Default)]
pub struct Normaliser {
    changed: String,
    /// One entry a changed run: from this byte of the view on, characters stand at this scalar of the original and after.
    runs: Vec<Run>,
    identical: bool,
    /// Whether single characters that stand apart are words, and no letter-spaced heading to be closed up.
    pub keeps_words_apart: bool,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    view_byte: u32,
    original_scalar: u32,
}

impl Normaliser {
    /// Normalises `original`, in the buffers of the text before. Normalising twice changes nothing.
    pub fn read(&mut self, original: &str) {
        self.read_word(original, !self.keeps_words_apart && is_letter_spaced(original));
    }

    fn read_word(&mut self, original: &str, spaced: bool) {
        self.runs.clear();
        self.identical = !spaced && is_normal(original);
        if !self.identical {
            self.rebuild(original, spaced);
        }
    }

    /// As [`Self::read`], for a text of so many scalars; returns its normalised characters without white space.
    pub fn read_counting(&mut self, original: &str, scalars: u32) -> u32 {
        self.read(original);
        if self.identical {
            // The only white space that is left alone is the space itself.
            let spaces = original.bytes().filter(|b| *b == b' ').count();
            return scalars - u32::try_from(spaces).unwrap_or(scalars);
        }
        u32::try_from(self.changed.chars().filter(|c| !c.is_whitespace()).count()).unwrap_or(u32::MAX)
    }

    /// The normalised form of the text last read, which is handed in again: borrowed from it when nothing changed.
    pub fn view<'a>(&'a self, original: &'a str) -> &'a str {
        if self.identical { original } else { &self.changed }
    }

    /// Where bytes `start..end` of the last view, a range on character borders, stood in the original: Unicode scalar values.
    ///
    /// `view` is the text that [`Self::view`] returned.
    pub fn original_range(&self, view: &str, start: usize, end: usize) -> (u32, u32) {
        if end <= start {
            let at = self.original_scalar(view, start);
            return (at, at);
        }
        let last_start = view[..end].char_indices().next_back().map_or(0, |(at, _)| at);
        (self.original_scalar(view, start), self.original_scalar(view, last_start) + 1)
    }

    fn original_scalar(&self, view: &str, byte: usize) -> u32 {
        if self.identical {
            return scalar_count(&view[..byte]);
        }
        let after = self.runs.partition_point(|run| run.view_byte as usize <= byte);
        match after.checked_sub(1).map(|at| self.runs[at]) {
            Some(run) => run.original_scalar + scalar_count(&view[run.view_byte as usize..byte]),
            None => scalar_count(&view[..byte]),
        }
    }

    /// `spaced`: white space goes, since it parts single characters and no words.
    fn rebuild(&mut self, original: &str, spaced: bool) {
        self.changed.clear();
        let mut expected = u32::MAX;
        let mut characters = original.chars();
        let mut previous = '\n';
        let mut scalar = 0u32;
        while let Some(c) = characters.next() {
            let at = scalar;
            scalar = scalar.saturating_add(1);
            let Some(folded) = fold(c, previous, &characters) else { continue };
            if folded == ' ' && (spaced || self.changed.is_empty() || self.changed.ends_with(' ')) {
                continue;
            }
            if at != expected {
                self.runs.push(Run { view_byte: u32::try_from(self.changed.len()).unwrap_or(u32::MAX), original_scalar: at });
            }
            expected = at + 1;
            self.changed.push(folded);
            previous = folded;
        }
    }
}

/// The normalised form of a short text such as a dictionary word, when nobody asks for offsets.
pub fn normalise(original: &str) -> Cow<'_, str> {
    let mut normaliser = Normaliser::default();
    // A list means the spaces that it holds.
    normaliser.read_word(original, false);
    if normaliser.identical { Cow::Borrowed(original) } else { Cow::Owned(normaliser.changed) }
}

/// Whether normalising certainly changes nothing: no character that may change, and no space at the beginning or after
/// another. Han characters are told by their first byte, which is faster than decoding them.
fn is_normal(original: &str) -> bool {
    let bytes = original.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            0xE4..=0xE9 => at += 3,
            b' ' if at == 0 || bytes[at - 1] == b' ' => return false,
            b' '..=b'~' => at += 1,
            _ => match original[at..].chars().next() {
                Some(c) if !may_change(c) => at += c.len_utf8(),
                _ => return false,
            },
        }
    }
    true
}

/// Whether every Han character stands apart, as in headings that fill a line: `目　　录`, `关 于 发 展 的 通 知`.
fn is_letter_spaced(original: &str) -> bool {
    let second = original.chars().next().map_or(0, char::len_utf8);
    if !original[second..].starts_with(char::is_whitespace) {
        return false;
    }
    let mut words = original.split_whitespace();
    let single = |word: &str| word.chars().next().is_some_and(|c| is_han(c) && c.len_utf8() == word.len());
    words.clone().count() >= 2 && words.all(single)
}

/// A quick no for the characters of ordinary text: everything that [`fold`] changes answers yes here.
fn may_change(c: char) -> bool {
    match c {
        ' '..='~' | '\u{4E00}'..='\u{9FFF}' | '、' | '。' | '，' | '“' | '”' | '：' | '；' | '（' | '）' | '《' | '》' | '！' | '？' => {
            false
        }
        '\0'..='\u{1F}' | '\u{7F}'..='\u{A0}' | '\u{AD}' => true,
        '\u{2000}'..='\u{2017}' | '\u{2022}' | '\u{2027}'..='\u{202F}' | '\u{205F}'..='\u{206F}' | '○' => true,
        '\u{2E80}'..='\u{2FDF}' | '\u{3000}' | '・' => true,
        '\u{F900}'..='\u{FAFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FF01}'..='\u{FF65}' => true,
        '\u{1680}' | '\u{2F800}'..='\u{2FA1F}' | '\u{E0100}'..='\u{E01EF}' => true,
        _ => false,
    }
}

/// The character that takes the place of `c`, or nothing when it is dropped. `previous` is already folded, `rest` is what
/// follows as written.
fn fold(c: char, previous: char, rest: &Chars<'_>) -> Option<char> {
    // The next character that stays: as written, since a zero may follow a zero, and as it will be.
    let next = || rest.clone().find_map(|n| fold_alone(n).map(|folded| (n, folded)));
    let numeral = |(n, folded): (char, char)| is_han_numeral(n) || is_han_numeral(folded) || folded == '年';
    match c {
        '○' | 'Ｏ' if is_han_numeral(previous) && next().is_some_and(numeral) => Some('〇'),
        '•' | '‧' | '・' | '･' if is_han(previous) && next().is_some_and(|(_, folded)| is_han(folded)) => Some('·'),
        _ => fold_alone(c),
    }
}

/// The same for a character whose neighbours do not matter.
fn fold_alone(c: char) -> Option<char> {
    match c {
        '0'..='9' | 'A'..='Z' | 'a'..='z' | '\u{4E00}'..='\u{9FFF}' => Some(c),
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' | '＋' | '－' | '．' | '＆' | '＃' | '＿' => {
            char::from_u32(c as u32 - 0xFEE0)
        }
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => c.nfc().next(),
        '\u{2E80}'..='\u{2FDF}' => Some(fold_radical(c)),
        _ if is_dropped(c) => None,
        _ if c.is_whitespace() => Some(' '),
        _ => Some(c),
    }
}

/// Characters without a picture: they would split words that look whole.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{AD}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
        || (c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds_width_spaces_zero_radicals_and_dots() {
        for (original, expected) in [
            ("２０２４年ＧＤＰ增长５．２％", "2024年GDP增长5.2%"),
            ("\u{3000}\u{3000}北京\u{3000}上海\u{A0} 天津", "北京 上海 天津"),
            ("二○○八年", "二〇〇八年"),
            ("○表示", "○表示"),
            ("⼈⺠", "人民"),
            ("阿卜杜拉•居尔", "阿卜杜拉·居尔"),
            ("•要点", "•要点"),
            ("长\u{200B}三角\u{FEFF}", "长三角"),
            ("：（）；！？…", "：（）；！？…"),
            ("①⒈㎡", "①⒈㎡"),
            ("\u{F900}", "豈"),
        ] {
            assert_eq!(normalise(original), expected, "{original}");
        }
    }

    #[test]
    fn letter_spaced_headings_are_closed_up_and_words_of_lists_are_not() {
        let mut normaliser = Normaliser::default();
        for (original, expected) in [("目　　录", "目录"), ("关 于 发 展", "关于发展"), ("一 二三", "一 二三"), ("甲 A", "甲 A")]
        {
            normaliser.read(original);
            assert_eq!(normaliser.view(original), expected);
        }
        assert_eq!(normalise("两 个"), "两 个");
    }

    #[test]
    fn ranges_lead_back_to_what_was_written() {
        let original = "\u{3000}共\u{200B}１２ 家　企业";
        let mut normaliser = Normaliser::default();
        normaliser.read(original);
        let view = normaliser.view(original).to_string();
        assert_eq!(view, "共12 家 企业");
        let characters: Vec<char> = original.chars().collect();
        let at = view.find("12").unwrap();
        let (start, end) = normaliser.original_range(&view, at, at + 2);
        assert_eq!(characters[start as usize..end as usize].iter().collect::<String>(), "１２");
        let at = view.find("企业").unwrap();
        let (start, end) = normaliser.original_range(&view, at, view.len());
        assert_eq!(characters[start as usize..end as usize].iter().collect::<String>(), "企业");
    }

    proptest! {
        #[test]
        fn views_are_stable_and_offsets_monotone(original in "[国長一○〇Ｏ１a ％•·\u{3000}\u{200B}⼈⺠豈𠮷\t，。]{0,24}|([国長] +){0,6}") {
            let mut normaliser = Normaliser::default();
            normaliser.read(&original);
            let view = normaliser.view(&original).to_string();
            let again = normalise(&view).into_owned();
            prop_assert_eq!(&again, &view);
            let length = scalar_count(&original);
            let mut last_end = 0;
            for (at, c) in view.char_indices() {
                let (start, end) = normaliser.original_range(&view, at, at + c.len_utf8());
                prop_assert!(last_end <= start && start < end && end <= length);
                last_end = end;
            }
        }
    }
}
