//! The text of one paragraph, heading, cell or item while it is put together.

use crate::source::options::SourceOptions;
use crate::source::quarantine::Failure;

use super::super::html::{blocks, lines_of_fragment};

/// Tags that take all text behind them for their own, in a browser. Without their end they are words of the text.
const SWALLOWING: [&str; 13] = [
    "iframe",
    "listing",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
];

/// Text with line breaks, and the same as HTML once a tag was met.
#[derive(Debug, Default)]
pub(super) struct Leaf {
    text: String,
    html: Option<String>,
    /// A line break of the source that is not to stay.
    joins: bool,
}

impl Leaf {
    /// Adds text.
    pub fn push(&mut self, text: &str) {
        let Some(first) = text.chars().next() else { return };
        let joins = std::mem::take(&mut self.joins);
        if joins {
            self.text.truncate(self.text.trim_end_matches([' ', '\t']).len());
        }
        let last = self.text.chars().next_back().filter(|last| *last != '\n');
        if joins && last.is_some_and(|last| !blocks::joins_without_space(last, first)) {
            self.text.push(' ');
        }
        self.text.push_str(text);
        if let Some(html) = &mut self.html {
            html.push_str(if joins { "\n" } else { "" });
            escape(text, html);
        }
    }

    /// Adds a line break of the source, which stays or joins two lines.
    pub fn push_break(&mut self, stays: bool) {
        if !stays {
            self.joins = true;
            return;
        }
        self.joins = false;
        self.text.push('\n');
        if let Some(html) = &mut self.html {
            html.push_str("<br>");
        }
    }

    /// Adds a tag or a comment.
    pub fn push_tag(&mut self, tag: &str) {
        let html = self.html.get_or_insert_with(|| {
            let mut html = String::new();
            for (at, line) in self.text.split('\n').enumerate() {
                html.push_str(if at > 0 { "<br>" } else { "" });
                escape(line, &mut html);
            }
            html
        });
        if std::mem::take(&mut self.joins) {
            html.push('\n');
        }
        html.push_str(tag);
    }

    /// The lines, and an empty leaf again.
    ///
    /// # Errors
    /// As of HTML.
    pub fn finish(&mut self, options: &SourceOptions) -> Result<String, Failure> {
        let Self { text, html, .. } = std::mem::take(self);
        match html {
            None => Ok(text),
            Some(html) => lines_of_fragment(&without_swallowing(&html), options),
        }
    }
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            _ => html.push(c),
        }
    }
}

/// Tags that would take the rest of the paragraph with them become text.
fn without_swallowing(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let lost = |name: &&str| {
        let opened = lower.contains(&format!("<{name}"));
        opened && !lower.contains(&format!("</{name}"))
    };
    SWALLOWING.into_iter().filter(lost).fold(html.to_string(), |html, name| escape_tag(&html, name))
}

fn escape_tag(html: &str, name: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let mut out = String::with_capacity(html.len());
    let mut from = 0;
    for (at, _) in lower.match_indices(&format!("<{name}")) {
        out.push_str(&html[from..at]);
        out.push_str("&lt;");
        from = at + 1;
    }
    out + &html[from..]
}
