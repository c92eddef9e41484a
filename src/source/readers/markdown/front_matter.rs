//! The `key: value` lines that some Markdown files begin with.

use crate::source::metadata::Metadata;
use crate::source::options::FieldOptions;

/// `key: value` lines between two `---` at the very beginning.
pub(super) fn read<'a>(text: &'a str, fields: &FieldOptions) -> (Metadata, &'a str) {
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
