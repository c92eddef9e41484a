//! Text that is already cut: its words are taken as they are.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How text is cut into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// By the dictionary of the user, the built-in patterns and jieba.
    #[default]
    Jieba,
    /// White space parts the words.
    Spaces,
    /// White space parts the words, each with its tag: `改革/vn`. Brackets around compounds, `[国务院/nt 总理/n]nr`, are dissolved.
    SlashTags,
}

impl Mode {
    /// A text without the tags of its words and the brackets around compounds; the text itself where it has none by its mode.
    pub fn without_tags(self, text: &str) -> Cow<'_, str> {
        if self != Self::SlashTags {
            return Cow::Borrowed(text);
        }
        let mut untagged = String::with_capacity(text.len());
        words(text, self, |word| {
            if !untagged.is_empty() {
                untagged.push(' ');
            }
            untagged.push_str(&text[word]);
        });
        Cow::Owned(untagged)
    }
}

/// Calls `emit` with the words of a text that is already cut; what lies between them is white space, tags and brackets.
pub(super) fn words(text: &str, mode: Mode, mut emit: impl FnMut(Range<usize>)) {
    let mut at = 0;
    for piece in text.split(char::is_whitespace) {
        let word = if mode == Mode::SlashTags { without_tag(piece) } else { 0..piece.len() };
        if !word.is_empty() {
            emit(at + word.start..at + word.end);
        }
        // Normalised text has spaces for all white space, of one byte each; others are as long as they are.
        at += piece.len() + text[at + piece.len()..].chars().next().map_or(0, char::len_utf8);
    }
}

/// Where the word stands in `[改革/vn`, `改革/vn` or `改革/vn]nt`; the whole where there is no tag.
fn without_tag(piece: &str) -> Range<usize> {
    let is_tag = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric());
    let closed = match piece.rfind(']') {
        Some(close) if close > 0 && is_tag(piece[close + 1..].trim_start_matches('/')) => &piece[..close],
        _ => piece,
    };
    let Some(slash) = closed.rfind('/').filter(|slash| *slash + 1 < closed.len() && is_tag(&closed[slash + 1..])) else {
        return 0..piece.len();
    };
    // A bracket alone is a word of its own: `[/w`.
    let open = usize::from(closed.starts_with('[') && slash > 1);
    open..slash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, mode: Mode) -> Vec<&str> {
        let mut found = Vec::new();
        words(text, mode, |range| found.push(&text[range]));
        found
    }

    #[test]
    fn words_are_what_white_space_parts() {
        assert_eq!(cut(" 推进 改革\u{3000}， 5.2% ", Mode::Spaces), ["推进", "改革", "，", "5.2%"]);
        assert_eq!(cut("改革/vn", Mode::Spaces), ["改革/vn"]);
        assert_eq!(cut("", Mode::Spaces), Vec::<&str>::new());
    }

    #[test]
    fn tags_and_brackets_are_no_words() {
        assert_eq!(cut("推进/v 改革/vn 。/w", Mode::SlashTags), ["推进", "改革", "。"]);
        assert_eq!(cut("[中央/n 电台/n]nt 在/p [国务院/nt]/nt [/w", Mode::SlashTags), ["中央", "电台", "在", "国务院", "["]);
        assert_eq!(cut("1/2/m 没有标记 a/b/ /w", Mode::SlashTags), ["1/2", "没有标记", "a/b/"]);
    }

    #[test]
    fn a_text_is_read_without_its_tags() {
        assert_eq!(Mode::SlashTags.without_tags("/w 《/w [关于/p 改革/vn]nz 》/w"), "《 关于 改革 》");
        assert_eq!(Mode::SlashTags.without_tags(""), "");
        assert_eq!(Mode::Spaces.without_tags(" 改革/vn "), " 改革/vn ");
    }

    proptest::proptest! {
        #[test]
        fn words_are_pieces_of_the_text_in_order(text in "[甲乙/vn\\[\\] \u{3000}，]{0,30}") {
            for mode in [Mode::Spaces, Mode::SlashTags] {
                let mut end = 0;
                words(&text, mode, |range| {
                    assert!(end <= range.start && range.start < range.end && text.is_char_boundary(range.start));
                    end = range.end;
                });
            }
        }
    }
}
