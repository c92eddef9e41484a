//! Lines that were broken to fit a page are put together again.
//!
//! In: text as it was laid out, where a sentence runs over line ends. Out: one paragraph a line. Nothing but white space is
//! taken away, and the hyphen of a Latin word that was divided at a line end.

use std::borrow::Cow;

use super::is_han;

/// A line of a laid-out page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrappedLine<'t> {
    /// Its text; white space at its ends does not count.
    pub text: &'t str,
    /// Whether it reaches as far right as lines there do, so that what follows may belong to it.
    pub is_full: bool,
    /// Whether it stands apart as a paragraph does: indented, after a gap, or in letters of another size.
    pub begins: bool,
}

/// Joins the lines of pages to paragraphs, one a line, parted by LF. Empty lines part paragraphs and are dropped.
///
/// A line goes on in the next unless it is not full, ends in an end mark (`。！？：；”`), or the next begins a paragraph or with
/// a list mark. Nothing is put between Han characters, one space between Latin words.
pub fn join_lines<'t>(lines: impl IntoIterator<Item = WrappedLine<'t>>) -> String {
    let mut out = String::new();
    let mut goes_on = false;
    for line in lines {
        let text = line.text.trim();
        if text.is_empty() {
            goes_on = false;
            continue;
        }
        if goes_on && !line.begins && !has_list_mark(text) {
            glue(&mut out, text);
        } else {
            out.extend((!out.is_empty()).then_some('\n'));
            out.push_str(text);
        }
        goes_on = line.is_full && !ends_with_mark(text);
    }
    out
}

/// Text whose lines are shorter than this, in columns, is not taken for wrapped: lists, verse and addresses have short lines of
/// equal length. 40 columns are 20 Han characters.
const NARROWEST_PAGE: usize = 40;
/// Fewer lines say nothing about a page width.
const FEWEST_LINES: usize = 5;
/// How far a full line may fall short of the longest, in columns: two Han characters, since no end mark begins a line.
const RAGGED: usize = 4;

/// Joins the lines of plain text that was broken at a fixed width, as in e-mails and old web pages; other text is returned as
/// it is.
///
/// Taken for wrapped is text of at least five lines of which at least 60 % fall short of the longest by two Han characters at
/// most and have no end mark, where the longest has at least 20 Han characters. Empty lines and indents stay.
///
/// Joining twice is joining once where paragraphs end in end marks. It is not in general: joined paragraphs that happen to be
/// equally long and end without a mark look like wrapped lines themselves.
pub fn join_wrapped(text: &str) -> Cow<'_, str> {
    let Some(longest) = page_width(text) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut goes_on = false;
    for (at, line) in text.split('\n').enumerate() {
        let content = line.trim_end();
        let indented = content.starts_with(char::is_whitespace);
        if goes_on && !content.is_empty() && !indented && !has_list_mark(content) {
            glue(&mut out, content);
        } else {
            out.extend((at > 0).then_some('\n'));
            out.push_str(content);
        }
        goes_on = columns(content) + RAGGED >= longest && !ends_with_mark(content);
    }
    Cow::Owned(out)
}

/// The width that the lines of a wrapped text fill, in columns; `None` for text that is not wrapped.
fn page_width(text: &str) -> Option<usize> {
    let lines = || text.split('\n').map(str::trim_end).filter(|line| !line.is_empty());
    let longest = lines().map(columns).max().filter(|longest| *longest >= NARROWEST_PAGE)?;
    let all = lines().count();
    let full = lines().filter(|line| columns(line) + RAGGED >= longest && !ends_with_mark(line)).count();
    (all >= FEWEST_LINES && full * 10 >= all * 6).then_some(longest)
}

/// Width of a line where a Han character or a full-width mark takes two columns and a Latin letter one.
fn columns(line: &str) -> usize {
    line.chars().map(|c| 1 + usize::from(is_wide(c))).sum()
}

fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{2E80}'..='\u{303F}' | '\u{FF01}'..='\u{FF60}' | '“' | '”' | '‘' | '’' | '—' | '…')
}

fn ends_with_mark(line: &str) -> bool {
    line.trim_end().ends_with(['。', '！', '？', '：', '；', '”', '…', '!', '?', ':', ';'])
}

/// Adds the next line to a paragraph.
fn glue(paragraph: &mut String, next: &str) {
    paragraph.truncate(paragraph.trim_end().len());
    let next = next.trim();
    let (Some(last), Some(first)) = (paragraph.chars().next_back(), next.chars().next()) else {
        paragraph.push_str(next);
        return;
    };
    let before_last = paragraph.chars().rev().nth(1);
    if last == '-' && before_last.is_some_and(char::is_alphanumeric) {
        // A divided word loses its hyphen, a compound such as COVID-19 keeps it.
        if before_last.is_some_and(char::is_lowercase) && first.is_lowercase() {
            paragraph.pop();
        }
    } else if is_latin_edge(last) && is_latin_edge(first) {
        paragraph.push(' ');
    }
    paragraph.push_str(next);
}

/// Whether a character at the edge of a line belongs to a script that parts words by spaces.
fn is_latin_edge(c: char) -> bool {
    c.is_ascii_graphic() || (c.is_alphanumeric() && !is_wide(c) && !matches!(c, '\u{3040}'..='\u{30FF}'))
}

/// Whether a line begins as an item of a list or a paragraph of a law: `一、 （一） (1) 1. 1、 1） ① • - 第一条`.
fn has_list_mark(line: &str) -> bool {
    let line = line.trim_start();
    let Some(first) = line.chars().next() else { return false };
    let rest = &line[first.len_utf8()..];
    match first {
        '•' | '·' | '●' | '○' | '■' | '□' | '◆' | '◇' | '▪' | '➢' | '※' | '①'..='⑳' | '⑴'..='⒇' | '㈠'..='㈩' => {
            true
        }
        '-' | '–' | '—' | '*' => rest.starts_with(char::is_whitespace),
        '（' | '(' => after_number(rest).is_some_and(|after| after.starts_with(['）', ')'])),
        '第' => after_number(rest).is_some_and(is_article),
        _ => after_number(line).is_some_and(|after| match after.chars().next() {
            Some('、' | '．' | '）' | ')') => true,
            Some('.') => !after[1..].starts_with(|c: char| c.is_ascii_digit()),
            _ => false,
        }),
    }
}

/// `条` and the like with white space behind, or alone: where it goes on at once, a line may begin in the midst of
/// `依照本法第三条的规定`.
fn is_article(after: &str) -> bool {
    let mut characters = after.chars();
    let is_part = matches!(characters.next(), Some('条' | '章' | '节' | '款' | '项' | '编'));
    is_part && characters.next().is_none_or(char::is_whitespace)
}

/// What stands behind a number of at most three digits or five Han numerals.
fn after_number(text: &str) -> Option<&str> {
    let han = |c: char| matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '零' | '〇');
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    let after = |most: usize, is: &dyn Fn(char) -> bool| {
        let end = text.char_indices().find(|(_, c)| !is(*c)).map_or(text.len(), |(at, _)| at);
        let count = text[..end].chars().take(most + 1).count();
        (1..=most).contains(&count).then(|| &text[end..])
    };
    after(5, &han).or_else(|| after(3, &digit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn joined(lines: &[(&str, bool, bool)]) -> String {
        join_lines(lines.iter().map(|&(text, is_full, begins)| WrappedLine { text, is_full, begins }))
    }

    /// Full lines, none of which begins a paragraph by its place.
    fn run(lines: &[&str]) -> String {
        joined(&lines.iter().map(|line| (*line, true, false)).collect::<Vec<_>>())
    }

    #[test]
    fn a_sentence_over_two_lines_becomes_one() {
        assert_eq!(
            run(&["要加快完善粮食", "储备体制，", "确保安全。", "各地要落实。"]),
            "要加快完善粮食储备体制，确保安全。\n各地要落实。"
        );
        assert_eq!(
            joined(&[("关于储备的通知", false, false), ("各省要落实", true, false), ("好。", false, false)]),
            "关于储备的通知\n各省要落实好。"
        );
        assert_eq!(joined(&[("各省要落实", true, false), ("下一段", true, true)]), "各省要落实\n下一段");
        assert_eq!(run(&["前文", " ", "后文"]), "前文\n后文", "an empty line parts");
    }

    #[test]
    fn latin_words_keep_their_space_and_divided_ones_lose_the_hyphen() {
        assert_eq!(run(&["the food", "reserve is", "important，所以", "use it"]), "the food reserve is important，所以use it");
        assert_eq!(run(&["manage-", "ment of COVID-", "19 and Sino-", "American trade"]), "management of COVID-19 and Sino-American trade");
        assert_eq!(run(&["共有", "2024 吨", "粮食"]), "共有2024 吨粮食");
        assert_eq!(run(&["甲 -", "乙"]), "甲 -乙");
    }

    #[test]
    fn list_marks_begin_paragraphs() {
        let marks = [
            "一、目标",
            "（一）任务",
            "(1) 任务",
            "1. 任务",
            "12、任务",
            "3）任务",
            "①任务",
            "• 任务",
            "- 任务",
            "第一条 为了",
            "第二十三章",
        ];
        for mark in marks {
            assert_eq!(run(&["前一行没有句号", mark]), format!("前一行没有句号\n{mark}"));
        }
        for text in ["1.5 万吨", "2024、2025 两年", "第三条的规定", "一定要", "（见附件）", "-3 度", "第三"] {
            assert_eq!(run(&["前一行没有句号", text]), format!("前一行没有句号{text}"));
        }
    }

    const WRAPPED: &str = "各级储备部门要按照年度计划安排轮换，做好入库粮食的质量\n\
        检验，建立可以追溯的档案。有条件的地方可以推广绿色仓储\n\
        技术，减少损耗，提高管理水平，并按季度报告执行的情况和\n\
        存在的问题。\n\
        各地要加强领导，把任务落实到单位，重大事项要及时报告上\n\
        级部门研究。";

    #[test]
    fn wrapped_plain_text_is_joined() {
        let joined = join_wrapped(WRAPPED);
        let lines: Vec<&str> = joined.lines().collect();
        assert_eq!(lines.len(), 2, "{joined}");
        assert!(lines[0].contains("质量检验") && lines[0].ends_with("问题。") && lines[1].ends_with("研究。"));
        assert_eq!(join_wrapped(&joined), joined);
    }

    #[test]
    fn indents_and_empty_lines_part_paragraphs() {
        let first = "各级储备部门要按照年度计划安排轮换，做好入库粮食的质量";
        let text = format!("\n{first}\n{first}\n\n{first}\n　　{first}\n{first}\n好。\n");
        assert_eq!(join_wrapped(&text), format!("\n{first}{first}\n\n{first}\n　　{first}{first}好。\n"));
    }

    #[test]
    fn other_text_stays_as_it_is() {
        let names = "北京市\n上海市\n天津市\n重庆市\n河北省\n山西省\n";
        let sentences = "各级储备部门要按照年度计划安排轮换并做好质量检验工作。\n".repeat(6);
        for text in ["", "\n", "一行", names, &sentences] {
            assert!(matches!(join_wrapped(text), Cow::Borrowed(same) if same == text));
        }
    }

    fn solid(text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    /// Lines of a page 24 Han characters wide, its paragraphs ended by a full stop.
    fn pages() -> impl Strategy<Value = String> {
        let paragraph = prop::collection::vec(prop::sample::select("粮食储备管理改革发展A7，、".chars().collect::<Vec<_>>()), 1..200);
        prop::collection::vec(paragraph, 1..6).prop_map(|paragraphs| {
            let mut text = String::new();
            for paragraph in paragraphs {
                let mut width = 0;
                for c in paragraph {
                    if width >= 47 {
                        text.push('\n');
                        width = 0;
                    }
                    text.push(c);
                    width += 1 + usize::from(is_wide(c));
                }
                text.push_str("。\n");
            }
            text
        })
    }

    proptest! {
        #[test]
        fn joining_takes_away_white_space_alone(text in "[粮食a。，7 \n\u{3000}（一）、.]{0,300}") {
            prop_assert_eq!(solid(&join_wrapped(&text)), solid(&text));
            let lines = text.split('\n').enumerate().map(|(at, text)| WrappedLine { text, is_full: at % 3 > 0, begins: at % 5 == 0 });
            prop_assert_eq!(solid(&join_lines(lines)), solid(&text));
        }

        #[test]
        fn joining_twice_is_joining_once(text in pages()) {
            let once = join_wrapped(&text).into_owned();
            prop_assert_eq!(solid(&once), solid(&text));
            prop_assert_eq!(join_wrapped(&once).into_owned(), once);
        }

        #[test]
        fn any_text_is_joined(text in any::<String>()) {
            join_wrapped(&text);
            join_lines(text.split('\n').map(|text| WrappedLine { text, is_full: true, begins: false }));
        }
    }
}
