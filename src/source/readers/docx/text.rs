//! The text that is being put together: paragraphs that are open, one inside the other where a text box hangs on a paragraph,
//! and the lines that are done.

use crate::source::quarantine::Failure;

use super::too_large;

/// Lines so far, and the paragraphs that are still open.
#[derive(Debug)]
pub(super) struct Text {
    lines: String,
    title: String,
    open: Vec<Paragraph>,
    /// A paragraph whose end was deleted: its text goes on in the next one.
    carried: String,
    /// Paragraphs opened so far.
    opened: u64,
    /// Bytes pushed so far, also of what was cut again.
    pushed: u64,
    max_bytes: u64,
}

#[derive(Debug, Default)]
struct Paragraph {
    number: u64,
    text: String,
    /// Lines of the text boxes that hang on it. They come after it, not in the middle of its sentence.
    boxes: String,
    is_title: bool,
    end_deleted: bool,
}

/// A place in the text, to which it can be cut back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// Open paragraphs, the innermost included.
    pub level: usize,
    /// The number of the innermost open paragraph; 0 outside of paragraphs.
    pub paragraph: u64,
    in_paragraph: usize,
    in_lines: usize,
}

/// Longest paragraph in the style of a title that is taken for one, in characters: some documents are written in it throughout.
const LONGEST_TITLE: usize = 200;

impl Text {
    pub fn new(max_bytes: u64) -> Self {
        let (lines, title, carried) = (String::new(), String::new(), String::new());
        Self { lines, title, open: Vec::new(), carried, opened: 0, pushed: 0, max_bytes }
    }

    /// Bytes pushed so far: has a branch given text?
    pub fn pushed(&self) -> u64 {
        self.pushed
    }

    /// Begins a paragraph.
    pub fn open(&mut self) {
        self.opened += 1;
        let text = if self.open.is_empty() { std::mem::take(&mut self.carried) } else { String::new() };
        self.open.push(Paragraph { number: self.opened, text, ..Paragraph::default() });
    }

    /// Appends to the innermost paragraph; outside of any, a line of its own.
    pub fn push(&mut self, text: &str) -> Result<(), Failure> {
        self.pushed += text.len() as u64;
        if self.pushed > self.max_bytes {
            let limit = self.max_bytes;
            return Err(too_large(format!(
                "expected a document of at most {limit} bytes of text, found more; split it, or raise input.max_document_bytes"
            )));
        }
        match self.open.last_mut() {
            Some(paragraph) => paragraph.text.push_str(text),
            None => push_lines(&mut self.lines, text),
        }
        Ok(())
    }

    /// Says that the innermost paragraph has the style of a title.
    pub fn is_title(&mut self) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.is_title = true;
        }
    }

    /// Says that a revision joins the innermost paragraph to the next.
    pub fn end_is_deleted(&mut self) {
        if let Some(paragraph) = self.open.last_mut() {
            paragraph.end_deleted = true;
        }
    }

    /// Ends the innermost paragraph.
    pub fn close(&mut self) {
        let Some(paragraph) = self.open.pop() else { return };
        if let Some(outer) = self.open.last_mut() {
            push_lines(&mut outer.boxes, &paragraph.text);
            outer.boxes.push_str(&paragraph.boxes);
            return;
        }
        match (paragraph.end_deleted, paragraph.is_title && self.lines.is_empty()) {
            (true, _) => self.carried = paragraph.text,
            (false, true) => {
                let text = self.titled(paragraph.text);
                push_lines(&mut self.lines, &text);
            }
            (false, false) => push_lines(&mut self.lines, &paragraph.text),
        }
        self.lines.push_str(&paragraph.boxes);
    }

    /// Takes the title from the first paragraph with text. It is made one line there too, since line breaks in it are layout
    /// and it could not be told for the title otherwise.
    fn titled(&mut self, text: String) -> String {
        let line = one_line(&text);
        if line.is_empty() || line.chars().count() > LONGEST_TITLE {
            return text;
        }
        self.title.clone_from(&line);
        line
    }

    /// Ends what no following paragraph may continue: a cell, a text box, a note, a part.
    pub fn break_off(&mut self) {
        if self.open.is_empty() {
            push_lines(&mut self.lines, &std::mem::take(&mut self.carried));
        }
    }

    /// Makes a line of what stands in the innermost paragraph so far.
    pub fn break_line(&mut self) {
        if let [paragraph] = self.open.as_mut_slice() {
            push_lines(&mut self.lines, &std::mem::take(&mut paragraph.text));
            self.lines.push_str(&std::mem::take(&mut paragraph.boxes));
        }
    }

    /// The place where the next text goes.
    pub fn mark(&self) -> Mark {
        let (paragraph, in_paragraph) = self.open.last().map_or((0, 0), |paragraph| (paragraph.number, paragraph.text.len()));
        Mark { level: self.open.len(), paragraph, in_paragraph, in_lines: self.lines.len() }
    }

    /// Takes back what the innermost paragraph got since the mark, if it is still the same.
    pub fn cut_paragraph(&mut self, mark: Mark) {
        if let Some(paragraph) = self.open.last_mut().filter(|paragraph| paragraph.number == mark.paragraph) {
            cut(&mut paragraph.text, mark.in_paragraph);
        }
    }

    /// Takes back all lines since the mark, and what the open paragraph holds. Only outside of text boxes.
    pub fn cut_lines(&mut self, mark: Mark) {
        if let [paragraph] = self.open.as_mut_slice() {
            paragraph.text.clear();
            paragraph.boxes.clear();
            self.carried.clear();
            cut(&mut self.lines, mark.in_lines);
        }
    }

    /// Title, empty if none, and all lines parted by LF, none of them blank.
    pub fn finish(mut self) -> (String, String) {
        self.break_off();
        self.lines.truncate(self.lines.trim_end_matches('\n').len());
        (self.title, self.lines)
    }
}

/// Appends the lines of a paragraph, each with its end; blank ones are space on the page and no text.
fn push_lines(lines: &mut String, text: &str) {
    for line in text.split('\n').filter(|line| !line.trim().is_empty()) {
        lines.push_str(line);
        lines.push('\n');
    }
}

/// A text without line breaks. A space stands for one only between Latin letters, where it parts words.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        if out.ends_with(|c: char| c.is_ascii()) && line.starts_with(|c: char| c.is_ascii()) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// Truncates; a length that text cut meanwhile left without meaning changes nothing.
fn cut(text: &mut String, length: usize) {
    if text.is_char_boundary(length) {
        text.truncate(length);
    }
}
