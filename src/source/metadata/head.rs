//! The lines before the text proper: labels, dates, the number of an official document, a title.

use crate::text::simplified;

use super::date::{self, Stated};
use super::{Metadata, document_number, notes};

/// Longest first line that is taken for a title, in characters.
const LONGEST_TITLE: usize = 60;

/// Longest line of a head, in bytes: some 300 characters. A longer one is text.
const LONGEST_LINE: usize = 1_000;
/// Longest label, in bytes: some 20 characters with blanks between them.
const LONGEST_LABEL: usize = 60;

/// How names of papers, agencies and stations end, and the longest that is believed, in characters.
const PAPERS: [&str; 8] = ["报", "网", "社", "台", "刊", "杂志", "客户端", "公众号"];
const LONGEST_PAPER: usize = 20;

/// Labels of what is kept.
const DATE_LABELS: [&str; 7] = ["成文日期", "发布日期", "印发日期", "发布时间", "发文日期", "日期", "时间"];
const SOURCE_LABELS: [&str; 3] = ["来源", "发布机构", "信息来源"];
const BODY_LABELS: [&str; 5] = ["发文机关", "发文机构", "发文单位", "制定机关", "公布机关"];
const NUMBER_LABELS: [&str; 4] = ["发文字号", "文号", "文件编号", "发文文号"];

/// Labels whose lines belong to the frame of an official page and say nothing that is kept.
const FRAME_LABELS: [&str; 12] =
    ["索引号", "主题分类", "主题词", "分类", "公文种类", "公文时效", "有效性", "时效性", "效力级别", "信息分类", "公开类别", "信息名称"];

/// Whether a text begins with one of the labels and its colon.
fn begins_with_label(text: &str) -> bool {
    let Some((end, _)) = text.char_indices().take(9).find(|(_, c)| matches!(c, '：' | ':')) else { return false };
    let label = simplified(&text[..end]);
    let known: [&[&str]; 6] = [&["标题"], &DATE_LABELS, &SOURCE_LABELS, &BODY_LABELS, &NUMBER_LABELS, &FRAME_LABELS];
    known.iter().any(|labels| labels.contains(&&*label))
}

impl Metadata {
    /// Reads the lines before the text proper. Returns what they say and the byte at which the text begins.
    ///
    /// The head holds, in any order: labels (`标题：`, `发布日期：`, `来源：`, `发文字号：`), lines that are a date or the number of
    /// an official document and nothing else, and first of all, or right after such lines, a title: at most 60 characters,
    /// without `。；，：` at its end, and with text after it. `某机关文件` above a number is the head of the paper, not a title.
    pub fn from_head(text: &str) -> (Self, usize) {
        let mut found = Self::default();
        let mut body = 0;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let (start, content) = (at, line.trim());
            at += line.len();
            if content.is_empty() {
                continue;
            }
            if content.len() > LONGEST_LINE {
                body = start;
                break;
            }
            let taken = found.take_letterhead(content, &text[at..])
                || found.take_number(content)
                || found.take_notes(content)
                || found.take_labels(content)
                || found.take_line_date(content)
                || found.take_paper_and_day(content)
                || found.take_title(content, &text[at..]);
            if !taken {
                body = start;
                break;
            }
            body = at;
        }
        if text[body..].trim().is_empty() {
            // All that there is may not vanish.
            return (Self::default(), 0);
        }
        (found, body)
    }

    /// `国务院办公厅文件`, where the number of the document follows.
    fn take_letterhead(&mut self, line: &str, after: &str) -> bool {
        let Some(issuer) = line.strip_suffix("文件").filter(|issuer| (2..=40).contains(&issuer.chars().count())) else { return false };
        let next = after.lines().map(str::trim).find(|line| !line.is_empty());
        if !self.issuing_body.is_empty() || next.and_then(document_number::whole).is_none() {
            return false;
        }
        self.issuing_body = issuer.split_whitespace().collect();
        true
    }

    fn take_number(&mut self, line: &str) -> bool {
        if !self.document_number.is_empty() {
            return false;
        }
        let number = document_number::whole(line);
        let taken = number.is_some();
        self.document_number = number.unwrap_or_default();
        taken
    }

    /// `2024-03-05 10:20　来源：人民日报　作者：…`.
    fn take_notes(&mut self, line: &str) -> bool {
        let Some(note) = notes::several_in(line) else { return false };
        if self.date.is_none() || self.date_from_line {
            self.date_from_line &= note.day.is_none();
            self.date = note.day.or(self.date);
        }
        if self.source.is_empty() {
            self.source = note.source.unwrap_or_default();
        }
        true
    }

    /// A label, or several on one line: `发文字号：… 发布日期：…`. Where one of them is a sentence, all of the line is text.
    fn take_labels(&mut self, line: &str) -> bool {
        let starts = line.match_indices(char::is_whitespace).map(|(at, blank)| at + blank.len());
        let starts: Vec<usize> = std::iter::once(0).chain(starts.filter(|at| begins_with_label(&line[*at..]))).collect();
        let ends = starts[1..].iter().copied().chain([line.len()]);
        let mut tried = self.clone();
        let mut labels = starts.iter().zip(ends).map(|(start, end)| line[*start..end].trim());
        let all = labels.all(|label| tried.take_label(label));
        if all {
            *self = tried;
        }
        all || (starts.len() > 1 && self.take_label(line))
    }

    fn take_label(&mut self, line: &str) -> bool {
        let in_brackets = || line.strip_prefix('【')?.split_once('】').filter(|(_, value)| !value.is_empty());
        let Some((label, value)) = line.split_once(['：', ':']).or_else(in_brackets) else { return false };
        if label.len() > LONGEST_LABEL {
            return false;
        }
        let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
        // 標題, 來源 and 發布日期 are the same labels.
        let label = simplified(&label);
        let label = label.trim_matches(['【', '】', '[', ']', '〔', '〕']);
        let value = value.trim();
        // A sentence that begins like a label is text.
        if value.ends_with(['。', '；', '！', '？']) || value.chars().count() > LONGEST_TITLE {
            return false;
        }
        match label {
            "标题" if self.title.is_empty() => self.title = value.to_string(),
            _ if DATE_LABELS.contains(&label) => {
                match date::parse(value) {
                    // Of two days, such as those of signing and of publication, the first stands.
                    Some(_) if self.date.is_some() && !self.date_from_line => {}
                    Some(Stated::Full(_)) => return self.take_date(value),
                    Some(Stated::Partial { year, month }) => self.take_date_part(year, month),
                    // An empty label says nothing; `时间：周三下午` is what the text has to say.
                    None => return value.is_empty(),
                }
            }
            _ if SOURCE_LABELS.contains(&label) && self.source.is_empty() => self.source = value.to_string(),
            _ if BODY_LABELS.contains(&label) && self.issuing_body.is_empty() => {
                self.issuing_body = value.to_string();
            }
            _ if NUMBER_LABELS.contains(&label) && self.document_number.is_empty() => {
                self.document_number = document_number::as_usual(value.to_string());
            }
            _ => return FRAME_LABELS.contains(&label),
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

    /// `人民日报 2024年3月5日`, or the other way round.
    fn take_paper_and_day(&mut self, line: &str) -> bool {
        let is_paper = |name: &str| {
            name.chars().count() <= LONGEST_PAPER && PAPERS.iter().any(|end| name.ends_with(end)) && !name.contains(char::is_whitespace)
        };
        let full = |text: &str| match date::parse(text)? {
            Stated::Full(date) => Some(date),
            Stated::Partial { .. } => None,
        };
        let paper_first = || line.split_once(char::is_whitespace).filter(|(paper, _)| is_paper(paper));
        let paper_last = || line.rsplit_once(char::is_whitespace).filter(|(_, paper)| is_paper(paper)).map(|(day, paper)| (paper, day));
        let read = paper_first().or_else(paper_last).and_then(|(paper, day)| Some((paper, full(day)?)));
        let Some((paper, date)) = read.filter(|_| self.date.is_none() && self.source.is_empty()) else { return false };
        (self.source, self.date) = (paper.to_string(), Some(date));
        true
    }

    fn take_title(&mut self, line: &str, after: &str) -> bool {
        let fits = line.chars().count() <= LONGEST_TITLE && !line.ends_with(['。', '；', '，', '：', ';', ',', ':']);
        if !fits || !self.title.is_empty() || after.trim().is_empty() {
            return false;
        }
        self.title = line.to_string();
        true
    }

    /// Takes in what the first lines say, where the format itself said nothing. Returns the byte at which the text begins:
    /// `body`, or 0 where the first line is no repeated title but a heading that would be lost.
    pub fn take_head(&mut self, head: Self, body: usize) -> usize {
        let titled = !self.title.is_empty();
        let repeated = head.title == self.title;
        let start = if titled && !repeated && !head.title.is_empty() { 0 } else { body };
        if self.date.is_none() && !self.date_unreadable && head.date.is_none_or(|date| self.fits_date_part(date)) {
            (self.date, self.date_from_line) = (head.date, head.date_from_line);
            self.date_part = self.date_part.or(head.date_part);
        }
        let texts = [
            (&mut self.title, head.title),
            (&mut self.source, head.source),
            (&mut self.document_number, head.document_number),
            (&mut self.issuing_body, head.issuing_body),
        ];
        for (own, other) in texts.into_iter().filter(|(own, _)| own.is_empty()) {
            *own = other;
        }
        self.warnings.extend(head.warnings);
        start
    }
}
