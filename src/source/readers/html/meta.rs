//! Title, date and source of a page, as its head, its header table and the lines around its title state them.

use super::dom::NodeId;
use super::header_table::{self, Row};
use super::page::Page;
use super::site::{is_site_name, without_site};
use crate::source::metadata::Metadata;
use crate::source::metadata::notes::{
    HEAD_LINES, LONGEST_NOTE, LONGEST_SOURCE, day_in, first_day, is_note, labelled_day, source_in, source_value, timed_day,
};

/// Names of `<meta>` that hold the title, the surest first; letter case does not count.
const TITLE_NAMES: [&str; 4] = ["articletitle", "og:title", "dc.title", "title"];
/// Names of `<meta>` that hold the date of publication.
const DATE_NAMES: [&str; 11] = [
    "pubdate",
    "publishdate",
    "article:published_time",
    "og:published_time",
    "publishtime",
    "publish_time",
    "datepublished",
    "dc.date",
    "dcterms.issued",
    "og:release_date",
    "date",
];
/// Names of `<meta>` that hold the source.
const SOURCE_NAMES: [&str; 4] = ["contentsource", "source", "og:article:source", "mediaid"];

/// Longest title that is believed, in characters.
const LONGEST_TITLE: usize = 150;

/// What is read of a page beside its text.
pub(super) struct Known<'a> {
    pub page: &'a Page,
    pub rows: &'a [Row],
    /// The elements of the article.
    pub parts: &'a [NodeId],
    /// Lines right before the article, nearest last.
    pub before: &'a [String],
    /// Lines of the article.
    pub lines: &'a [&'a str],
}

impl Known<'_> {
    /// All that is stated; the rest stays empty.
    pub fn metadata(&self) -> Metadata {
        let names = MetaNames::of(self.page);
        let mut metadata = Metadata { title: self.title(&names), source: self.source(&names), ..Metadata::default() };
        if let Some(day) = self.day(&names) {
            metadata.set_date(&day);
        }
        metadata
    }

    fn title(&self, names: &MetaNames) -> String {
        let stated = names.first(&TITLE_NAMES).map(without_site);
        let table = || header_table::value(self.rows, &["标题", "名称", "信息名称", "文件名称"]).map(ToString::to_string);
        let found = stated.or_else(|| self.heading(names)).or_else(table).or_else(|| names.title.as_deref().map(without_site));
        let is_title = |title: &String| !title.is_empty() && title.chars().count() <= LONGEST_TITLE && !is_site_name(title);
        found.filter(is_title).unwrap_or_default()
    }

    /// The main heading of the article, or the last one before it; where the page has a title, one that says the same.
    fn heading(&self, names: &MetaNames) -> Option<String> {
        let within = |id: NodeId| self.page.dom.ancestors(id).any(|above| self.parts.contains(&above));
        let headings: Vec<NodeId> =
            self.page.elements().filter(|id| self.page.is_named(*id, "h1") && !self.page.is_within_out(*id)).take(20).collect();
        let text = |id: NodeId| one_line(self.page, id);
        let same = |id: &NodeId| names.title.as_ref().is_some_and(|title| compact(title).starts_with(&compact(&text(*id))));
        let usable: Vec<NodeId> = headings.into_iter().filter(|id| !text(*id).is_empty()).collect();
        let chosen = usable.iter().copied().find(same).or_else(|| usable.iter().copied().find(|id| within(*id)));
        chosen.or_else(|| usable.iter().copied().rfind(|id| self.parts.first().is_some_and(|part| id < part))).map(text)
    }

    fn source(&self, names: &MetaNames) -> String {
        let stated = names.first(&SOURCE_NAMES).map(|value| source_value(value).to_string());
        let near = || self.near().find_map(source_in);
        let table = || header_table::value(self.rows, &["来源", "信息来源", "发文机关", "发布机构", "发文单位", "发文机构", "制发机关"]);
        let is_source = |source: &String| !source.is_empty() && source.chars().count() <= LONGEST_SOURCE;
        stated
            .filter(is_source)
            .or_else(|| near().filter(is_source))
            .or_else(|| table().map(ToString::to_string).filter(is_source))
            .unwrap_or_default()
    }

    /// The day of publication, as text.
    fn day(&self, names: &MetaNames) -> Option<String> {
        let stated = || DATE_NAMES.iter().find_map(|name| names.first(&[name]).and_then(day_in));
        let table = || {
            let labels =
                ["成文日期", "成文时间", "发文日期", "制发日期", "印发日期", "生成日期", "发布日期", "发布时间", "公开日期", "公布日期"];
            labels.iter().find_map(|label| header_table::value(self.rows, &[label]).and_then(day_in))
        };
        let labelled = || self.near().find_map(labelled_day);
        let timed = || self.near().find_map(timed_day);
        let beside_source = || self.near().filter(|line| source_in(line).is_some()).find_map(first_day);
        let element = || names.time.as_deref().and_then(day_in);
        stated().or_else(element).or_else(table).or_else(labelled).or_else(timed).or_else(beside_source)
    }

    /// Lines near the title, nearest first: those before the article from its end, and its own first ones.
    fn near(&self) -> impl Iterator<Item = &str> {
        let own = self.lines.iter().copied().take(HEAD_LINES).filter(|line| is_note(line));
        self.before.iter().rev().map(String::as_str).chain(own).filter(|line| line.chars().count() <= LONGEST_NOTE)
    }
}

/// What the head of a page states.
struct MetaNames {
    /// Name and content of each `<meta>`, names in lower case.
    contents: Vec<(String, String)>,
    /// `<title>`.
    title: Option<String>,
    /// The first `<time datetime>`.
    time: Option<String>,
}

/// Most `<meta>` of a page.
const MOST_META: usize = 500;

impl MetaNames {
    fn of(page: &Page) -> Self {
        let mut found = Self { contents: Vec::new(), title: None, time: None };
        for id in page.elements() {
            let Some(element) = page.dom.element(id) else { continue };
            match element.name() {
                "meta" if found.contents.len() < MOST_META => {
                    let name = ["name", "property", "itemprop", "http-equiv"].iter().find_map(|key| element.attribute(key));
                    if let (Some(name), Some(content)) = (name, element.attribute("content")) {
                        found.contents.push((name.trim().to_ascii_lowercase(), content.trim().to_string()));
                    }
                }
                "title" if found.title.is_none() => {
                    let title = page.dom.text_of(id, 1_000);
                    found.title = Some(title.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|title| !title.is_empty());
                }
                "time" if found.time.is_none() && !page.is_within_out(id) => {
                    found.time = element.attribute("datetime").map(ToString::to_string)
                }
                _ => {}
            }
        }
        found
    }

    /// Content of the first of these names that has one.
    fn first(&self, names: &[&str]) -> Option<&str> {
        let of = |wanted: &&str| self.contents.iter().find(|(name, content)| name == wanted && !content.is_empty());
        names.iter().find_map(of).map(|(_, content)| content.as_str())
    }
}

fn one_line(page: &Page, id: NodeId) -> String {
    let text = super::blocks::text_of(page, id);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
