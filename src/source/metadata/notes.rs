//! Notes that stand between a title and its text: when and where it was published, how often read, how large its letters are.

use std::sync::LazyLock;

use regex::Regex;

use super::date::{self, Date, Stated};

/// Lines at the head of an article among which notes about it stand.
pub(in crate::source) const HEAD_LINES: usize = 8;
/// Longest source that is believed, in characters.
pub(in crate::source) const LONGEST_SOURCE: usize = 40;

/// Lines of an article without the notes at its head that say when and where it was published and how large its letters are.
pub(in crate::source) fn without_notes<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    lines.iter().enumerate().filter(|(at, line)| *at >= HEAD_LINES || !is_note(line)).map(|(_, line)| *line).collect()
}

/// Longest note, in characters.
pub(in crate::source) const LONGEST_NOTE: usize = 150;

/// What a page may say beside its article, each with the value that may follow. A value ends where the next label begins.
const LABELS: &str = "来\\s*源|信息来源|文章来源|稿件来源|发布时间|发布日期|发表时间|更新时间|发稿时间|发布机构|发布者|发布人|信息提供|\
    作\\s*者|编\\s*辑|责任编辑|责编|记\\s*者|审\\s*核|浏览次数|浏览量|浏\\s*览|阅读次数|阅读量|阅\\s*读|点击次数|点击数|点\\s*击|访问量|字体大小|字\\s*体|\
    字\\s*号|分享到|分享至|分\\s*享|打\\s*印|收\\s*藏|保护视力色|视力保护色|时\\s*间|日\\s*期";

/// Labels of which one makes a line a note. 时间 and 日期 alone do not: notices of meetings have them.
const SURE_LABELS: &str =
    "来\\s*源|发布时间|发布日期|发表时间|更新时间|发稿时间|浏览|阅读次数|阅读量|点击|字\\s*体|字\\s*号|分享|打\\s*印|视力";

const DAY: &str = r"(?:19|20)[0-9]{2}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]\s*[0-9]{1,2}日?";

static DATED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"(?:时\s*间|日\s*期)\s*[】\]]?\s*[：:]?\s*({DAY})")).ok());
static TIMED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?:^|[^0-9])({DAY})(?:\s*[0-9]{{1,2}}[:：][0-9]{{2}}|\s*$)")).ok());
static ANY_DAY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?:^|[^0-9])({DAY})")).ok());
static SOURCE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"来\s*源\s*[】\]]?\s*[：:]\s*(.*)$").ok());
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"(?:{LABELS})\s*[】\]]?\s*[：:]?")).ok());
static SURE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"(?:{SURE_LABELS})\s*[】\]]?\s*[：:]")).ok());
static NOTE_FILLER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"{DAY}|[0-9]{{1,2}}[:：][0-9]{{2}}(?:[:：][0-9]{{2}})?|[大中小次人]|关闭|本页|窗口|微信|微博|[^\p{{L}}]")).ok()
});

/// Whether a line holds only labels and values of the kind that stands below titles, or a time of publication.
pub(in crate::source) fn is_note(line: &str) -> bool {
    let (Some(label), Some(sure), Some(filler)) = (LABEL.as_ref(), SURE.as_ref(), NOTE_FILLER.as_ref()) else { return false };
    if line.chars().count() > LONGEST_NOTE || line.contains(['。', '；', '！', '？']) {
        return false;
    }
    let timed = TIMED.as_ref().is_some_and(|timed| timed.is_match(line)) && line.contains([':', '：']);
    let is_filler = |text: &str| filler.replace_all(text, "").trim().is_empty();
    if !timed && !sure.is_match(line) {
        // Buttons without a value: 打印 关闭.
        return line.contains("打印") && is_filler(&label.replace_all(line, ""));
    }
    let first = label.find(line).map_or(line.len(), |found| found.start());
    let values_are_short = label.split(&line[first..]).all(|value| value.trim().chars().count() <= LONGEST_SOURCE);
    is_filler(&line[..first]) && values_are_short
}

/// What follows 来源： on a line, up to the next label.
pub(in crate::source) fn source_in(line: &str) -> Option<String> {
    let value = SOURCE.as_ref()?.captures(line)?.get(1)?.as_str();
    let value = source_value(value);
    (!value.is_empty()).then(|| value.to_string())
}

/// A source without what is written after it.
pub(in crate::source) fn source_value(text: &str) -> &str {
    let text = text.trim().trim_start_matches("来源：").trim_start_matches("来源:").trim_start();
    let label = LABEL.as_ref().and_then(|label| label.find(text)).map_or(text.len(), |found| found.start());
    let day = ANY_DAY.as_ref().and_then(|day| day.captures(text)?.get(1)).map_or(text.len(), |found| found.start());
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '|' | '｜' | '【' | '[')).unwrap_or(text.len());
    text[..label.min(day).min(end)].trim_matches(['《', '》', '（', '(', '：', ':', ' '])
}

/// The first day in a text, with nothing around it.
pub(in crate::source) fn day_in(text: &str) -> Option<String> {
    let is_day = |text: &str| matches!(date::parse(text), Some(Stated::Full(_)));
    if is_day(text) {
        return Some(text.to_string());
    }
    let found = ANY_DAY.as_ref()?.captures(text)?.get(1)?.as_str();
    is_day(found).then(|| found.to_string())
}

/// What a note says that is kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct Note {
    pub day: Option<Date>,
    pub source: Option<String>,
}

/// A line of two notes or more: labels, or a day and a label. A line with one label is read by whoever knows the label.
pub(in crate::source) fn several_in(line: &str) -> Option<Note> {
    let labels = LABEL.as_ref()?.find_iter(line).filter(|found| found.as_str().ends_with([':', '：', '】', ']'])).count();
    let begins_with_day = first_day(line).is_some();
    if labels + usize::from(begins_with_day) < 2 || !is_note(line) {
        return None;
    }
    let day = labelled_day(line).or_else(|| timed_day(line)).or_else(|| first_day(line));
    let day = day.and_then(|day| match date::parse(&day)? {
        Stated::Full(day) => Some(day),
        Stated::Partial { .. } => None,
    });
    Some(Note { day, source: source_in(line) })
}

/// The day at the beginning of a line.
pub(in crate::source) fn first_day(line: &str) -> Option<String> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '【' | '[' | '（' | '('));
    let found = ANY_DAY.as_ref()?.captures(line)?.get(1).filter(|found| found.start() == 0)?;
    day_in(found.as_str())
}

/// The day behind a label such as 发布时间.
pub(in crate::source) fn labelled_day(line: &str) -> Option<String> {
    DATED.as_ref()?.captures(line).and_then(|found| day_in(&found[1]))
}

/// The day with a time behind it, or at the end of the line.
pub(in crate::source) fn timed_day(line: &str) -> Option<String> {
    TIMED.as_ref()?.captures(line).and_then(|found| day_in(&found[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_end_where_the_next_label_begins() {
        for line in [
            "来源：某报",
            "2024-03-05 10:20 来源： 某报 字体：大 中 小",
            "来　源：某报2024年3月5日",
            "（来源：某报）责任编辑：某人",
            "【来源】：某报｜打印",
        ] {
            assert_eq!(source_in(line).map(|s| s.trim_end_matches('）').to_string()).as_deref(), Some("某报"), "{line}");
        }
        assert_eq!(source_in("来源于生活"), None);
    }

    #[test]
    fn notes_are_told_from_text() {
        for line in [
            "2024年03月05日 10:20来源：新华社【字体：大 中 小】打印",
            "发布时间：2024-03-05 浏览次数：12 次",
            "来源：某部",
            "2024-03-05 10:20:33",
            "字号：大 中 小",
            "【打印】【关闭】",
        ] {
            assert!(is_note(line), "{line}");
        }
        for line in [
            "时间：3月5日上午",
            "2024年3月5日",
            "各县要拓宽收入来源：一是发展产业",
            "来源：甲。乙",
            "本次阅读活动",
            "打印机采购公告",
            "关于来源管理的通知",
        ] {
            assert!(!is_note(line), "{line}");
        }
    }

    #[test]
    fn lines_of_several_notes_are_read_together() {
        for line in [
            "来源：某报　发布时间：2024-03-05 10:20",
            "发布时间：2024-03-05 来源：某报",
            "日期：2024年3月5日 来源：某报 作者：某人",
            "时间：2024-03-05　作者：某人　来源：某报",
            "2024-03-05 来源：某报",
            "2024年03月05日10:20 | 来源：某报",
            "2024年03月05日10:20来源：某报",
        ] {
            let note = several_in(line).unwrap_or_default();
            let day = note.day.map(|day| day.to_string());
            assert_eq!((day.as_deref(), note.source.as_deref()), (Some("2024-03-05"), Some("某报")), "{line}");
        }
        for line in
            ["来源：某报", "2024年3月5日", "时间：3月5日上午 地点：会议室", "2024年3月5日，来源：某报的消息说。", "记者某人 编辑某人"]
        {
            assert_eq!(several_in(line), None, "{line}");
        }
    }

    #[test]
    fn days_are_cut_out_of_times() {
        assert_eq!(day_in("2018-11-08 17:10").and_then(|day| date::parse(&day)), date::parse("2018-11-08"));
        assert_eq!(day_in("2018-11-08T17:10:00+08:00").and_then(|day| date::parse(&day)), date::parse("2018-11-08"));
        assert_eq!((day_in("于2018年11月8日发布").as_deref(), day_in("2018年"), day_in("2018-13-40")), (Some("2018年11月8日"), None, None));
    }
}
