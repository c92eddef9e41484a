//! Lines of pages: which are only running headers, footers and page numbers, and which go on in the next.

use std::collections::{BTreeMap, BTreeSet};

use super::Pages;
use crate::text::{WrappedLine, join_lines};

/// A line as it stands on its page; lengths in points, heights from the bottom of the page up.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Line {
    pub text: String,
    pub left: f32,
    pub right: f32,
    /// Its base line.
    pub base: f32,
    /// Size of its letters.
    pub size: f32,
    /// Width of its page.
    pub page_width: f32,
}

/// How many lines at the top and the bottom of a page may be running ones.
const EDGE: usize = 3;
/// Fewer pages do not show what repeats.
const FEWEST_PAGES: usize = 3;
/// How far a full line may fall short of the usual right edge, in letters.
const RAGGED: f32 = 2.0;
/// An indent that begins a paragraph, in letters.
const INDENT: f32 = 0.8;

/// Takes off running headers, footers and page numbers.
///
/// From the top of each page down, and from the bottom up, at most three lines go as long as they run: lines that stand there on
/// at least 60 % of at least three pages, numbers in them left out of account; and page numbers such as `— 3 —`, `第3页 共10页`,
/// `3/10`, or a bare number that counts with the pages.
pub(super) fn without_running(pages: &Pages) -> Pages {
    let edges: Vec<Edges> = pages.0.iter().map(|page| Edges::of(page)).collect();
    let counts = [0, 1].map(|side| pages_with(pages, &edges, side));
    let many = pages.0.len();
    let repeats = |side: usize, text: &str| {
        let times = counts[side].get(&masked(text)).copied().unwrap_or(0);
        times >= FEWEST_PAGES && times * 10 >= many * 6 && bare_number(text).is_none()
    };
    let offset = number_offset(pages, &edges);
    let kept = pages.0.iter().zip(&edges).enumerate().map(|(number, (page, edge))| {
        let counts_on = |text: &str| offset.is_some() && bare_number(text).map(|n| n - number as i64) == offset;
        let runs = |side: usize, at: usize| {
            let text = &page[at].text;
            repeats(side, text) || is_page_number(text) || counts_on(text)
        };
        let gone: Vec<usize> = (0..2).flat_map(|side| edge.0[side].iter().copied().take_while(move |&at| runs(side, at))).collect();
        page.iter().enumerate().filter(|(at, _)| !gone.contains(at)).map(|(_, line)| line.clone()).collect()
    });
    Pages(kept.collect())
}

/// On how many pages a line stands at the top (side 0) or the bottom.
fn pages_with(pages: &Pages, edges: &[Edges], side: usize) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (page, edge) in pages.0.iter().zip(edges) {
        let keys: BTreeSet<String> = edge.0[side].iter().map(|&at| masked(&page[at].text)).collect();
        keys.into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
    }
    counts
}

/// Which lines stand highest and lowest on a page, from the edge inwards.
struct Edges([Vec<usize>; 2]);

impl Edges {
    fn of(page: &[Line]) -> Self {
        let mut by_height: Vec<usize> = (0..page.len()).filter(|&at| !page[at].text.trim().is_empty()).collect();
        by_height.sort_by(|&a, &b| page[b].base.total_cmp(&page[a].base).then(a.cmp(&b)));
        let top = by_height.iter().copied().take(EDGE).collect();
        Self([top, by_height.iter().rev().copied().take(EDGE).collect()])
    }
}

/// What bare numbers at page edges add to the number of the page, if they count with it: the value that most pages agree on,
/// at least two, or that of the only page.
fn number_offset(pages: &Pages, edges: &[Edges]) -> Option<i64> {
    let mut offsets: BTreeMap<i64, usize> = BTreeMap::new();
    for (number, (page, edge)) in pages.0.iter().zip(edges).enumerate() {
        let mut of_page: Vec<i64> = edge.0.iter().flatten().filter_map(|&at| bare_number(&page[at].text)).collect();
        of_page.sort_unstable();
        of_page.dedup();
        of_page.into_iter().for_each(|n| *offsets.entry(n - number as i64).or_default() += 1);
    }
    let (offset, times) = offsets.into_iter().max_by_key(|&(offset, times)| (times, -offset.abs()))?;
    (times >= 2 || (pages.0.len() == 1 && offset == 1)).then_some(offset)
}

fn bare_number(text: &str) -> Option<i64> {
    let text = text.trim();
    (text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// A line with each number as one mark and without white space.
fn masked(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c.is_numeric() {
            true if out.ends_with('\u{0}') => {}
            true => out.push('\u{0}'),
            false => out.push(c),
        }
    }
    out
}

/// `— 3 —`, `第3页`, `第 3 页 共 10 页`, `3/10`, `Page 3 of 10`.
fn is_page_number(text: &str) -> bool {
    let masked = masked(text).to_lowercase().replace('\u{0}', "0");
    let dashes = ['-', '—', '–', '―', '－', '─', '·', '~', '～'];
    let inner = masked.trim_matches(dashes);
    let dashed = inner == "0" && masked.starts_with(dashes) && masked.ends_with(dashes);
    let forms = [
        "第0页",
        "第0页共0页",
        "第0页,共0页",
        "第0页，共0页",
        "第0页/共0页",
        "共0页第0页",
        "共0页，第0页",
        "0/0",
        "page0",
        "page0of0",
        "0of0",
    ];
    dashed || forms.contains(&inner)
}

/// Joins the lines of all pages to paragraphs, over page ends too.
pub(super) fn paragraphs(pages: &Pages) -> String {
    let lines: Vec<&Line> = pages.0.iter().flatten().collect();
    let margins = Margins::of(&lines);
    let leading = usual_leading(&lines);
    let wrapped = lines.iter().enumerate().map(|(at, line)| {
        let before = at.checked_sub(1).map(|before| lines[before]);
        let begins = before.is_none_or(|before| stands_apart(before, line, leading));
        WrappedLine { text: &line.text, is_full: margins.is_full(line), begins }
    });
    join_lines(wrapped)
}

/// Whether a line begins a paragraph: indented against the line before, after a gap, or in letters of another size.
fn stands_apart(before: &Line, line: &Line, leading: f32) -> bool {
    let drop = before.base - line.base;
    // Upwards is another column or page, where nothing can be said of the gap.
    let after_gap = drop > 0.0 && leading > 0.0 && drop > leading * 1.6;
    let resized = (before.size - line.size).abs() > 0.15 * before.size.max(line.size);
    let indented = drop > 0.0 && line.left > before.left + INDENT * line.size;
    after_gap || resized || indented
}

/// The usual distance of two lines: the median, of two the smaller; 0 without any.
fn usual_leading(lines: &[&Line]) -> f32 {
    let mut drops: Vec<f32> = lines.windows(2).map(|pair| pair[0].base - pair[1].base).filter(|drop| *drop > 0.5).collect();
    drops.sort_by(f32::total_cmp);
    drops.get(drops.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}

/// Right edges that many lines share: the margins of the pages and of their columns.
struct Margins {
    /// Sorted, in points.
    shared: Vec<f32>,
    /// Smallest left edge.
    left: f32,
}

impl Margins {
    fn of(lines: &[&Line]) -> Self {
        let mut rights: Vec<f32> = lines.iter().map(|line| line.right).collect();
        rights.sort_by(f32::total_cmp);
        let enough = (lines.len() * 15 / 100).max(3);
        let size = lines.iter().map(|line| line.size).sum::<f32>() / lines.len().max(1) as f32;
        let mut shared = Vec::new();
        let mut start = 0;
        for end in 0..rights.len() {
            while rights[end] - rights[start] > size {
                start += 1;
            }
            if end + 1 - start >= enough {
                shared.push(rights[end]);
            }
        }
        Self { shared, left: lines.iter().map(|line| line.left).min_by(f32::total_cmp).unwrap_or(0.0) }
    }

    /// Whether a line reaches a margin: one that many lines share, or one as wide as the left margin of the page.
    fn is_full(&self, line: &Line) -> bool {
        let slack = RAGGED * line.size;
        let next = self.shared.partition_point(|margin| *margin < line.right - 0.5);
        self.shared.get(next).is_some_and(|margin| line.right >= margin - slack) || line.right >= line.page_width - self.left - slack
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of lines of 12-point letters, 24 points apart, on paper 400 points wide.
    fn page(lines: &[(f32, &str)]) -> Vec<Line> {
        let line = |(at, &(left, text)): (usize, &(f32, &str))| Line {
            text: text.into(),
            left,
            right: left + 12.0 * text.chars().count() as f32,
            base: 700.0 - 24.0 * at as f32,
            size: 12.0,
            page_width: 400.0,
        };
        lines.iter().enumerate().map(line).collect()
    }

    fn texts(pages: &Pages) -> Vec<Vec<&str>> {
        pages.0.iter().map(|page| page.iter().map(|line| line.text.as_str()).collect()).collect()
    }

    #[test]
    fn running_lines_and_page_numbers_go() {
        let bodies = ["粮食储备", "入库检验", "轮换计划", "信息报告"];
        let pages = bodies.iter().enumerate().map(|(at, body)| {
            let (footer, header) = (format!("— {} —", at + 1), format!("储备条例 第{}期", at + 7));
            let number = (at + 5).to_string();
            page(&[(50.0, &header), (50.0, body), (50.0, "表"), (50.0, "7"), (50.0, "甲"), (50.0, body), (50.0, &number), (50.0, &footer)])
        });
        let kept = without_running(&Pages(pages.collect()));
        for (kept, body) in texts(&kept).into_iter().zip(bodies) {
            assert_eq!(kept, [body, "表", "7", "甲", body], "表 repeats, but not at the edge");
        }
    }

    #[test]
    fn little_repetition_is_no_header() {
        let pages = Pages(vec![page(&[(50.0, "通知"), (50.0, "2024")]), page(&[(50.0, "通知"), (50.0, "7")])]);
        assert_eq!(without_running(&pages), pages);
    }

    #[test]
    fn page_numbers_have_many_forms() {
        for text in ["— 3 —", "-12-", "－ 3 －", "第3页", "第 3 页 共 10 页", "3/10", "3 / 10", "Page 3 of 10", "第３页"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["3", "第3条", "2024年", "—", "3-10", "-5", "共10人"] {
            assert!(!is_page_number(text), "{text}");
        }
        let numbered = |body: &str, n: &str| page(&[(50.0, body), (50.0, n)]);
        let kept = without_running(&Pages(vec![numbered("甲", "5"), numbered("乙", "6"), numbered("丙", "2024")]));
        assert_eq!(texts(&kept), [vec!["甲"], vec!["乙"], vec!["丙", "2024"]]);
    }

    #[test]
    fn full_lines_go_on_also_over_a_page_end() {
        let first = page(&[
            (148.0, "关于储备的通知"),
            (74.0, "各地要按照年度计划安排轮换，做好入库粮食的质量"),
            (50.0, "检验，建立档案，并推广绿色仓储技术"),
            (74.0, "有条件的地方可以减少损耗，提高管理水平，并按季"),
        ]);
        let second = page(&[(50.0, "度报告。")]);
        let expected = [
            "关于储备的通知",
            "各地要按照年度计划安排轮换，做好入库粮食的质量检验，建立档案，并推广绿色仓储技术",
            "有条件的地方可以减少损耗，提高管理水平，并按季度报告。",
        ];
        assert_eq!(paragraphs(&Pages(vec![first, second])).lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_gap_or_another_size_parts() {
        let mut lines = page(&[(50.0, "前一段占满了整整一行的宽度没有任何标点符号在末尾"); 3]);
        lines[1].base -= 40.0;
        lines[2].base -= 40.0;
        assert_eq!(paragraphs(&Pages(vec![lines.clone()])).lines().count(), 2);
        lines.iter_mut().for_each(|line| line.size = 12.0);
        lines[1].base += 40.0;
        lines[2].base += 40.0;
        assert_eq!(paragraphs(&Pages(vec![lines.clone()])).lines().count(), 1);
        lines[0].size = 16.0;
        assert_eq!(paragraphs(&Pages(vec![lines])).lines().count(), 2);
    }
}
