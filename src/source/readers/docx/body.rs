//! From the elements of a part to its text.

use crate::source::options::SourceOptions;
use crate::source::quarantine::{Code, Failure, Stage};

use super::damaged;
use super::fields::{Fields, is_contents};
use super::styles::{Styles, is_on};
use super::text::Text;
use super::xml::{Element, Part, Visitor, walk};

/// Which kind of part is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Story {
    /// The document itself.
    Document,
    /// Footnotes or endnotes.
    Notes,
}

/// Reads the parts of a document one after the other into one text.
pub(super) struct Body<'s> {
    styles: &'s Styles,
    max_depth: u32,
    frames: Vec<Frame>,
    text: Text,
    fields: Fields,
    /// The text of the innermost text element so far.
    piece: String,
    story: Story,
}

/// An open element, and what holds inside it.
#[derive(Debug, Clone, Copy)]
struct Frame {
    kind: Kind,
    /// Nothing in it is looked at.
    skipped: bool,
    /// Its text is not shown.
    hidden: bool,
    /// Its text is an entry of a table of contents; fields in it are followed all the same.
    contents: bool,
    /// White space at the ends of its text counts.
    preserve: bool,
    /// Bytes of text before it.
    before: u64,
}

/// The elements that mean something to what is inside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paragraph,
    ParagraphProperties,
    Run,
    RunProperties,
    Text,
    Code,
    Control,
    Gallery,
    Alternatives,
    /// A cell, a text box or a note: no paragraph goes on beyond it.
    Container,
    Other,
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "p" => Self::Paragraph,
            "pPr" => Self::ParagraphProperties,
            "r" => Self::Run,
            "rPr" => Self::RunProperties,
            "t" => Self::Text,
            "instrText" => Self::Code,
            "sdt" => Self::Control,
            "docPartObj" => Self::Gallery,
            "AlternateContent" => Self::Alternatives,
            "tc" | "txbxContent" | "footnote" | "endnote" => Self::Container,
            _ => Self::Other,
        }
    }
}

/// Elements whose insides are no text of the document as it stands: deleted and moved-away revisions, properties as they were
/// before a revision, and the small print above the base of a phonetic guide.
fn is_no_text(name: &str) -> bool {
    matches!(name, "del" | "moveFrom" | "delText" | "delInstrText" | "rt") || name.ends_with("PrChange")
}

impl<'s> Body<'s> {
    pub fn new(styles: &'s Styles, options: &SourceOptions) -> Self {
        let (text, fields) = (Text::new(options.max_document_bytes), Fields::new(options.max_depth));
        let (frames, piece, story) = (Vec::new(), String::new(), Story::Document);
        Self { styles, max_depth: options.max_depth, frames, text, fields, piece, story }
    }

    /// Reads a part.
    pub fn read(&mut self, part: &Part, story: Story) -> Result<(), Failure> {
        self.story = story;
        self.fields = Fields::new(self.max_depth);
        let max_depth = self.max_depth;
        walk(part, max_depth, self)?;
        self.text.break_off();
        Ok(())
    }

    /// Title and text.
    pub fn finish(self) -> (String, String) {
        self.text.finish()
    }

    /// The frame so many elements above the one that starts, if it is of this kind.
    fn above(&mut self, levels: usize, kind: Kind) -> Option<&mut Frame> {
        let at = self.frames.len().checked_sub(levels)?;
        self.frames.get_mut(at).filter(|frame| frame.kind == kind)
    }

    /// What holds in an element by what holds around it.
    fn frame(&self, name: &str, element: &Element<'_>) -> Frame {
        let none = Frame { kind: Kind::Other, skipped: false, hidden: false, contents: false, preserve: false, before: 0 };
        let outer = self.frames.last().copied().unwrap_or(none);
        // Of the alternatives that say the same for different readers, the first that gives text.
        let said_before = outer.kind == Kind::Alternatives && self.text.pushed() > outer.before;
        let separator = matches!(name, "footnote" | "endnote") && element.attribute("type").is_some_and(|kind| kind != "normal");
        Frame {
            kind: Kind::of(name),
            skipped: outer.skipped || is_no_text(name) || said_before || separator,
            preserve: element.attribute("space").map_or(outer.preserve, |space| space == "preserve"),
            before: self.text.pushed(),
            ..outer
        }
    }

    fn property(&mut self, name: &str, element: &Element<'_>) {
        let value = || element.attribute("val").unwrap_or_default();
        let in_run = self.above(1, Kind::RunProperties).is_some();
        let in_paragraph = self.above(1, Kind::ParagraphProperties).is_some();
        match name {
            "vanish" if in_run => self.set_hidden(Kind::Run, is_on(element)),
            "rStyle" if in_run && self.styles.is_hidden(&value()) => self.set_hidden(Kind::Run, true),
            "pStyle" if in_paragraph => self.paragraph_style(&value()),
            "del" | "moveFrom" if in_run && self.above(2, Kind::ParagraphProperties).is_some() => self.text.end_is_deleted(),
            "docPartGallery" if value() == "Table of Contents" && self.above(1, Kind::Gallery).is_some() => {
                if let Some(control) = self.frames.iter_mut().rfind(|frame| frame.kind == Kind::Control) {
                    control.contents = true;
                }
            }
            _ => {}
        }
    }

    /// Sets what holds for the run or paragraph that the properties around the element belong to.
    fn set_hidden(&mut self, of: Kind, hidden: bool) {
        if let Some(frame) = self.above(2, of) {
            frame.hidden = hidden;
        }
    }

    fn paragraph_style(&mut self, id: &str) {
        let (contents, hidden) = (self.styles.is_contents(id), self.styles.is_hidden(id));
        if self.styles.is_title(id) {
            self.text.is_title();
        }
        if let Some(paragraph) = self.above(2, Kind::Paragraph) {
            paragraph.contents |= contents;
            paragraph.hidden |= hidden;
        }
    }

    /// Elements that stand for characters, or are marks between them.
    fn mark(&mut self, name: &str, element: &Element<'_>) -> Result<(), Failure> {
        let in_run = self.above(1, Kind::Run).is_some();
        match name {
            // Elsewhere, `tab` is a place on the ruler.
            "tab" | "ptab" if in_run => self.push("\t"),
            "br" | "cr" if in_run || self.above(1, Kind::Paragraph).is_some() => self.push("\n"),
            "noBreakHyphen" if in_run => self.push("-"),
            "fldChar" => self.field_mark(&element.attribute("fldCharType").unwrap_or_default()),
            "altChunk" => Err(foreign_text()),
            _ => Ok(()),
        }
    }

    fn field_mark(&mut self, kind: &str) -> Result<(), Failure> {
        match kind {
            "begin" => self.fields.begin(&self.text)?,
            "separate" => self.fields.separate(&mut self.text),
            // Text typed after the entries, but inside the control around them, is text of the document.
            "end" if self.fields.end(&mut self.text) => self.frames.iter_mut().for_each(|frame| frame.contents = false),
            _ => {}
        }
        Ok(())
    }

    /// Appends text if it is shown where it stands.
    fn push(&mut self, text: &str) -> Result<(), Failure> {
        match self.frames.last() {
            Some(frame) if frame.hidden || frame.contents => Ok(()),
            _ => self.text.push(text),
        }
    }

    /// The end of a text element. Line ends in the file are spaces, and at the ends of a text they count only where it says so.
    fn end_of_text(&mut self, frame: Frame) -> Result<(), Failure> {
        let piece = std::mem::take(&mut self.piece).replace("\r\n", " ").replace(['\r', '\n'], " ");
        let shown = if frame.preserve { piece.as_str() } else { piece.trim_matches([' ', '\t']) };
        if frame.hidden || frame.contents || shown.is_empty() {
            return Ok(());
        }
        self.text.push(shown)
    }
}

impl Visitor for Body<'_> {
    fn start(&mut self, element: &Element<'_>) -> Result<(), Failure> {
        let name = element.name();
        let frame = self.frame(name, element);
        if self.frames.is_empty() && self.story == Story::Document && name != "document" {
            return Err(damaged("its main part is no text document"));
        }
        if !self.frames.last().is_some_and(|outer| outer.skipped) {
            self.property(name, element);
        }
        if !frame.skipped {
            match frame.kind {
                Kind::Paragraph => self.text.open(),
                Kind::Text => self.piece.clear(),
                Kind::Container => self.text.break_off(),
                _ => self.mark(name, element)?,
            }
        }
        self.frames.push(frame);
        if name == "fldSimple"
            && let Some(frame) = self.frames.last_mut()
        {
            frame.contents |= element.attribute("instr").is_some_and(|code| is_contents(&code));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Failure> {
        let Some(frame) = self.frames.pop().filter(|frame| !frame.skipped) else { return Ok(()) };
        match frame.kind {
            Kind::Text => self.end_of_text(frame)?,
            Kind::Container => self.text.break_off(),
            Kind::Paragraph => {
                self.fields.end_paragraph(&self.text);
                self.text.close();
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        match self.frames.last().filter(|frame| !frame.skipped).map(|frame| frame.kind) {
            Some(Kind::Text) => self.piece.push_str(text),
            Some(Kind::Code) => self.fields.code(text),
            _ => {}
        }
    }
}

/// A document that takes its text from another file inside it, as those do that programs make of web pages.
fn foreign_text() -> Failure {
    let message =
        "expected a Word document (.docx), found one that embeds a file of another kind in place of text; open and save it in Word";
    Failure::new(Stage::Extract, Code::Format, message)
}
