//! Where a line break of the source ends a paragraph, although Markdown says it does not.
//!
//! It does after an end mark, before a number of a list (一、 （一） 第一条 1.), before an indent, around a line that is only a date,
//! and after a line much shorter than the longest of its paragraph: a wrapped line is full, a title or a signature is not.

use crate::source::metadata::date::{self, Stated};
use crate::text::is_han;

/// Least width of a wrapped line, in percent of the longest line of the paragraph.
const FULL: usize = 60;
/// Lines that are looked at for the longest of a paragraph.
const MOST_LINES: usize = 200;

/// Answers for one source.
pub(super) struct Breaks<'a> {
    source: &'a str,
    /// Width of the longest line of the paragraph, once it was asked for.
    longest: Option<usize>,
}

impl<'a> Breaks<'a> {
    pub fn new(source: &'a str) -> Self {
        Self { source, longest: None }
    }

    /// A new paragraph begins.
    pub fn forget_paragraph(&mut self) {
        self.longest = None;
    }

    /// Whether the break of the source that the parser found at byte `at` ends a line. In lists the lines of an item are indented by
    /// the rules.
    pub fn stays(&mut self, at: usize, in_list: bool) -> bool {
        let (before, rest) = self.source.split_at_checked(at).unwrap_or((self.source, ""));
        let before = before.rsplit('\n').next().unwrap_or_default();
        let before = before.trim_matches(['>', ' ', '\t', '*', '_', '~', '`']);
        let rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        let next = rest.split('\n').next().unwrap_or_default();
        let indented = next.starts_with('\u{3000}') || (!in_list && (next.starts_with("  ") || next.starts_with('\t')));
        let next = next.trim_start_matches(['>', ' ', '\t']);
        let longest = *self.longest.get_or_insert_with(|| longest_line(before, rest));
        ends_sentence(before)
            || begins_item(next)
            || indented
            || is_date(before)
            || is_date(next)
            || (!ends_open(before) && width(before) * 100 < longest * FULL)
    }

    /// The number that stands before the item at this byte, with its mark and a space; empty before `-` and `*`.
    pub fn number_at(&self, at: usize) -> String {
        let item = self.source.get(at..).unwrap_or_default().trim_start_matches([' ', '\t']);
        let digits = item.bytes().take_while(u8::is_ascii_digit).count();
        match item.as_bytes().get(digits) {
            Some(b'.' | b')') if digits > 0 => format!("{} ", &item[..=digits]),
            _ => String::new(),
        }
    }
}

/// Columns of a line: a Chinese character has two.
fn width(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn longest_line(before: &str, rest: &str) -> usize {
    let lines = rest.split('\n').take(MOST_LINES).map(str::trim).take_while(|line| !line.is_empty());
    lines.map(width).max().unwrap_or(0).max(width(before))
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['”', '’', '）', '」', '』', '》']).ends_with(['。', '！', '？', '；', '：'])
}

/// Whether the line breaks off where no line ends.
fn ends_open(line: &str) -> bool {
    line.ends_with(['，', '、', '（', '“', '《', ',', '-']) || line.ends_with(|c: char| c.is_ascii_alphanumeric())
}

fn is_date(line: &str) -> bool {
    let line = line.trim();
    (6..60).contains(&line.len()) && matches!(date::parse(line), Some(Stated::Full(_)))
}

/// Whether a line begins with a number of a list or an article of a law.
fn begins_item(line: &str) -> bool {
    let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十百零〇".contains(c);
    let after_number = |text: &'_ str| text.trim_start_matches(is_number).len();
    if let Some(rest) = line.strip_prefix('第') {
        let unit = &rest[rest.len() - after_number(rest)..];
        let mut unit = unit.chars();
        // A sentence may go on with 第三条规定的; the heading of an article is parted from its text.
        return rest.starts_with(is_number)
            && matches!(unit.next(), Some('条' | '章' | '节' | '编' | '款' | '部'))
            && unit.next().is_none_or(|c| c.is_whitespace() || c == '分');
    }
    if let Some(rest) = line.strip_prefix(['（', '(']) {
        return rest.starts_with(is_number) && rest[rest.len() - after_number(rest)..].starts_with(['）', ')']);
    }
    if !line.starts_with(is_number) {
        return line.starts_with(|c: char| matches!(c, '①'..='⑳' | '⑴'..='⒛' | '㈠'..='㈩' | '●' | '■' | '◆' | '•'));
    }
    let mut rest = line[line.len() - after_number(line)..].chars();
    match (rest.next(), rest.next()) {
        (Some('、' | '．'), _) => true,
        (Some('.' | ')' | '）'), next) => next.is_none_or(|c| c.is_whitespace() || is_han(c)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_lists_are_known() {
        for line in [
            "一、总体要求",
            "（一）加强领导",
            "(2)落实",
            "第一条 为了",
            "第十二章\u{3000}附则",
            "1.总则",
            "3. 其他",
            "2、保障",
            "①甲",
            "十二、附则",
        ] {
            assert!(begins_item(line), "{line}");
        }
        for line in ["第三条规定的", "一些地方", "2024年", "3.5个百分点", "（试行）", "十分重要", "第一，", ""] {
            assert!(!begins_item(line), "{line}");
        }
    }
}
