//! What changes from one taxonomy to another, a line for each change.

use std::collections::BTreeMap;

use super::write_toml::entry_text;
use super::written::{Entry, GlobalList, List, SETTINGS, THEME_FIELDS, Text, Written, WrittenTheme};

impl Written {
    /// What must change in this taxonomy to make it the other: `+` is added, `-` is removed, `~` is changed.
    pub fn changes_to(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        compare_fields("", &SETTINGS, (&self.settings, &other.settings), &mut lines);
        for list in GlobalList::ALL {
            compare_lists(list.op(), &self.lists[list as usize], &other.lists[list as usize], &mut lines);
        }
        let index = |written: &'_ Self| -> BTreeMap<String, usize> {
            written.themes.iter().enumerate().map(|(at, theme)| (theme.id.text.clone(), at)).collect()
        };
        let (old, new) = (index(self), index(other));
        for theme in self.themes.iter().filter(|theme| !new.contains_key(&theme.id.text)) {
            lines.push(format!("- theme {} with {} entries", theme.id.text, entries_of(theme)));
        }
        for theme in &other.themes {
            match old.get(&theme.id.text) {
                Some(at) => compare_themes(&self.themes[*at], theme, &mut lines),
                None => lines.push(format!("+ theme {} with {} entries", theme.id.text, entries_of(theme))),
            }
        }
        let order = |written: &'_ Self, known: &BTreeMap<String, usize>| -> Vec<String> {
            written.themes.iter().map(|theme| theme.id.text.clone()).filter(|id| known.contains_key(id)).collect()
        };
        if order(self, &new) != order(other, &old) {
            lines.push("~ the order of the themes".to_string());
        }
        lines
    }
}

fn entries_of(theme: &WrittenTheme) -> usize {
    theme.lists.iter().map(Vec::len).sum()
}

fn compare_themes(old: &WrittenTheme, new: &WrittenTheme, lines: &mut Vec<String>) {
    compare_fields(&format!("{} ", old.id.text), &THEME_FIELDS, (&old.fields, &new.fields), lines);
    for list in List::ALL {
        compare_lists(&format!("{} {}", old.id.text, list.op()), old.list(list), new.list(list), lines);
    }
}

fn compare_fields(owner: &str, names: &[&str], (old, new): (&[Option<Text>], &[Option<Text>]), lines: &mut Vec<String>) {
    let show = |text: &Option<Text>| text.as_ref().map_or("(not set)".to_string(), |text| format!("`{}`", text.text));
    for (name, (old, new)) in names.iter().zip(old.iter().zip(new)).filter(|(_, (old, new))| old != new) {
        lines.push(format!("~ {owner}{name}: {} → {}", show(old), show(new)));
    }
}

fn compare_lists(owner: &str, old: &[Entry], new: &[Entry], lines: &mut Vec<String>) {
    if old == new {
        return;
    }
    let count = |entries: &[Entry]| -> BTreeMap<String, i64> {
        let mut counts = BTreeMap::new();
        entries.iter().for_each(|entry| *counts.entry(entry_text(entry)).or_default() += 1);
        counts
    };
    let (before, after) = (count(old), count(new));
    let more = |a: &BTreeMap<String, i64>, b: &BTreeMap<String, i64>, text: &str| {
        a.get(text).copied().unwrap_or(0) - b.get(text).copied().unwrap_or(0)
    };
    let first = lines.len();
    lines.extend(before.keys().filter(|text| more(&before, &after, text) > 0).map(|text| format!("- {owner} {text}")));
    lines.extend(after.keys().filter(|text| more(&after, &before, text) > 0).map(|text| format!("+ {owner} {text}")));
    if lines.len() == first {
        lines.push(format!("~ the order of {owner}"));
    }
}
