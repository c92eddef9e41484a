//! Markdown: one document a file. Front matter is metadata; the marks of headings, lists, quotes, emphasis and links go, their
//! text stays; code blocks, comments and link targets are left out.

use std::sync::LazyLock;

use regex::Regex;

use crate::source::extracted::Extracted;
use crate::source::metadata::Metadata;
use crate::source::options::{FieldOptions, SourceOptions};
use crate::source::quarantine::Failure;

static COMMENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?s)<!--.*?-->").ok());
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"!?\[([^\]\n]*)\]\([^)\n]*\)").ok());
static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"</?[A-Za-z][^>\n]*>").ok());

/// Front matter and plain text of a Markdown file.
pub(in crate::source) fn read(text: &str, options: &SourceOptions) -> Result<Extracted, Failure> {
    let (metadata, rest) = front_matter(text, &options.fields);
    Ok(Extracted { metadata, text: plain_text(rest) })
}

/// `key: value` lines between two `---` at the very beginning.
fn front_matter<'a>(text: &'a str, fields: &FieldOptions) -> (Metadata, &'a str) {
    let mut metadata = Metadata::default();
    let Some(rest) = text.strip_prefix("---\n") else { return (metadata, text) };
    let Some((block, rest)) = rest.split_once("\n---\n") else { return (metadata, text) };
    // Two rules with text between them look the same, and that text must not vanish.
    if !block.lines().all(is_front_matter) {
        return (metadata, text);
    }
    for (key, value) in block.lines().filter_map(|line| line.split_once(':')) {
        let (key, value) = (key.trim(), value.trim().trim_matches(['"', '\'']));
        let is = |names: &[String]| names.iter().any(|name| name.eq_ignore_ascii_case(key));
        if is(&fields.title) {
            metadata.title = value.to_string();
        } else if is(&fields.date) {
            metadata.set_date(value);
        } else if is(&fields.source) {
            metadata.source = value.to_string();
        }
    }
    (metadata, rest)
}

/// A line as front matter has them: `key: value`, an item of a list, a continued value, a comment, or nothing.
fn is_front_matter(line: &str) -> bool {
    let key = || line.split_once(": ").map(|(key, _)| key).or_else(|| line.trim_end().strip_suffix(':'));
    line.trim().is_empty()
        || line.starts_with([' ', '\t'])
        || line.starts_with("- ")
        || line.starts_with("# ") && line.is_ascii()
        || key().is_some_and(|key| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ')))
}

/// The fence that a line opens or closes. A line of code between fences of its own is neither.
fn fence_of(line: &str) -> Option<&'static str> {
    let mark = ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark))?;
    let after = line.trim_start_matches(['`', '~']);
    (!after.contains('`')).then_some(mark)
}

fn plain_text(text: &str) -> String {
    let without = |text: String, pattern: &LazyLock<Option<Regex>>, by: &str| match pattern.as_ref() {
        Some(pattern) => pattern.replace_all(&text, by).into_owned(),
        None => text,
    };
    let text = without(text.to_string(), &COMMENT, "");
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    for line in text.split('\n') {
        let trimmed = line.trim();
        match (fence, fence_of(trimmed)) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => out.push_str(&plain_line(trimmed)),
            _ => {}
        }
        out.push('\n');
    }
    out
}

fn plain_line(line: &str) -> String {
    if line.len() >= 3
        && (line.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | ' ')) || line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')))
    {
        return String::new();
    }
    let mut line = line.trim_start_matches('#').trim_start();
    while let Some(rest) = line.strip_prefix("> ").or_else(|| line.strip_prefix('>')) {
        line = rest;
    }
    let line = ["- ", "* ", "+ "].into_iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line);
    let mut text = line.replace("**", "").replace("__", "").replace('`', "");
    for (pattern, by) in [(&LINK, "$1"), (&TAG, "")] {
        if let Some(pattern) = pattern.as_ref() {
            text = pattern.replace_all(&text, by).into_owned();
        }
    }
    text.trim_matches('|').replace('|', "\u{3000}").trim_matches('*').trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Metadata, String) {
        let Extracted { mut metadata, text } = read(text, &SourceOptions::default()).unwrap();
        let (head, start) = Metadata::from_head(&text);
        let start = metadata.take_head(head, start);
        (metadata, text[start..].to_string())
    }

    #[test]
    fn marks_go_and_text_stays() {
        let text = "# 关于发展的意见\n\n<!-- 注 -->\n## 一、要求\n- **加快**改革，见[通知](http://a.b/c)。\n```\ncode\n```\n> 引文\n\n| 甲 | 乙 |\n|---|---|\n";
        let (metadata, body) = of(text);
        assert_eq!(metadata.title, "关于发展的意见");
        let lines: Vec<&str> = body.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
        assert_eq!(lines, ["一、要求", "加快改革，见通知。", "引文", "甲 \u{3000} 乙"]);
    }

    #[test]
    fn front_matter_is_metadata() {
        let (metadata, body) = of("---\ntitle: \"发展\"\ndate: 2024-03-05\n来源: 某部\n---\n# 发展\n正文。\n");
        assert_eq!((metadata.title.as_str(), metadata.source.as_str()), ("发展", "某部"));
        assert_eq!((metadata.date.unwrap().to_string().as_str(), body.trim()), ("2024-03-05", "正文。"));
    }

    #[test]
    fn rules_and_code_in_a_line_take_no_text_with_them() {
        let (metadata, body) = of("---\n# 标题\n第一段。\n---\n第二段。\n");
        assert_eq!(metadata.title, "标题");
        assert!(body.contains("第一段。") && body.contains("第二段。"));
        let (_, body) = of("# 标题\n```一行```\n正文。\n");
        assert!(body.contains("正文。"));
    }
}
