//! Elements into lines: each block element, each cell and what `<br>` parts is a line of its own.
//!
//! White space of the source is collapsed as a browser does it, with one difference: a line break of the source between two
//! Chinese characters is nothing, since a space there would part a word.

use super::dom::{Data, Dom, Element, NodeId, Step};
use super::page::Page;
use crate::text::is_han;

/// Elements that begin and end a line, in alphabetical order.
const BLOCKS: [&str; 52] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "xmp",
];

/// The lines of an element, parted by LF and none of them empty, without what the page leaves out.
pub(super) fn text_of(page: &Page, root: NodeId) -> String {
    let mut lines = Lines::default();
    write(page, root, None, &mut lines);
    lines.finish()
}

/// The last lines before an element, at most `most` of them: where a page states date and source of its article.
pub(super) fn lines_before(page: &Page, root: NodeId, end: NodeId, most: usize) -> Vec<String> {
    let mut lines = Lines::default();
    write(page, root, Some(end), &mut lines);
    let text = lines.finish();
    let mut last: Vec<String> = text.lines().rev().take(most).map(ToString::to_string).collect();
    last.reverse();
    last
}

fn write(page: &Page, root: NodeId, end: Option<NodeId>, lines: &mut Lines) {
    let mut walk = page.dom.walk(root);
    while let Some(step) = walk.next() {
        match step {
            Step::Enter(id) if Some(id) == end => break,
            Step::Enter(id) if id != root && page.is_out(id) => walk.pass_over(id),
            Step::Enter(id) => lines.enter(&page.dom, id),
            Step::Leave(id) if id != root && page.is_out(id) => lines.leave_passed_over(&page.dom, id),
            Step::Leave(id) => lines.leave(&page.dom, id),
        }
    }
}

/// Text on its way into lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    done: String,
    line: String,
    /// White space since the last character, and whether a line of the source ended in it.
    space: Option<bool>,
    /// Elements around this place that keep the lines of the source.
    preformatted: usize,
}

impl Lines {
    fn enter(&mut self, dom: &Dom, id: NodeId) {
        match &dom.nodes[id].data {
            Data::Text(text) => self.push(text),
            Data::Element(element) => {
                if is_block(element) || element.name() == "br" {
                    self.end_line();
                }
                self.preformatted += usize::from(is_preformatted(element));
            }
            Data::Other => {}
        }
    }

    /// Leaves an element that was never entered: it parts lines and does nothing else.
    fn leave_passed_over(&mut self, dom: &Dom, id: NodeId) {
        if dom.element(id).is_some_and(is_block) {
            self.end_line();
        }
    }

    fn leave(&mut self, dom: &Dom, id: NodeId) {
        self.leave_passed_over(dom, id);
        let Some(element) = dom.element(id) else { return };
        self.preformatted -= usize::from(is_preformatted(element));
    }

    /// Adds text of the source.
    pub fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' if self.preformatted > 0 => self.end_line(),
                ' ' | '\t' if self.preformatted > 0 => self.line.push(c),
                ' ' | '\t' | '\n' | '\r' | '\u{C}' => self.space = Some(self.space.unwrap_or(false) || c == '\n'),
                _ => self.push_character(c),
            }
        }
    }

    fn push_character(&mut self, c: char) {
        if let (Some(broken), Some(last)) = (self.space.take(), self.line.chars().next_back())
            && !(broken && joins_without_space(last, c))
        {
            self.line.push(' ');
        }
        self.line.push(c);
    }

    /// Ends the line; one without text is no line.
    pub fn end_line(&mut self) {
        self.space = None;
        if !self.line.trim().is_empty() {
            self.done.push_str(self.line.trim_end_matches([' ', '\t']));
            self.done.push('\n');
        }
        self.line.clear();
    }

    /// All lines.
    pub fn finish(mut self) -> String {
        self.end_line();
        self.done.pop();
        self.done
    }
}

fn is_block(element: &Element) -> bool {
    BLOCKS.binary_search(&element.name()).is_ok()
}

fn is_preformatted(element: &Element) -> bool {
    let style = || {
        let style = element.attribute("style").unwrap_or_default();
        style.split(';').filter_map(|rule| rule.split_once(':')).any(|(property, value)| {
            property.trim().eq_ignore_ascii_case("white-space") && value.trim().get(..3).is_some_and(|v| v.eq_ignore_ascii_case("pre"))
        })
    };
    matches!(element.name(), "pre" | "listing" | "xmp" | "plaintext") || style()
}

/// Whether a line break between two characters stands for nothing: between Chinese characters and their marks.
pub(in crate::source::readers) fn joins_without_space(before: char, after: char) -> bool {
    let is_wide = |c: char| is_han(c) || matches!(c, '\u{2E80}'..='\u{303F}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF01}'..='\u{FF60}');
    // Quotation marks and dashes are as wide as their neighbours.
    let is_mark = |c: char| matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·');
    (is_wide(before) || is_mark(before)) && (is_wide(after) || is_mark(after))
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;
    use crate::source::options::SourceOptions;

    fn lines(html: &str) -> Vec<String> {
        let page = Page::of_fragment(parse(html, &SourceOptions::default()).unwrap());
        text_of(&page, super::super::dom::ROOT).lines().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_left_out_changes_nothing_after_it() {
        assert_eq!(lines("<pre hidden>码</pre><p>一  二\n三</p>"), ["一 二三"]);
        assert_eq!(lines("<pre>甲\n<pre hidden>码</pre>乙\n丙</pre>"), ["甲", "乙", "丙"]);
    }

    #[test]
    fn blocks_and_breaks_part_lines_and_inline_elements_do_not() {
        assert_eq!(
            lines("<p>推<b>进</b><span>改革</span><wbr>。</p>第二<br>行<ul><li>甲<li>乙</ul>"),
            ["推进改革。", "第二", "行", "甲", "乙"]
        );
        assert_eq!(lines("<table><tr><td>县</td><td>产值<p>万元</td></tr></table>"), ["县", "产值", "万元"]);
        assert_eq!(lines("<p>正文<img src=a alt=图><script>x</script><!-- 注 --></p><svg><text>图</text></svg>"), ["正文"]);
        assert_eq!(lines("<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>字"), ["汉字"]);
    }

    #[test]
    fn white_space_collapses_as_in_a_browser() {
        assert_eq!(lines("<p>\n  推进\n  改革 ，two\n words\t here </p>"), ["推进改革 ，two words here"]);
        assert_eq!(lines("<p>甲&nbsp;&nbsp;乙</p><p>&nbsp;</p><p>\u{3000}\u{3000}丙</p>"), ["甲\u{A0}\u{A0}乙", "\u{3000}\u{3000}丙"]);
        assert_eq!(lines("<p><b>甲</b> <b>乙</b></p>"), ["甲 乙"]);
        assert_eq!(lines("<pre>一\n  二\n\n三</pre>"), ["一", "  二", "三"]);
        assert_eq!(lines("<div style='white-space: pre-wrap'>一\n二</div>三\n四"), ["一", "二", "三四"]);
    }

    #[test]
    fn block_names_are_sorted() {
        assert!(BLOCKS.is_sorted());
    }
}
