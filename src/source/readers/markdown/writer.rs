//! What the Markdown parser finds, into lines.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::super::html::lines_of_fragment;
use super::breaks::Breaks;
use super::leaf::Leaf;
use super::too_deep;
use crate::source::options::SourceOptions;
use crate::source::quarantine::Failure;
use crate::text::is_han;

/// Longest heading that is a title, in characters.
const LONGEST_TITLE: usize = 150;
/// Lines that may stand above the heading that is the title, such as a number of the document.
const LINES_ABOVE_TITLE: usize = 3;

/// Makes lines of events.
pub(super) struct Writer<'a> {
    options: &'a SourceOptions,
    breaks: Breaks<'a>,
    text: String,
    notes: String,
    /// Elements around this place.
    depth: u32,
    /// How many footnotes, lists, and elements that are left out lie around this place.
    in_note: usize,
    in_list: usize,
    left_out: usize,
    in_bare_link: bool,
    /// The line that is being made.
    leaf: Leaf,
    /// Number of the item whose text comes next.
    number: String,
    /// Source of the HTML blocks before this place.
    html: String,
    /// Lines of an indented block.
    indented: Option<String>,
    title: String,
    /// Lines of the text so far.
    lines: usize,
}

impl<'a> Writer<'a> {
    pub fn new(source: &'a str, options: &'a SourceOptions) -> Self {
        Self {
            options,
            breaks: Breaks::new(source),
            text: String::new(),
            notes: String::new(),
            depth: 0,
            in_note: 0,
            in_list: 0,
            left_out: 0,
            in_bare_link: false,
            leaf: Leaf::default(),
            number: String::new(),
            html: String::new(),
            indented: None,
            title: String::new(),
            lines: 0,
        }
    }

    /// Takes the next event.
    ///
    /// # Errors
    /// Where elements lie too deep in each other, here or in HTML.
    pub fn take(&mut self, event: Event<'a>, range: Range<usize>) -> Result<(), Failure> {
        match event {
            Event::Start(tag) => return self.start(&tag, &range),
            Event::End(tag) => return self.end(tag),
            Event::Html(html) => self.html.push_str(&html),
            Event::Rule => self.end_line()?,
            _ if self.left_out > 0 => {}
            Event::Text(text) => match &mut self.indented {
                Some(block) => block.push_str(&text),
                None => self.push(&text),
            },
            Event::Code(text) => self.push(&text),
            Event::InlineHtml(tag) => self.leaf.push_tag(&tag),
            Event::SoftBreak => {
                let stays = self.breaks.stays(range.start, self.in_list > 0);
                self.leaf.push_break(stays);
            }
            Event::HardBreak => self.leaf.push_break(true),
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: &Tag<'a>, range: &Range<usize>) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth > self.options.max_depth {
            return Err(too_deep(self.options));
        }
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => return Ok(()),
            Tag::Link { link_type, .. } => {
                // Such a link has no text but its target.
                self.in_bare_link = matches!(link_type, LinkType::Autolink | LinkType::Email);
                self.left_out += usize::from(self.in_bare_link);
                return Ok(());
            }
            Tag::Image { .. } => {
                self.left_out += 1;
                return Ok(());
            }
            // Blocks of HTML that follow each other are read as one.
            Tag::HtmlBlock => return self.end_leaf(),
            _ => self.end_line()?,
        }
        match tag {
            Tag::Item => self.number = self.breaks.number_at(range.start),
            Tag::List(_) => self.in_list += 1,
            Tag::FootnoteDefinition(_) => self.in_note += 1,
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.left_out += 1,
            Tag::CodeBlock(CodeBlockKind::Indented) => self.indented = Some(String::new()),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) -> Result<(), Failure> {
        self.depth = self.depth.saturating_sub(1);
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Superscript | TagEnd::Subscript | TagEnd::HtmlBlock => {}
            TagEnd::Link => self.left_out = self.left_out.saturating_sub(usize::from(std::mem::take(&mut self.in_bare_link))),
            TagEnd::Image => self.left_out = self.left_out.saturating_sub(1),
            TagEnd::CodeBlock => self.end_code()?,
            TagEnd::Heading(level) => self.end_heading(level)?,
            _ => self.end_line()?,
        }
        match tag {
            TagEnd::Item => self.number.clear(),
            TagEnd::List(_) => self.in_list = self.in_list.saturating_sub(1),
            TagEnd::FootnoteDefinition => self.in_note = self.in_note.saturating_sub(1),
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, text: &str) {
        let number = std::mem::take(&mut self.number);
        self.leaf.push(&number);
        self.leaf.push(text);
    }

    /// Indented lines are code, unless most of their letters are Chinese.
    fn end_code(&mut self) -> Result<(), Failure> {
        let Some(block) = self.indented.take() else {
            self.left_out = self.left_out.saturating_sub(1);
            return Ok(());
        };
        let letters = block.chars().filter(|c| c.is_alphabetic()).count();
        let han = block.chars().filter(|c| is_han(*c)).count();
        if han * 2 > letters {
            self.push(&block);
        }
        self.end_line()
    }

    /// The first heading is the title, where little stands above it and it does not read like a sentence.
    fn end_heading(&mut self, level: HeadingLevel) -> Result<(), Failure> {
        let above = self.lines;
        let heading = self.leaf.finish(self.options)?;
        let heading = heading.trim();
        let may_be = above == 0 || (level == HeadingLevel::H1 && above <= LINES_ABOVE_TITLE);
        let is_title = heading.chars().count() <= LONGEST_TITLE && !heading.ends_with(['。', '；', '，', '：']) && !heading.contains('\n');
        if self.title.is_empty() && may_be && is_title {
            self.title = heading.to_string();
        }
        self.write(heading);
        self.breaks.forget_paragraph();
        Ok(())
    }

    /// Ends whatever text or HTML stands open.
    fn end_line(&mut self) -> Result<(), Failure> {
        self.end_leaf()?;
        if !self.html.is_empty() {
            let html = std::mem::take(&mut self.html);
            let lines = lines_of_fragment(&html, self.options)?;
            self.write(&lines);
        }
        Ok(())
    }

    fn end_leaf(&mut self) -> Result<(), Failure> {
        let text = self.leaf.finish(self.options)?;
        self.breaks.forget_paragraph();
        self.write(&text);
        Ok(())
    }

    fn write(&mut self, text: &str) {
        let out = if self.in_note > 0 { &mut self.notes } else { &mut self.text };
        for line in text.split('\n').map(|line| line.trim_matches([' ', '\t', '\r'])).filter(|line| !line.trim().is_empty()) {
            out.push_str(line);
            out.push('\n');
            self.lines += 1;
        }
    }

    /// Title, or empty, and all lines, those of footnotes last.
    ///
    /// # Errors
    /// As of HTML.
    pub fn finish(mut self) -> Result<(String, String), Failure> {
        self.end_line()?;
        self.text.push_str(&self.notes);
        Ok((self.title, self.text))
    }
}
