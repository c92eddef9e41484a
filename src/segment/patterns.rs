//! Numbers that are one token each, whatever the segmenter would do: document numbers, full dates, years in Han numerals,
//! percentages and decimals.
//!
//! Written by hand and not as regular expressions: nearly all text holds none, and one pass over its bytes says so.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::text::is_han;

/// Whether the built-in patterns are forced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patterns {
    /// They are tokens.
    Forced,
    /// The segmenter cuts them like any text.
    Off,
}

/// The tag of all of them: numbers are no terms unless asked for.
pub(super) const TAG: &str = "m";

/// A quick no: without a digit and without a 年 there is no pattern.
pub(super) fn may_be_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Without an early exit, so that many bytes are looked at in one step. 年 is E5 B9 B4.
    let has_digit = bytes.iter().fold(false, |any, b| any | b.is_ascii_digit());
    has_digit || bytes.iter().zip(bytes.iter().skip(1)).fold(false, |any, (a, b)| any | (*a == 0xB9 && *b == 0xB4))
}

/// Whether the whole of `word` is one pattern, or the numerals of a year whose 年 belongs to the next word.
pub(super) fn is_one(word: &str) -> bool {
    is_han_year(word) || (may_be_in(word) && [next_in_digits(word, 0), next_in_han(word, 0)].contains(&Some(0..word.len())))
}

/// The first pattern with ASCII digits that begins at byte `from` or later.
pub(super) fn next_in_digits(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(found) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + found;
        let end = end_of_digits(bytes, start);
        let number = || document_number(text, from, start, end);
        if let Some(range) = number().or_else(|| date(text, start, end).map(|end| start..end)) {
            return Some(range);
        }
        let (end, is_pattern) = quantity(bytes, start, end);
        if is_pattern {
            return Some(start..end);
        }
        at = end;
    }
    None
}

fn end_of_digits(bytes: &[u8], start: usize) -> usize {
    start + bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count()
}

/// A letter, a digit or a point before a number says that it is part of something else: v1.2, 10.0.0.1.
fn is_free_on_the_left(bytes: &[u8], start: usize) -> bool {
    start == 0 || !(bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'.')
}

/// Where the number whose first digits end at `end` ends, and whether it is a percentage or a decimal: 5.2%, 3.14, 1,234.5.
fn quantity(bytes: &[u8], start: usize, mut end: usize) -> (usize, bool) {
    if end - start <= 3 {
        while is_thousands(bytes, end) {
            end += 4;
        }
    }
    let mut points = 0;
    while bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = end_of_digits(bytes, end + 1);
        points += 1;
    }
    let mark = [&b"%"[..], "‰".as_bytes()].into_iter().find(|mark| bytes[end..].starts_with(mark)).map_or(0, <[u8]>::len);
    let is_free_on_the_right = mark > 0 || !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    let is_pattern = points <= 1 && points + mark > 0 && is_free_on_the_right && is_free_on_the_left(bytes, start);
    (end + mark, is_pattern)
}

/// A comma and exactly three digits.
fn is_thousands(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b',') && bytes.len() > at + 3 && end_of_digits(bytes, at + 1) == at + 4
}

/// Where the date ends that begins with these four digits: 2024年11月30日 or 2024年11月.
fn date(text: &str, start: usize, end: usize) -> Option<usize> {
    let is_year = end - start == 4 && matches!(text.as_bytes()[start], b'1' | b'2') && is_free_on_the_left(text.as_bytes(), start);
    let month = text[end..].strip_prefix('年').filter(|_| is_year)?;
    let after_month = digits_before(month, 12, '月')?;
    Some(text.len() - digits_before(after_month, 31, '日').unwrap_or(after_month).len())
}

/// What follows a number of one or two digits, from 1 to `most`, and `unit`.
fn digits_before(text: &str, most: u32, unit: char) -> Option<&str> {
    let length = end_of_digits(text.as_bytes(), 0);
    let value: u32 = text[..length].parse().ok().filter(|_| length <= 2)?;
    text[length..].strip_prefix(unit).filter(|_| (1..=most).contains(&value))
}

const BRACKETS: [(char, char); 6] = [('〔', '〕'), ('［', '］'), ('[', ']'), ('（', '）'), ('(', ')'), ('【', '】')];
const MORE_BRACKETS: (char, char) = ('﹝', '﹞');

/// Most digits of the number itself.
const LONGEST_NUMBER: usize = 5;

/// A document number whose year is these digits: 国办发〔2024〕1号. It begins with the code of the issuing body.
fn document_number(text: &str, from: usize, start: usize, end: usize) -> Option<Range<usize>> {
    if end - start != 4 {
        return None;
    }
    let open = text[from..start].chars().next_back()?;
    let (_, close) = BRACKETS.into_iter().chain([MORE_BRACKETS]).find(|(bracket, _)| *bracket == open)?;
    let number = text[end..].strip_prefix(close)?;
    let number = number.strip_prefix('第').unwrap_or(number);
    let numeral = |c: char| c.is_ascii_digit() || is_han_digit(c) || matches!(c, '十' | '百');
    let rest = number.trim_start_matches(numeral);
    let is_short = (1..=LONGEST_NUMBER).contains(&number[..number.len() - rest.len()].chars().count());
    let after = rest.strip_prefix('号').filter(|_| is_short)?;
    let body = code_of_body(&text[from..start - open.len_utf8()])?;
    Some(start - open.len_utf8() - body.len()..text.len() - after.len())
}

/// Characters of the code of an issuing body: 财税, 发改办高技.
const CODE_LENGTH: std::ops::RangeInclusive<usize> = 2..=10;

/// Words that stand before a document number and are no part of it.
const LEADS: [&str; 38] = [
    "的", "了", "和", "与", "及", "按", "照", "据", "见", "对", "由", "将", "在", "是", "以", "为", "把", "被", "印发", "转发", "下发",
    "批转", "发布", "公布", "出台", "制定", "执行", "实行", "落实", "贯彻", "参照", "适用", "废止", "修订", "文件", "通知", "同时", "关于",
];

/// The code at the end of `before`: its last Han characters, without words that only lead to it.
fn code_of_body(before: &str) -> Option<&str> {
    let mut start = before.len();
    for (length, (at, _)) in before.char_indices().rev().take_while(|(_, c)| is_han(*c)).enumerate() {
        if length == *CODE_LENGTH.end() {
            return None;
        }
        start = at;
    }
    let run = &before[start..];
    let led = LEADS.iter().filter_map(|lead| run.rfind(lead).map(|at| at + lead.len())).max().unwrap_or(0);
    Some(&run[led..]).filter(|code| code.chars().count() >= *CODE_LENGTH.start())
}

fn is_han_digit(c: char) -> bool {
    matches!(c, '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九')
}

/// All Han numerals take as many bytes.
const HAN_YEAR_BYTES: usize = 4 * '〇'.len_utf8();

/// Four Han digits that say a year from 1000 to 2999.
fn is_han_year(text: &str) -> bool {
    text.len() == HAN_YEAR_BYTES && text.starts_with(['一', '二']) && text.chars().all(is_han_digit)
}

/// Words such as 年度, whose 年 belongs to them and not to the year before.
fn begins_word_with_year(after: &str) -> bool {
    after.starts_with(['度', '代', '级', '鉴', '报', '份'])
}

/// The first year or date in Han numerals that begins at byte `from` or later: 二〇二四年, 二〇二四年一月二十七日.
pub(super) fn next_in_han(text: &str, from: usize) -> Option<Range<usize>> {
    static YEAR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("年"));
    let mut at = from;
    while let Some(found) = YEAR.find(&text.as_bytes()[at..]) {
        let year_end = at + found;
        at = year_end + '年'.len_utf8();
        let Some(start) = year_end.checked_sub(HAN_YEAR_BYTES).filter(|start| *start >= from) else { continue };
        let is_year = text.get(start..year_end).is_some_and(is_han_year);
        let is_numeral = |c: char| is_han_digit(c) || matches!(c, '十' | '百' | '千' | '万' | '亿' | '第');
        if !is_year || text[..start].ends_with(is_numeral) {
            continue;
        }
        let after = &text[at..];
        if begins_word_with_year(after) {
            return Some(start..year_end);
        }
        let month = han_number_before(after, 12, '月');
        let day = month.and_then(|after| han_number_before(after, 31, '日'));
        return Some(start..text.len() - day.or(month).unwrap_or(after).len());
    }
    None
}

/// What follows a number of one to three Han numerals, from 1 to `most`, and `unit`.
fn han_number_before(text: &str, most: u32, unit: char) -> Option<&str> {
    let (at, _) = text.char_indices().take(4).find(|(_, c)| *c == unit)?;
    let value = han_value(&text[..at])?;
    (1..=most).contains(&value).then(|| &text[at + unit.len_utf8()..])
}

/// 七, 十, 十二, 二十, 三十一, 一〇: numbers below 100.
fn han_value(numeral: &str) -> Option<u32> {
    let digit = |c: char| "〇一二三四五六七八九".chars().position(|d| d == c).and_then(|at| u32::try_from(at).ok());
    let characters: Vec<char> = numeral.chars().map(|c| if c == '零' { '〇' } else { c }).collect();
    match *characters.as_slice() {
        ['十'] => Some(10),
        ['十', ones] => Some(10 + digit(ones)?),
        [tens, '十'] => Some(10 * digit(tens)?),
        [tens, '十', ones] => Some(10 * digit(tens)? + digit(ones)?),
        [tens, ones] => Some(10 * digit(tens)? + digit(ones)?),
        [ones] => digit(ones),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All patterns of a text, leftmost first.
    fn found(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut done = 0;
        while let Some(range) =
            [next_in_digits(text, done), next_in_han(text, done)].into_iter().flatten().min_by_key(|r| (r.start, std::cmp::Reverse(r.end)))
        {
            done = range.end;
            assert!(is_one(&text[range.clone()]), "{}", &text[range]);
            found.push(&text[range]);
        }
        found
    }

    #[test]
    fn percentages_and_decimals() {
        assert_eq!(found("增长5.2%，占3%，约3.14倍，1,234.5亿元，-0.5个百分点，2‰"), ["5.2%", "3%", "3.14", "1,234.5", "0.5", "2‰"]);
        assert_eq!(found("3.5-4.5%，5.2,6.3，增长5.2."), ["3.5", "4.5%", "5.2", "6.3", "5.2"]);
        for none in ["2024", "1,234元", "15G", "3.5G", "v1.2.3", "v1.2", "10.0.0.1", "2024.11.30", ".5", "5.", "1.2.3%", "a1%"] {
            assert_eq!(found(none), Vec::<&str>::new(), "{none}");
        }
    }

    #[test]
    fn full_dates_and_no_others() {
        assert_eq!(found("2024年11月30日至2024年12月"), ["2024年11月30日", "2024年12月"]);
        assert_eq!(found("2024年11月份，2024年2月31天，2024年2月32日"), ["2024年11月", "2024年2月", "2024年2月"]);
        for none in [
            "2024年",
            "2024年度",
            "2024年13月",
            "2024年0月",
            "2024年011月",
            "11月30日",
            "12024年1月",
            "24年1月",
            "A2024年1月",
            "三十年",
            "3024年1月",
        ] {
            assert_eq!(found(none), Vec::<&str>::new(), "{none}");
        }
    }

    #[test]
    fn years_and_dates_in_han_numerals() {
        assert_eq!(found("二〇二四年一月二十七日印发，一九九八年至二〇〇八年底"), ["二〇二四年一月二十七日", "一九九八年", "二〇〇八年"]);
        assert_eq!(
            found("一九四九年十月一日、二零二四年十二月、二〇二四年一〇月三十一日"),
            ["一九四九年十月一日", "二零二四年十二月", "二〇二四年一〇月三十一日"]
        );
        assert_eq!(found("二〇二四年度，一九八〇年代，二〇二四年十三月"), ["二〇二四", "一九八〇", "二〇二四年"]);
        for none in ["三十年", "一九年级", "二年级", "九八年", "三四五六年", "十一二三四年", "一万一二三四年", "年", "〇二四年", "今年一月"]
        {
            assert_eq!(found(none), Vec::<&str>::new(), "{none}");
        }
    }

    #[test]
    fn document_numbers_with_the_code_of_their_body() {
        for number in ["国办发〔2024〕1号", "财税[2016]36号", "沪府规（2023）第12号", "发改办高技【2020】1008号", "银发﹝2024﹞十二号"]
        {
            for text in [number.to_string(), format!("（{number}）"), format!("按照{number}文件"), format!("根据《办法》({number})、")]
            {
                assert_eq!(found(&text), [number], "{text}");
            }
        }
        assert_eq!(found("转发国发〔2024〕1号和财税〔2016〕36号"), ["国发〔2024〕1号", "财税〔2016〕36号"]);
        for none in [
            "〔2024〕1号",
            "的〔2024〕1号",
            "国发〔2024）1号",
            "国发〔24〕1号",
            "国发〔2024〕号",
            "国发〔2024〕1",
            "国发〔2024〕123456号",
            "关于开展工作的通知（2024）1号",
        ] {
            assert_eq!(found(none), Vec::<&str>::new(), "{none}");
        }
        assert_eq!(found(&format!("{}〔2024〕1号", "国".repeat(11))), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn any_text_can_be_looked_through(text in "\\PC{0,40}") {
            found(&text);
        }

        #[test]
        fn patterns_are_found_in_order_and_are_patterns_by_themselves(text in "[国发办〔〕（）年月日号第十一二〇零的0-9.,%vG ，‰𠮷]{0,40}") {
            found(&text);
            if !may_be_in(&text) {
                prop_assert_eq!(found(&text), Vec::<&str>::new());
            }
        }
    }
}
