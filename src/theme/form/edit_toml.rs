//! A change of a taxonomy inside its TOML file: comments and layout of what does not change stay.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::write_toml::{entry_text, value_of};
use super::written::{Entry, GlobalList, List, SETTINGS, THEME_FIELDS, Text, Written, WrittenTheme};

impl Written {
    /// The TOML text `original`, which spells `old`, changed so that it spells this taxonomy.
    ///
    /// # Errors
    /// When `original` cannot be changed in place: it is no TOML, or its themes are no `[[theme]]` tables.
    pub fn edited_toml(&self, old: &Self, original: &str) -> Result<String, String> {
        let mut document: DocumentMut = original.parse().map_err(|e: toml_edit::TomlError| e.message().to_string())?;
        let changed = SETTINGS.iter().zip(&old.settings).zip(&self.settings).filter(|((_, old), new)| old != new);
        for ((setting, _), new) in changed {
            let (section, key) = setting.split_once('.').unwrap_or(("taxonomy", setting));
            set(section_of(&mut document, section)?, key, setting, new.as_ref())?;
        }
        for list in GlobalList::ALL {
            if old.lists[list as usize] != self.lists[list as usize] {
                let (section, key) = list.key();
                set_list(section_of(&mut document, section)?, key, &self.lists[list as usize])?;
            }
        }
        edit_themes(&mut document, old, self)?;
        Ok(document.to_string())
    }
}

fn section_of<'d>(document: &'d mut DocumentMut, name: &str) -> Result<&'d mut dyn toml_edit::TableLike, String> {
    let item = document.entry(name).or_insert_with(|| Item::Table(Table::new()));
    item.as_table_like_mut().ok_or_else(|| format!("`{name}` is no table"))
}

fn set(table: &mut dyn toml_edit::TableLike, key: &str, full_key: &str, value: Option<&Text>) -> Result<(), String> {
    match value {
        Some(value) => {
            let new = parsed(&value_of(full_key, value))?;
            put(table, key, new);
        }
        None => {
            table.remove(key);
        }
    }
    Ok(())
}

/// Sets a value; what stands around the old one stays.
fn put(table: &mut dyn toml_edit::TableLike, key: &str, mut new: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    put_item(table, key, new);
}

/// Puts a value in the place of the old one, whose key keeps its comments; or adds it.
fn put_item(table: &mut dyn toml_edit::TableLike, key: &str, value: Value) {
    match table.get_mut(key) {
        Some(item) => *item = Item::Value(value),
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn parsed(text: &str) -> Result<Value, String> {
    text.parse::<Value>().map_err(|e| e.message().to_string())
}

/// A value of a list with the comment that stands behind it in its line.
struct Listed {
    value: Value,
    comment: String,
}

/// The values of a list, and what stands before its closing bracket. The library takes a comment behind a comma for a part of the next
/// value; who wrote it meant the one before.
fn listed(array: &Array) -> (Vec<Option<Listed>>, String) {
    let mut found: Vec<Option<Listed>> = Vec::new();
    let give_back = |found: &mut Vec<Option<Listed>>, around: &str| -> String {
        let line = around.split('\n').next().unwrap_or_default();
        match found.last_mut().and_then(Option::as_mut).filter(|_| line.contains('#')) {
            Some(before) => {
                before.comment = line.to_string();
                around[line.len()..].to_string()
            }
            None => around.to_string(),
        }
    };
    for value in array {
        let mut value = value.clone();
        let prefix = value.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_string();
        let own = give_back(&mut found, &prefix);
        value.decor_mut().set_prefix(own);
        found.push(Some(Listed { value, comment: String::new() }));
    }
    let mut trailing = array.trailing().as_str().unwrap_or_default().to_string();
    // Without a comma behind the last value what stands there is its suffix.
    if let Some(last) = found.last_mut().and_then(Option::as_mut) {
        let suffix = last.value.decor().suffix().and_then(|suffix| suffix.as_str()).unwrap_or_default().to_string();
        last.value.decor_mut().set_suffix("");
        trailing.insert_str(0, &suffix);
    }
    let rest = give_back(&mut found, &trailing);
    (found, rest)
}

/// For each entry the number of the value that it is put in the place of, or that it is: one that spells it, or else has its text; and
/// whether it spells it.
fn places(old: &[Option<Listed>], entries: &[Entry]) -> Vec<Option<(usize, bool)>> {
    let mut is_taken = vec![false; old.len()];
    let place = |entry: &Entry| {
        let at = |fits: &dyn Fn(&Value) -> bool| {
            let values = old.iter().zip(&is_taken).map(|(listed, taken)| listed.as_ref().filter(|_| !taken));
            values.into_iter().position(|listed| listed.is_some_and(|listed| fits(&listed.value)))
        };
        let same = at(&|value| spells(value, entry));
        let found = same.or_else(|| at(&|value| has_text(value, entry)))?;
        is_taken[found] = true;
        Some((found, same.is_some()))
    };
    entries.iter().map(place).collect()
}

fn prefix_of(value: &Value) -> String {
    value.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_string()
}

/// A comment on lines of its own before a value that goes is that of the group it began: the next value that stays gets it, unless it has
/// one itself. So does the line break behind the opening bracket.
fn hand_on_headings(old: &mut [Option<Listed>], places: &[Option<(usize, bool)>]) {
    let stays: std::collections::BTreeSet<usize> = places.iter().flatten().map(|(place, _)| *place).collect();
    let mut heading = String::new();
    for (number, listed) in old.iter_mut().enumerate().filter_map(|(number, listed)| Some((number, listed.as_mut()?))) {
        let own = prefix_of(&listed.value);
        if !stays.contains(&number) {
            if own.contains('#') || (number == 0 && own.contains('\n')) {
                heading = own;
            }
            continue;
        }
        let heading = std::mem::take(&mut heading);
        if !own.contains('#') && (heading.contains('#') || (!heading.is_empty() && !own.contains('\n'))) {
            listed.value.decor_mut().set_prefix(heading);
        }
    }
}

/// Makes the list hold these entries. Entries that stay keep what stands around them.
fn set_list(table: &mut dyn toml_edit::TableLike, key: &str, entries: &[Entry]) -> Result<(), String> {
    if entries.is_empty() {
        table.remove(key);
        return Ok(());
    }
    let (mut old, trailing) = table.get(key).and_then(Item::as_array).map(listed).unwrap_or_default();
    let places = places(&old, entries);
    hand_on_headings(&mut old, &places);
    let is_wide = old.iter().flatten().any(|listed| prefix_of(&listed.value).contains('\n'));
    let mut array = match table.get(key).and_then(Item::as_array) {
        Some(array) => {
            let mut empty = Array::new();
            empty.set_trailing_comma(array.trailing_comma());
            *empty.decor_mut() = array.decor().clone();
            empty
        }
        None => Array::new(),
    };
    // The comment behind the value before, which the library wants in front of the next one.
    let mut comment = String::new();
    for (number, (entry, place)) in entries.iter().zip(places).enumerate() {
        let known = place.and_then(|(at, is_same)| Some((old[at].take()?, is_same)));
        let (mut value, own_comment) = match known {
            Some((listed, true)) => (listed.value, listed.comment),
            Some((listed, false)) => {
                let mut value = parsed(&entry_text(entry))?;
                *value.decor_mut() = listed.value.decor().clone();
                (value, listed.comment)
            }
            None => {
                let mut value = parsed(&entry_text(entry))?;
                let prefix = match (number, is_wide) {
                    (_, true) => "\n  ",
                    (0, false) => "",
                    (_, false) => " ",
                };
                value.decor_mut().set_prefix(prefix);
                (value, String::new())
            }
        };
        let prefix = on_a_line_of_its_own(&comment, prefix_of(&value), "\n  ");
        value.decor_mut().set_prefix(format!("{comment}{prefix}"));
        array.push_formatted(value);
        comment = own_comment;
    }
    let trailing = on_a_line_of_its_own(&comment, trailing, "\n");
    array.set_trailing_comma(array.trailing_comma() || !comment.is_empty());
    array.set_trailing(format!("{comment}{trailing}"));
    put_item(table, key, Value::Array(array));
    Ok(())
}

/// What stands before a value, or before the bracket, behind a comment: a line break is in it.
fn on_a_line_of_its_own(comment: &str, prefix: String, line_break: &str) -> String {
    if comment.is_empty() || prefix.contains('\n') { prefix } else { line_break.to_string() }
}

/// Whether a value of TOML says what the entry says.
fn spells(value: &Value, entry: &Entry) -> bool {
    let has_same_details = match value {
        Value::InlineTable(table) => has_details(table, entry),
        _ => entry.weight.is_none() && entry.scope.is_none() && entry.note.is_none(),
    };
    has_same_details && has_text(value, entry)
}

/// Whether a value of TOML has the text of the entry, whatever else it says of it.
fn has_text(value: &Value, entry: &Entry) -> bool {
    let text = value.as_inline_table().map_or(Some(value), |table| table.get("t")).and_then(Value::as_str);
    text.is_some_and(|text| Text::new(text, entry.text.place).text == entry.text.text)
}

fn has_details(table: &InlineTable, entry: &Entry) -> bool {
    [("w", &entry.weight), ("scope", &entry.scope), ("note", &entry.note)].into_iter().all(|(key, wanted)| {
        let found = table.get(key).map(|value| match value {
            Value::String(text) => text.value().trim().to_string(),
            other => other.to_string().trim().to_string(),
        });
        found.unwrap_or_default() == wanted.as_ref().map_or("", |text| &text.text)
    })
}

fn edit_themes(document: &mut DocumentMut, old: &Written, new: &Written) -> Result<(), String> {
    if old.themes == new.themes {
        return Ok(());
    }
    let tables = document
        .entry("theme")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
        .as_array_of_tables_mut()
        .ok_or("`theme` is no list of [[theme]] tables, so it cannot be changed in place")?;
    let id_of = |table: &Table| table.get("id").and_then(Item::as_str).map(|id| id.trim().to_string()).unwrap_or_default();
    let mut tables_by_id: Vec<(String, Option<Table>)> = tables.iter().map(|table| (id_of(table), Some(table.clone()))).collect();
    let next = tables.iter().filter_map(Table::position).max().map_or(0, |last| last + 1);
    // Tables are written in the order of their positions.
    let mut positions: Vec<isize> = tables.iter().filter_map(Table::position).collect();
    positions.sort_unstable();
    let mut edited = ArrayOfTables::new();
    let mut added = next;
    for (number, theme) in new.themes.iter().enumerate() {
        let known = tables_by_id.iter_mut().find(|(id, table)| *id == theme.id.text && table.is_some()).and_then(|(_, table)| table.take());
        let before = old.themes.iter().find(|before| before.id == theme.id);
        let mut table = match (known, before) {
            (Some(mut table), Some(before)) => {
                edit_theme(&mut table, before, theme)?;
                table
            }
            _ => {
                let mut table = Table::new();
                table.decor_mut().set_prefix("\n");
                edit_theme(&mut table, &WrittenTheme::default(), theme)?;
                table
            }
        };
        table.set_position(Some(positions.get(number).copied().unwrap_or_else(|| {
            added += 1;
            added
        })));
        edited.push(table);
    }
    *tables = edited;
    Ok(())
}

fn edit_theme(table: &mut Table, old: &WrittenTheme, new: &WrittenTheme) -> Result<(), String> {
    if old.id != new.id {
        set(table, "id", "id", Some(&new.id))?;
    }
    let changed = THEME_FIELDS.iter().zip(&old.fields).zip(&new.fields).filter(|((_, old), new)| old != new);
    for ((field, _), new) in changed {
        set(table, field, field, new.as_ref())?;
    }
    for list in List::ALL.into_iter().filter(|list| old.list(*list) != new.list(*list)) {
        set_list(table, list.key(), new.list(list))?;
    }
    Ok(())
}
