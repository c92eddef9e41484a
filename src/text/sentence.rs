//! Sentences of a document, as ranges of its original text.
//!
//! A line is a paragraph. A sentence ends at an end mark or at the line end; closing quotes and brackets that follow
//! belong to it. What is between two sentences is white space only, so sentences and gaps rebuild the text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Simplify;

/// A sentence without an end mark is cut after this many characters: in some sources a whole report is one line.
const LONGEST_SENTENCE: u32 = 5_000;

/// How text is cut into sentences and read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SentenceOptions {
    /// Whether `；` and `;` end a sentence. Default true: enumerations of measures are long, and their parts say different things.
    pub semicolon_ends: bool,
    /// When traditional characters are counted as simplified ones. Default: in documents written in them.
    pub simplify: Simplify,
}

impl Default for SentenceOptions {
    fn default() -> Self {
        Self { semicolon_ends: true, simplify: Simplify::Auto }
    }
}

/// One sentence of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentenceSpan {
    /// First byte in the text. The sentence does not begin or end with white space.
    pub byte_start: usize,
    /// One past the last byte.
    pub byte_end: usize,
    /// Length in Unicode scalar values.
    pub scalars: u32,
    /// 1-based number of the line with text it stands on.
    pub paragraph: u32,
    /// Whether it was cut because no end mark came within 5,000 characters.
    pub cut_by_length: bool,
}

/// Calls `emit` for each sentence of `text`, in order. White space alone makes no sentence and no paragraph.
pub fn split_sentences(text: &str, options: &SentenceOptions, mut emit: impl FnMut(SentenceSpan)) {
    let mut paragraph = 0;
    let mut line_start = 0;
    while line_start < text.len() {
        let line_end = memchr::memchr(b'\n', &text.as_bytes()[line_start..]).map_or(text.len(), |at| line_start + at);
        let line = &text[line_start..line_end];
        if !line.trim().is_empty() {
            paragraph += 1;
            split_line(line, line_start, paragraph, options, &mut emit);
        }
        line_start = line_end + 1;
    }
}

fn split_line(line: &str, base: usize, paragraph: u32, options: &SentenceOptions, emit: &mut impl FnMut(SentenceSpan)) {
    let mut start = 0;
    let mut scalars = 0;
    let mut breath = None;
    let mut at = 0;
    while at < line.len() {
        let c = character_at(line, at);
        scalars += 1;
        let end = at + c.len_utf8();
        at = end;
        if is_end_mark(c, options) {
            let closed = line[end..].find(|next| !(is_end_mark(next, options) || is_closer(next))).map_or(line.len(), |more| end + more);
            at = closed;
            push(line, base, start..closed, paragraph, false, emit);
            (start, scalars, breath) = (closed, 0, None);
        } else if scalars >= LONGEST_SENTENCE {
            let cut = breath.unwrap_or(end);
            push(line, base, start..cut, paragraph, true, emit);
            scalars = super::scalar_count(&line[cut..end]);
            (start, breath) = (cut, None);
        } else if matches!(c, '，' | '、' | ',') || c.is_whitespace() {
            breath = Some(end);
        }
    }
    push(line, base, start..line.len(), paragraph, false, emit);
}

/// The character at a byte; any Han character stands for all of U+4000 to U+9FFF, of which none is a mark. Deciding by the
/// first byte is faster than decoding the other two.
fn character_at(line: &str, at: usize) -> char {
    match line.as_bytes()[at] {
        0xE4..=0xE9 => '一',
        _ => line[at..].chars().next().unwrap_or(' '),
    }
}

fn push(line: &str, base: usize, range: Range<usize>, paragraph: u32, cut_by_length: bool, emit: &mut impl FnMut(SentenceSpan)) {
    let start = range.start;
    let piece = &line[range];
    let trimmed = piece.trim();
    if trimmed.is_empty() {
        return;
    }
    let byte_start = base + start + (piece.len() - piece.trim_start().len());
    emit(SentenceSpan {
        byte_start,
        byte_end: byte_start + trimmed.len(),
        scalars: super::scalar_count(trimmed),
        paragraph,
        cut_by_length,
    });
}

fn is_end_mark(c: char, options: &SentenceOptions) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…') || (options.semicolon_ends && matches!(c, '；' | ';'))
}

fn is_closer(c: char) -> bool {
    matches!(c, '”' | '’' | '」' | '』' | '）' | '】' | '》' | '"' | '\'' | ')')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<(u32, String)> {
        let mut out = Vec::new();
        split_sentences(text, &SentenceOptions::default(), |s| out.push((s.paragraph, text[s.byte_start..s.byte_end].to_string())));
        out
    }

    fn sentences(text: &str) -> Vec<String> {
        split(text).into_iter().map(|(_, s)| s).collect()
    }

    #[test]
    fn ends_at_marks_with_their_closers() {
        assert_eq!(sentences("甲。乙！丙？丁"), ["甲。", "乙！", "丙？", "丁"]);
        assert_eq!(sentences("他说：“好。”她走了？！嗯……”是"), ["他说：“好。”", "她走了？！", "嗯……”", "是"]);
        assert_eq!(sentences("一是甲；二是乙。（完）"), ["一是甲；", "二是乙。", "（完）"]);
        assert_eq!(sentences("增长3.5%，见 a.b.c：好"), ["增长3.5%，见 a.b.c：好"]);
    }

    #[test]
    fn semicolons_end_only_when_asked() {
        let mut seen = 0;
        split_sentences("甲；乙;丙。", &SentenceOptions { semicolon_ends: false, ..SentenceOptions::default() }, |_| seen += 1);
        assert_eq!(seen, 1);
    }

    #[test]
    fn lines_are_paragraphs_and_blank_lines_none() {
        assert_eq!(split("\n 甲。 \n\u{3000}\n乙\n"), [(1, "甲。".into()), (2, "乙".into())]);
        assert_eq!(split(" \n\u{3000}\n"), []);
    }

    #[test]
    fn a_line_without_marks_is_cut_at_a_breath() {
        let text = format!("{}，{}", "字".repeat(4_000), "符".repeat(3_000));
        let cut = sentences(&text);
        assert_eq!(cut.iter().map(|s| s.chars().count()).collect::<Vec<_>>(), [4_001, 3_000]);
        assert_eq!(sentences(&"字".repeat(12_000)).len(), 3);
    }

    proptest! {
        #[test]
        fn sentences_and_gaps_rebuild_the_text(text in "[甲乙。！？；…”）\"\n \u{3000}，a.]{0,60}") {
            let mut at = 0;
            let mut rebuilt = String::new();
            let mut paragraph = 0;
            split_sentences(&text, &SentenceOptions::default(), |s| {
                rebuilt.push_str(&text[at..s.byte_end]);
                assert!(text[at..s.byte_start].trim().is_empty(), "a gap holds text");
                assert_eq!(s.scalars as usize, text[s.byte_start..s.byte_end].chars().count());
                assert!(s.paragraph >= paragraph);
                paragraph = s.paragraph;
                at = s.byte_end;
            });
            prop_assert!(text[at..].trim().is_empty());
            rebuilt.push_str(&text[at..]);
            prop_assert_eq!(rebuilt, text);
        }
    }
}
