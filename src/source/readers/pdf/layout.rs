//! From the runs of a page to its lines, and from glyphs that stand for several characters to one.

use pdf_oxide::layout::TextSpan;

use super::gate::is_private_use;
use super::lines::Line;
use crate::text::is_han;
use crate::text::radicals::{fold_ideograph, fold_radical};

/// A gap between two runs that is seen as a space, in letters: Latin, and any other. Writers put a quarter of a letter between
/// Han and Latin by themselves, and stretch lines to the margin.
const LATIN_GAP: f32 = 0.15;
const WIDE_GAP: f32 = 0.8;

/// What is known of the paper.
#[derive(Clone, Copy)]
pub(super) struct Paper {
    /// In points, unturned.
    pub width: f32,
    /// Whether the page is shown turned. The library then gives the places of turned text as they are shown.
    pub is_turned: bool,
}

/// The lines of a page, in reading order. Runs that lie askew are left out: they are watermarks and stamps.
pub(super) fn lines(spans: &[TextSpan], paper: Paper) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut runs: Vec<Run> = spans.iter().filter(|span| !is_askew(span.rotation_degrees)).map(|span| Run::of(span, paper)).collect();
    // The order of the library is that of upright pages.
    runs.chunk_by_mut(|a, b| a.quarter == b.quarter).filter(|turned| turned[0].quarter != 0).for_each(sort_downwards);
    for run in runs {
        match out.last_mut().filter(|line| run.continues(line)) {
            Some(line) => run.append_to(line),
            None => out.push(run.into_line()),
        }
    }
    for line in &mut out {
        line.text = tidy(&line.text);
    }
    out.retain(|line| !line.text.is_empty());
    out
}

/// Sorts runs by their base lines, from the top down, and along each.
fn sort_downwards(runs: &mut [Run]) {
    let half_lines = |run: &Run| (run.base / run.size * 2.0).round();
    runs.sort_by(|a, b| half_lines(b).total_cmp(&half_lines(a)).then(a.left.total_cmp(&b.left)));
}

fn is_askew(degrees: f32) -> bool {
    let off = degrees.rem_euclid(90.0);
    (15.0..=75.0).contains(&off)
}

/// A piece of a line, turned so that its letters stand upright.
struct Run {
    text: String,
    /// Quarter turns of its letters against the clock, on unturned paper.
    quarter: u8,
    left: f32,
    right: f32,
    base: f32,
    size: f32,
    page_width: f32,
}

impl Run {
    fn of(span: &TextSpan, paper: Paper) -> Self {
        let b = &span.bbox;
        let quarter = (span.rotation_degrees / 90.0).round().rem_euclid(4.0) as u8;
        let is_along_width = quarter == 0 && span.wmode == 0;
        let (left, right, base) = match (if paper.is_turned { 0 } else { quarter }, span.wmode) {
            // Vertical columns are lines that go down, from the right to the left.
            (_, 1) | (3, _) => (-(b.y + b.height), -b.y, b.x),
            (1, _) => (b.y, b.y + b.height, -(b.x + b.width)),
            (2, _) => (-(b.x + b.width), -b.x, -(b.y + b.height)),
            _ => (b.x, b.x + b.width, b.y),
        };
        // Where text runs along the height of the page its width says nothing of margins.
        let page_width = if is_along_width { paper.width } else { f32::INFINITY };
        let size = if span.font_size > 0.0 { span.font_size } else { 1.0 };
        Self { text: undoubled(span, right - left), quarter, left, right, base, size, page_width }
    }

    /// Whether it stands on the same base line, to the right.
    fn continues(&self, line: &Line) -> bool {
        (self.base - line.base).abs() < 0.5 * self.size.min(line.size) && self.left > line.right - self.size
    }

    fn append_to(self, line: &mut Line) {
        let (last, first) = (line.text.chars().next_back(), self.text.chars().next());
        let both_latin = [last, first].iter().all(|c| c.is_some_and(|c| c.is_alphanumeric() && !is_han(c)));
        let gap = (self.left - line.right) / self.size;
        line.text.extend((gap > if both_latin { LATIN_GAP } else { WIDE_GAP }).then_some(' '));
        line.text.push_str(&self.text);
        line.right = line.right.max(self.right);
        line.size = line.size.max(self.size);
    }

    fn into_line(self) -> Line {
        Line { text: self.text, left: self.left, right: self.right, base: self.base, size: self.size, page_width: self.page_width }
    }
}

/// The text of a run where each glyph is one character.
///
/// Some writers map a glyph to a radical and to its ideograph, both of which it draws, so that 文 is read as ⽂文. The library
/// makes the radical an ideograph as well, and only the width of the run tells 文文 of one glyph from 人人 of two.
fn undoubled(span: &TextSpan, length: f32) -> String {
    let characters: Vec<char> = without_radicals_before_their_ideographs(&span.text);
    let advance = span.font_size * span.horizontal_scaling / 100.0 + span.char_spacing;
    if span.wmode == 1 || advance <= 0.0 {
        return characters.into_iter().collect();
    }
    let letters: f32 = characters.iter().map(|&c| if c.is_ascii() { 0.5 } else { 1.0 }).sum();
    let is_repeated = |at: usize| at > 0 && is_han(characters[at]) && fold_ideograph(characters[at]) == fold_ideograph(characters[at - 1]);
    let repeated = (0..characters.len()).filter(|&at| is_repeated(at)).count();
    // Glyphs that stand for two characters leave the run too short by one letter each. Were it only somewhat too short, for a
    // narrow font or letters drawn together, genuine repetitions could not be told from these and all stay.
    let missing = (letters - length / advance).round();
    let counts = repeated > 0 && missing >= repeated as f32 && missing <= repeated as f32 + 0.1 * letters;
    let kept = characters.iter().enumerate().filter(|(at, _)| !(counts && is_repeated(*at)));
    kept.map(|(_, c)| *c).collect()
}

fn without_radicals_before_their_ideographs(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len() / 3);
    for c in text.chars() {
        if out.last().is_some_and(|&last| last != c && fold_radical(last) == c) {
            out.pop();
        }
        out.push(c);
    }
    out
}

/// A line without white space at its ends, control characters for line ends, and with a bullet that only its font knows as one
/// that all know.
fn tidy(text: &str) -> String {
    let text: String = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t' | '\u{B}' | '\u{C}') { ' ' } else { c }).collect();
    let text = text.trim().trim_matches('\u{0}');
    match text.chars().next() {
        Some(first @ '\u{F020}'..='\u{F0FF}') if !text[first.len_utf8()..].starts_with(is_private_use) => {
            format!("•{}", &text[first.len_utf8()..])
        }
        _ => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, x: f32, y: f32, width: f32) -> TextSpan {
        let mut span = TextSpan { text: text.into(), font_size: 10.0, horizontal_scaling: 100.0, ..TextSpan::default() };
        (span.bbox.x, span.bbox.y, span.bbox.width, span.bbox.height) = (x, y, width, 10.0);
        span
    }

    fn texts(spans: &[TextSpan]) -> Vec<String> {
        lines(spans, Paper { width: 400.0, is_turned: false }).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn runs_on_one_base_line_are_a_line() {
        let spans = [span("粮食", 50.0, 700.0, 20.0), span("reserve", 72.5, 701.0, 30.0), span("system", 105.0, 700.0, 30.0)];
        assert_eq!(texts(&spans), ["粮食reserve system"]);
        assert_eq!(
            texts(&[span("甲", 50.0, 700.0, 10.0), span("乙", 90.0, 700.0, 10.0), span("丙\n", 50.0, 684.0, 10.0)]),
            ["甲 乙", "丙"]
        );
        assert_eq!(texts(&[span(" \n", 50.0, 700.0, 3.0)]), Vec::<String>::new());
    }

    #[test]
    fn a_glyph_of_two_characters_is_one() {
        assert_eq!(texts(&[span("中文文小小样本", 50.0, 700.0, 50.0)]), ["中文小样本"]);
        assert_eq!(texts(&[span("进行行\u{FA08}调查", 50.0, 700.0, 40.0)]), ["进行调查"]);
        assert_eq!(texts(&[span("一一、背景", 50.0, 700.0, 40.0)]), ["一、背景"]);
        assert_eq!(texts(&[span("意⻅见⾏", 50.0, 700.0, 30.0)]), ["意见⾏"]);
    }

    #[test]
    fn what_is_written_twice_stays() {
        assert_eq!(texts(&[span("人人有责天天向上", 50.0, 700.0, 80.0)]), ["人人有责天天向上"]);
        assert_eq!(texts(&[span("人人有责天天向上", 50.0, 700.0, 60.0)]), ["人有责天向上"], "two glyphs are missing");
        assert_eq!(texts(&[span("人人有责天天向上", 50.0, 700.0, 70.0)]), ["人人有责天天向上"], "one could be either");
        assert_eq!(texts(&[span("人人有责天天向上", 50.0, 700.0, 40.0)]), ["人人有责天天向上"], "a narrow font");
    }

    #[test]
    fn watermarks_are_left_out_and_turned_pages_read() {
        let mut askew = span("内部资料", 100.0, 400.0, 40.0);
        askew.rotation_degrees = 45.0;
        assert_eq!(texts(&[askew]), Vec::<String>::new());
        let mut turned = [span("管理", 120.0, 50.0, 10.0), span("储备", 100.0, 70.0, 10.0), span("粮食", 100.0, 50.0, 10.0)];
        turned.iter_mut().for_each(|span| span.rotation_degrees = 90.0);
        turned.iter_mut().for_each(|span| span.bbox.height = 20.0);
        assert_eq!(texts(&turned), ["粮食储备", "管理"]);
    }

    #[test]
    fn bullets_of_a_symbol_font_become_bullets() {
        assert_eq!(texts(&[span("\u{F06C} 任务", 50.0, 700.0, 30.0)]), ["• 任务"]);
        assert_eq!(texts(&[span("\u{F06C}\u{F06D}", 50.0, 700.0, 20.0)]), ["\u{F06C}\u{F06D}"]);
    }
}
