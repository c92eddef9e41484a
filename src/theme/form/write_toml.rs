//! A taxonomy as written into the TOML form.

use std::fmt::Write as _;

use super::written::{Entry, GlobalList, List, SETTINGS, THEME_FIELDS, Text, Written, WrittenTheme};

/// Entries that are written on one line; a longer list has a line for each of them.
const SHORT_LIST: usize = 80;

impl Written {
    /// The TOML text.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        for section in ["taxonomy", "normalize", "mask", "negation"] {
            let mut lines = String::new();
            for (setting, value) in SETTINGS.iter().zip(&self.settings) {
                let (of, key) = setting.split_once('.').unwrap_or(("taxonomy", setting));
                if let Some(value) = value.as_ref().filter(|_| of == section) {
                    let _ = writeln!(lines, "{key} = {}", value_of(setting, value));
                }
            }
            for list in GlobalList::ALL.into_iter().filter(|list| list.key().0 == section) {
                lines.push_str(&list_lines(list.key().1, &self.lists[list as usize]));
            }
            if !lines.is_empty() {
                let gap = if out.is_empty() { "" } else { "\n" };
                let _ = write!(out, "{gap}[{section}]\n{lines}");
            }
        }
        for theme in &self.themes {
            let gap = if out.is_empty() { "" } else { "\n" };
            let _ = write!(out, "{gap}[[theme]]\n{}", theme_lines(theme));
        }
        out
    }
}

fn theme_lines(theme: &WrittenTheme) -> String {
    let mut lines = format!("id = {}\n", quoted(&theme.id.text));
    for (field, value) in THEME_FIELDS.iter().zip(&theme.fields) {
        if let Some(value) = value {
            let _ = writeln!(lines, "{field} = {}", value_of(field, value));
        }
    }
    List::ALL.into_iter().for_each(|list| lines.push_str(&list_lines(list.key(), theme.list(list))));
    lines
}

/// `key = [...]`, or nothing for an empty list.
fn list_lines(key: &str, entries: &[Entry]) -> String {
    let written: Vec<String> = entries.iter().map(entry_text).collect();
    let length: usize = written.iter().map(|entry| entry.chars().count() + 2).sum();
    match (written.is_empty(), length > SHORT_LIST) {
        (true, _) => String::new(),
        (false, false) => format!("{key} = [{}]\n", written.join(", ")),
        (false, true) => format!("{key} = [\n{}]\n", written.iter().map(|entry| format!("  {entry},\n")).collect::<String>()),
    }
}

/// An entry as it stands in a list of TOML.
pub(super) fn entry_text(entry: &Entry) -> String {
    let mut details = String::new();
    for (key, value) in [("w", &entry.weight), ("scope", &entry.scope), ("note", &entry.note)] {
        if let Some(value) = value {
            let _ = write!(details, ", {key} = {}", value_of(key, value));
        }
    }
    let text = quoted(&entry.text.text);
    if details.is_empty() { text } else { format!("{{ t = {text}{details} }}") }
}

/// A value as TOML writes it.
pub(super) fn value_of(key: &str, value: &Text) -> String {
    let is_number =
        matches!(key, "threshold" | "cap" | "negation.window" | "priority" | "w") && value.text.parse::<f64>().is_ok_and(f64::is_finite);
    let is_truth = key == "normalize.to_simplified" && matches!(value.text.as_str(), "true" | "false");
    match (is_number, is_truth) {
        (true, _) => number(&value.text),
        (_, true) => value.text.clone(),
        _ => quoted(&value.text),
    }
}

/// A number in the grammar of TOML: no `.5`, no `5.`.
fn number(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = if whole.is_empty() { "0" } else { whole };
    match (text.contains('.'), fraction) {
        (true, "") => format!("{whole}.0"),
        (true, fraction) => format!("{whole}.{fraction}"),
        (false, _) => whole.to_string(),
    }
}

/// A text in quotes: in single ones where a backslash or a double quote stands in it, as in regular expressions.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c != '\'' && !c.is_control();
    if text.contains(['\\', '"']) && text.chars().all(is_plain) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
