//! Title, date and source: from columns, labels, first lines, the file name and the dateline. Never from the clock, nor from
//! the file's own times.

use std::sync::LazyLock;

use regex::Regex;

use super::Date;
use super::date::{self, Stated};
use super::options::SourceOptions;
use super::path_date::{Filed, date_in_name};

/// What is known about a document beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    pub title: String,
    pub date: Option<Date>,
    pub source: String,
    pub document_number: String,
    pub issuing_body: String,
    /// Place of the dateline.
    pub place: String,
    pub warnings: Vec<&'static str>,
    /// Whether a column or a key stated a date, readable or not: then none is looked for elsewhere.
    pub date_stated: bool,
    /// Whether the date is that of a line which holds nothing else: a label beside it says more.
    pub date_from_line: bool,
}

/// Longest first line that is taken for a title, in characters.
const LONGEST_TITLE: usize = 60;
/// Characters of the text in which a dateline may stand.
const DATELINE_WITHIN: usize = 60;

impl Metadata {
    /// Reads the lines before the text proper. Returns what they say and the byte at which the text begins.
    ///
    /// The head holds, in any order: labels (`标题：`, `发布日期：`, `来源：`), lines that are a date and nothing else, and
    /// first of all a title: at most 60 characters, without `。；，：` at its end, and with text after it.
    pub fn from_head(text: &str) -> (Self, usize) {
        let mut found = Self::default();
        let mut body = 0;
        let mut first = true;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let (start, content) = (at, line.trim());
            at += line.len();
            if content.is_empty() {
                continue;
            }
            let taken = found.take_label(content) || found.take_line_date(content) || (first && found.take_title(content, &text[at..]));
            first = false;
            if !taken {
                body = start;
                break;
            }
            body = at;
        }
        (found, body)
    }

    /// Takes in what the first lines say, where the format itself said nothing. Returns the byte at which the text begins:
    /// `body`, or 0 where the first line is no repeated title but a heading that would be lost.
    pub fn take_head(&mut self, head: Self, body: usize) -> usize {
        let titled = !self.title.is_empty();
        let repeated = head.title == self.title;
        let start = if titled && !repeated && !head.title.is_empty() { 0 } else { body };
        if !titled {
            self.title = head.title;
        }
        if self.date.is_none() && !self.date_stated {
            (self.date, self.date_from_line) = (head.date, head.date_from_line);
        }
        for (own, other) in [
            (&mut self.source, head.source),
            (&mut self.document_number, head.document_number),
            (&mut self.issuing_body, head.issuing_body),
        ] {
            if own.is_empty() {
                *own = other;
            }
        }
        self.warnings.extend(head.warnings);
        start
    }

    fn take_label(&mut self, line: &str) -> bool {
        let Some((label, value)) = line.split_once(['：', ':']) else { return false };
        let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
        let value = value.trim();
        match label.as_str() {
            "标题" if self.title.is_empty() => self.title = value.to_string(),
            "成文日期" | "发布日期" | "印发日期" | "发布时间" | "日期" | "时间" if self.date.is_none() || self.date_from_line =>
            {
                return self.take_date(value);
            }
            "来源" | "发布机构" if self.source.is_empty() => self.source = value.to_string(),
            _ => return false,
        }
        true
    }

    fn take_date(&mut self, text: &str) -> bool {
        let Some(Stated::Full(date)) = date::parse(text) else { return false };
        self.date = Some(date);
        self.date_from_line = false;
        true
    }

    fn take_line_date(&mut self, line: &str) -> bool {
        let taken = self.date.is_none() && self.take_date(line);
        self.date_from_line |= taken;
        taken
    }

    fn take_title(&mut self, line: &str, after: &str) -> bool {
        let fits = line.chars().count() <= LONGEST_TITLE && !line.ends_with(['。', '；', '，', '：', ';', ',', ':']);
        if !fits || !self.title.is_empty() || after.trim().is_empty() {
            return false;
        }
        self.title = line.to_string();
        true
    }

    /// Fills what is still unknown from the text, the file name and the dateline.
    pub fn complete(&mut self, body: &str, path: &str, options: &SourceOptions) {
        if self.date.is_none() && !self.date_stated {
            self.date = lone_date(body).map(|(date, _)| date).or_else(|| date_in_name(path));
        }
        if self.date.is_some() && !self.source.is_empty() {
            return;
        }
        let dateline = Dateline::read(body);
        if let Some(dateline) = &dateline
            && self.source.is_empty()
        {
            self.source = if dateline.agency == "本报" { options.name.clone() } else { dateline.agency.clone() };
        }
        if self.source.is_empty() {
            self.source = issuing_body(&self.title, body).unwrap_or_default();
        }
        if self.date.is_none() && !self.date_stated {
            self.date_from(dateline.as_ref(), path, options);
        }
    }

    fn date_from(&mut self, dateline: Option<&Dateline>, path: &str, options: &SourceOptions) {
        let filed = Filed::of_path(path);
        let year = filed.map(|filed| filed.year).or((options.year > 0).then_some(options.year));
        match (dateline.and_then(|d| d.day), year) {
            (Some((Some(year), month, day)), _) => self.date = Date::new(year, month, day),
            (Some((None, month, day)), Some(year)) => {
                // Filed in January, sent in December.
                let before = filed.is_some_and(|filed| filed.is_before(month, day));
                self.date = Date::new(i32::from(year) - i32::from(before), month, day);
            }
            (Some((None, ..)), None) => self.warnings.push("W_DATE_YEAR"),
            (None, Some(_)) if filed.is_some() => self.warnings.push("W_DATE_PARTIAL"),
            (None, _) => {}
        }
    }

    /// The text behind its own title, where that stands again as its first line: it is one sentence, not two.
    pub fn without_title<'t>(&self, body: &'t str) -> &'t str {
        let text = body.trim_start();
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let is_title = !self.title.is_empty() && first.trim() == self.title.trim();
        if is_title && !rest.trim().is_empty() { rest } else { body }
    }

    /// Warns of a document without any letter or Han character.
    pub fn warn_without_text(&mut self, body: &str) {
        if !body.chars().chain(self.title.chars()).any(char::is_alphabetic) {
            self.warnings.push("W_NO_TEXT");
        }
    }

    /// Takes a date from a column; what cannot be read as one day is left empty, with a warning.
    pub fn set_date(&mut self, text: &str) {
        self.date_stated = !text.trim().is_empty();
        match date::parse(text) {
            Some(Stated::Full(date)) => self.date = Some(date),
            Some(Stated::Partial { .. }) => self.warnings.push("W_DATE_PARTIAL"),
            None if text.trim().is_empty() => {}
            None => self.warnings.push("W_DATE"),
        }
    }
}

/// The first line of the text that holds only a date, where letters and notices are signed; and the line above it.
fn lone_date(body: &str) -> Option<(Date, &str)> {
    let mut above = "";
    for line in body.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.len() < 100
            && line.len() > 7
            && let Some(Stated::Full(date)) = date::parse(line)
        {
            return Some((date, above));
        }
        above = line;
    }
    None
}

/// How the names of bodies end that issue documents.
const BODY_ENDS: [&str; 18] = [
    "国务院",
    "人民政府",
    "政府",
    "委员会",
    "办公厅",
    "办公室",
    "人大",
    "政协",
    "法院",
    "检察院",
    "部",
    "厅",
    "局",
    "署",
    "委",
    "办",
    "总局",
    "银行",
];
/// Longest name of an issuing body, in characters: joint notices name several.
const LONGEST_BODY: usize = 40;

/// The body that issued the document: what stands before 关于 in its title, else the line above its date, if that is the name
/// of a body.
fn issuing_body(title: &str, body: &str) -> Option<String> {
    let is_body = |name: &&str| {
        let characters = name.chars().filter(|c| !c.is_whitespace()).count();
        (2..=LONGEST_BODY).contains(&characters)
            && BODY_ENDS.iter().any(|end| name.ends_with(end))
            && !name.contains(['。', '，', '；', '：', ',', ':', '《'])
    };
    let in_title = title.split_once("关于").map(|(before, _)| before.trim()).filter(is_body);
    in_title.or_else(|| lone_date(body).map(|(_, above)| above).filter(is_body)).map(ToString::to_string)
}

/// The agency at the head of a report, and the day if it states one.
#[derive(Debug, PartialEq, Eq)]
struct Dateline {
    agency: String,
    /// Year if stated, month, day.
    day: Option<(Option<i32>, u8, u8)>,
}

static DATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[\s（(]*据?(本报|\p{Han}{1,6}?[社网报台])\p{Han}{0,12}?(?:([0-9]{4})年)?([0-9]{1,2})月([0-9]{1,2})日(?:专?电|讯|消息)")
        .ok()
});
static UNDATED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*据?(本报|\p{Han}{1,9}?[社网报台])消息\s*(?:[（(][^）)]{1,20}[）)])?\s*[:：]").ok());

impl Dateline {
    fn read(body: &str) -> Option<Self> {
        let head: String = body.trim_start().chars().take(DATELINE_WITHIN).map(half_width).collect();
        if let Some(found) = DATED.as_ref()?.captures(&head) {
            let number = |at: usize| found.get(at).and_then(|m| m.as_str().parse::<i32>().ok());
            let (month, day) = (u8::try_from(number(3)?).ok()?, u8::try_from(number(4)?).ok()?);
            return Some(Self { agency: found[1].to_string(), day: Some((number(2), month, day)) });
        }
        let found = UNDATED.as_ref()?.captures(&head)?;
        Some(Self { agency: found[1].to_string(), day: None })
    }
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, path: &str, options: &SourceOptions) -> (Metadata, String) {
        let (mut found, body) = Metadata::from_head(text);
        let body = text[body..].to_string();
        found.complete(&body, path, options);
        (found, body)
    }

    fn of(text: &str, path: &str) -> (String, String, String, String) {
        let (m, body) = read(text, path, &SourceOptions::default());
        (m.title, m.date.map_or(String::new(), |d| d.to_string()), m.source, body)
    }

    fn row(title: &str, date: &str, source: &str, body: &str) -> (String, String, String, String) {
        (title.into(), date.into(), source.into(), body.into())
    }

    #[test]
    fn partial_dates_of_names_give_the_year() {
        let dateline = |day: &str| format!("某标题\n新华社北京{day}电 好。");
        for (path, day, expected) in [
            ("2023/0105.txt", "12月30日", "2022-12-30"),
            ("2023/0105.txt", "1月4日", "2023-01-04"),
            ("2023-01/a.txt", "12月30日", "2022-12-30"),
            ("报告2023.txt", "11月30日", "2023-11-30"),
            ("报告20231.txt", "11月30日", ""),
        ] {
            assert_eq!(of(&dateline(day), path).1, expected, "{path} {day}");
        }
        assert_eq!(of("某标题\n正文。", "20240230_2024-01-27.txt").1, "2024-01-27");
    }

    #[test]
    fn a_label_says_more_than_a_line() {
        assert_eq!(of("题\n2020年1月1日\n发布日期：2024年1月27日\n文。", "a.txt").1, "2024-01-27");
        assert_eq!(of("题\n发布日期：2024年1月27日\n2020年1月1日\n文。", "a.txt").1, "2024-01-27");
    }

    #[test]
    fn the_issuing_body_stands_in_the_title_or_above_the_date() {
        assert_eq!(of("国务院关于印发规划的通知\n正文。", "a.txt").2, "国务院");
        assert_eq!(of("某通知\n正文如下。\n某市人民政府\n2024年1月27日\n", "a.txt").2, "某市人民政府");
        assert_eq!(of("专家谈关于改革\n正文。", "a.txt").2, "");
    }

    #[test]
    fn a_title_is_not_repeated() {
        let titled = Metadata { title: "推进改革".into(), ..Metadata::default() };
        assert_eq!(titled.without_title("\n推进改革 \n正文。"), "正文。");
        assert_eq!((titled.without_title("推进改革。\n正文。"), titled.without_title("推进改革")), ("推进改革。\n正文。", "推进改革"));
        assert_eq!(Metadata::default().without_title("\n正文。"), "\n正文。");
    }

    #[test]
    fn the_head_gives_title_date_and_source() {
        assert_eq!(of("某地推进改革\n2024-03-05\n\n正文。\n", "a.txt"), row("某地推进改革", "2024-03-05", "", "正文。\n"));
        assert_eq!(
            of("标　题：通知\n来源：某部\n发布日期：2024年3月5日\n正文：好。", "a.txt"),
            row("通知", "2024-03-05", "某部", "正文：好。")
        );
        assert_eq!(of("只有一行", "a.txt"), row("", "", "", "只有一行"));
        assert_eq!(of("这是正文的第一句。\n第二句。", "a.txt"), row("", "", "", "这是正文的第一句。\n第二句。"));
        assert_eq!(of(&format!("{}\n正文", "长".repeat(61)), "a.txt").0, "");
    }

    #[test]
    fn a_signed_notice_is_dated_by_its_first_lone_date() {
        let text = "关于某事的通知\n各单位：\n请遵照执行。\n二〇二四年三月五日\n附件\n2024年4月1日\n";
        assert_eq!(of(text, "a.txt").1, "2024-03-05");
    }

    #[test]
    fn the_file_name_dates_what_the_text_does_not() {
        for name in ["20231130_01.txt", "x 2023-11-30.txt", "法(2023-11-30).md", "2023年11月30日.txt", "2023.11.30.txt"] {
            assert_eq!(of("标题\n正文。", name).1, "2023-11-30", "{name}");
        }
        assert_eq!(of("标题\n正文。", "000_fb77fa30169a27a9.txt").1, "");
        assert_eq!(of("标题\n正文。", "1202311301.txt").1, "");
    }

    #[test]
    fn a_dateline_has_no_year_of_its_own() {
        let text = "标题\n新华社上海11月30日电 正文。";
        let (found, body) = read(text, "a.txt", &SourceOptions::default());
        assert_eq!((found.date, found.source.as_str(), found.warnings), (None, "新华社", vec!["W_DATE_YEAR"]));
        assert!(body.starts_with("新华社"));
        assert_eq!(of(text, "2023/1130.txt").1, "2023-11-30");
        assert_eq!((of(text, "2023-12/a.txt").1, of(text, "2024-01/a.txt").1), ("2023-11-30".into(), "2023-11-30".into()));
        let options = SourceOptions { year: 2023, name: "某报".into(), ..SourceOptions::default() };
        assert_eq!(read(text, "a.txt", &options).0.date, Date::new(2023, 11, 30));
        let ours = read("标题\n本报北京１１月３０日讯 （记者某）正文。", "a.txt", &options).0;
        assert_eq!((ours.source.as_str(), ours.date), ("某报", Date::new(2023, 11, 30)));
        assert_eq!(of("标题\n中新网2024年1月2日电 正文", "a.txt").1, "2024-01-02");
        assert_eq!(of("标题\n央视网消息（新闻联播）：正文", "a.txt").2, "央视网");
        assert_eq!(of("标题\n据新华社北京2024年1月2日电 正文", "a.txt").2, "新华社");
        assert_eq!(of("标题\n最新消息：今天有雨。", "a.txt").2, "");
    }

    #[test]
    fn a_year_alone_dates_nothing() {
        let (found, _) = read("报告\n正文。", "1954.txt", &SourceOptions::default());
        assert_eq!((found.date, found.warnings), (None, vec!["W_DATE_PARTIAL"]));
    }

    #[test]
    fn columns_that_are_no_day_stay_empty_with_a_warning() {
        let mut found = Metadata::default();
        found.set_date("昨天");
        found.set_date("2024");
        found.set_date(" ");
        assert_eq!((found.date, found.warnings), (None, vec!["W_DATE", "W_DATE_PARTIAL"]));
    }
}
