//! The `key: value` lines that some Markdown files begin with.

use crate::source::metadata::Metadata;
use crate::source::options::FieldOptions;
use crate::source::records::metadata_of;

/// `key: value` lines between two `---` at the very beginning.
pub(super) fn read<'a>(text: &'a str, fields: &FieldOptions) -> (Metadata, &'a str) {
    let none = || (Metadata::default(), text);
    let Some(rest) = text.strip_prefix("---\n") else { return none() };
    let Some((block, rest)) = rest.split_once("\n---\n") else { return none() };
    let lines = || block.lines().filter_map(|line| line.split_once(':')).map(|(key, value)| (key.trim(), value.trim()));
    // Two rules with text between them look the same, and that text must not vanish: 第一条: … is no field.
    let is_key = |key: &str| key.is_ascii() || fields.has_name_beside_text(key);
    let (keys, all) = (lines().filter(|(key, _)| is_key(key)).count(), lines().count());
    if !block.lines().all(is_front_matter) || keys == 0 || keys * 2 < all {
        return none();
    }
    let value = |text: &'a str| text.trim_matches(['"', '\'']);
    let filled = |name: &String| lines().find(|(key, text)| key.eq_ignore_ascii_case(name) && !value(text).is_empty());
    let metadata = metadata_of(fields, |names| names.iter().find_map(filled).map_or("", |(_, text)| value(text)).to_string());
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
