//! Numbers of official documents: `国办发〔2024〕1号`, `国务院令第786号`, `公告2024年第5号`.

use std::sync::LazyLock;

use regex::Regex;

/// A body, a year in brackets of any kind, a number. Spaces may stand anywhere between them.
static BRACKETED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(\p{Han}[\p{Han}A-Za-z0-9、\s]{0,29}?)\s*[〔［\[（(【﹝]\s*((?:19|20)[0-9]{2})\s*[〕］\]）)】﹞]\s*第?\s*([0-9]{1,5})\s*号$",
    )
    .ok()
});
/// Orders and announcements.
static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^((?:\p{Han}|[、\s]){0,40}(?:令|公告))\s*((?:(?:19|20)[0-9]{2}年\s*)?)第\s*([0-9〇零一二三四五六七八九十百]{1,8})\s*号$")
        .ok()
});

/// The number as a column or a label states it: in the usual form where it has one, else as it is.
pub(in crate::source) fn as_usual(text: String) -> String {
    whole(&text).unwrap_or(text)
}

/// The number, if the text is one and nothing else, brackets around it left out: without spaces, its year in `〔〕`.
pub(super) fn whole(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > 200 || !text.contains('号') {
        return None;
    }
    let half: String = text.chars().map(super::half_width).collect();
    let bare = half.trim_matches(['（', '）', '(', ')', '【', '】']).trim();
    // Brackets of the year itself stand inside, so nothing of them was taken off.
    let of = |text: &str| {
        if let Some(found) = BRACKETED.as_ref()?.captures(text) {
            return Some(format!("{}〔{}〕{}号", compact(&found[1]), &found[2], &found[3]));
        }
        let found = NUMBERED.as_ref()?.captures(text)?;
        Some(format!("{}{}第{}号", compact(&found[1]), compact(&found[2]), &found[3]))
    };
    of(bare)
}

/// The number in brackets at the end of a title, `…的通知（国办发〔2024〕1号）`.
pub(super) fn at_end(title: &str) -> Option<String> {
    let open = title.strip_suffix(['）', ')']).and_then(|rest| rest.rfind(['（', '(']))?;
    let inside = &title[open..];
    // A year in round brackets would be found first: then the bracket before it is the one.
    whole(inside).or_else(|| title[..open].rfind(['（', '(']).and_then(|earlier| whole(&title[earlier..])))
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_one_way() {
        for (text, expected) in [
            ("国办发〔2024〕1号", "国办发〔2024〕1号"),
            ("（国办函［2018］71号）", "国办函〔2018〕71号"),
            ("沪 府 办 [2023] 第 12 号", "沪府办〔2023〕12号"),
            ("某发（２０２１）３号", "某发〔2021〕3号"),
            ("财政部 税务总局公告2024年第5号", "财政部税务总局公告2024年第5号"),
            ("某部令第12号", "某部令第12号"),
            ("中华人民共和国国务院令 第 786 号", "中华人民共和国国务院令第786号"),
            ("某局公告2024年第5号", "某局公告2024年第5号"),
        ] {
            assert_eq!(whole(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn mentions_and_plain_text_are_no_numbers() {
        for text in ["根据某发〔2023〕5号文件精神", "2024年第1号台风", "〔2024〕", "第5号", "", "某某路12号"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn a_title_may_end_with_its_number() {
        assert_eq!(at_end("关于发展的通知（某发〔2024〕1号）").as_deref(), Some("某发〔2024〕1号"));
        assert_eq!(at_end("关于发展的通知（试行）"), None);
    }
}
