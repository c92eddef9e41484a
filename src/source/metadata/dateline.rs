//! The dateline: agency, place and day at the head of a report.

use std::sync::LazyLock;

use regex::Regex;

/// Characters of the text in which a dateline may stand.
const DATELINE_WITHIN: usize = 60;

/// The agency at the head of a report, and place and day if it states them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dateline {
    pub agency: String,
    /// Empty if it states none.
    pub place: String,
    /// Year if stated, month, day.
    pub day: Option<(Option<i32>, u8, u8)>,
}

static DATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[\s（(]*据?(本报|\p{Han}{1,6}?[社网报台])([\p{Han}、/]{0,12}?)\s*(?:([0-9]{4})年)?([0-9]{1,2})月([0-9]{1,2})日\s*(?:专?电|讯|消息)")
        .ok()
});
static UNDATED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*据?(本报|\p{Han}{1,9}?[社网报台])消息\s*(?:[（(][^）)]{1,20}[）)])?\s*[:：]").ok());

impl Dateline {
    pub fn read(body: &str) -> Option<Self> {
        let head: String = body.trim_start().chars().take(DATELINE_WITHIN).map(super::half_width).collect();
        if !head.contains(['电', '讯']) && !head.contains("消息") {
            return None;
        }
        if let Some(found) = DATED.as_ref()?.captures(&head) {
            let number = |at: usize| found.get(at).and_then(|m| m.as_str().parse::<i32>().ok());
            let (month, day) = (u8::try_from(number(4)?).ok()?, u8::try_from(number(5)?).ok()?);
            return Some(Self { agency: found[1].to_string(), place: place(&found[2]), day: Some((number(3), month, day)) });
        }
        let found = UNDATED.as_ref()?.captures(&head)?;
        Some(Self { agency: found[1].to_string(), place: String::new(), day: None })
    }
}

/// The place; `记者` and the like stand before a day too.
fn place(text: &str) -> String {
    let is_place = !text.contains("记者") && !text.contains("消息") && !text.contains("编辑");
    if is_place { text.trim_matches(['、', '/']).to_string() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (String, String, Option<(Option<i32>, u8, u8)>);

    fn of(text: &str) -> Read {
        Dateline::read(text).map(|d| (d.agency, d.place, d.day)).unwrap_or_default()
    }

    #[test]
    fn agency_place_and_day_are_read() {
        let row = |agency: &str, place: &str, day| (agency.to_string(), place.to_string(), day);
        assert_eq!(of("新华社上海11月30日电（记者某）"), row("新华社", "上海", Some((None, 11, 30))));
        assert_eq!(of("本报北京１１月３０日讯 正文"), row("本报", "北京", Some((None, 11, 30))));
        assert_eq!(of("新华社北京、上海2024年1月2日电"), row("新华社", "北京、上海", Some((Some(2024), 1, 2))));
        assert_eq!(of("央视网消息（新闻联播）：正文"), row("央视网", "", None));
        assert_eq!(of("中新网11月30日电"), row("中新网", "", Some((None, 11, 30))));
        assert_eq!(of("今天有雨。"), row("", "", None));
    }
}
