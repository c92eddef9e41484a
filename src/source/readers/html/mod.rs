//! Web pages: the article and what the page states about it, without what stands around it.
//!
//! In: the source of a page, decoded. Out: its lines, above them the rows of its header table as `label：value` lines, and title,
//! date and source. A page passes through [`parse`] (tree), [`page`] (what is text), [`header_table`], [`article`] (which part),
//! [`blocks`] (lines), [`notes`] and [`meta`].

mod article;
pub(super) mod blocks;
mod boilerplate;
mod dom;
mod header_table;
mod meta;
mod page;
mod parse;
mod sink;
mod site;
#[cfg(test)]
mod tests;

use crate::source::extracted::Extracted;
use crate::source::metadata::notes;
use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

use header_table::Row;
use page::Page;

/// Lines before the article among which date and source are looked for.
const LINES_BEFORE: usize = 12;
/// Most lines over which a title at the head of an article is spread.
const TITLE_LINES: usize = 4;

/// Reads a web page, or a piece of one.
///
/// # Errors
/// - [`Code::TooLarge`]: elements lie deeper in each other than `options.max_depth`, or the page was made to do harm;
/// - [`Code::Empty`]: nothing of the page is text.
pub(in crate::source) fn read(html: &str, options: &SourceOptions) -> Result<Extracted, Failure> {
    let mut page = Page::new(parse::parse(html, options)?);
    let rows = header_table::take(&mut page);
    let parts = article::find(&mut page);
    let texts: Vec<String> = parts.iter().map(|part| blocks::text_of(&page, *part)).collect();
    let lines: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
    let before = parts.first().map(|part| blocks::lines_before(&page, page.body(), *part, LINES_BEFORE)).unwrap_or_default();
    let metadata = meta::Known { page: &page, rows: &rows, parts: &parts, before: &before, lines: &lines }.metadata();
    let lines = notes::without_notes(&lines);
    let body = without_title(&lines, &metadata.title);
    if body.is_empty() && rows.is_empty() {
        let message = "no text in the page (only scripts?); save the page after it has loaded, or as text";
        return Err(Failure::new(Stage::Extract, Code::Empty, message));
    }
    Ok(Extracted { metadata, text: assemble(&rows, body) })
}

/// The lines of a piece of HTML inside another text: all of it counts but what no browser shows.
///
/// # Errors
/// [`Code::TooLarge`] as of [`read`].
pub(super) fn lines_of_fragment(html: &str, options: &SourceOptions) -> Result<String, Failure> {
    let page = Page::of_fragment(parse::parse(html, options)?);
    Ok(blocks::text_of(&page, page.body()))
}

/// The lines after the title where that stands again at their head, also cut into several lines; unless nothing would be left.
fn without_title<'l, 't>(lines: &'l [&'t str], title: &str) -> &'l [&'t str] {
    let compact = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let title = compact(title);
    let mut head = String::new();
    for (at, line) in lines.iter().enumerate().take(TITLE_LINES) {
        head.push_str(&compact(line));
        if head == title && at + 1 < lines.len() {
            return &lines[at + 1..];
        }
    }
    lines
}

fn assemble(rows: &[Row], lines: &[&str]) -> String {
    let rows = rows.iter().map(|(label, value)| format!("{label}：{value}"));
    let all: Vec<String> = rows.chain(lines.iter().map(ToString::to_string)).collect();
    all.join("\n")
}
