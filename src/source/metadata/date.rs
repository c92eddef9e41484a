//! Calendar days, and the ways people write them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A calendar day that exists, from 1900 to 2100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if it exists.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month_of_year = time::Month::try_from(month).ok()?;
        time::Date::from_calendar_date(year, month_of_year, day).ok()?;
        let year = u16::try_from(year).ok().filter(|y| (1900..=2100).contains(y))?;
        Some(Self { year, month, day })
    }

    /// Its year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Its month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// Its day of the month.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Its Julian day number: days in one line, without years and months. Number 0 was a Monday.
    pub fn day_number(self) -> i32 {
        let month = time::Month::try_from(self.month).ok();
        // The day exists, so there always is a number.
        month.and_then(|m| time::Date::from_calendar_date(i32::from(self.year), m, self.day).ok()).map_or(0, time::Date::to_julian_day)
    }

    /// The day of a Julian day number, from 1900 to 2100.
    pub fn from_day_number(number: i32) -> Option<Self> {
        let date = time::Date::from_julian_day(number).ok()?;
        Self::new(date.year(), u8::from(date.month()), date.day())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// What a text that should be a date says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::source) enum Stated {
    /// A day.
    Full(Date),
    /// A year, or a year and a month.
    Partial {
        /// 1900 to 2100.
        year: u16,
        /// 1 to 12, if it is stated.
        month: Option<u8>,
    },
}

/// Reads a text that holds a date and nothing but a time of day beside it: `2024-01-27`, `2024/1/27 08:00`,
/// `2024年1月27日`, `二〇二四年一月二十七日`, `中華民國113年1月27日`, `20240127`, `2024`, also in brackets and with spaces around 年月日.
pub(in crate::source) fn parse(text: &str) -> Option<Stated> {
    let text = text.trim().trim_matches(['(', ')', '（', '）', '[', ']', '［', '］', '〔', '〕', '【', '】']).trim();
    let folded: String = text.chars().map(fold_digit).filter(|c| !c.is_whitespace() || *c == ' ').collect();
    parse_marks(&folded)
        .or_else(|| parse_compact(&folded))
        .or_else(|| parse_han(&folded))
        .or_else(|| parse_republic(&folded))
        .or_else(|| parse_feed(text))
}

fn fold_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '－' | '—' | '–' => '-',
        '／' => '/',
        '．' => '.',
        _ => c,
    }
}

/// Digits parted by one kind of mark or by 年月日.
fn parse_marks(text: &str) -> Option<Stated> {
    let (year, rest) = number(text, 4)?;
    let mark = rest.trim_start().chars().next()?;
    if !matches!(mark, '-' | '/' | '.' | '年') {
        return None;
    }
    let rest = rest.trim_start().strip_prefix(mark)?.trim_start();
    let year = u16::try_from(year).ok().filter(|y| (1900..=2100).contains(y))?;
    if rest.is_empty() {
        return (mark == '年').then_some(Stated::Partial { year, month: None });
    }
    let (month, rest) = number(rest, 2)?;
    let next = if mark == '年' { '月' } else { mark };
    let Some(rest) = rest.trim_start().strip_prefix(next) else {
        return rest.trim().is_empty().then_some(Stated::Partial { year, month: month_number(month) });
    };
    if rest.trim().is_empty() {
        return (mark == '年').then_some(Stated::Partial { year, month: month_number(month) });
    }
    let (day, rest) = number(rest.trim_start(), 2)?;
    let rest = if mark == '年' { rest.trim_start().strip_prefix('日')? } else { rest };
    is_time_of_day(rest).then_some(())?;
    Date::new(i32::from(year), u8::try_from(month).ok()?, u8::try_from(day).ok()?).map(Stated::Full)
}

/// A month that exists.
fn month_number(month: u32) -> Option<u8> {
    u8::try_from(month).ok().filter(|m| (1..=12).contains(m))
}

/// Nothing, or what may follow a day: `T08:00:00Z`, ` 08:00`, `上午8时30分`, a weekday.
fn is_time_of_day(rest: &str) -> bool {
    const WORDS: [&str; 17] =
        ["上午", "下午", "晚上", "中午", "凌晨", "时", "点", "分", "秒", "AM", "PM", "am", "pm", "GMT", "UTC", "CST", "北京时间"];
    let rest = rest.trim().trim_matches(['(', ')', '（', '）']).trim();
    if rest.is_empty() || rest.starts_with("星期") || rest.starts_with("周") || matches!(rest, "上午" | "下午") {
        return true;
    }
    let bare = WORDS.iter().fold(rest.to_string(), |rest, word| rest.replace(word, ""));
    let is_clock = rest.contains([':', '：', '时', '点']);
    is_clock && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '：' | '.' | '+' | '-' | 'T' | 't' | 'Z' | 'z' | ' '))
}

/// `Sat, 27 Jan 2024 08:00:00 GMT`, as in feeds.
fn parse_feed(text: &str) -> Option<Stated> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let after_weekday = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut parts = after_weekday.split_whitespace();
    let day = parts.next()?.parse().ok()?;
    let name = parts.next()?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|month| *month == name)?;
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    Date::new(year, u8::try_from(month + 1).ok()?, day).map(Stated::Full)
}

/// `20240127`, or a year alone.
fn parse_compact(text: &str) -> Option<Stated> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let at = |range: std::ops::Range<usize>| text.get(range)?.parse::<u16>().ok();
    match text.len() {
        8 => Date::new(i32::from(at(0..4)?), u8::try_from(at(4..6)?).ok()?, u8::try_from(at(6..8)?).ok()?).map(Stated::Full),
        4 => at(0..4).filter(|y| (1900..=2100).contains(y)).map(|year| Stated::Partial { year, month: None }),
        _ => None,
    }
}

/// `中華民國113年1月27日`: years of the Republic begin after 1911, and only where they are called so.
fn parse_republic(text: &str) -> Option<Stated> {
    let rest = ["中華民國", "中华民国", "民國", "民国"].iter().find_map(|name| text.strip_prefix(name))?.trim_start();
    let (year, rest) = number(rest, 3)?;
    parse_marks(&format!("{}{rest}", year + 1911))
}

/// `二〇二四年一月二十七日`.
fn parse_han(text: &str) -> Option<Stated> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (year, rest) = compact.split_once('年')?;
    let year = han_digits(year)?;
    if !(1900..=2100).contains(&year) {
        return None;
    }
    if rest.is_empty() {
        return Some(Stated::Partial { year, month: None });
    }
    let (month, rest) = rest.split_once('月')?;
    let month = if month == "元" { 1 } else { han_number(month)? };
    if rest.is_empty() {
        return Some(Stated::Partial { year, month: month_number(u32::from(month)) });
    }
    let day = han_number(rest.strip_suffix('日')?)?;
    Date::new(i32::from(year), month, day).map(Stated::Full)
}

fn han_digit(c: char) -> Option<u16> {
    Some(match c {
        '〇' | '○' | '◯' | '零' | 'Ｏ' | '０' | 'O' | '0' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Four Han digits read by position.
fn han_digits(text: &str) -> Option<u16> {
    let digits: Vec<u16> = text.chars().map(han_digit).collect::<Option<_>>()?;
    (digits.len() == 4).then(|| digits.iter().fold(0, |number, digit| number * 10 + digit))
}

/// A Han number up to 39: `七`, `十`, `十一`, `二十`, `廿一`, `三十`, `卅一`.
fn han_number(text: &str) -> Option<u8> {
    let text = text.replace('廿', "二十").replace('卅', "三十");
    let (tens, ones) = match text.split_once('十') {
        Some(("", ones)) => (1, ones),
        Some((tens, ones)) => (single(tens)?, ones),
        None => return single(&text),
    };
    let ones = if ones.is_empty() { 0 } else { single(ones)? };
    (tens <= 3).then_some(tens * 10 + ones)
}

fn single(text: &str) -> Option<u8> {
    let mut characters = text.chars();
    let digit = han_digit(characters.next()?).filter(|d| *d > 0)?;
    characters.next().is_none().then_some(()).and_then(|()| u8::try_from(digit).ok())
}

/// Leading ASCII digits, at most `most` of them and none more after them, and what follows.
pub(super) fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    if end == 0 || end > most {
        return None;
    }
    Some((text[..end].parse().ok()?, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match parse(text) {
            Some(Stated::Full(date)) => date.to_string(),
            Some(Stated::Partial { year, .. }) => format!("{year}?"),
            None => String::new(),
        }
    }

    #[test]
    fn every_usual_form_is_read() {
        for text in [
            "2024-01-27",
            "2024/1/27",
            "2024.1.27",
            "2024年1月27日",
            "２０２４年１月２７日",
            "2024 年 1 月 27 日",
            "（2024年1月27日）",
            "二〇二四年一月二十七日",
            "二○二四年元月廿七日",
            "二零二四年一月二十七日",
            "20240127",
            "2024-01-27 08:30",
            "2024-01-27T08:30:00Z",
            "2024年1月27日 星期六",
            "2024-01-27（周六）",
            "2024/1/27 上午 8:30:00",
            "2024年1月27日 08时30分",
            "2024-01-27 08：30",
            "2024-1-27 8:30 AM",
            "Sat, 27 Jan 2024 08:00:00 GMT",
            "民國113年1月27日",
            "二◯二四年一月二十七日",
        ] {
            assert_eq!(shown(text), "2024-01-27", "{text}");
        }
        for (text, expected) in
            [("二〇〇八年三月五日", "2008-03-05"), ("二〇一九年十月三十一日", "2019-10-31"), ("二〇一九年十二月卅日", "2019-12-30")]
        {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_whole_is_partial_and_what_does_not_exist_is_nothing() {
        for text in ["2024", "2024年", "2024年3月", "2024-03", "二〇二四年"] {
            assert_eq!(shown(text), "2024?", "{text}");
        }
        for text in
            ["2023-02-29", "2024-13-01", "1850-01-01", "30日上午", "〔2024〕1号", "2024年经济", "12-11-10", "202401271", "2024-01-27号", ""]
        {
            assert_eq!(shown(text), "", "{text}");
        }
    }
}
